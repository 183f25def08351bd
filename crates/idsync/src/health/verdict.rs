//! Verdicts, and the reasons and notes that they are based on.

use std::cmp::Ordering;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text;
use crate::{Error, Service};

/// Defines an enum of words that are also listed and parsed. The schema of one that is `open_words` allows others.
macro_rules! word_enum {
    (
        $(#[$attribute:meta])*
        $name:ident $(: $open:ident)?, $noun:literal {
            $($(#[$doc:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        crate::words! {
            $(#[derive(PartialOrd, Ord)]
            #[cfg_attr(feature = "schemars", schemars(transform = crate::$open))])?
            $(#[$attribute])*
            $name {
                $($(#[$doc])* $variant = $word,)+
            }
        }

        impl $name {
            /// Every value.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];
        }

        impl FromStr for $name {
            type Err = Error;

            /// Parses the word.
            ///
            /// # Errors
            ///
            /// An error of kind `InvalidInput` that lists the words, for any other text.
            fn from_str(word: &str) -> Result<Self, Error> {
                let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
                found.ok_or_else(|| {
                    let words = Self::ALL.map(Self::as_str).join(", ");
                    Error::invalid_input(format!(concat!("{:?} is not ", $noun, "; give one of: {}"), word, words))
                })
            }
        }
    };
}

pub(super) use word_enum;

word_enum! {
    /// How healthy a cluster, or all of them, is.
    ///
    /// A worse verdict compares greater, so that the maximum of several is the one that counts. `ALL` lists the worst first.
    ///
    /// ```
    /// use idsync::health::Verdict;
    ///
    /// assert!(Verdict::Failing > Verdict::Healthy);
    /// assert_eq!("never_run".parse::<Verdict>()?, Verdict::NeverRun);
    /// # Ok::<(), idsync::Error>(())
    /// ```
    #[derive(Default)]
    Verdict, "a verdict" {
        /// The last run failed.
        Failing = "failing",
        /// A run is in progress for longer than is allowed.
        Stuck = "stuck",
        /// A run that was due did not take place.
        Overdue = "overdue",
        /// The last run ended, but failed on some identities.
        Partial = "partial",
        /// Something that affects the health is not known.
        #[default]
        Unknown = "unknown",
        /// Nothing has run yet.
        NeverRun = "never_run",
        /// A run is in progress, and not for too long.
        Running = "running",
        /// Every source was read and understood, the last runs succeeded, and none is late.
        Healthy = "healthy",
    }
}

impl Ord for Verdict {
    fn cmp(&self, other: &Self) -> Ordering {
        (*other as u8).cmp(&(*self as u8))
    }
}

impl PartialOrd for Verdict {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

word_enum! {
    /// What was found; each code stands for one verdict.
    ReasonCode: open_words, "a reason" {
        /// The last run of a task failed.
        TaskFailed = "task_failed",
        /// The last run of a task failed and its schedule is off, so nothing will run it again. The service stops a
        /// schedule after 10 consecutive failures.
        ScheduleStopped = "schedule_stopped",
        /// A task has been running for longer than [`Rules::longest_run`](super::Rules::longest_run).
        TaskOverrun = "task_overrun",
        /// A task is running.
        TaskRunning = "task_running",
        /// A scheduled task did not run when it was due.
        ScheduleMissed = "schedule_missed",
        /// The schedule status of a task is absent or not known to this version, or its schedule is not valid.
        ScheduleNotUnderstood = "schedule_not_understood",
        /// The last success is older than [`Rules::max_age`](super::Rules::max_age), and no schedule says when the next
        /// run is due.
        SuccessTooOld = "success_too_old",
        /// A success or a run in progress has no time, or one that is not plausible.
        TimeImplausible = "time_implausible",
        /// The last run of a task succeeded.
        TaskSucceeded = "task_succeeded",
        /// A task has never run.
        TaskNeverRan = "task_never_ran",
        /// The status of a task is absent, `UNKNOWN`, or not known to this version.
        TaskStatusUnknown = "task_status_unknown",
        /// A task has no cluster, or a cluster type of no service that can be asked.
        ClusterNotAskable = "cluster_not_askable",
        /// The newest ended run of an identity source failed.
        IdentitySourceFailed = "identity_source_failed",
        /// The newest ended run of an identity source failed on some identities.
        RecordsFailed = "records_failed",
        /// An identity source has been running for longer than [`Rules::longest_run`](super::Rules::longest_run).
        IdentitySourceOverrun = "identity_source_overrun",
        /// An identity source is running.
        IdentitySourceRunning = "identity_source_running",
        /// The newest run of an identity source succeeded.
        IdentitySourceSucceeded = "identity_source_succeeded",
        /// A relevant record has no status or one that is not known to this version, or lacks a field that its judgement
        /// needs.
        RecordStatusUnknown = "record_status_unknown",
        /// MRS is copying IAM users.
        IamSyncRunning = "iam_sync_running",
        /// MRS has been copying IAM users in consecutive readings for longer than
        /// [`Rules::longest_run`](super::Rules::longest_run).
        IamSyncOverrun = "iam_sync_overrun",
        /// A source could not be asked, or its answer could not be read in full.
        SourceUnavailable = "source_unavailable",
        /// The service of the cluster says that there is no such cluster.
        ClusterNotFound = "cluster_not_found",
        /// No source says how the last run ended; also an expected cluster that no source knows.
        NoEvidence = "no_evidence",
        /// There is no cluster to judge.
        NothingToJudge = "nothing_to_judge",
    }
}

impl ReasonCode {
    /// The verdict that the code stands for.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::TaskFailed | Self::ScheduleStopped | Self::IdentitySourceFailed => {
                Verdict::Failing
            }
            Self::TaskOverrun | Self::IdentitySourceOverrun | Self::IamSyncOverrun => {
                Verdict::Stuck
            }
            Self::ScheduleMissed | Self::SuccessTooOld => Verdict::Overdue,
            Self::RecordsFailed => Verdict::Partial,
            Self::TaskNeverRan => Verdict::NeverRun,
            Self::TaskRunning | Self::IdentitySourceRunning | Self::IamSyncRunning => {
                Verdict::Running
            }
            Self::TaskSucceeded | Self::IdentitySourceSucceeded => Verdict::Healthy,
            _ => Verdict::Unknown,
        }
    }
}

word_enum! {
    /// A finding that does not change the verdict.
    NoteCode: open_words, "a note" {
        /// DWS has no records: its identity sources are off, or have never run.
        NoRecords = "no_records",
        /// The version of the DWS cluster does not have identity sources.
        SourceNotSupported = "source_not_supported",
        /// MRS is not copying IAM users. That does not say how the last run ended.
        IamSyncIdle = "iam_sync_idle",
        /// MRS left the flag out of its answer.
        IamSyncUnreported = "iam_sync_unreported",
        /// DataArts Studio says that a run is in progress and the cluster's service says none is, or the reverse.
        SourcesDisagree = "sources_disagree",
        /// An identity source has stopped while another one of the cluster works.
        IdentitySourceSilent = "identity_source_silent",
        /// The newest ended run of an identity source deleted more identities than
        /// [`Rules::mass_deletion`](super::Rules::mass_deletion).
        MassDeletion = "mass_deletion",
        /// A task that succeeded is not scheduled, so nothing will run it again.
        ScheduleOff = "schedule_off",
        /// A task is running, which hides how its previous run ended.
        PreviousRunHidden = "previous_run_hidden",
        /// The flag of MRS could not be read for a cluster that DataArts Studio judges.
        SourceUnavailable = "source_unavailable",
        /// A reason that an [`IgnoreRule`](super::IgnoreRule) leaves out.
        ReasonIgnored = "reason_ignored",
    }
}

word_enum! {
    /// The source of a finding.
    Source: open_words, "a source" {
        /// DataArts Studio, by its synchronization tasks.
        DataArts = "dataarts",
        /// DWS, by the records of its identity sources.
        Dws = "dws",
        /// MRS, by its flag.
        Mrs = "mrs",
        /// Several services, or none in particular.
        All = "all",
    }
}

impl Source {
    /// The services that are asked about synchronization.
    pub const SERVICES: [Self; 3] = [Self::DataArts, Self::Dws, Self::Mrs];
}

impl From<Service> for Source {
    fn from(service: Service) -> Self {
        match service {
            Service::DataArts => Self::DataArts,
            Service::Dws => Self::Dws,
            Service::Mrs => Self::Mrs,
            // Without IAM, none of them can be asked.
            Service::Iam => Self::All,
        }
    }
}

/// A finding that determines a verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reason {
    /// What was found.
    pub code: ReasonCode,
    /// The verdict that `code` stands for.
    pub verdict: Verdict,
    /// The source of a finding.
    pub source: Source,
    /// A description: one line, no control characters, times in RFC 3339.
    pub message: String,
    /// The time of the run: its end for DWS, its start for DataArts Studio and for a run in
    /// progress. The time of the judgement if the service gives none.
    pub observed_at: Timestamp,
    /// The status as the service wrote it.
    pub raw_status: Option<String>,
    /// The identity source that the finding is about.
    #[serde(default)]
    pub identity_source_id: Option<String>,
    /// The task that the finding is about.
    #[serde(default)]
    pub task_id: Option<String>,
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
            observed_at: text::whole_second(observed_at),
            raw_status: None,
            identity_source_id: None,
            task_id: None,
        }
    }

    pub(super) fn with_raw_status(self, status: Option<&str>) -> Self {
        let raw_status = status.map(|status| text::plain(status, text::LONGEST_STATUS));
        Self { raw_status, ..self }
    }
}

/// A finding that does not change the verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Note {
    /// What was found.
    pub code: NoteCode,
    /// The source of a finding.
    pub source: Source,
    /// A description: one line, no control characters, times in RFC 3339.
    pub message: String,
    /// The reason that is left out; null unless `code` is `reason_ignored`.
    pub reason: Option<ReasonCode>,
    /// The identity source that the finding is about.
    #[serde(default)]
    pub identity_source_id: Option<String>,
}

impl Note {
    pub(super) fn new(code: NoteCode, source: Source, message: impl Into<String>) -> Self {
        Self {
            code,
            source,
            message: message.into(),
            reason: None,
            identity_source_id: None,
        }
    }
}
