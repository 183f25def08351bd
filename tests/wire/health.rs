//! One verdict over the emulator's built-in scenario.

use std::collections::BTreeSet;

use idsync::ErrorKind;
use idsync::health::{Report, Source, Verdict};
use idsync_emulator::{Fault, FaultKind, Operation};

use crate::session::Session;

pub(crate) async fn check(session: &Session) -> Report {
    let check = session
        .emulator
        .workspaces()
        .iter()
        .fold(session.client.health(), |check, workspace| {
            check.workspace(workspace)
        });
    check.check().await.unwrap()
}

/// The code of every reason and note, as the report writes it.
fn codes(report: &Report) -> BTreeSet<String> {
    let report = serde_json::to_value(report).unwrap();
    let clusters = report["clusters"].as_array().unwrap().iter();
    clusters
        .flat_map(|cluster| [&cluster["reasons"], &cluster["notes"]])
        .flat_map(|list| list.as_array().unwrap())
        .map(|entry| entry["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_verdict_reason_and_note_occurs_in_the_demo() {
    let report = check(&Session::start().await).await;
    let verdicts: BTreeSet<_> = report
        .clusters
        .iter()
        .map(|cluster| cluster.verdict)
        .collect();
    assert_eq!(verdicts.len(), 8, "{verdicts:?}");
    let codes = codes(&report);
    for code in [
        "task_failed",
        "schedule_stopped",
        "task_overrun",
        "task_running",
        "schedule_missed",
        "task_succeeded",
        "task_never_ran",
        "task_status_unknown",
        "identity_source_failed",
        "records_failed",
        "identity_source_overrun",
        "identity_source_running",
        "identity_source_succeeded",
        "record_status_unknown",
        "no_records",
        "iam_sync_running",
        "iam_sync_idle",
        "iam_sync_unreported",
        "sources_disagree",
        "source_unavailable",
    ] {
        assert!(codes.contains(code), "{code} is missing");
    }
}

#[tokio::test]
async fn a_cluster_is_judged_once_although_two_workspaces_share_its_task() {
    let report = check(&Session::start().await).await;
    assert!(report.clusters.len() >= 12);
    let ids: BTreeSet<_> = report
        .clusters
        .iter()
        .map(|cluster| &cluster.cluster_id)
        .collect();
    assert_eq!(ids.len(), report.clusters.len());
    let counted: u64 = report.counts.values().sum();
    assert_eq!(counted, report.clusters.len() as u64);
}

#[tokio::test]
async fn a_service_that_cannot_be_asked_is_a_problem_and_the_others_are_judged() {
    let session = Session::start().await;
    session
        .emulator
        .add_fault(Fault::on(Operation::Syncing, FaultKind::status(403)))
        .unwrap();
    let report = check(&session).await;
    let of_mrs: Vec<_> = report
        .problems
        .iter()
        .filter(|problem| problem.source == Source::Mrs)
        .collect();
    // The type of one cluster names no service, so that it cannot be asked.
    let listed = session.emulator.ready().clusters.mrs.len();
    assert_eq!(of_mrs.len() + 1, listed);
    assert!(
        of_mrs
            .iter()
            .all(|problem| problem.error.kind == ErrorKind::Permission)
    );
    assert!(report.counts.contains_key(&Verdict::Healthy));
}

#[tokio::test]
async fn without_dataarts_nothing_is_known_and_each_workspace_is_a_problem() {
    let session = Session::start().await;
    session
        .emulator
        .add_fault(Fault::on(Operation::Tasks, FaultKind::status(500)))
        .unwrap();
    let report = check(&session).await;
    assert_eq!(
        (report.verdict, report.clusters.len(), report.problems.len()),
        (Verdict::Unknown, 0, 2)
    );
}

#[tokio::test]
async fn named_clusters_need_no_dataarts_and_an_idle_flag_is_not_health() {
    let session = Session::start().await;
    session
        .emulator
        .add_fault(Fault::on(
            Operation::Syncing,
            FaultKind::body(r#"{"is_synchronizing":false}"#),
        ))
        .unwrap();
    let mrs = format!("mrs:{}", session.mrs_cluster());
    let dws = format!("dws:{}", session.dws_cluster());
    let check = session
        .client
        .health()
        .cluster(mrs.parse().unwrap())
        .cluster(dws.parse().unwrap());
    let report = check.check().await.unwrap();
    assert_eq!(
        session
            .emulator
            .request_counts()
            .operations
            .get(&Operation::Tasks),
        None
    );
    let verdict = |id: &str| {
        let found = report
            .clusters
            .iter()
            .find(|cluster| cluster.cluster_id.as_deref() == Some(id));
        found.map(|cluster| cluster.verdict)
    };
    assert_eq!(verdict(session.mrs_cluster()), Some(Verdict::Unknown));
    assert!(verdict(session.dws_cluster()).is_some());
}

#[tokio::test]
async fn a_check_of_nothing_and_a_bad_workspace_are_usage_errors() {
    let session = Session::start().await;
    for check in [
        session.client.health(),
        session.client.health().workspace("a/b"),
    ] {
        assert_eq!(
            check.check().await.unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    assert!(
        "mrs-5"
            .parse::<idsync::health::ClusterRef>()
            .unwrap_err()
            .to_string()
            .contains("dws:ID or mrs:ID")
    );
}

#[tokio::test]
async fn a_cluster_id_from_the_service_that_would_change_the_request_is_not_sent() {
    let session = Session::start().await;
    let body = r#"{"tasks":[{"id":"t","cluster_id":"../x","cluster_type":"MRS","sync_status":"SYNC_SUCCESS"}],"total":1}"#;
    session
        .emulator
        .add_fault(Fault::on(Operation::Tasks, FaultKind::body(body)))
        .unwrap();
    let report = check(&session).await;
    assert_eq!(report.problems[0].error.kind, ErrorKind::InvalidInput);
    assert!(
        session
            .requests()
            .iter()
            .all(|request| request.operation == Some(Operation::Tasks))
    );
}
