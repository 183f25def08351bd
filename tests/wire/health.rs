//! One verdict over the emulator's built-in scenario.

use std::collections::BTreeSet;

use idsync::ErrorKind;
use idsync::health::{Report, Source, Verdict};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};

use crate::session::Session;

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
    let report = Session::start().await.health().check().await.unwrap();
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
    let report = Session::start().await.health().check().await.unwrap();
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
    session.fault(Fault::on(Operation::Syncing, FaultKind::status(403)));
    let report = session.health().check().await.unwrap();
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
async fn named_clusters_need_no_dataarts_and_an_idle_flag_is_not_health() {
    let session = Session::start().await;
    session.fault(Fault::on(
        Operation::Syncing,
        FaultKind::body(r#"{"is_synchronizing":false}"#),
    ));
    let mrs = format!("mrs:{}", session.mrs_cluster());
    let dws = format!("dws:{}", session.dws_cluster());
    let check = session
        .client
        .health()
        .cluster(mrs.parse().unwrap())
        .cluster(dws.parse().unwrap());
    let report = check.check().await.unwrap();
    assert_eq!(session.count(Operation::Tasks), 0);
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
}

#[tokio::test]
async fn a_cluster_id_from_the_service_that_would_change_the_request_is_not_sent() {
    let session = Session::start().await;
    let body = r#"{"tasks":[{"id":"t","cluster_id":"../x","cluster_type":"MRS","sync_status":"SYNC_SUCCESS"}],"total":1}"#;
    session.fault(Fault::on(Operation::Tasks, FaultKind::body(body)));
    let report = session.health().check().await.unwrap();
    assert_eq!(report.problems[0].error.kind, ErrorKind::InvalidInput);
    assert!(
        session
            .requests()
            .iter()
            .all(|request| request.operation == Some(Operation::Tasks))
    );
}

#[tokio::test]
async fn ignored_clusters_are_counted_and_not_asked() {
    let session = Session::with(Emulator::builder().tasks(40), |client| client).await;
    let all = session.health().check().await.unwrap().clusters.len() as u64;
    session.emulator.reset_requests();
    let by_hand = format!("mrs:{}", session.mrs_cluster());
    let by_id = session.mrs_cluster();
    let mut rules = session.client.rules().clone();
    rules.ignore = vec!["fleet-*-dws".parse().unwrap(), by_id.parse().unwrap()];
    let check = session
        .health()
        .rules(rules)
        .cluster(by_hand.parse().unwrap());
    let report = check.check().await.unwrap();
    assert_eq!(
        (report.ignored, report.clusters.len() as u64),
        (21, all - 21)
    );
    let names = report
        .clusters
        .iter()
        .filter_map(|cluster| cluster.cluster_name.as_deref());
    assert!(names.clone().any(|name| name.starts_with("fleet-")));
    assert!(
        names
            .into_iter()
            .all(|name| !(name.starts_with("fleet-") && name.ends_with("-dws")))
    );
    let paths = session.requests().into_iter().map(|seen| seen.path);
    assert!(paths.into_iter().all(|path| !path.contains(by_id)));
}
