//! What one source contributes to the judgement of a cluster.

use jiff::Timestamp;

use super::rules::ClusterRules;
use super::{Diagnosis, IdentitySourceHealth, Note, Reason, ReasonCode, Source, words};
use crate::Error;

/// How much of an error's sentence a message carries, in characters.
const LONGEST_ERROR: usize = 300;

/// A reason with what only the assembly of a judgement needs.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) reason: Reason,
    /// Why the run failed.
    pub(super) diagnosis: Option<Diagnosis>,
    /// The type of the identity source, for ignore rules.
    pub(super) source_type: Option<String>,
}

impl From<Reason> for Finding {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            diagnosis: None,
            source_type: None,
        }
    }
}

/// Evidence and times of one source, or of several merged.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) reasons: Vec<Finding>,
    pub(super) notes: Vec<Note>,
    /// Whether a run is in progress, where the source leaves no doubt.
    pub(super) is_running: Option<bool>,
    pub(super) last_attempt_at: Option<Timestamp>,
    /// When each task and each identity source last succeeded.
    pub(super) successes: Vec<Option<Timestamp>>,
    pub(super) last_change_at: Option<Timestamp>,
    pub(super) next_due_at: Option<Timestamp>,
    pub(super) identity_sources: Vec<IdentitySourceHealth>,
}

impl Findings {
    /// Of a source that could not be asked or read in full.
    pub(super) fn unavailable(source: Source, error: &Error, now: Timestamp) -> Self {
        Self {
            reasons: vec![unavailable(source, error, now).into()],
            ..Self::default()
        }
    }

    pub(super) fn noting(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    /// Both together.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.reasons.extend(other.reasons);
        self.notes.extend(other.notes);
        self.successes.extend(other.successes);
        self.identity_sources.extend(other.identity_sources);
        Self {
            last_attempt_at: self.last_attempt_at.max(other.last_attempt_at),
            last_change_at: self.last_change_at.max(other.last_change_at),
            next_due_at: self.next_due_at.into_iter().chain(other.next_due_at).min(),
            ..self
        }
    }
}

/// Why a source is not known; that its service knows no such cluster is a reason of its own.
pub(super) fn unavailable(source: Source, error: &Error, now: Timestamp) -> Reason {
    let (code, text) = match source {
        Source::Dws | Source::Mrs if error.is_not_found() && !error.is_gateway() => (
            ReasonCode::ClusterNotFound,
            format!("the service knows no such cluster: {error}"),
        ),
        _ => (
            ReasonCode::SourceUnavailable,
            format!("could not be read in full: {error}"),
        ),
    };
    Reason::new(code, source, words::plain(&text, LONGEST_ERROR), now)
}

/// How a run in progress stands: whether it takes too long, and both in words.
pub(super) fn running(start: Timestamp, rules: &ClusterRules, now: Timestamp) -> (bool, String) {
    let message = words::since(start, now).map_or_else(
        || "a run is in progress".into(),
        |elapsed| format!("running for {elapsed}"),
    );
    if !rules.is_overrun(start, now) {
        return (false, message);
    }
    let limit = words::duration(rules.longest_run().unsigned_abs());
    (true, format!("{message}, longer than {limit}"))
}
