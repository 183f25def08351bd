//! Clusters that the rules ignore are not asked.

use idsync::health::{Checker, Verdict};
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
async fn ignored_clusters_are_counted_and_not_asked() {
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
async fn a_check_that_ignores_everything_is_unknown() {
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
