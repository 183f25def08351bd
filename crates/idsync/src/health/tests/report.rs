//! The judgement of all clusters together, and what changes between two.

use jiff::SignedDuration;

use super::given::{ago, cluster, error, history, judged, notes, now, record, task};
use crate::health::{
    ChangeKind, ClusterObservation, Comparison, Problem, Reading, ReasonCode, Report, Rules,
    Source, Verdict, judge, render_times,
};
use crate::{Error, ErrorKind, Service};

fn with_task(id: &str, status: &str) -> ClusterObservation {
    let mut cluster = ClusterObservation::new(id).with_type("MRS".into());
    cluster.workspaces = vec!["w1".into()];
    cluster
        .with_tasks(Reading::Read(vec![task(status, 5)]))
        .with_iam_sync(Reading::Read(Some(false)))
}

/// The clusters `c1`, `c2` and so on.
fn with_tasks(statuses: &str) -> Vec<ClusterObservation> {
    let statuses = (1..).zip(statuses.split(' '));
    let clusters = statuses.map(|(id, status)| with_task(&format!("c{id}"), status));
    clusters.collect()
}

fn report(clusters: &[ClusterObservation], problems: Vec<Problem>) -> Report {
    judge(Some("p1"), clusters, problems, &Rules::default(), now())
}

fn lost_list(workspace: Option<&str>) -> Problem {
    let error = Error::new(ErrorKind::Permission, "forbidden").with_status(403);
    Problem {
        project_id: Some("p1".into()),
        workspace_id: workspace.map(Into::into),
        ..Problem::new(Source::DataArts, None, &error)
    }
}

#[test]
fn the_report_is_as_bad_as_its_worst_cluster() {
    let clusters = with_tasks("SYNC_SUCCESS SYNC_FAIL SYNC_SUCCESS");
    let report = report(&clusters, Vec::new());
    assert_eq!(report.verdict, Verdict::Failing);
    assert_eq!(report.clusters[0].cluster_id.as_deref(), Some("c2"));
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains(r#""counts":{"failing":1,"healthy":2}"#));
    assert!(report.complete && report.is_conclusive());
    assert_eq!(report.sources, Source::SERVICES);
}

#[test]
fn nothing_to_judge_is_unknown() {
    let empty = report(&[], Vec::new());
    assert_eq!(empty.verdict, Verdict::Unknown);
    assert_eq!(empty.reasons[0].code, ReasonCode::NothingToJudge);
    assert!(empty.complete && !empty.is_conclusive() && !empty.answered_nothing());
}

#[test]
fn a_list_that_cannot_be_read_makes_the_report_unknown_and_is_listed_once() {
    let report = report(
        &[with_task("c1", "SYNC_SUCCESS")],
        vec![lost_list(Some("w2")), lost_list(Some("w2"))],
    );
    assert_eq!(report.verdict, Verdict::Unknown);
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.unanswered, 1);
    assert_eq!(
        report.reasons[0].message,
        "the tasks of workspace w2 could not be read in full: permission: forbidden"
    );
    assert!(!report.complete && !report.is_conclusive());
    assert!(report.is_listed(&report.clusters[0]));
}

#[test]
fn a_problem_becomes_its_error_again_without_the_attempts() {
    let error = Error::new(ErrorKind::Permission, "no")
        .with_operation(Service::Dws, "listSyncRecords")
        .with_status(403)
        .with_code("DWS.0001")
        .with_request_id("5a63")
        .with_hint("ask")
        .with_attempts(3);
    let again = Error::from(&Problem::new(Source::Dws, None, &error));
    let expected = "listSyncRecords failed: 403 DWS.0001 no (request 5a63)";
    assert_eq!(again.to_string(), expected);
    assert_eq!((again.kind(), again.hint()), (error.kind(), Some("ask")));
}

#[test]
fn a_problem_of_a_service_includes_those_of_its_clusters() {
    let refused = |id: &str| Error::new(ErrorKind::Authentication, "no").with_request_id(id);
    let clusters = ["c1", "c2"].map(|id| {
        let records = Reading::Unavailable(refused(id));
        ClusterObservation::new(id)
            .with_type("DWS".into())
            .with_records(records)
    });
    let whole = Problem {
        project_id: Some("p1".into()),
        ..Problem::new(Source::Dws, None, &refused("first"))
    };
    let report = report(&clusters, vec![whole]);
    assert_eq!((report.problems.len(), report.unanswered), (1, 2));
    assert!(report.answered_nothing());
}

#[test]
fn the_flag_of_a_cluster_that_dataarts_judges_fails_no_gate() {
    let beside =
        |status: &str| with_task("c1", status).with_iam_sync(Reading::Unavailable(error()));
    let gate = report(&[beside("SYNC_SUCCESS")], Vec::new());
    assert_eq!(gate.verdict, Verdict::Healthy);
    assert!(!gate.complete);
    assert_eq!(gate.unanswered, 1);
    assert!(gate.is_conclusive());
    let noted = notes(&gate.clusters[0]);
    assert_eq!(noted, ["schedule_off", "source_unavailable"]);
    let alone = cluster().with_iam_sync(Reading::Unavailable(error()));
    assert_eq!(judged(&alone).verdict, Verdict::Unknown);
    let gone = Error::new(ErrorKind::NotFound, "no such cluster").with_code("12000003");
    let gone = with_task("c1", "SYNC_SUCCESS").with_iam_sync(Reading::Unavailable(gone));
    assert_eq!(judged(&gone).reasons[0].code, ReasonCode::ClusterNotFound);
}

#[test]
fn the_flag_says_running_or_nothing() {
    let flag = |flag| judged(&cluster().with_iam_sync(Reading::Read(flag)));
    assert_eq!(flag(Some(true)).verdict, Verdict::Running);
    for (value, note) in [
        (Some(false), "iam_sync_idle"),
        (None, "iam_sync_unreported"),
    ] {
        let health = flag(value);
        assert_eq!(health.verdict, Verdict::Unknown);
        assert_eq!(notes(&health), vec![note]);
        assert_eq!(health.reasons[0].code, ReasonCode::NoEvidence);
    }
    let unreported = with_task("c1", "SYNC_SUCCESS").with_iam_sync(Reading::Read(None));
    assert_eq!(report(&[unreported], Vec::new()).unanswered, 1);
}

#[test]
fn sources_that_disagree_are_noted() {
    let observed = |tasks: &str, flag| {
        let health = judged(&with_task("c1", tasks).with_iam_sync(Reading::Read(Some(flag))));
        notes(&health).contains(&"sources_disagree")
    };
    assert!(observed("SYNCING", false) && observed("SYNC_SUCCESS", true));
    assert!(!observed("SYNCING", true) && !observed("SYNC_SUCCESS", false));
    let dws = ClusterObservation::new("c1").with_records(history([record("RUNNING", 5)]));
    let dws = judged(&dws.with_tasks(Reading::Read(vec![task("SYNC_SUCCESS", 9)])));
    assert!(notes(&dws).contains(&"sources_disagree"));
}

#[test]
fn an_unknown_beside_something_worse_is_not_conclusive() {
    let tasks = Reading::Partial(vec![task("SYNC_FAIL", 5)], error());
    let report = report(&[cluster().with_tasks(tasks)], Vec::new());
    assert_eq!(report.verdict, Verdict::Failing);
    assert!(!report.is_conclusive());
    assert!(!report.answered_nothing());
    let idle = cluster().with_tasks(Reading::Unavailable(error()));
    let idle = idle.with_iam_sync(Reading::Read(Some(false)));
    assert!(!judge(None, &[idle], Vec::new(), &Rules::new(), now()).answered_nothing());
}

#[test]
fn a_report_is_read_as_it_was_written_and_an_older_one_too() {
    let report = report(&[with_task("c1", "SYNC_FAIL")], vec![lost_list(None)]);
    let mut json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        serde_json::from_value::<Report>(json.clone()).unwrap(),
        report
    );
    for added in ["unanswered", "sources", "reasons"] {
        json.as_object_mut().unwrap().remove(added);
    }
    let cluster = json["clusters"][0].as_object_mut().unwrap();
    for added in [
        "failing_since",
        "at_least",
        "identity_sources",
        "workspaces",
        "sources",
    ] {
        cluster.remove(added).unwrap();
    }
    assert_eq!(
        serde_json::from_value::<Report>(json).unwrap().verdict,
        Verdict::Failing
    );
}

fn compared(
    before: &[ClusterObservation],
    after: &[ClusterObservation],
    lost: Vec<Problem>,
) -> Comparison {
    report(after, lost).compare(&report(before, Vec::new()))
}

fn summary(comparison: &Comparison) -> Vec<(ChangeKind, &str, Option<Verdict>, Option<Verdict>)> {
    let changes = comparison.changes.iter();
    changes
        .map(|it| (it.change, it.cluster_id.as_deref().unwrap(), it.from, it.to))
        .collect()
}

#[test]
fn a_comparison_has_what_is_new_gone_better_or_worse() {
    let before = with_tasks("SYNC_SUCCESS SYNC_FAIL SYNC_SUCCESS SYNC_SUCCESS");
    let after = [
        with_task("c1", "SYNC_FAIL"),
        with_task("c2", "SYNC_SUCCESS"),
        with_task("c4", "SYNC_SUCCESS"),
        with_task("c5", "SYNC_SUCCESS"),
    ];
    let comparison = compared(&before, &after, Vec::new());
    let (failing, healthy) = (Some(Verdict::Failing), Some(Verdict::Healthy));
    assert_eq!(
        summary(&comparison),
        [
            (ChangeKind::Gone, "c3", healthy, None),
            (ChangeKind::Worse, "c1", healthy, failing),
            (ChangeKind::New, "c5", None, healthy),
            (ChangeKind::Better, "c2", failing, healthy),
        ]
    );
    assert!(comparison.is_worse());
    assert!(!compared(&before, &before, Vec::new()).is_worse());
    for (new, is_worse) in [("SYNC_SUCCESS", false), ("SYNC_FAIL", true)] {
        let after = [before[0].clone(), with_task("c9", new)];
        let comparison = compared(&before[..1], &after, Vec::new());
        assert_eq!(comparison.is_worse(), is_worse, "a new cluster with {new}");
    }
}

#[test]
fn a_cluster_that_could_not_be_listed_is_unknown_and_neither_gone_nor_better() {
    let before = [with_task("c1", "SYNC_FAIL")];
    for lost in [lost_list(Some("w1")), lost_list(None)] {
        let comparison = compared(&before, &[], vec![lost]);
        let unknown = (
            ChangeKind::Worse,
            "c1",
            Some(Verdict::Failing),
            Some(Verdict::Unknown),
        );
        assert_eq!(summary(&comparison), [unknown]);
    }
    let elsewhere = compared(&before, &[], vec![lost_list(Some("w9"))]);
    assert_eq!(summary(&elsewhere)[0].0, ChangeKind::Gone);
}

#[test]
fn clusters_that_could_not_be_listed_are_added_as_unknown() {
    let earlier = report(&[with_task("c2", "SYNC_FAIL")], Vec::new());
    let mut report = report(&[with_task("c1", "SYNC_SUCCESS")], vec![lost_list(None)]);
    report.add_unlisted(earlier.clusters);
    let verdicts: Vec<_> = report.clusters.iter().map(|it| it.verdict).collect();
    assert_eq!(verdicts, [Verdict::Unknown, Verdict::Healthy]);
    assert_eq!(report.clusters[0].reasons, report.reasons);
    assert_eq!(report.clusters[0].diagnosis, None);
    let counts = [(Verdict::Healthy, 1), (Verdict::Unknown, 1)];
    assert_eq!(report.counts, counts.into());
}

#[test]
fn instants_in_messages_are_replaced() {
    let show = |time: jiff::Timestamp| format!("<{}>", time.as_second());
    let second = ago(0).as_second();
    assert_eq!(
        render_times("due 2026-11-22T06:00:00Z, late", show),
        format!("due <{second}>, late")
    );
    for unchanged in ["", "no Z here", "Zebra 2026-11-22", "2026-99-99T00:00:00Z"] {
        assert_eq!(render_times(unchanged, show), unchanged);
    }
}

#[test]
fn a_flag_that_is_true_in_consecutive_readings_for_too_long_is_stuck() {
    let copying = |minutes| ClusterObservation {
        iam_sync_since: Some(now() - SignedDuration::from_mins(minutes)),
        ..cluster().with_iam_sync(Reading::Read(Some(true)))
    };
    for (minutes, code, verdict) in [
        (35, ReasonCode::IamSyncRunning, Verdict::Running),
        (36, ReasonCode::IamSyncOverrun, Verdict::Stuck),
    ] {
        let health = judged(&copying(minutes));
        assert_eq!((health.reasons[0].code, health.verdict), (code, verdict));
    }
}
