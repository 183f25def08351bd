//! Which clusters are checked, and by which rules.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use idsync::WorkspaceId;
use idsync::health::{ClusterRef, IgnoreRule, Rules, Source};
use jiff::tz::TimeZone;

use super::ConnectionArgs;

/// Flags of the commands that check many clusters.
#[derive(Clone, Debug, Default, Args)]
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

    /// Services to read: dataarts, dws, mrs [default: all]
    ///
    /// Leaving a service out does not make the report incomplete; the report lists the services that were read.
    #[arg(long, value_name = "SERVICE,…", value_parser = Rules::parse_sources)]
    pub(crate) sources: Option<SourceList>,

    /// File of clusters that must be in the report, one `dws:ID` or `mrs:ID` per line; a missing cluster is unknown
    #[arg(long, value_name = "FILE")]
    pub(crate) expect: Option<PathBuf>,

    /// Minimum number of clusters; with fewer, the report is unknown
    #[arg(long, value_name = "N")]
    pub(crate) min_clusters: Option<u64>,

    /// Maximum concurrent calls per service [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,

    /// Check no others than `cluster`.
    #[arg(skip)]
    pub(crate) only_named: bool,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Several services in one value.
type SourceList = Vec<Source>;

/// Flags for the rules of a verdict; they take precedence over those of a file.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// How late a scheduled run may be before it counts as missed [default: 30m; 24h where the zone is assumed]
    #[arg(long, value_name = "DURATION", value_parser = Rules::parse_duration, allow_hyphen_values = true)]
    pub(crate) grace: Option<Duration>,

    /// How long a run may take before it counts as stuck [default: 35m]
    #[arg(long, value_name = "DURATION", value_parser = Rules::parse_longest_run, allow_hyphen_values = true)]
    pub(crate) longest_run: Option<Duration>,

    /// How old the last success of a run without a schedule may be, or none [default: 8d]
    #[arg(long, value_name = "DURATION", value_parser = Rules::parse_max_age, allow_hyphen_values = true)]
    pub(crate) max_age: Option<Duration>,

    /// Time zone of the services' schedules: an IANA name or an offset such as +08:00 [default: +08:00]
    #[arg(long, value_name = "ZONE", value_parser = Rules::parse_zone, allow_hyphen_values = true, alias = "utc-offset")]
    pub(crate) zone: Option<TimeZone>,

    /// Number of identities that one run may delete without a note [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) mass_deletion: Option<u64>,

    /// Ignore clusters (`test-*`), a reason (`schedule_missed`), or a reason for some clusters (`test-*:schedule_missed`) or
    /// for one identity source (`test-*/LDAP:records_failed`); clusters by id or name; repeatable
    #[arg(long, value_name = "RULE", value_parser = super::values::ignore)]
    pub(crate) ignore: Vec<IgnoreRule>,
}
