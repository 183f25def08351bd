//! Which clusters are checked, and by which rules.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use idsync::WorkspaceId;
use idsync::health::{ClusterRef, IgnoreRule, RuleSettings};
use jiff::tz::Offset;

use super::ConnectionArgs;

/// Flags of the commands that check many clusters.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Targets")]
pub(crate) struct TargetArgs {
    /// DataArts Studio workspace whose clusters are checked; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    /// Cluster to check even if DataArts Studio does not list it: `dws:ID` or `mrs:ID`; repeatable
    #[arg(long, value_name = "SERVICE:ID", value_delimiter = ',')]
    pub(crate) cluster: Vec<ClusterRef>,

    /// TOML file of projects and rules; see `idsync help fleet`
    ///
    /// The file takes precedence over the environment, and a flag over the file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "cluster", "project_id", "demo"])]
    pub(crate) fleet: Option<PathBuf>,

    /// Maximum concurrent calls per service [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Flags for the rules of a verdict; they take precedence over those of a file.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// How late a scheduled run may be before it counts as missed [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = RuleSettings::parse_duration, allow_hyphen_values = true)]
    grace: Option<Duration>,

    /// How long a run may take before it counts as stuck [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = RuleSettings::parse_longest_run, allow_hyphen_values = true)]
    longest_run: Option<Duration>,

    /// UTC offset of the services' schedules [default: +08:00]
    #[arg(long, value_name = "OFFSET", value_parser = RuleSettings::parse_utc_offset, allow_hyphen_values = true)]
    utc_offset: Option<Offset>,

    /// Number of identities that one run may delete without a note [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    mass_deletion: Option<u64>,

    /// Ignore clusters (`test-*`), a reason for some clusters (`test-*:schedule_missed`), or a reason for all
    /// (`:schedule_missed`); by id or name; repeatable
    #[arg(long, value_name = "[CLUSTER][:REASON]")]
    ignore: Vec<IgnoreRule>,
}

impl From<&RuleArgs> for RuleSettings {
    fn from(args: &RuleArgs) -> Self {
        let mut settings = Self::default();
        settings.grace = args.grace;
        settings.longest_run = args.longest_run;
        settings.utc_offset = args.utc_offset;
        settings.mass_deletion = args.mass_deletion;
        settings.ignore.clone_from(&args.ignore);
        settings
    }
}
