//! Several sources of one cluster together, and what is concluded when one of them is silent.

use super::given::{ago, cluster, codes, error, judged, notes, now, record, task, why};
use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::{
    ClusterHealth, ClusterObservation, NoteCode, Reading, ReasonCode, RecordHistory, Source,
    Verdict,
};

fn tasks(status: &str) -> Reading<Vec<Task>> {
    Reading::Read(vec![task(status, ago(60, 0))])
}

fn records(records: impl Into<Vec<Record>>) -> Reading<RecordHistory> {
    Reading::Read(records.into().into())
}

fn disagreement(health: &ClusterHealth) -> Option<&str> {
    let found = health
        .notes
        .iter()
        .find(|note| note.code == NoteCode::SourcesDisagree)?;
    assert_eq!(found.source, Source::All);
    Some(&found.message)
}

#[test]
fn a_cluster_that_mrs_synchronizes_is_running() {
    let health = judged(&cluster().with_iam_sync(Reading::Read(Some(true))));
    assert_eq!(
        (codes(&health), health.verdict),
        (vec![ReasonCode::IamSyncRunning], Verdict::Running)
    );
    assert_eq!(
        (health.reasons[0].observed_at, health.consecutive_failures),
        (now(), None)
    );
}

#[test]
fn an_idle_or_silent_mrs_cluster_is_unknown_and_not_healthy() {
    for (flag, note) in [
        (Some(false), NoteCode::IamSyncIdle),
        (None, NoteCode::IamSyncUnreported),
    ] {
        let health = judged(&cluster().with_iam_sync(Reading::Read(flag)));
        assert_eq!(
            (notes(&health), codes(&health), health.verdict),
            (vec![note], vec![], Verdict::Unknown)
        );
    }
}

#[test]
fn a_cluster_of_which_nobody_was_asked_is_unknown() {
    let health = judged(&cluster());
    assert_eq!(
        (health.verdict, health.reasons.len(), health.notes.len()),
        (Verdict::Unknown, 0, 0)
    );
}

#[test]
fn an_unavailable_source_is_only_noted_where_another_one_speaks() {
    let health = judged(
        &cluster()
            .with_tasks(tasks("SYNC_SUCCESS"))
            .with_records(Reading::Unavailable(error())),
    );
    assert_eq!(
        (codes(&health), health.verdict),
        (vec![ReasonCode::TaskSucceeded], Verdict::Healthy)
    );
    assert_eq!(
        (notes(&health), health.notes[0].source),
        (vec![NoteCode::SourceUnavailable], Source::Dws)
    );
    assert_eq!(
        health.notes[0].message,
        "could not be asked: 429 slow down (request 5a63)"
    );
    assert_eq!(health.consecutive_failures, None);
}

#[test]
fn an_unavailable_source_is_a_reason_where_nothing_else_is_known() {
    let health = judged(
        &cluster()
            .with_tasks(Reading::Unavailable(error()))
            .with_iam_sync(Reading::Unavailable(error())),
    );
    assert_eq!(codes(&health), [ReasonCode::SourceUnavailable; 2]);
    assert_eq!(
        health
            .reasons
            .iter()
            .map(|reason| reason.source)
            .collect::<Vec<_>>(),
        [Source::DataArts, Source::Mrs]
    );
    assert_eq!(notes(&health), [NoteCode::SourceUnavailable; 2]);
    assert_eq!(
        (health.verdict, why(&health)),
        (Verdict::Unknown, health.notes[0].message.as_str())
    );

    let idle = judged(
        &cluster()
            .with_tasks(Reading::Unavailable(error()))
            .with_iam_sync(Reading::Read(Some(false))),
    );
    assert_eq!(codes(&idle), [ReasonCode::SourceUnavailable]);
}

#[test]
fn sources_that_contradict_each_other_are_noted_and_both_are_shown() {
    let running = judged(
        &cluster()
            .with_tasks(tasks("SYNC_SUCCESS"))
            .with_iam_sync(Reading::Read(Some(true))),
    );
    assert_eq!(
        disagreement(&running),
        Some("MRS says that a run is in progress, DataArts Studio says that none is")
    );
    assert_eq!(
        codes(&running),
        [ReasonCode::IamSyncRunning, ReasonCode::TaskSucceeded]
    );
    let idle = judged(
        &cluster()
            .with_tasks(tasks("SYNCING"))
            .with_records(records([record("FINISHED", 90)])),
    );
    assert_eq!(
        disagreement(&idle),
        Some("DataArts Studio says that a run is in progress, DWS says that none is")
    );
    assert_eq!(idle.verdict, Verdict::Stuck);
}

#[test]
fn sources_that_agree_or_do_not_say_are_not_noted() {
    let with_mrs = |tasks, flag| judged(&cluster().with_tasks(tasks).with_iam_sync(flag));
    for (tasks, flag) in [
        (tasks("SYNCING"), Reading::Read(Some(true))),
        (tasks("SYNC_FAIL"), Reading::Read(Some(false))),
        (tasks("SYNCING"), Reading::Read(None)),
        (tasks("SYNCING"), Reading::Unavailable(error())),
        (tasks("UNKNOWN"), Reading::Read(Some(true))),
        (tasks("NEW"), Reading::Read(Some(true))),
        (Reading::Read(Vec::new()), Reading::Read(Some(true))),
        (Reading::Unavailable(error()), Reading::Read(Some(true))),
    ] {
        assert_eq!(
            disagreement(&with_mrs(tasks.clone(), flag.clone())),
            None,
            "{tasks:?} {flag:?}"
        );
    }
}

#[test]
fn records_that_do_not_say_whether_a_run_is_in_progress_contradict_nothing() {
    let unreadable = RecordHistory {
        records: vec![record("FINISHED", 90)],
        unreadable: vec![error()],
    };
    for records in [
        records([]),
        records([record("QUEUED", 5), record("FINISHED", 90)]),
        Reading::Read(unreadable),
    ] {
        let health = judged(
            &cluster()
                .with_tasks(tasks("SYNCING"))
                .with_records(records.clone()),
        );
        assert_eq!(disagreement(&health), None, "{records:?}");
    }
}

#[test]
fn reasons_are_sorted_worst_first_then_by_source() {
    let failed = Record {
        fail_reason: Some("second cause".into()),
        ..record("FAILED", 5)
    };
    let first = Task {
        sync_msg: Some("first cause".into()),
        ..task("SYNC_FAIL", ago(60, 0))
    };
    let observation = cluster()
        .with_tasks(Reading::Read(vec![first]))
        .with_records(records([Record {
            failed_count: Some(1),
            ..failed
        }]));
    let health = judged(&observation);
    assert_eq!(
        codes(&health),
        [
            ReasonCode::TaskFailed,
            ReasonCode::ScheduleStopped,
            ReasonCode::IdentitySourceFailed,
            ReasonCode::RecordsFailed
        ]
    );
    assert_eq!(health.diagnosis.unwrap().summary, "first cause");
    assert_eq!(health.last_attempt_at, ago(5, 0));
}

#[test]
fn tasks_that_were_read_long_before_are_judged_as_of_then() {
    let started = Reading::Read(vec![task("SYNCING", ago(40, 0))]);
    let observed = cluster().with_tasks(started);
    assert_eq!(judged(&observed).verdict, Verdict::Stuck);
    let read_before = ClusterObservation {
        tasks_read_at: ago(20, 0),
        ..observed.with_records(records([record("RUNNING", 40)]))
    };
    let health = judged(&read_before);
    assert_eq!(
        codes(&health),
        [ReasonCode::IdentitySourceOverrun, ReasonCode::TaskRunning]
    );
    assert_eq!(health.reasons[1].message, "running for 20 min");
}
