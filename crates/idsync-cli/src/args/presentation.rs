//! How results are shown.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

/// Flags of every command about what its output looks like.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct PresentationArgs {
    /// The form of results, and of errors: with `json` and `ndjson` each error is one JSON object on stderr, with all others
    /// it is told in words
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        global = true
    )]
    pub(crate) output: Format,

    /// When to use colours; `auto` means on a terminal that is not dumb, anywhere with CLICOLOR_FORCE, and nowhere with
    /// NO_COLOR
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    color: When,

    /// Tells absolute times of tables in UTC instead of local time; all other forms are always in UTC
    #[arg(long, global = true)]
    utc: bool,

    /// Leaves out titles, summaries, hints and logs
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// The form of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line, as it arrives.
    Ndjson,
    /// Rows for spreadsheets, as they arrive: RFC 4180 with a header, UTF-8 without a byte order mark, what is absent is
    /// empty, lists are joined by " | ". Text that a spreadsheet would take for a formula begins with an apostrophe.
    Csv,
    /// One YAML document, lists as they arrive.
    Yaml,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<When> for ColorChoice {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

impl PresentationArgs {
    /// When to use colours.
    pub(crate) fn color(self) -> ColorChoice {
        self.color.into()
    }

    /// In which zone people are told of times.
    pub(crate) fn zone(self) -> TimeZone {
        if self.utc {
            TimeZone::UTC
        } else {
            TimeZone::system()
        }
    }
}

impl Format {
    /// Whether errors are told as JSON.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }

    /// Whether results are rows of which single columns can be shown.
    pub(crate) fn has_columns(self) -> bool {
        matches!(self, Self::Table | Self::Csv)
    }

    /// The form that a command line asks for which is otherwise wrong: even that complaint should come in it.
    pub(crate) fn asked_for(arguments: impl IntoIterator<Item = String>) -> Self {
        last_value(arguments, "--output", Some("-o")).unwrap_or_default()
    }
}

/// The colours that a command line asks for which is otherwise wrong, or only asks for help.
pub(crate) fn color_asked_for(arguments: impl IntoIterator<Item = String>) -> ColorChoice {
    let when: When = last_value(arguments, "--color", None).unwrap_or_default();
    when.into()
}

/// The last value of a flag that is one of its values, in a command line that may be wrong elsewhere.
fn last_value<T: ValueEnum>(
    arguments: impl IntoIterator<Item = String>,
    long: &str,
    short: Option<&str>,
) -> Option<T> {
    let mut arguments = arguments
        .into_iter()
        .take_while(|argument| argument != "--");
    let mut last = None;
    while let Some(argument) = arguments.next() {
        let value = if argument == long || Some(argument.as_str()) == short {
            arguments.next()
        } else {
            attached(&argument, long, short).map(str::to_owned)
        };
        if let Some(value) = value.and_then(|value| T::from_str(&value, false).ok()) {
            last = Some(value);
        }
    }
    last
}

/// The value in `--output=json`, `-o=json` or `-ojson`.
fn attached<'a>(argument: &'a str, long: &str, short: Option<&str>) -> Option<&'a str> {
    let behind_short = || {
        let value = argument.strip_prefix(short?)?;
        Some(value.strip_prefix('=').unwrap_or(value))
    };
    let value = argument.strip_prefix(long);
    value
        .and_then(|value| value.strip_prefix('='))
        .or_else(behind_short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_found_in_a_wrong_command_line_however_it_is_written() {
        for (line, expected) in [
            ("status -o json --wrong", Format::Json),
            ("-ojson status", Format::Json),
            ("status --output=ndjson", Format::Ndjson),
            ("status --output ndjson", Format::Ndjson),
            ("status -o=json", Format::Json),
            ("status -o yaml", Format::Yaml),
            ("status -o xml", Format::Table),
            ("status -- -o json", Format::Table),
            ("status -o", Format::Table),
            ("", Format::Table),
        ] {
            assert_eq!(
                Format::asked_for(line.split(' ').map(str::to_owned)),
                expected,
                "{line}"
            );
        }
    }

    #[test]
    fn so_are_the_colours() {
        for (line, expected) in [
            ("--help --color never", ColorChoice::Never),
            ("--color=always --wrong", ColorChoice::Always),
            ("--color always --color never -h", ColorChoice::Never),
            ("--color sometimes -h", ColorChoice::Auto),
            ("--colors=never", ColorChoice::Auto),
            ("-h -- --color never", ColorChoice::Auto),
        ] {
            assert_eq!(
                color_asked_for(line.split(' ').map(str::to_owned)),
                expected,
                "{line}"
            );
        }
    }
}
