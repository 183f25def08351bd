//! The records of a DWS cluster, reduced to what the judgement needs of each identity source.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::is_plausible;
use crate::dws::Record;

/// Maximum number of consecutive failures that are counted for one identity source.
const MOST_FAILURES: usize = 10_000;

/// The records of a DWS cluster, added in any order.
///
/// It holds a few records of each identity source, not the list.
///
/// ```
/// use idsync::dws::Record;
/// use idsync::health::RecordHistory;
///
/// let read_at = "2026-11-22T06:00:00Z".parse()?;
/// let mut history = RecordHistory::new(read_at);
/// history.add(&Record::default());
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordHistory {
    pub(super) read_at: Timestamp,
    #[serde(with = "as_list")]
    pub(super) sources: Sources,
    /// Whether older records were not read.
    pub(super) is_cut: bool,
}

/// The part of the records of one identity source that the judgement needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SourceHistory {
    pub(super) source_type: Option<IdentitySourceType>,
    /// The run in progress that started last.
    pub(super) newest_running: Option<Record>,
    /// The ended run that started last.
    pub(super) newest_ended: Option<Record>,
    /// The run that started last of those whose status is not known to this version.
    pub(super) newest_unknown: Option<Record>,
    /// Among the records whose start is not known, the one that may have ended last.
    pub(super) unplaced: Option<Record>,
    /// Among the failed records whose start is not known, the one that may have ended last.
    pub(super) unplaced_failed: Option<Record>,
    pub(super) last_success_at: Option<Timestamp>,
    pub(super) last_change_at: Option<Timestamp>,
    /// When the newest ended run that did not fail started.
    pub(super) not_failed: Option<Timestamp>,
    /// The starts of the runs that failed since then.
    pub(super) failures: BTreeSet<Timestamp>,
    /// Whether there were more failures than are counted.
    pub(super) is_full: bool,
}

/// The sources are a list of pairs, because a missing id cannot be a key in JSON.
mod as_list {
    use super::{Deserialize, Sources};

    pub(super) fn serialize<S: serde::Serializer>(
        sources: &Sources,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(sources)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Sources, D::Error> {
        Vec::deserialize(deserializer).map(Sources::from_iter)
    }
}

type Sources = BTreeMap<Option<Arc<str>>, SourceHistory>;

impl RecordHistory {
    /// No records, read at `read_at`. A start more than 15 minutes later is not plausible.
    pub fn new(read_at: Timestamp) -> Self {
        Self {
            read_at,
            sources: BTreeMap::new(),
            is_cut: false,
        }
    }

    /// These records, read at `read_at`.
    pub fn of(records: impl IntoIterator<Item = Record>, read_at: Timestamp) -> Self {
        let mut history = Self::new(read_at);
        records.into_iter().for_each(|record| history.add(&record));
        history
    }

    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        let source = self.sources.entry(record.identity_source_id.clone());
        source.or_default().add(record, self.read_at);
    }

    /// Marks records older than `oldest` as not read: counts that reach back to it are then lower bounds.
    #[must_use]
    pub fn cut_at(mut self, oldest: Timestamp) -> Self {
        self.is_cut = true;
        let is_unread = |time: &mut Timestamp| *time < oldest;
        for source in self.sources.values_mut() {
            source.failures = source.failures.split_off(&oldest);
            source.not_failed.take_if(is_unread);
            source.last_success_at.take_if(is_unread);
            source.last_change_at.take_if(is_unread);
        }
        self
    }

    /// Whether there are no records at all.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}

impl SourceHistory {
    fn add(&mut self, record: &Record, read_at: Timestamp) {
        // Of several types, the same one in any order.
        let types = [self.source_type.take(), record.identity_source_type.clone()];
        let types = types.into_iter().flatten();
        self.source_type = types.max_by(|one, other| one.as_str().cmp(other.as_str()));
        let outcome = RunOutcome::of(record);
        let is_plausible = |time: &Timestamp| is_plausible(*time, read_at);
        let Some(start) = record.start_time.filter(is_plausible) else {
            keep_later(&mut self.unplaced, record, by_end);
            if outcome == RunOutcome::Failed {
                keep_later(&mut self.unplaced_failed, record, by_end);
            }
            return;
        };
        self.count_failures(outcome, start);
        let slot = match record.status {
            Some(RecordStatus::Running) => &mut self.newest_running,
            Some(RecordStatus::Finished | RecordStatus::Failed) => &mut self.newest_ended,
            _ => &mut self.newest_unknown,
        };
        keep_later(slot, record, |one, other| {
            one.start_time.cmp(&other.start_time)
        });
        let end = record.end_time.filter(is_plausible).or(Some(start));
        if outcome == RunOutcome::Succeeded {
            self.last_success_at = self.last_success_at.max(end);
        }
        if is_ended(record) && changes(record) > 0 {
            self.last_change_at = self.last_change_at.max(end);
        }
    }

    fn count_failures(&mut self, outcome: RunOutcome, start: Timestamp) {
        match outcome {
            RunOutcome::Running => {}
            RunOutcome::Failed if self.not_failed > Some(start) => {}
            RunOutcome::Failed => {
                self.failures.insert(start);
                if self.failures.len() > MOST_FAILURES {
                    self.failures.pop_first();
                    self.is_full = true;
                }
            }
            _ if self.not_failed < Some(start) => {
                self.not_failed = Some(start);
                self.failures = self.failures.split_off(&start);
                self.is_full &= self.failures.len() == MOST_FAILURES;
            }
            _ => {}
        }
    }

    /// When the newest run in progress, the newest ended one and the newest one that is not understood started.
    pub(super) fn starts(&self) -> [Option<Timestamp>; 3] {
        let newest = [
            &self.newest_running,
            &self.newest_ended,
            &self.newest_unknown,
        ];
        newest.map(|record| record.as_ref()?.start_time)
    }
}

fn keep_later(
    kept: &mut Option<Record>,
    record: &Record,
    compare: fn(&Record, &Record) -> Ordering,
) {
    // Of runs that compare equal the worse one comes later. The other fields break ties, so that the order in which runs are
    // added does not matter.
    let is_earlier = |kept: &Record| {
        let order = compare(kept, record);
        order.then_with(|| details(kept).cmp(&details(record))) == Ordering::Less
    };
    if kept.as_ref().is_none_or(is_earlier) {
        *kept = Some(record.clone());
    }
}

/// Orders runs by their end; a run without an end may have ended last.
fn by_end(one: &Record, other: &Record) -> Ordering {
    let end = |record: &Record| (record.end_time.is_none(), record.end_time);
    end(one).cmp(&end(other))
}

fn details(record: &Record) -> impl Ord + '_ {
    (
        (RunOutcome::of(record), record.end_time.is_none()),
        (record.failed_count, record.delete_count, changes(record)),
        (record.end_time, record.start_time),
        record.status.as_ref().map(RecordStatus::as_str),
        record.fail_reason.as_deref(),
    )
}

/// The outcome of a run; a worse one compares greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RunOutcome {
    Succeeded,
    Running,
    /// The status is not known to this version, or a field is missing that a success must have.
    Unknown,
    /// Ended, but failed on some identities.
    Partial,
    Failed,
}

impl RunOutcome {
    /// Reads status, count and cause together.
    pub(super) fn of(record: &Record) -> Self {
        let failed = record.failed_count;
        match record.status {
            Some(RecordStatus::Running) => Self::Running,
            Some(RecordStatus::Failed) => Self::Failed,
            Some(RecordStatus::Finished) if failed > Some(0) => Self::Partial,
            Some(RecordStatus::Finished) if cause(record).is_some() => Self::Failed,
            Some(RecordStatus::Finished) if failed.is_some() && record.end_time.is_some() => {
                Self::Succeeded
            }
            _ => Self::Unknown,
        }
    }
}

/// Whether the service says that the run is over.
pub(super) fn is_ended(record: &Record) -> bool {
    matches!(
        record.status,
        Some(RecordStatus::Finished | RecordStatus::Failed)
    )
}

/// Why the run failed, unless the text reports success.
pub(super) fn cause(record: &Record) -> Option<&str> {
    let text = record.fail_reason.as_deref()?.trim();
    let word = text.trim_end_matches(['.', '!', '。']).to_lowercase();
    let says_nothing = matches!(
        word.as_str(),
        "" | "-"
            | "n/a"
            | "none"
            | "null"
            | "ok"
            | "finished"
            | "success"
            | "successful"
            | "successfully"
            | "succeed"
            | "succeeded"
            | "成功"
    );
    (!says_nothing).then_some(text)
}

/// Number of identities that the run added, updated or deleted.
pub(super) fn changes(record: &Record) -> u64 {
    [record.add_count, record.update_count, record.delete_count]
        .into_iter()
        .flatten()
        .fold(0, u64::saturating_add)
}
