//! What the rules leave out, what of it stays visible, and what was not asked because the check was ended.

use super::given::{ago, cluster, codes, error, judged, judged_by, notes, now, record, task, why};
use crate::health::{
    ClusterObservation, DiagnosisClass, IgnoreRule, NoteCode, Reading, ReasonCode, RecordHistory,
    Rules, Source, Verdict, judge,
};
use crate::{Error, ErrorKind};

fn ignoring(rules: &[&str]) -> Rules {
    let rules = rules.iter().map(|rule| rule.parse::<IgnoreRule>().unwrap());
    Rules::default().with_ignored(rules)
}

fn failing() -> ClusterObservation {
    let failed = crate::dataarts::Task {
        sync_msg: Some("disk is full".into()),
        ..task("SYNC_FAIL", ago(5, 0))
    };
    cluster()
        .with_name("test-1")
        .with_tasks(Reading::Read(vec![failed]))
}

fn with_success(observation: ClusterObservation) -> ClusterObservation {
    let history = RecordHistory::from(vec![record("FINISHED", 5)]);
    observation.with_records(Reading::Read(history))
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the check was ended")
}

#[test]
fn an_ignored_reason_stays_visible_and_the_others_decide() {
    let rules = ignoring(&["test-*:task_failed", ":schedule_stopped"]);
    let health = judged_by(&rules, &with_success(failing()));
    assert_eq!(health.verdict, Verdict::Healthy);
    assert_eq!(codes(&health), [ReasonCode::IdentitySourceSucceeded]);
    let told: Vec<_> = health
        .notes
        .iter()
        .map(|note| (note.code, note.reason, note.source))
        .collect();
    assert_eq!(
        told,
        [ReasonCode::TaskFailed, ReasonCode::ScheduleStopped].map(|code| (
            NoteCode::ReasonIgnored,
            Some(code),
            Source::DataArts
        ))
    );
    assert_eq!(
        health.notes[0].message,
        "task_failed does not count: disk is full"
    );
    assert_eq!(health.diagnosis, None);
}

#[test]
fn a_cluster_of_which_all_is_ignored_is_unknown_and_not_healthy() {
    let rules = ignoring(&[":task_failed", ":schedule_stopped"]);
    let health = judged_by(&rules, &failing());
    assert_eq!((health.verdict, codes(&health)), (Verdict::Unknown, vec![]));
    let unread = failing().with_records(Reading::Unavailable(error()));
    let health = judged_by(&rules, &unread);
    assert_eq!(codes(&health), [ReasonCode::SourceUnavailable]);
    let health = judged_by(
        &ignoring(&[":source_unavailable", ":task_failed", ":schedule_stopped"]),
        &unread,
    );
    assert_eq!((health.verdict, codes(&health)), (Verdict::Unknown, vec![]));
    assert!(notes(&health).contains(&NoteCode::SourceUnavailable));
}

#[test]
fn a_failure_that_still_counts_keeps_the_diagnosis() {
    let health = judged_by(&ignoring(&[":task_failed"]), &failing());
    assert_eq!(codes(&health), [ReasonCode::ScheduleStopped]);
    assert_eq!(health.diagnosis.unwrap().class, DiagnosisClass::Other);
}

#[test]
fn the_diagnosis_is_that_of_a_failure_that_counts() {
    let failed = crate::dws::Record {
        fail_reason: Some("connection refused".into()),
        ..record("FAILED", 5)
    };
    let both = failing().with_records(Reading::Read(vec![failed].into()));
    let rules = ignoring(&[":task_failed", ":schedule_stopped"]);
    assert_eq!(judged(&both).diagnosis.unwrap().summary, "disk is full");
    assert_eq!(
        judged_by(&rules, &both).diagnosis.unwrap().summary,
        "a server could not be reached"
    );
}

#[test]
fn a_rule_for_other_clusters_changes_nothing() {
    let rules = ignoring(&["prod-*:task_failed", "c2:schedule_stopped"]);
    assert_eq!(judged_by(&rules, &failing()), judged(&failing()));
}

#[test]
fn clusters_that_are_left_out_are_counted_and_nothing_else() {
    let unread = ClusterObservation::new("c2").with_records(Reading::Unavailable(error()));
    let clusters = [
        failing(),
        unread,
        with_success(ClusterObservation::new("c3")),
    ];
    let report = judge(
        None,
        &clusters,
        Vec::new(),
        &ignoring(&["test-*", "c2"]),
        now(),
    );
    assert_eq!(
        (report.ignored, report.clusters.len(), report.problems.len()),
        (2, 1, 0)
    );
    assert_eq!(report.verdict, Verdict::Healthy);
    let report = judge(None, &clusters, Vec::new(), &ignoring(&["*"]), now());
    assert_eq!((report.ignored, report.verdict), (3, Verdict::Unknown));
}

#[test]
fn what_nobody_tried_to_ask_is_unknown_whatever_else_is_known() {
    let succeeded = cluster().with_tasks(Reading::Read(vec![task("SYNC_SUCCESS", ago(5, 0))]));
    let refused = succeeded
        .clone()
        .with_records(Reading::Unavailable(error()));
    let untried = succeeded.with_records(Reading::Unavailable(cancelled()));
    assert_eq!(judged(&refused).verdict, Verdict::Healthy);
    let health = judged(&untried);
    assert_eq!(
        codes(&health),
        [ReasonCode::SourceUnavailable, ReasonCode::TaskSucceeded]
    );
    assert_eq!(why(&health), "could not be asked: the check was ended");
    for (observation, complete) in [(refused, true), (untried, false)] {
        let report = judge(None, &[observation], Vec::new(), &Rules::default(), now());
        assert_eq!(report.complete, complete);
    }
}
