//! By which rules is judged.

use std::time::Duration;

use clap::Args;
use idsync::health::{IgnoreRule, RuleSettings};
use jiff::tz::Offset;

/// Flags about the rules of the judgement; they beat those of a file.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Judgement")]
pub(crate) struct JudgementArgs {
    /// How late a scheduled run may be before it counts as missed [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = RuleSettings::parse_duration, allow_hyphen_values = true)]
    grace: Option<Duration>,

    /// How long a run may take before it counts as stuck [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = RuleSettings::parse_longest_run, allow_hyphen_values = true)]
    longest_run: Option<Duration>,

    /// The distance of the services' local time from UTC, in which schedules are written [default: +08:00]
    #[arg(long, value_name = "OFFSET", value_parser = RuleSettings::parse_utc_offset, allow_hyphen_values = true)]
    utc_offset: Option<Offset>,

    /// How many identities one run may delete before that is noted [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    mass_deletion: Option<u64>,

    /// Leaves clusters out (`test-*`), or lets a reason not count for them (`test-*:schedule_missed`) or for all
    /// (`:schedule_missed`); by id or name; repeatable
    #[arg(long, value_name = "[CLUSTER][:REASON]")]
    ignore: Vec<IgnoreRule>,
}

impl From<&JudgementArgs> for RuleSettings {
    fn from(args: &JudgementArgs) -> Self {
        let mut settings = Self::default();
        settings.grace = args.grace;
        settings.longest_run = args.longest_run;
        settings.utc_offset = args.utc_offset;
        settings.mass_deletion = args.mass_deletion;
        settings.ignore.clone_from(&args.ignore);
        settings
    }
}
