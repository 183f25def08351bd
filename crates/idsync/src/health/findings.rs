//! What one source contributes to the judgement of a cluster.

use jiff::Timestamp;

use super::evidence::{Note, NoteCode, Reason, ReasonCode, Source};
use super::{Diagnosis, Verdict, words};
use crate::{Error, ErrorKind};

/// How much of an error's sentence a message carries, in characters.
const LONGEST_ERROR: usize = 300;

/// Evidence and watermarks of one source, or of several merged.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) reasons: Vec<Reason>,
    pub(super) notes: Vec<Note>,
    /// Why the first failing reason came about.
    pub(super) diagnosis: Option<Diagnosis>,
    /// Whether a run is in progress, where the source leaves no doubt.
    pub(super) is_running: Option<bool>,
    pub(super) last_attempt_at: Option<Timestamp>,
    pub(super) last_success_at: Option<Timestamp>,
    pub(super) last_change_at: Option<Timestamp>,
    pub(super) next_due_at: Option<Timestamp>,
    pub(super) consecutive_failures: Option<u64>,
}

impl Findings {
    /// Of a source that could not be asked. That nobody tried, since the check was ended, is a reason whatever else is
    /// known: half of the evidence shall not pass for all of it.
    pub(super) fn unavailable(source: Source, error: &Error, now: Timestamp) -> Self {
        let message = words::plain(&format!("could not be asked: {error}"), LONGEST_ERROR);
        let untried = error.kind() == ErrorKind::Cancelled;
        let reason = untried.then(|| {
            Reason::new(
                ReasonCode::SourceUnavailable,
                source,
                message.clone(),
                words::whole_second(now),
            )
        });
        Self {
            reasons: reason.into_iter().collect(),
            notes: vec![Note::new(NoteCode::SourceUnavailable, source, message)],
            ..Self::default()
        }
    }

    /// With the reasons that do not count turned into notes. Without a failure that counts, there is nothing to
    /// diagnose.
    pub(super) fn without(mut self, silenced: &[ReasonCode]) -> Self {
        let is_silenced = |reason: &mut Reason| silenced.contains(&reason.code);
        let ignored: Vec<_> = self.reasons.extract_if(.., is_silenced).collect();
        if ignored.is_empty() {
            return self;
        }
        self.notes.extend(ignored.iter().map(Note::ignored));
        let mut reasons = self.reasons.iter();
        let fails = reasons.any(|reason| reason.verdict == Verdict::Failing);
        self.diagnosis = self.diagnosis.filter(|_| fails);
        self
    }

    /// Both together; where only one can count, the first has precedence.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.reasons.extend(other.reasons);
        self.notes.extend(other.notes);
        Self {
            reasons: self.reasons,
            notes: self.notes,
            diagnosis: self.diagnosis.or(other.diagnosis),
            is_running: self.is_running.or(other.is_running),
            last_attempt_at: self.last_attempt_at.max(other.last_attempt_at),
            last_success_at: self.last_success_at.max(other.last_success_at),
            last_change_at: self.last_change_at.max(other.last_change_at),
            next_due_at: self.next_due_at.into_iter().chain(other.next_due_at).min(),
            consecutive_failures: self.consecutive_failures.or(other.consecutive_failures),
        }
    }
}
