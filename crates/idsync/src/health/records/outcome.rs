//! How one run of an identity source went.

use idsync_api::dws::enums::RecordStatus;
use jiff::Timestamp;

use crate::dws::Record;

/// How a run went; a worse outcome compares greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Succeeded,
    Running,
    /// The status is absent or new to this version, and no cause of a failure is given.
    Unknown,
    /// Ended, but failed on some identities.
    Partial,
    Failed,
}

impl Outcome {
    /// Reads status, cause and count together: a run that ended with a cause has failed whatever its status says.
    pub(super) fn of(record: &Record) -> Self {
        match record.status {
            Some(RecordStatus::Running) => Self::Running,
            Some(RecordStatus::Failed) => Self::Failed,
            _ if has_cause(record) => Self::Failed,
            Some(RecordStatus::Finished) if failed_count(record) > 0 => Self::Partial,
            Some(RecordStatus::Finished) => Self::Succeeded,
            _ => Self::Unknown,
        }
    }
}

/// Whether the run is over. A status that says nothing leaves it to the end time and the cause.
pub(super) fn is_ended(record: &Record) -> bool {
    match record.status {
        Some(RecordStatus::Running) => false,
        Some(RecordStatus::Finished | RecordStatus::Failed) => true,
        _ => record.end_time.is_some() || has_cause(record),
    }
}

fn has_cause(record: &Record) -> bool {
    record
        .fail_reason
        .as_deref()
        .is_some_and(|cause| !cause.trim().is_empty())
}

/// When the run ended, or else when it started.
pub(super) fn end(record: &Record) -> Option<Timestamp> {
    record.end_time.or(record.start_time)
}

/// On how many identities the run failed.
pub(super) fn failed_count(record: &Record) -> u64 {
    record.failed_count.unwrap_or_default()
}

/// How many identities the run added, updated or deleted.
pub(super) fn changes(record: &Record) -> u64 {
    [record.add_count, record.update_count, record.delete_count]
        .into_iter()
        .flatten()
        .fold(0, u64::saturating_add)
}
