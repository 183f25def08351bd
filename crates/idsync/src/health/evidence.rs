//! What a verdict rests on: reasons, and notes beside them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{NoteCode, ReasonCode, Source, Verdict, words};

/// One finding that bears on a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reason {
    /// What was found.
    pub code: ReasonCode,
    /// The verdict that `code` stands for.
    pub verdict: Verdict,
    /// Who says so.
    pub source: Source,
    /// The finding in plain words: one line, no control characters, times in RFC 3339.
    pub message: String,
    /// The time of the run that the finding is about: its end for DWS, its start for DataArts Studio and for a run in
    /// progress. The time of the judgement where the service gives none.
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
            observed_at: words::whole_second(observed_at),
            raw_status: None,
            identity_source_id: None,
            task_id: None,
        }
    }

    pub(super) fn with_raw_status(self, status: Option<&str>) -> Self {
        let raw_status = status.map(|status| words::plain(status, words::LONGEST_STATUS));
        Self { raw_status, ..self }
    }
}

/// One finding that a reader should know beside the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Note {
    /// What was found.
    pub code: NoteCode,
    /// Who says so.
    pub source: Source,
    /// The finding in plain words: one line, no control characters, times in RFC 3339.
    pub message: String,
    /// The reason that does not count; null unless `code` is `reason_ignored`.
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

    /// What is left of a reason that does not count.
    pub(super) fn ignored(reason: &Reason) -> Self {
        let message = format!("{} is ignored by rule: {}", reason.code, reason.message);
        Self {
            reason: Some(reason.code),
            identity_source_id: reason.identity_source_id.clone(),
            ..Self::new(NoteCode::ReasonIgnored, reason.source, message)
        }
    }
}
