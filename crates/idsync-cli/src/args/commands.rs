//! Arguments of each command.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum, value_parser};
use idsync::dataarts::{ClusterType, ScheduleStatus, SyncStatus, TaskOrder};
use idsync::health::{ClusterRef, Verdict};
use idsync::{ClusterId, Service, WorkspaceId};
use idsync_emulator::{Auth, MAX_GENERATED_TASKS, OffsetUnit, Scenario};

use super::values::{ClusterArg, FailOn};
use super::{ConnectionArgs, TargetArgs, ViewArgs, values};

/// Arguments of `idsync status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Show all details of one cluster, by id or name; `dws:ID` or `mrs:ID` checks only that cluster
    #[arg(value_name = "CLUSTER")]
    pub(crate) named: Option<String>,

    /// Exit with code 3 if a cluster, or the report, has one of these verdicts; `worse` needs --compare
    #[arg(long, value_name = "VERDICT,…", value_delimiter = ',', value_parser = values::fail_on(), ignore_case = true)]
    pub(crate) fail_on: Vec<FailOn>,

    /// With --fail-on: accept an incomplete report, unless nothing could be read
    #[arg(long)]
    pub(crate) allow_unknown: bool,

    /// Show only changes since a report that `idsync status -o json` wrote; or since a time, or a duration ago such as 24h,
    /// from the history of `idsync serve`
    #[arg(long, value_name = "FILE|TIME", conflicts_with_all = ["verdict", "columns", "sort", "named"])]
    pub(crate) compare: Option<PathBuf>,

    /// With --compare TIME: the file or URL of the history [default: $XDG_STATE_HOME/idsync/history.db]
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "FILE|URL", requires = "compare")]
    pub(crate) store: Option<PathBuf>,

    /// Show every reason, note and hint, and do not truncate lines
    #[arg(long)]
    pub(crate) wide: bool,

    /// Show only clusters with these verdicts; counts and exit code still cover all
    #[arg(long, value_name = "VERDICT,…", value_delimiter = ',', value_parser = values::known(&Verdict::ALL, |verdict| verdict.as_str()), ignore_case = true, hide_possible_values = true, help_heading = "Selection")]
    pub(crate) verdict: Vec<Verdict>,

    #[command(flatten)]
    pub(crate) targets: TargetArgs,

    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

/// Arguments of `idsync watch`.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Pause between two checks, from 10ms to 24h; longer while a service throttles
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = values::interval, allow_hyphen_values = true)]
    pub(crate) interval: Duration,

    /// Stop after this many checks
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,

    /// Stop with code 3 as soon as a cluster, or the report, has one of these verdicts
    #[arg(long, value_name = "VERDICT,…", value_delimiter = ',', value_parser = values::known(&Verdict::ALL, |verdict| verdict.as_str()), ignore_case = true)]
    pub(crate) fail_on: Vec<Verdict>,

    /// With --fail-on and --count: accept an incomplete last report, unless nothing could be read
    #[arg(long)]
    pub(crate) allow_unknown: bool,

    /// File that stores the last report; a later watch with the same file reports only changes since then
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) targets: TargetArgs,
}

/// Arguments of `idsync wait`.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("../help/wait.txt"))]
pub(crate) struct WaitArgs {
    /// Clusters that must reach the state: `dws:ID`, `mrs:ID`, or a name that a task in a workspace has
    #[arg(value_name = "SERVICE:ID|NAME", required = true, value_parser = values::cluster)]
    pub(crate) cluster: Vec<ClusterArg>,

    /// State to wait for
    #[arg(long, value_name = "STATE", value_enum)]
    pub(crate) until: Goal,

    /// Timeout of the whole wait; then the exit code is 5
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = values::timeout, allow_hyphen_values = true)]
    pub(crate) timeout: Duration,

    /// Pause between two checks, from 10ms to 24h; longer while a service throttles
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = values::interval, allow_hyphen_values = true)]
    pub(crate) interval: Duration,

    /// DataArts Studio workspace whose tasks for the clusters are also checked; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// The state that `wait` waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Goal {
    /// No run is in progress, however the last one ended
    Idle,
    /// The verdict is healthy
    Healthy,
}

impl Goal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Healthy => "healthy",
        }
    }
}

/// Arguments of `idsync tasks`.
#[derive(Debug, Args)]
pub(crate) struct TasksArgs {
    /// DataArts Studio workspace to list [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: Option<WorkspaceId>,

    /// List the workspaces of every project of this TOML file; see `idsync help fleet`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "project_id", "demo"])]
    pub(crate) fleet: Option<PathBuf>,

    /// Only tasks for clusters of this type
    #[arg(long, value_name = "TYPE", value_parser = values::known(ClusterType::KNOWN, ClusterType::as_str), ignore_case = true)]
    pub(crate) cluster_type: Option<ClusterType>,

    /// Only tasks for clusters of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster_name: Option<String>,

    /// Only tasks whose last run has this status
    #[arg(long, value_name = "STATUS", value_parser = values::known(SyncStatus::KNOWN, SyncStatus::as_str), ignore_case = true)]
    pub(crate) sync_status: Option<SyncStatus>,

    /// Only tasks whose schedule has this status
    #[arg(long, value_name = "STATUS", value_parser = values::known(ScheduleStatus::KNOWN, ScheduleStatus::as_str), ignore_case = true)]
    pub(crate) schedule_status: Option<ScheduleStatus>,

    /// Field that the service sorts by
    #[arg(long, value_name = "FIELD", value_parser = values::choice(ORDERS))]
    pub(crate) order_by: Option<TaskOrder>,

    /// Let the service sort ascending
    #[arg(long, requires = "order_by", conflicts_with = "desc")]
    pub(crate) asc: bool,

    /// Let the service sort descending
    #[arg(long, requires = "order_by")]
    pub(crate) desc: bool,

    #[command(flatten)]
    pub(crate) range: RangeArgs,

    #[command(flatten)]
    pub(crate) view: ViewArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Fields that the service can sort tasks by.
const ORDERS: [(&str, TaskOrder); 4] = [
    ("cluster-name", TaskOrder::ClusterName),
    ("create-time", TaskOrder::CreateTime),
    ("update-time", TaskOrder::UpdateTime),
    ("sync-time", TaskOrder::SyncTime),
];

/// Which part of a list is read.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct RangeArgs {
    /// Maximum number of rows
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,

    /// Only runs that started at or after a time such as 2026-11-22T06:00:00Z or 2026-11-22, or within a duration such as 7d
    ///
    /// Times without a zone are local, or UTC with --utc. The filter is applied on the client.
    #[arg(long, value_name = "TIME|DURATION")]
    pub(crate) since: Option<String>,

    /// Number of items per request [default: 100 tasks, 1000 records]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u32).range(1..=2_147_483_647))]
    pub(crate) page_size: Option<u32>,

    /// Where to begin, from 0: number of tasks to skip, or number of the page of records
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u32).range(0..=2_147_483_647))]
    pub(crate) offset: Option<u32>,
}

/// Arguments of `idsync records`.
#[derive(Debug, Args)]
pub(crate) struct RecordsArgs {
    /// ID of a DWS cluster, or its name if a workspace is known; optional with --demo
    #[arg(value_parser = |id: &str| values::cluster_of(Service::Dws, id), required_unless_present = "demo")]
    pub(crate) cluster: Option<ClusterId>,

    /// DataArts Studio workspace whose tasks map the name to an id; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    #[command(flatten)]
    pub(crate) range: RangeArgs,

    #[command(flatten)]
    pub(crate) view: ViewArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Arguments of `idsync syncing`.
#[derive(Debug, Args)]
pub(crate) struct SyncingArgs {
    /// ID of an MRS cluster, or its name if a workspace is known; optional with --demo
    #[arg(value_parser = |id: &str| values::cluster_of(Service::Mrs, id), required_unless_present = "demo")]
    pub(crate) cluster: Option<ClusterId>,

    /// DataArts Studio workspace whose tasks map the name to an id; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Arguments of `idsync doctor`.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("../help/doctor.txt"))]
pub(crate) struct DoctorArgs {
    /// DataArts Studio workspace to call with; without one, DataArts Studio is not called; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    /// Cluster to call its service with: `dws:ID` or `mrs:ID`; repeatable [default: one that a task names]
    #[arg(long, value_name = "SERVICE:ID", value_delimiter = ',')]
    pub(crate) cluster: Vec<ClusterRef>,

    /// Check every project of this TOML file; see `idsync help fleet`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "cluster", "project_id", "demo"])]
    pub(crate) fleet: Option<PathBuf>,

    /// Test inferences that the reference pages do not confirm, and report the evidence without identities
    ///
    /// Reads the tasks of each workspace and the records and flags of up to five clusters of each service. Each inference is
    /// confirmed, contradicted or not seen. The report contains no accounts, projects, clusters or users, and is safe to share.
    #[arg(long, conflicts_with = "fleet")]
    pub(crate) assumptions: bool,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Arguments of `idsync emulator`.
#[derive(Debug, Args)]
pub(crate) struct EmulatorArgs {
    /// IP address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// Scenario to play: demo, healthy, outage, fleet-10k, paging-1m, pages, or a YAML file
    ///
    /// demo has every verdict; outage fails and recovers within two hours; fleet-10k has ten thousand clusters; paging-1m a
    /// million records; pages the examples of the reference pages. --print-scenario shows how a scenario is written.
    #[arg(long, value_name = "NAME|FILE", default_value = "demo", value_parser = values::scenario)]
    pub(crate) scenario: Scenario,

    /// Check a scenario file, and exit
    #[arg(long, value_name = "FILE", value_parser = |path: &str| Scenario::from_file(path.as_ref()), conflicts_with = "scenario")]
    pub(crate) check_scenario: Option<Scenario>,

    /// Print the YAML of a built-in scenario, and exit
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Scenario::NAMES), conflicts_with_all = ["scenario", "check_scenario"])]
    pub(crate) print_scenario: Option<String>,

    /// Seconds that pass at the services in one second, such as 60 [default: as in the scenario, or 1]
    ///
    /// Signatures and tokens are still checked by the time of this machine.
    #[arg(long, value_name = "N", value_parser = values::time_scale)]
    pub(crate) time_scale: Option<f64>,

    /// Stop the clock of the services; only POST /_emulator/clock/advance moves it
    #[arg(long)]
    pub(crate) stopped_clock: bool,

    /// Whether signatures and tokens are checked
    #[arg(long, value_name = "MODE", default_value = "strict", value_parser = values::choice(AUTH))]
    pub(crate) auth: Auth,

    /// Seed of all generated ids
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Number of tasks to add to the first workspace, each with a cluster [default: as in the scenario]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(MAX_GENERATED_TASKS)))]
    pub(crate) tasks: Option<u32>,

    /// Number of records of the first DWS cluster [default: as in the scenario]
    #[arg(long, value_name = "N")]
    pub(crate) records: Option<u64>,

    /// Delay of each response, such as 20ms
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = values::pause)]
    pub(crate) latency: Duration,

    /// What DWS counts in `offset` [default: page]
    #[arg(long, value_name = "MODE", value_parser = values::choice(DWS_OFFSETS))]
    pub(crate) dws_offset: Option<OffsetUnit>,

    /// Whether DataArts Studio rounds `offset` down to a multiple of `limit` [default: exact]
    #[arg(long, value_name = "MODE", value_parser = values::choice(DATAARTS_OFFSETS))]
    pub(crate) dataarts_offset: Option<OffsetUnit>,

    /// Run in the background, and print the variables that make commands and SDKs use it
    ///
    /// For POSIX shells: eval "$(idsync emulator --print-env)". The emulator stops with the shell, or by
    /// kill "$IDSYNC_EMULATOR_PID".
    #[cfg(unix)]
    #[arg(long)]
    pub(crate) print_env: bool,

    /// Stop when this process ends [default with --print-env: the parent process]
    #[cfg(unix)]
    #[arg(long = "while", value_name = "PID")]
    pub(crate) while_process: Option<u32>,
}

const AUTH: [(&str, Auth); 2] = [("strict", Auth::Strict), ("off", Auth::Off)];

const DWS_OFFSETS: [(&str, OffsetUnit); 2] =
    [("page", OffsetUnit::Pages), ("record", OffsetUnit::Items)];

const DATAARTS_OFFSETS: [(&str, OffsetUnit); 2] = [
    ("exact", OffsetUnit::Items),
    ("floor", OffsetUnit::FlooredItems),
];

/// Debugging tools.
#[derive(Subcommand)]
pub(crate) enum DebugCommand {
    /// Shows how a request is signed, step by step; nothing is sent
    Sign(SignArgs),
}

/// Arguments of `idsync debug sign`.
///
/// Values that may contain a secret are parsed later, because clap repeats a wrong value in its error; and they have no `Debug`.
#[derive(Args)]
#[command(after_long_help = include_str!("../help/sign.txt"))]
pub(crate) struct SignArgs {
    /// HTTP method, GET if omitted, and URL with its query
    #[arg(value_name = "[METHOD] URL", num_args = 1.., required = true)]
    pub(crate) request: Vec<String>,

    /// Header of the request, as `name: value`; repeatable
    ///
    /// `Host`, `X-Sdk-Date` and the security token of temporary credentials are added unless given.
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    pub(crate) headers: Vec<String>,

    /// Time of the signature in UTC, such as 20260108T123456Z [default: now]
    #[arg(long, value_name = "DATE", value_parser = values::signing_date)]
    pub(crate) date: Option<String>,
}
