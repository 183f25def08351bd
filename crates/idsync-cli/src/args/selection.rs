//! What of a list is shown.

use clap::Args;

/// Flags of commands that print lists of things with fields.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct SelectionArgs {
    /// The fields to show, by their names in JSON and in this order; for the forms table and csv
    ///
    /// In a table, times are then absolute: local, or UTC with --utc. A wrong name is answered with the list of names.
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,

    /// Sorts by a field, upwards unless `:desc` is added
    ///
    /// Verdicts go from healthy to failing; what has no value comes last. Nothing is printed before all pages are there, and
    /// all of it is held in memory until then.
    #[arg(long, value_name = "FIELD[:asc|desc]")]
    pub(crate) sort: Option<String>,

    /// Shows only what fulfils a condition, such as `failed_count>0`; repeatable, and all have to be fulfilled
    ///
    /// A field by its name in JSON, an operator, a value: = and != (equal or not; with no value: absent or not), ~ (contains,
    /// whatever the capitals), <, <=, >, >=. Numbers and times compare as such, verdicts by how bad they are:
    /// `verdict>=overdue`. A time is written 2026-11-22T06:00:00Z, or 2026-11-22T14:00 for local time, or `2h ago`.
    /// Filtering takes place here, after the service has answered. Verdict, counts and exit code of a report remain those of
    /// the whole.
    #[arg(long, value_name = "CONDITION")]
    pub(crate) filter: Vec<String>,
}
