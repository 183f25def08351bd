//! The findings that bear on a verdict, by name.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

use crate::Error;
use crate::health::Verdict;
use crate::open_words;

/// What was found; each code stands for one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum ReasonCode {
    /// The last run of a task failed.
    TaskFailed,
    /// The last run of a task failed, and its schedule is off. The service switches a schedule off after ten failures
    /// in a row.
    ScheduleStopped,
    /// A task runs for longer than [`Rules::longest_run`](crate::health::Rules).
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
    /// An identity source runs for longer than [`Rules::longest_run`](crate::health::Rules).
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
    /// Every code, in the order of the sources.
    pub const ALL: [Self; 16] = [
        Self::TaskFailed,
        Self::ScheduleStopped,
        Self::TaskOverrun,
        Self::TaskRunning,
        Self::ScheduleMissed,
        Self::TaskSucceeded,
        Self::TaskNeverRan,
        Self::TaskStatusUnknown,
        Self::IdentitySourceFailed,
        Self::RecordsFailed,
        Self::IdentitySourceOverrun,
        Self::IdentitySourceRunning,
        Self::IdentitySourceSucceeded,
        Self::RecordStatusUnknown,
        Self::IamSyncRunning,
        Self::SourceUnavailable,
    ];

    /// The word for it in settings and outputs, such as `task_failed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TaskFailed => "task_failed",
            Self::ScheduleStopped => "schedule_stopped",
            Self::TaskOverrun => "task_overrun",
            Self::TaskRunning => "task_running",
            Self::ScheduleMissed => "schedule_missed",
            Self::TaskSucceeded => "task_succeeded",
            Self::TaskNeverRan => "task_never_ran",
            Self::TaskStatusUnknown => "task_status_unknown",
            Self::IdentitySourceFailed => "identity_source_failed",
            Self::RecordsFailed => "records_failed",
            Self::IdentitySourceOverrun => "identity_source_overrun",
            Self::IdentitySourceRunning => "identity_source_running",
            Self::IdentitySourceSucceeded => "identity_source_succeeded",
            Self::RecordStatusUnknown => "record_status_unknown",
            Self::IamSyncRunning => "iam_sync_running",
            Self::SourceUnavailable => "source_unavailable",
        }
    }

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

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ReasonCode {
    type Err = Error;

    /// Reads the word for a code.
    ///
    /// # Errors
    ///
    /// A usage error that lists the words, for any other text.
    fn from_str(word: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|code| code.as_str() == word);
        found.ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            Error::invalid_input(format!("{word:?} is not a reason; give one of: {words}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_written_and_read_by_the_same_word() {
        for code in ReasonCode::ALL {
            assert_eq!(code.as_str().parse::<ReasonCode>().unwrap(), code);
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        let error = "task-failed".parse::<ReasonCode>().unwrap_err().to_string();
        assert!(error.contains("task_failed, schedule_stopped"), "{error}");
    }

    #[test]
    fn every_code_is_listed_and_each_verdict_has_one() {
        let schema = schemars::schema_for!(ReasonCode).to_value();
        let mut keys = ["oneOf", "x-extensible-enum"].into_iter();
        let listed = keys.find_map(|key| schema[key].as_array()).unwrap();
        assert_eq!(listed.len(), ReasonCode::ALL.len());
        let verdicts = ReasonCode::ALL.map(ReasonCode::verdict);
        assert!(
            Verdict::ALL
                .iter()
                .all(|verdict| verdicts.contains(verdict))
        );
    }
}
