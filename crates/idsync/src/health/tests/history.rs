//! What the whole list of records says beside its newest one.

use super::given::{ago, cluster, codes, error, judged, judged_records, notes, now, record, why};
use crate::dws::Record;
use crate::health::ReasonCode::{
    IdentitySourceFailed, IdentitySourceSucceeded, RecordStatusUnknown,
};
use crate::health::{NoteCode, Reading, RecordHistory, Verdict};

#[test]
fn a_row_of_failures_passes_over_running_and_ends_at_anything_else() {
    let row = |records: Vec<Record>| judged_records(records).consecutive_failures;
    let partial = Record {
        failed_count: Some(3),
        ..record("FINISHED", 2)
    };
    assert_eq!(
        row(vec![
            record("RUNNING", 1),
            record("FAILED", 2),
            record("FAILED", 3)
        ]),
        Some(2)
    );
    assert_eq!(
        row(vec![
            record("FAILED", 1),
            record("FINISHED", 2),
            record("FAILED", 3)
        ]),
        Some(1)
    );
    assert_eq!(
        row(vec![record("FAILED", 1), partial, record("FAILED", 3)]),
        Some(1)
    );
    assert_eq!(row(vec![record("QUEUED", 1), record("FAILED", 2)]), Some(0));
}

#[test]
fn the_last_change_is_the_last_run_that_changed_something() {
    let changed = |minutes| Record {
        delete_count: Some(1),
        ..record("FINISHED", minutes)
    };
    let running = Record {
        add_count: Some(1),
        ..record("RUNNING", 1)
    };
    let health = judged_records([running, record("FINISHED", 5), changed(20), changed(30)]);
    assert_eq!(
        (health.last_change_at, health.last_success_at),
        (ago(19, 0), ago(4, 0))
    );
    assert_eq!(judged_records([record("FINISHED", 5)]).last_change_at, None);
}

#[test]
fn a_finished_run_without_an_end_counts_from_its_start() {
    let endless = Record {
        end_time: None,
        ..record("FINISHED", 5)
    };
    assert_eq!(judged_records([endless]).last_success_at, ago(5, 0));
}

#[test]
fn no_records_are_noted_and_say_nothing_of_health() {
    let health = judged_records([]);
    assert_eq!(
        (health.verdict, codes(&health), notes(&health)),
        (Verdict::Unknown, vec![], vec![NoteCode::NoRecords])
    );
    assert_eq!(health.consecutive_failures, Some(0));
}

#[test]
fn a_record_that_cannot_be_read_may_be_the_newest() {
    let judged = |records: Vec<Record>| {
        let history = RecordHistory {
            records,
            unreadable: vec![error()],
        };
        judged(&cluster().with_records(Reading::Read(history)))
    };
    let succeeded = judged(vec![record("FINISHED", 10)]);
    assert_eq!(
        codes(&succeeded),
        [RecordStatusUnknown, IdentitySourceSucceeded]
    );
    assert_eq!(
        why(&succeeded),
        "1 of 2 records could not be read, and the newest may be among them"
    );
    assert_eq!(
        (notes(&succeeded), succeeded.verdict),
        (vec![NoteCode::SourceUnavailable], Verdict::Unknown)
    );
    assert_eq!(
        succeeded.notes[0].message,
        "1 of 2 records could not be read: 429 slow down (request 5a63)"
    );
    assert_eq!(succeeded.reasons[0].observed_at, now());

    let failing = judged(vec![record("FAILED", 10)]);
    assert_eq!(
        (codes(&failing), notes(&failing)),
        (
            vec![IdentitySourceFailed],
            vec![NoteCode::SourceUnavailable]
        )
    );
    let queued = judged(vec![record("QUEUED", 10)]);
    assert_eq!(codes(&queued), [RecordStatusUnknown]);
    let none = judged(Vec::new());
    assert_eq!(
        (codes(&none), notes(&none)),
        (vec![RecordStatusUnknown], vec![NoteCode::SourceUnavailable])
    );
}

#[test]
fn records_that_differ_only_in_what_went_wrong_are_judged_the_same_in_either_order() {
    let failed = |cause: &str| Record {
        fail_reason: Some(cause.into()),
        ..record("FAILED", 5)
    };
    let (one, other) = (failed("connection refused"), failed("disk is full"));
    assert_eq!(
        judged_records([one.clone(), other.clone()]),
        judged_records([other, one])
    );
}
