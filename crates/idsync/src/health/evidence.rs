//! What a verdict rests on: reasons, and notes beside them.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Verdict;
use crate::Service;

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Source {
    /// DataArts Studio, by its synchronization tasks.
    DataArts,
    /// DWS, by the records of its identity sources.
    Dws,
    /// MRS, by its flag.
    Mrs,
    /// Several services, compared with each other.
    All,
}

impl Source {
    /// The word for it in outputs: `dataarts`, `dws`, `mrs` or `all`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataArts => "dataarts",
            Self::Dws => "dws",
            Self::Mrs => "mrs",
            Self::All => "all",
        }
    }
}

impl From<Service> for Source {
    fn from(service: Service) -> Self {
        match service {
            Service::DataArts => Self::DataArts,
            Service::Dws => Self::Dws,
            Service::Mrs => Self::Mrs,
            // Without it, none of them can be asked.
            Service::Iam => Self::All,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What was found; each code stands for one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonCode {
    /// The last run of a task failed.
    TaskFailed,
    /// The last run of a task failed, and its schedule is off. The service switches a schedule off after ten failures
    /// in a row.
    ScheduleStopped,
    /// A task runs for longer than [`Rules::longest_run`](super::Rules).
    TaskOverrun,
    /// A task runs.
    TaskRunning,
    /// A scheduled task succeeded last, but did not run again when it was due.
    ScheduleMissed,
    /// The last run of a task succeeded.
    TaskSucceeded,
    /// A task has never run.
    TaskNeverRan,
    /// The status of a task is absent, `UNKNOWN`, or new to this version.
    TaskStatusUnknown,
    /// The newest run of an identity source failed.
    IdentitySourceFailed,
    /// The newest run of an identity source that ended failed on some identities.
    RecordsFailed,
    /// An identity source runs for longer than [`Rules::longest_run`](super::Rules).
    IdentitySourceOverrun,
    /// An identity source runs.
    IdentitySourceRunning,
    /// The newest run of an identity source succeeded.
    IdentitySourceSucceeded,
    /// The status of the newest record is absent or new to this version, or the newest record may be one that could
    /// not be read.
    RecordStatusUnknown,
    /// MRS is copying IAM users.
    IamSyncRunning,
    /// A source could not be asked, and no other says anything.
    SourceUnavailable,
}

impl ReasonCode {
    /// The verdict that the code stands for.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::TaskFailed | Self::ScheduleStopped | Self::IdentitySourceFailed => {
                Verdict::Failing
            }
            Self::TaskOverrun | Self::IdentitySourceOverrun => Verdict::Stuck,
            Self::ScheduleMissed => Verdict::Overdue,
            Self::RecordsFailed => Verdict::Partial,
            Self::TaskStatusUnknown | Self::RecordStatusUnknown | Self::SourceUnavailable => {
                Verdict::Unknown
            }
            Self::TaskNeverRan => Verdict::NeverRun,
            Self::TaskRunning | Self::IdentitySourceRunning | Self::IamSyncRunning => {
                Verdict::Running
            }
            Self::TaskSucceeded | Self::IdentitySourceSucceeded => Verdict::Healthy,
        }
    }
}

/// One finding that bears on the verdict of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Reason {
    /// What was found.
    pub code: ReasonCode,
    /// The verdict that `code` stands for.
    pub verdict: Verdict,
    /// Who says so.
    pub source: Source,
    /// The finding in plain words: one line, no control characters.
    pub message: String,
    /// The time of the run that the finding is about, or of the judgement where the service gives no time.
    pub observed_at: Timestamp,
    /// The status as the service wrote it.
    pub raw_status: Option<String>,
}

impl Reason {
    pub(super) fn new(
        code: ReasonCode,
        source: Source,
        message: impl Into<String>,
        observed_at: Timestamp,
    ) -> Self {
        Self {
            code,
            verdict: code.verdict(),
            source,
            message: message.into(),
            observed_at,
            raw_status: None,
        }
    }

    pub(super) fn with_raw_status(self, status: Option<&str>) -> Self {
        Self {
            raw_status: status.map(str::to_owned),
            ..self
        }
    }
}

/// What was found, though it has no bearing on the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteCode {
    /// DWS has no records: its identity sources are off, or have never run.
    NoRecords,
    /// MRS is not copying IAM users, which says nothing of how the last time went.
    IamSyncIdle,
    /// MRS left the flag out of its answer.
    IamSyncUnreported,
    /// DataArts Studio says that a run is in progress and the cluster's service says none is, or the reverse.
    SourcesDisagree,
    /// A source could not be asked, or not all of its answer could be read.
    SourceUnavailable,
}

/// One finding that a reader should know of beside the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Note {
    /// What was found.
    pub code: NoteCode,
    /// Who says so.
    pub source: Source,
    /// The finding in plain words: one line, no control characters.
    pub message: String,
}

impl Note {
    pub(super) fn new(code: NoteCode, source: Source, message: impl Into<String>) -> Self {
        Self {
            code,
            source,
            message: message.into(),
        }
    }
}
