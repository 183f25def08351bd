//! The shape of a scenario file. Its comments are the descriptions of the published schema.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::values::{Hour, Interval, Length, Name, Offset};
use crate::faults::FaultForm;
use crate::paging::Paging;

/// A scenario of the idsync emulator: the state of the services from the start of its clock on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "idsync emulator scenario")]
pub(crate) struct ScenarioForm {
    /// What the scenario shows, in a sentence. It is for the reader.
    #[allow(dead_code, reason = "it is for the reader of the file")]
    description: Option<String>,
    /// Names of the workspaces of one DataArts Studio instance, at least one.
    #[schemars(length(min = 1))]
    pub(crate) workspaces: Vec<Name>,
    /// Further projects of the account with their workspaces. All other workspaces are in the project of the region.
    #[serde(default)]
    pub(crate) projects: Vec<ProjectForm>,
    /// The clock at the start. Default: it shows the time and runs at the speed of time.
    #[serde(default)]
    pub(crate) clock: ClockForm,
    /// The clusters, in the order in which the services list them.
    #[serde(default)]
    #[schemars(with = "Vec<ClusterForm>")]
    pub(crate) clusters: Vec<Spanned<ClusterForm>>,
    /// What goes wrong by itself, and when.
    #[serde(default)]
    #[schemars(with = "Vec<TimedFaultForm>")]
    pub(crate) faults: Vec<Spanned<TimedFaultForm>>,
    /// Data that is made up in addition to what is listed here.
    #[serde(default)]
    pub(crate) generated: GeneratedForm,
    /// How the services cut their lists into pages.
    #[serde(default)]
    pub(crate) paging: PagingForm,
}

/// A project beside that of the region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectForm {
    /// Its name, such as `cn-north-4_research`.
    pub(crate) name: Name,
    /// Names of its workspaces.
    pub(crate) workspaces: Vec<Name>,
}

/// The clock of the services. Signatures and tokens are checked by the time of the machine, whatever this clock shows.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockForm {
    /// What it shows at the start, from the year 2000 to 2099. With a fixed start and a stopped clock, the answers are the same
    /// bytes in every run.
    pub(crate) start: Option<Timestamp>,
    /// Seconds that pass in one second of real time, above 0 and at most 100,000. Default: 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100_000))]
    pub(crate) scale: Option<f64>,
    /// Whether it runs by itself. Default: true.
    pub(crate) running: Option<bool>,
}

/// A cluster, the task that pushes users into it, and the answers of its own service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterForm {
    /// Its name; no other cluster has it.
    pub(crate) name: Name,
    /// The service that it belongs to.
    #[serde(rename = "type")]
    pub(crate) kind: ClusterType,
    /// Names of the workspaces that list its task, all of one project. Default: the first one.
    pub(crate) workspaces: Option<Vec<Name>>,
    /// The verdict of a health check at the start of the clock. It is shown at `/_emulator/state` for tests to compare with.
    pub(crate) verdict: Option<Verdict>,
    /// The task. Default: DataArts Studio does not know the cluster.
    pub(crate) task: Option<TaskForm>,
    /// DWS: where users are pulled from. Default: nowhere, and there are no records.
    pub(crate) identity_source: Option<SourceForm>,
    /// DWS: the same for a cluster with several sources.
    #[serde(default)]
    pub(crate) identity_sources: Vec<SourceForm>,
    /// DWS: the order in which records are listed. The service promises none. Default: `newest_first`.
    #[serde(default)]
    pub(crate) record_order: RecordOrder,
    /// MRS: whether users are being copied from IAM. Default: as long as the task runs.
    pub(crate) is_synchronizing: Option<SyncFlag>,
}

/// Which service a cluster belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ClusterType {
    /// A data warehouse.
    Dws,
    /// A cluster of MapReduce Service.
    Mrs,
}

/// The verdict of a health check, the worst first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Failing,
    Stuck,
    Overdue,
    Partial,
    Unknown,
    NeverRun,
    Running,
    Healthy,
}

/// The answer of MRS about a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SyncFlag {
    /// The answer is always true.
    Always,
    /// The answer is always false.
    Never,
    /// The field is left out of the answer.
    Unreported,
    /// True as long as the task of the cluster runs.
    WithTask,
}

/// The order of a list of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordOrder {
    /// By start, the latest first.
    #[default]
    NewestFirst,
    /// By start, the latest last.
    OldestFirst,
    /// Mixed up, but the same at each request.
    Mixed,
}

/// A DataArts Studio task and how it goes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TaskForm {
    /// When it was configured. Default: `210d ago`.
    pub(crate) created: Option<Offset>,
    /// When it is started by itself. Default: it is not, and runs at most once.
    pub(crate) schedule: Option<ScheduleForm>,
    /// When it runs for the first time. Default: at the start of the clock.
    pub(crate) first_run: Option<Offset>,
    /// From the start of one run to that of the next, whatever the schedule says. Default: the interval of the schedule.
    pub(crate) every: Option<Interval>,
    /// How its runs go, one after the other. Default: it never runs.
    pub(crate) runs: Vec<TaskRun>,
    /// The outcomes after the last one of `runs`. Default: `repeat`, or `keep_last` where runs have a start of their own.
    pub(crate) then: Then,
    /// Starts so many runs and then none, although the schedule is on: that is how a schedule is missed.
    pub(crate) halts_after: Option<NonZeroU32>,
    /// Fields of the answer with other values, such as `{schedule_interval: -1, schedule_period: null}`.
    pub(crate) fields: BTreeMap<String, Value>,
    /// Fields that are left out of the answer.
    pub(crate) without: Vec<String>,
}

/// A schedule. The service stops it by itself after ten failures in a row.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleForm {
    /// From the start of one run to that of the next.
    pub(crate) every: Interval,
    /// The hour, in UTC+8, from which runs may start. Default: 0.
    #[serde(default)]
    pub(crate) start_hour: Hour,
    /// The hour, in UTC+8, before which runs may start; the same as `start_hour` means all day, an earlier one overnight.
    /// Default: 0.
    #[serde(default)]
    pub(crate) end_hour: Hour,
    /// Whether it starts anything. Default: true.
    pub(crate) enabled: Option<bool>,
}

/// How one run of a task goes, or several in a row.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskRun {
    /// The status that it leaves behind, such as `SYNC_SUCCESS` or `SYNC_FAIL`; `SYNCING` never ends.
    pub(crate) status: String,
    /// How long it takes. Default: `38s`.
    pub(crate) lasts: Option<Length>,
    /// The log message of a run that did not end well.
    pub(crate) message: Option<String>,
    /// How many runs in a row go this way. Default: 1.
    pub(crate) times: Option<NonZeroU32>,
    /// When it starts; given for all `runs` or for none.
    pub(crate) at: Option<Offset>,
}

/// Where a DWS cluster pulls users from. Each run is a record.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SourceForm {
    /// What it is. Default: `ldap`.
    #[serde(rename = "type")]
    pub(crate) kind: SourceType,
    /// From the start of one run to that of the next. Default: it runs once.
    pub(crate) every: Option<Interval>,
    /// When it runs for the first time: the further back, the more records there are. Default: at the start of the clock.
    pub(crate) first_run: Option<Offset>,
    /// How its runs go, one after the other.
    #[schemars(length(min = 1))]
    pub(crate) runs: Vec<RecordRun>,
    /// The outcomes after the last one of `runs`. Default: `repeat`, or `keep_last` where runs have a start of their own.
    pub(crate) then: Then,
}

/// Which kind of identity source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SourceType {
    /// A directory.
    #[default]
    Ldap,
    /// OneAccess.
    OneAccess,
}

/// How one run of an identity source goes, or several in a row. Counts are numbers of users and groups.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RecordRun {
    /// The status that it leaves behind, such as `FINISHED` or `FAILED`; `RUNNING` never ends. Default: `FINISHED`.
    pub(crate) status: Option<String>,
    /// How long it takes. Default: `41s`.
    pub(crate) lasts: Option<Length>,
    /// Default: 0.
    pub(crate) add_count: u32,
    /// Default: 0.
    pub(crate) update_count: u32,
    /// Default: 0.
    pub(crate) delete_count: u32,
    /// Default: 0.
    pub(crate) failed_count: u32,
    /// Why it failed.
    pub(crate) fail_reason: Option<String>,
    /// How many runs in a row go this way. Default: 1.
    pub(crate) times: Option<NonZeroU32>,
    /// When it starts; given for all `runs` or for none.
    pub(crate) at: Option<Offset>,
    /// Fields of the record with other values, such as `{failed_count: null}`.
    pub(crate) fields: BTreeMap<String, Value>,
    /// Fields that are left out of the record.
    pub(crate) without: Vec<String>,
}

/// The outcomes after the last one of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// The first one again.
    #[default]
    Repeat,
    /// The last one, for good.
    KeepLast,
}

/// A fault, and when it is in force.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimedFaultForm {
    /// How long after the start of the clock it begins. Default: at once.
    pub(crate) from: Option<Length>,
    /// How long after the start of the clock it ends. Default: never.
    pub(crate) until: Option<Length>,
    /// The fault, as `POST /_emulator/faults` takes it, but that `cluster_id`, `workspace` and `project_id` are names of this
    /// file.
    pub(crate) fault: FaultForm,
}

/// Data that follows from the seed.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GeneratedForm {
    /// Tasks in the first workspace, each with a cluster: half of them DWS, half of them MRS. About nine in a hundred are not
    /// well. At most ten thousand.
    #[schemars(range(max = 10_000))]
    pub(crate) tasks: Option<u32>,
    /// Records that each of these DWS clusters has at the start; more follow every six hours. Default: 3. At most a million.
    #[schemars(range(max = 1_000_000))]
    pub(crate) records_each: Option<u32>,
    /// Records of the first DWS cluster in this file, those of its identity sources included. At most a thousand million.
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) records: Option<u64>,
}

/// How each list is paged.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PagingForm {
    /// The tasks of a workspace.
    pub(crate) tasks: Paging,
    /// The records of a cluster.
    pub(crate) records: Paging,
}
