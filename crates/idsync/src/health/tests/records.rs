//! What records of DWS say.

use super::given::{ago, codes, judged_records, record, why};
use crate::dws::Record;
use crate::health::ReasonCode::{
    IdentitySourceFailed, IdentitySourceOverrun, IdentitySourceRunning, IdentitySourceSucceeded,
    RecordStatusUnknown, RecordsFailed,
};
use crate::health::{DiagnosisClass, Verdict};

fn failed(minutes_ago: i64, cause: &str) -> Record {
    Record {
        fail_reason: Some(cause.into()),
        ..record("FAILED", minutes_ago)
    }
}

fn with_failures(failures: u64, record: Record) -> Record {
    Record {
        failed_count: Some(failures),
        ..record
    }
}

#[test]
fn a_run_is_stuck_only_after_more_than_thirty_minutes() {
    for (start_time, code, words) in [
        (ago(29, 59), IdentitySourceRunning, "running for 29 min"),
        (ago(30, 0), IdentitySourceRunning, "running for 30 min"),
        (
            ago(30, 1),
            IdentitySourceOverrun,
            "running for 30 min; a run should end within 30 min",
        ),
        (ago(0, -1), IdentitySourceRunning, "a run is in progress"),
        (None, IdentitySourceRunning, "a run is in progress"),
    ] {
        let health = judged_records([Record {
            start_time,
            ..record("RUNNING", 0)
        }]);
        assert_eq!(
            (codes(&health), why(&health)),
            (vec![code], words),
            "{start_time:?}"
        );
        assert_eq!(
            (health.last_attempt_at, health.last_success_at),
            (start_time, None)
        );
    }
}

#[test]
fn the_newest_record_counts_whatever_the_order_of_the_list() {
    let newest = record("FINISHED", 10);
    let older = failed(20, "no route");
    let undated = Record {
        start_time: None,
        ..failed(1, "no route")
    };
    for records in [
        [newest.clone(), older.clone(), undated.clone()],
        [undated, older, newest],
    ] {
        let health = judged_records(records);
        assert_eq!(
            (codes(&health), health.verdict),
            (vec![IdentitySourceSucceeded], Verdict::Healthy)
        );
        assert_eq!(
            (health.last_attempt_at, health.last_success_at),
            (ago(10, 0), ago(9, 0))
        );
        assert_eq!(health.consecutive_failures, Some(0));
    }
}

#[test]
fn of_records_that_start_together_the_later_end_counts_then_the_worse() {
    let later_end = Record {
        end_time: ago(1, 0),
        ..record("FINISHED", 10)
    };
    assert_eq!(
        codes(&judged_records([failed(10, "x"), later_end.clone()])),
        [IdentitySourceSucceeded]
    );
    assert_eq!(
        codes(&judged_records([later_end, failed(10, "x")])),
        [IdentitySourceSucceeded]
    );
    assert_eq!(
        codes(&judged_records([record("FINISHED", 10), failed(10, "x")])),
        [IdentitySourceFailed]
    );
    assert_eq!(
        codes(&judged_records([failed(10, "x"), record("FINISHED", 10)])),
        [IdentitySourceFailed]
    );
}

#[test]
fn a_failure_tells_its_cause_and_how_many_there_were_in_a_row() {
    let once = judged_records([
        failed(10, "cannot reach the directory"),
        record("FINISHED", 70),
    ]);
    assert_eq!(
        why(&once),
        "the last run failed: cannot reach the directory"
    );
    let cause = r#"role "iam_group_risk" cannot be dropped because some objects depend on it"#;
    let health = judged_records([10, 70, 130, 190].map(|minutes| failed(minutes, cause)));
    assert_eq!(
        why(&health),
        r#"4 runs in a row failed: role "iam_group_risk" still owns objects"#
    );
    assert_eq!(
        (health.verdict, health.consecutive_failures),
        (Verdict::Failing, Some(4))
    );
    assert_eq!(
        health.diagnosis.unwrap().class,
        DiagnosisClass::RoleHasDependents
    );
    let silent = judged_records([record("FAILED", 10)]);
    assert_eq!(
        why(&silent),
        "the last run failed; the service gives no cause"
    );
    assert_eq!(silent.diagnosis, None);
}

#[test]
fn any_ended_run_with_a_cause_has_failed_but_a_running_one_has_not() {
    let with_cause = |status: &str| Record {
        fail_reason: Some("x".into()),
        ..record(status, 10)
    };
    for status in ["FINISHED", "FAILED", "SKIPPED"] {
        assert_eq!(
            codes(&judged_records([with_cause(status)])),
            [IdentitySourceFailed],
            "{status}"
        );
    }
    assert_eq!(
        codes(&judged_records([Record {
            status: None,
            ..with_cause("")
        }])),
        [IdentitySourceFailed]
    );
    assert_eq!(
        codes(&judged_records([with_cause("RUNNING")])),
        [IdentitySourceRunning]
    );
    let blank = Record {
        fail_reason: Some(" ".into()),
        ..record("FINISHED", 10)
    };
    assert_eq!(codes(&judged_records([blank])), [IdentitySourceSucceeded]);
}

#[test]
fn a_run_that_failed_on_some_identities_is_partial() {
    let finished = Record {
        add_count: Some(100),
        update_count: Some(10),
        delete_count: Some(3),
        ..with_failures(7, record("FINISHED", 10))
    };
    let health = judged_records([finished]);
    assert_eq!(
        (codes(&health), why(&health)),
        (vec![RecordsFailed], "7 of 120 records failed")
    );
    assert_eq!(
        (health.verdict, health.consecutive_failures),
        (Verdict::Partial, Some(0))
    );
    assert_eq!(
        (health.last_success_at, health.last_change_at),
        (None, ago(9, 0))
    );
}

#[test]
fn failed_identities_are_told_beside_a_running_or_failed_run() {
    let partial = with_failures(1, record("FINISHED", 20));
    let running = judged_records([record("RUNNING", 5), partial.clone()]);
    assert_eq!(
        (codes(&running), running.verdict),
        (vec![RecordsFailed, IdentitySourceRunning], Verdict::Partial)
    );
    let failing = judged_records([with_failures(1, failed(5, "x"))]);
    assert_eq!(codes(&failing), [IdentitySourceFailed, RecordsFailed]);
    let succeeded_since = judged_records([record("RUNNING", 5), record("FINISHED", 10), partial]);
    assert_eq!(codes(&succeeded_since), [IdentitySourceRunning]);
}

#[test]
fn a_run_of_unknown_status_has_ended_only_if_it_has_an_end() {
    let older = with_failures(2, record("FINISHED", 20));
    let ended = with_failures(5, record("QUEUED", 10));
    let open = Record {
        end_time: None,
        ..ended.clone()
    };
    let told = |newest| {
        judged_records([newest, older.clone()]).reasons[0]
            .message
            .clone()
    };
    assert_eq!(told(ended), "5 of 5 records failed");
    assert_eq!(told(open), "2 of 2 records failed");
}

#[test]
fn counts_beyond_all_bounds_are_told_without_overflow() {
    let huge = Record {
        add_count: Some(u64::MAX),
        update_count: Some(u64::MAX),
        ..with_failures(u64::MAX, record("FINISHED", 10))
    };
    assert_eq!(
        why(&judged_records([huge])),
        format!("{0} of {0} records failed", u64::MAX)
    );
}

#[test]
fn a_status_that_says_nothing_is_unknown() {
    for (status, words) in [
        (
            Some("QUEUED".into()),
            "the newest record has a status this version does not know: QUEUED",
        ),
        (None, "the service gives no status of the newest record"),
    ] {
        let health = judged_records([
            Record {
                status,
                ..record("", 10)
            },
            record("FINISHED", 20),
        ]);
        assert_eq!(
            (codes(&health), why(&health)),
            (vec![RecordStatusUnknown], words)
        );
        assert_eq!(health.verdict, Verdict::Unknown);
    }
}
