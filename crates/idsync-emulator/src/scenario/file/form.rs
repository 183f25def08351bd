//! The shape of a scenario file. Its comments are the descriptions of the published schema.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::source::SourceForm;
use super::task::TaskForm;
use super::values::{Instant, Length, Name, Text};
use crate::faults::FaultForm;
use crate::scenario::{ClusterType, Flag, Then, Verdict};

/// A scenario of the idsync emulator: what is played, from the start of its clock on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "idsync emulator scenario")]
pub(super) struct ScenarioForm {
    /// What is played, in a sentence. It is for the reader.
    #[allow(dead_code, reason = "it is for the reader of the file")]
    description: Option<Text>,
    /// Names of the workspaces of one DataArts Studio instance, at least one.
    #[schemars(with = "Vec<Name>", length(min = 1))]
    pub(super) workspaces: Spanned<Vec<Spanned<Name>>>,
    /// The clock at the start. Default: it shows the time and runs at the speed of time.
    #[serde(default)]
    pub(super) clock: ClockForm,
    /// The clusters, in the order in which the services list them.
    #[serde(default)]
    pub(super) clusters: Vec<ClusterForm>,
    /// What goes wrong by itself, and when.
    #[serde(default)]
    pub(super) faults: Vec<TimedFaultForm>,
    /// Data that is made up on top of what is listed here.
    #[serde(default)]
    pub(super) generated: GeneratedForm,
}

/// The clock of the services. Signatures and tokens are checked by the time of the machine, whatever this clock shows.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockForm {
    /// What it shows at the start, from the year 2000 to 2100. With a fixed start and a stopped clock, the answers are the same
    /// bytes in every run.
    #[schemars(with = "Option<Timestamp>")]
    pub(super) start: Option<Spanned<Instant>>,
    /// Seconds that pass in one second of real time, above 0 and at most 100,000. Default: 1.
    #[schemars(with = "Option<f64>", extend("exclusiveMinimum" = 0, "maximum" = 100_000))]
    pub(super) scale: Option<Spanned<f64>>,
    /// Whether it runs by itself. Default: true.
    pub(super) running: Option<bool>,
}

/// A cluster, the task that pushes users into it, and what its own service tells.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClusterForm {
    /// Its name; no other cluster has it.
    #[schemars(with = "Name")]
    pub(super) name: Spanned<Name>,
    /// The service that it belongs to.
    #[serde(rename = "type")]
    pub(super) kind: ClusterType,
    /// Names of the workspaces that list its task. Default: the first one.
    #[schemars(with = "Option<Vec<Name>>", length(min = 1))]
    pub(super) workspaces: Option<Spanned<Vec<Spanned<Name>>>>,
    /// What a health check has to say of it at the start of the clock. It is told at `/_emulator/state` for tests to compare with.
    pub(super) verdict: Option<Verdict>,
    /// The task. Default: DataArts Studio does not know the cluster.
    pub(super) task: Option<TaskForm>,
    /// DWS: where users are pulled from. Default: nowhere, and there are no records.
    #[schemars(with = "Option<SourceForm>")]
    pub(super) identity_source: Option<Spanned<SourceForm>>,
    /// MRS: whether users are being copied from IAM. Default: as long as the task runs.
    #[schemars(with = "Option<Flag>")]
    pub(super) is_synchronizing: Option<Spanned<Flag>>,
}

/// A fault, and when it is in force.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TimedFaultForm {
    /// How long after the start of the clock it begins. Default: at once.
    pub(super) from: Option<Length>,
    /// How long after the start of the clock it ends. Default: never.
    #[schemars(with = "Option<Length>")]
    pub(super) until: Option<Spanned<Length>>,
    /// The fault, as `POST /_emulator/faults` takes it, but that `cluster_id` is the name of a cluster in this file.
    #[schemars(with = "FaultForm")]
    pub(super) fault: Spanned<FaultForm>,
}

/// Data that is made up from the seed when it is asked for, so that its size costs nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GeneratedForm {
    /// Tasks in the first workspace, each with a cluster: half of them DWS, half of them MRS. About nine in a hundred are not
    /// well. At most ten million.
    #[schemars(with = "Option<u32>", range(max = 10_000_000))]
    pub(super) tasks: Option<Spanned<u32>>,
    /// Records that each of these DWS clusters has at the start; more follow every six hours. Default: 3. At most a million.
    #[schemars(with = "Option<u32>", range(max = 1_000_000))]
    pub(super) records_each: Option<Spanned<u32>>,
    /// Records of the first DWS cluster in this file, those of its identity source included. At most a thousand million.
    #[schemars(with = "Option<u64>", range(max = 1_000_000_000))]
    pub(super) records: Option<Spanned<u64>>,
}

/// What comes after the last outcome of a list.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ThenForm {
    /// The first one again.
    #[default]
    Repeat,
    /// The last one, for good.
    KeepLast,
}

impl From<ThenForm> for Then {
    fn from(form: ThenForm) -> Self {
        match form {
            ThenForm::Repeat => Self::Repeat,
            ThenForm::KeepLast => Self::KeepLast,
        }
    }
}
