//! The format of a scenario file. The comments here are the descriptions in the published schema.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use jiff::{Span, SpanRelativeTo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::ClockSettings;
use crate::faults::Fault;
use crate::timeline::{DAY, HOUR};

/// Maximum distance from the start of the clock, in milliseconds.
const MAX_SPAN: i64 = 36_525 * DAY;

/// A scenario of the idsync emulator: the state of the services over time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "idsync emulator scenario", extend("required" = ["workspaces"]))]
pub(crate) struct ScenarioForm {
    /// What the scenario shows, in a sentence. It has no effect.
    #[allow(dead_code, reason = "for readers of the file")]
    description: Option<String>,
    /// Names of the workspaces of one DataArts Studio instance, at least one.
    #[schemars(length(min = 1))]
    pub(crate) workspaces: Vec<String>,
    /// Further projects of the account with their workspaces. All other workspaces are in the project of the region.
    pub(crate) projects: Vec<ExtraProject>,
    /// The clock of the services at the start. Default: it shows the machine's time and runs at its speed.
    pub(crate) clock: ClockSettings,
    /// The clusters, in the order in which the services list them.
    pub(crate) clusters: Vec<ClusterForm>,
    /// Faults, and when each is active.
    pub(crate) faults: Vec<TimedFaultForm>,
    /// Generated data, in addition to what is listed here.
    pub(crate) generated: GeneratedForm,
}

/// A length of time, such as `41s` or `1h 30m`. As a point in time, it is relative to the start of the clock: `10m` is after it,
/// `3h ago` before it. A day has 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct TimeSpan {
    pub(crate) ms: i64,
}

impl TryFrom<String> for TimeSpan {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let span = text.trim().parse().ok();
        let duration = span.and_then(|span: Span| {
            let duration = span.to_duration(SpanRelativeTo::days_are_24_hours());
            i64::try_from(duration.ok()?.as_millis()).ok()
        });
        match duration {
            None => Err("use days, hours, minutes and seconds, such as 4h, 1h 30m or 3d ago"),
            Some(ms) if ms.abs() > MAX_SPAN => Err("at most a hundred years"),
            Some(ms) => Ok(Self { ms }),
        }
    }
}

/// A project in addition to that of the region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtraProject {
    /// Its name, such as `cn-north-4_research`.
    pub(crate) name: String,
    /// Names of its workspaces.
    pub(crate) workspaces: Vec<String>,
}

/// A cluster, the task that pushes users into it, and the answers of its own service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterForm {
    /// Its name, unique in the scenario.
    pub(crate) name: String,
    /// The service that it belongs to.
    #[serde(rename = "type")]
    pub(crate) kind: ClusterType,
    /// Names of the workspaces that list its task, all of one project. Default: the first one.
    #[serde(default)]
    pub(crate) workspaces: Vec<String>,
    /// The verdict that a health check should give at the start of the clock, such as `failing`. `/_emulator/state` shows it, for
    /// tests.
    pub(crate) verdict: Option<String>,
    /// The task. Default: DataArts Studio does not know the cluster.
    pub(crate) task: Option<TaskForm>,
    /// DWS: where users are pulled from. Default: nowhere, and there are no records.
    pub(crate) identity_source: Option<SourceForm>,
    /// DWS: the same for a cluster with several sources.
    #[serde(default)]
    pub(crate) identity_sources: Vec<SourceForm>,
    /// DWS: the order in which records are listed. The service documents none. Default: `newest_first`.
    #[serde(default)]
    pub(crate) record_order: RecordOrder,
    /// MRS: whether users are being copied from IAM. Default: `with_task`.
    pub(crate) is_synchronizing: Option<SyncFlag>,
}

/// The service of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ClusterType {
    /// Data Warehouse Service.
    Dws,
    /// MapReduce Service.
    Mrs,
}

/// The flag that MRS reports for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SyncFlag {
    /// Always true.
    Always,
    /// Always false.
    Never,
    /// Absent.
    Unreported,
    /// True while the task of the cluster runs.
    WithTask,
}

/// The order of a list of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordOrder {
    /// By start, latest first.
    #[default]
    NewestFirst,
    /// By start, earliest first.
    OldestFirst,
    /// Shuffled, the same way for each request.
    Mixed,
}

/// A DataArts Studio task and its runs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TaskForm {
    /// When it was created. Default: `210d ago`.
    pub(crate) created: Option<TimeSpan>,
    /// Its schedule. Default: disabled; the task runs at most once.
    pub(crate) schedule: ScheduleForm,
    /// When it runs for the first time. Default: at the start of the clock.
    pub(crate) first_run: Option<TimeSpan>,
    /// From the start of one run to that of the next, whatever the schedule says. Default: the interval of the schedule.
    pub(crate) every: Option<TimeSpan>,
    /// Its runs in sequence. Default: it never runs.
    pub(crate) runs: Vec<RunForm>,
    /// What follows the last of `runs`. Default: `repeat`, or `keep_last` where runs have a start.
    pub(crate) then: Then,
    /// Maximum number of runs. The enabled schedule is then missed.
    pub(crate) halts_after: Option<NonZeroU32>,
    /// Fields of the response with other values, such as `{schedule_interval: -1, schedule_period: null}`.
    pub(crate) fields: BTreeMap<String, Value>,
}

/// A schedule.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleForm {
    /// From the start of one run to that of the next: whole minutes, at most 31 days.
    pub(crate) every: TimeSpan,
    /// The hour, in UTC+8, from which runs may start, as the service returns it. Runs start by `first_run` and `every`. Default: 0.
    #[serde(default)]
    #[schemars(range(max = 23))]
    pub(crate) start_hour: u8,
    /// The hour, in UTC+8, before which runs may start, as the service returns it. Default: 0.
    #[serde(default)]
    #[schemars(range(max = 23))]
    pub(crate) end_hour: u8,
    /// Whether it starts runs. Default: true.
    pub(crate) enabled: Option<bool>,
}

impl Default for ScheduleForm {
    /// A disabled schedule still has hours and an interval.
    fn default() -> Self {
        Self {
            every: TimeSpan { ms: 2 * HOUR },
            start_hour: 1,
            end_hour: 6,
            enabled: Some(false),
        }
    }
}

/// An identity source of a DWS cluster. Each run is a record.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SourceForm {
    /// Its type: `ldap` or `oneaccess`. Default: `ldap`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// From the start of one run to that of the next: whole minutes, at most 31 days. Default: it runs once.
    pub(crate) every: Option<TimeSpan>,
    /// When it runs for the first time. Each run since then is a record. Default: at the start of the clock.
    pub(crate) first_run: Option<TimeSpan>,
    /// Its runs in sequence.
    #[schemars(length(min = 1))]
    pub(crate) runs: Vec<RunForm>,
    /// What follows the last of `runs`. Default: `repeat`, or `keep_last` where runs have a start.
    pub(crate) then: Then,
}

/// One run of a task or identity source, or several in a row with the same outcome. Counts are numbers of users and groups.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RunForm {
    /// The status afterwards: of a task, such as `SYNC_FAIL`; of an identity source, such as `FAILED`. A run with the status
    /// `SYNCING` or `RUNNING` never ends. Default: `SYNC_SUCCESS` or `FINISHED`.
    pub(crate) status: Option<String>,
    /// How long it takes. Default: `38s` for a task, `41.3s` for an identity source.
    pub(crate) lasts: Option<TimeSpan>,
    /// Number of runs in a row; at most 1,000 runs in all. Default: 1.
    pub(crate) times: Option<NonZeroU32>,
    /// When it starts; set for all `runs` or for none.
    pub(crate) at: Option<TimeSpan>,
    /// Of a task: the log message of a failed run.
    pub(crate) message: Option<String>,
    /// Of an identity source. Default: 0.
    pub(crate) add_count: u32,
    /// Of an identity source. Default: 0.
    pub(crate) update_count: u32,
    /// Of an identity source. Default: 0.
    pub(crate) delete_count: u32,
    /// Of an identity source. Default: 0.
    pub(crate) failed_count: u32,
    /// Of an identity source: why it failed.
    pub(crate) fail_reason: Option<String>,
    /// Of an identity source: fields of the record with other values, such as `{failed_count: null}`.
    pub(crate) fields: BTreeMap<String, Value>,
}

/// What follows the last of a list of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// The first one again.
    #[default]
    Repeat,
    /// The last one again and again.
    KeepLast,
}

/// A fault, and when it is active.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimedFaultForm {
    /// When it begins, after the start of the clock. Default: at once.
    #[serde(default)]
    pub(crate) from: TimeSpan,
    /// When it ends, after the start of the clock. Default: never.
    pub(crate) until: Option<TimeSpan>,
    /// The fault, as for `POST /_emulator/faults`, except that `cluster_id`, `workspace` and `project_id` are names of this file.
    #[schemars(with = "Fault")]
    pub(crate) fault: Value,
}

/// Data that is generated from the seed.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GeneratedForm {
    /// Tasks in the first workspace, each with a cluster: half DWS, half MRS. About 9 % of them are not healthy. A generated DWS cluster
    /// has 3 records at the start, and another one every six hours. At most 10,000.
    #[schemars(range(max = 10_000))]
    pub(crate) tasks: Option<u32>,
    /// Records of the first DWS cluster in this file, including those of its identity sources. At most a billion.
    #[schemars(range(max = 1_000_000_000))]
    pub(crate) records: Option<u64>,
}
