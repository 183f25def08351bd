//! What the rules leave out is not asked.

use idsync::health::{Checker, NoteCode, ReasonCode, Verdict};
use idsync_emulator::{Emulator, Operation};

use crate::credentials::count;
use crate::health::check;
use crate::session::Session;

fn ignoring(session: &Session, rules: &[&str]) -> Checker {
    let ignored = rules.iter().map(|rule| rule.parse().unwrap());
    let mut rules = session.client.rules().clone();
    rules.ignore.extend(ignored);
    let workspaces = session.emulator.workspaces().iter();
    workspaces
        .fold(session.client.health(), |check, workspace| {
            check.workspace(workspace)
        })
        .rules(rules)
}

#[tokio::test]
async fn clusters_that_are_left_out_are_not_asked_and_only_counted() {
    let session = Session::with(Emulator::builder().tasks(40), |client| client).await;
    let all = check(&session).await.clusters.len() as u64;
    session.emulator.reset_requests();
    let by_hand = format!("mrs:{}", session.mrs_cluster());
    let by_id = session.mrs_cluster();
    let check = ignoring(&session, &["fleet-*-dws", by_id]).cluster(by_hand.parse().unwrap());
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

#[tokio::test]
async fn to_leave_out_everything_leaves_nothing_known() {
    let session = Session::start().await;
    let report = ignoring(&session, &["*"]).check().await.unwrap();
    assert_eq!(
        (report.verdict, report.clusters.len()),
        (Verdict::Unknown, 0)
    );
    assert_eq!(
        count(&session, Operation::Records) + count(&session, Operation::Syncing),
        0
    );
    assert!(report.ignored > 10 && report.complete);
}

#[tokio::test]
async fn an_ignored_reason_bears_on_no_verdict_and_stays_visible() {
    let session = Session::start().await;
    let before = check(&session).await;
    let missed = before
        .clusters
        .iter()
        .find(|it| it.reasons[0].code == ReasonCode::ScheduleMissed)
        .unwrap();
    let report = ignoring(&session, &[":schedule_missed"])
        .check()
        .await
        .unwrap();
    let mut clusters = report.clusters.iter();
    let same = clusters.find(|it| it.cluster_id == missed.cluster_id);
    let same = same.unwrap();
    assert!(same.verdict < Verdict::Overdue);
    let ignored = same
        .notes
        .iter()
        .filter(|note| note.code == NoteCode::ReasonIgnored);
    assert!(
        ignored
            .map(|note| note.reason)
            .eq([Some(ReasonCode::ScheduleMissed)])
    );
}
