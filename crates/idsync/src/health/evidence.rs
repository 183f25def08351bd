//! What a verdict rests on: reasons, and notes beside them.

mod note_code;
mod reason_code;

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

pub use self::note_code::NoteCode;
pub use self::reason_code::ReasonCode;
use super::Verdict;
use crate::Service;
use crate::open_words;

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum Source {
    /// DataArts Studio, by its synchronization tasks.
    DataArts,
    /// DWS, by the records of its identity sources.
    Dws,
    /// MRS, by its flag.
    Mrs,
    /// Several services together: compared with each other, or none of which could be asked.
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
    /// The reason that does not count; null unless `code` is `reason_ignored`.
    pub reason: Option<ReasonCode>,
}

impl Note {
    pub(super) fn new(code: NoteCode, source: Source, message: impl Into<String>) -> Self {
        Self {
            code,
            source,
            message: message.into(),
            reason: None,
        }
    }

    /// What is left of a reason that does not count.
    pub(super) fn ignored(reason: &Reason) -> Self {
        let message = format!("{} does not count: {}", reason.code, reason.message);
        Self {
            reason: Some(reason.code),
            ..Self::new(NoteCode::ReasonIgnored, reason.source, message)
        }
    }
}
