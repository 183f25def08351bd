//! What the records of DWS say of a cluster.

mod outcome;

use idsync_api::dws::enums::RecordStatus;
use jiff::Timestamp;

use self::outcome::{Outcome, changes, end, failed_count, is_ended};
use super::evidence::{Note, NoteCode, Reason, ReasonCode, Source};
use super::findings::Findings;
use super::running::Running;
use super::{Diagnosis, Reading, RecordHistory, Rules, words};
use crate::dws::Record;

/// How much of a status or error that came from the service a message carries, in characters.
const LONGEST_QUOTE: usize = 240;

/// Judges the records of one cluster by the newest of them.
pub(super) fn judge(records: &Reading<RecordHistory>, rules: &Rules, now: Timestamp) -> Findings {
    match records {
        Reading::NotAsked => Findings::default(),
        Reading::Unavailable(error) => Findings::unavailable(Source::Dws, error, now),
        Reading::Read(history) => {
            let findings = judge_history(&newest_first(&history.records), rules, now);
            with_unreadable(findings, history, now)
        }
    }
}

/// Orders by start, since the service promises no order; a record without a start counts as the oldest. Of records that
/// start together, the one that ended later comes first, then the worse one; then whatever is told of them decides, so
/// that the order in which they come never does.
fn newest_first(records: &[Record]) -> Vec<&Record> {
    let mut sorted: Vec<_> = records.iter().collect();
    sorted.sort_by(|one, other| rank(other).cmp(&rank(one)));
    sorted
}

fn rank(record: &Record) -> impl Ord + '_ {
    (
        (record.start_time, record.end_time, Outcome::of(record)),
        (record.failed_count, record.delete_count, changes(record)),
        record.status.as_ref().map(RecordStatus::as_str),
        record.fail_reason.as_deref(),
    )
}

fn judge_history(records: &[&Record], rules: &Rules, now: Timestamp) -> Findings {
    let failures = failures_in_a_row(records);
    let newest = records.first().copied();
    let diagnosis = newest
        .filter(|newest| Outcome::of(newest) == Outcome::Failed)
        .and_then(|newest| newest.fail_reason.as_deref().and_then(Diagnosis::of));
    let newest_ended = records.iter().copied().find(|record| is_ended(record));
    let of_newest =
        newest.and_then(|newest| of_newest(newest, failures, diagnosis.as_ref(), rules, now));
    let deletion = newest_ended.and_then(|ended| mass_deletion(ended, rules, now));
    Findings {
        reasons: of_newest
            .into_iter()
            .chain(newest_ended.and_then(|ended| of_failed_count(ended, now)))
            .collect(),
        notes: deletion.into_iter().collect(),
        diagnosis,
        is_running: newest.and_then(is_running),
        last_attempt_at: records.iter().filter_map(|record| record.start_time).max(),
        last_success_at: latest_end(records, |record| Outcome::of(record) == Outcome::Succeeded),
        last_change_at: latest_end(records, |record| is_ended(record) && changes(record) > 0),
        consecutive_failures: Some(failures),
        ..Findings::default()
    }
}

fn latest_end(records: &[&Record], counts: impl Fn(&Record) -> bool) -> Option<Timestamp> {
    records
        .iter()
        .filter(|record| counts(record))
        .filter_map(|record| end(record))
        .max()
}

/// How many of the newest runs failed one after another; one in progress is passed over.
fn failures_in_a_row(records: &[&Record]) -> u64 {
    let ended = records
        .iter()
        .map(|record| Outcome::of(record))
        .filter(|outcome| *outcome != Outcome::Running);
    ended
        .take_while(|outcome| *outcome == Outcome::Failed)
        .fold(0, |row, _| row + 1)
}

/// What the newest record says by itself. One that only failed on some identities says it by its count.
fn of_newest(
    newest: &Record,
    failures: u64,
    diagnosis: Option<&Diagnosis>,
    rules: &Rules,
    now: Timestamp,
) -> Option<Reason> {
    let (code, message) = match Outcome::of(newest) {
        Outcome::Failed => (
            ReasonCode::IdentitySourceFailed,
            failure(failures, diagnosis),
        ),
        Outcome::Running => progress(newest.start_time, rules, now),
        Outcome::Succeeded => (
            ReasonCode::IdentitySourceSucceeded,
            "the last run succeeded".into(),
        ),
        Outcome::Unknown => (
            ReasonCode::RecordStatusUnknown,
            no_status(newest.status.as_ref()),
        ),
        Outcome::Partial => return None,
    };
    Some(reason(code, message, newest, now))
}

fn of_failed_count(ended: &Record, now: Timestamp) -> Option<Reason> {
    let failed = failed_count(ended);
    let total = changes(ended).saturating_add(failed);
    (failed > 0).then(|| {
        reason(
            ReasonCode::RecordsFailed,
            format!("{failed} of {total} records failed"),
            ended,
            now,
        )
    })
}

fn mass_deletion(ended: &Record, rules: &Rules, now: Timestamp) -> Option<Note> {
    let deleted = ended
        .delete_count
        .filter(|count| *count > rules.mass_deletion())?;
    let run = end(ended).map_or_else(
        || "the last run".to_owned(),
        |end| {
            format!(
                "the run that ended at {}",
                words::time_of_day(end, now, rules.offset())
            )
        },
    );
    let message = format!(
        "{run} deleted {deleted} identities, more than {}",
        rules.mass_deletion()
    );
    Some(Note::new(NoteCode::MassDeletion, Source::Dws, message))
}

fn reason(code: ReasonCode, message: String, record: &Record, now: Timestamp) -> Reason {
    let time = if is_ended(record) {
        end(record)
    } else {
        record.start_time
    };
    let observed_at = time.unwrap_or_else(|| words::whole_second(now));
    let status = record.status.as_ref().map(RecordStatus::as_str);
    Reason::new(code, Source::Dws, message, observed_at).with_raw_status(status)
}

fn failure(in_a_row: u64, diagnosis: Option<&Diagnosis>) -> String {
    let runs = match in_a_row {
        2.. => format!("{in_a_row} runs in a row failed"),
        _ => "the last run failed".into(),
    };
    match diagnosis {
        Some(diagnosis) => format!("{runs}: {}", diagnosis.summary),
        None => format!("{runs}; the service gives no cause"),
    }
}

fn progress(start: Option<Timestamp>, rules: &Rules, now: Timestamp) -> (ReasonCode, String) {
    let limit = |limit: &str| format!("a run should end within {limit}");
    let running = Running::of(start, limit, rules, now);
    let code = if running.is_overrun {
        ReasonCode::IdentitySourceOverrun
    } else {
        ReasonCode::IdentitySourceRunning
    };
    (code, running.message)
}

fn no_status(status: Option<&RecordStatus>) -> String {
    status.map_or_else(
        || "the service gives no status of the newest record".into(),
        |new| {
            let new = words::plain(new.as_str(), LONGEST_QUOTE);
            format!("the newest record has a status this version does not know: {new}")
        },
    )
}

fn is_running(newest: &Record) -> Option<bool> {
    match newest.status {
        Some(RecordStatus::Running) => Some(true),
        Some(RecordStatus::Finished | RecordStatus::Failed) => Some(false),
        _ => None,
    }
}

/// Adds what is missing from the records: there are none, or some could not be read. Since one of those may be the
/// newest, nothing good can then be concluded from the others.
fn with_unreadable(mut findings: Findings, history: &RecordHistory, now: Timestamp) -> Findings {
    let errors = history.unreadable.iter().map(ToString::to_string);
    let Some(error) = errors.min() else {
        findings
            .notes
            .extend(history.records.is_empty().then(none_at_all));
        return findings;
    };
    let unreadable = history.unreadable.len();
    let total = history.records.len().saturating_add(unreadable);
    let message = format!("{unreadable} of {total} records could not be read: {error}");
    findings.notes.push(Note::new(
        NoteCode::SourceUnavailable,
        Source::Dws,
        words::plain(&message, LONGEST_QUOTE),
    ));
    findings.is_running = None;
    let code = ReasonCode::RecordStatusUnknown;
    if findings
        .reasons
        .iter()
        .all(|reason| reason.verdict < code.verdict())
    {
        let message = format!(
            "{unreadable} of {total} records could not be read, and the newest may be among them"
        );
        findings.reasons.push(Reason::new(
            code,
            Source::Dws,
            message,
            words::whole_second(now),
        ));
    }
    findings
}

fn none_at_all() -> Note {
    let message = "no records: identity sources are off in this cluster, or have never run";
    Note::new(NoteCode::NoRecords, Source::Dws, message)
}
