//! Cancelled checks, limits of concurrency, and progress.

use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idsync::ErrorKind;
use idsync::health::{ClusterHealth, Progress, ReasonCode, Report, Source, Verdict};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};
use tokio::sync::Notify;

use crate::session::Session;

fn cancelled(report: &Report) -> usize {
    let problems = report.problems.iter();
    problems
        .filter(|it| it.error.kind == ErrorKind::Cancelled)
        .count()
}

#[tokio::test]
async fn a_check_that_is_cancelled_at_once_sends_nothing() {
    let session = Session::start().await;
    let named = format!("dws:{}", session.dws_cluster()).parse().unwrap();
    let report = session
        .health()
        .cluster(named)
        .until(ready(()))
        .check()
        .await
        .unwrap();
    assert_eq!(session.requests().len(), 0);
    assert!(!report.complete);
    assert_eq!(cancelled(&report), report.problems.len());
    let codes: Vec<_> = report.clusters[0]
        .reasons
        .iter()
        .map(|it| it.code)
        .collect();
    assert_eq!(
        (report.clusters.len(), codes),
        (1, vec![ReasonCode::SourceUnavailable; 2])
    );
}

#[tokio::test]
async fn a_cancelled_check_drops_running_calls_and_reports_what_is_known() {
    let session = Session::with(Emulator::builder().tasks(60), |client| client).await;
    // Longer than the test takes: the check is cancelled before.
    let stuck = Fault::on(
        Operation::Records,
        FaultKind::delay(Duration::from_secs(50)),
    );
    session.fault(stuck);
    let end = Arc::new(Notify::new());
    let signal = Arc::clone(&end);
    let check = session
        .health()
        .until(async move { end.notified().await })
        .on_progress(move |progress| {
            if progress.asked == 20 {
                signal.notify_one();
            }
        });
    let report = tokio::time::timeout(Duration::from_secs(20), check.check());
    let report = report.await.unwrap().unwrap();
    assert!(!report.complete && cancelled(&report) > 0);
    let is_unasked = |cluster: &&ClusterHealth| {
        let mut reasons = cluster.reasons.iter();
        reasons.any(|it| it.source == Source::Dws && it.code == ReasonCode::SourceUnavailable)
    };
    let unasked: Vec<_> = report.clusters.iter().filter(is_unasked).collect();
    assert!(unasked.iter().all(|it| it.verdict >= Verdict::Unknown));
    assert!(unasked.len() > 20, "{}", unasked.len());
    assert!(report.counts.contains_key(&Verdict::Healthy));
    let still_asked = session.requests().len();
    assert!(still_asked < 60, "{still_asked}");
}

#[tokio::test]
async fn the_limit_of_concurrency_holds_for_each_service_by_itself() {
    let session = Session::with(Emulator::builder().tasks(40), |client| client).await;
    for operation in [Operation::Records, Operation::Syncing] {
        let silent = FaultKind::delay(Duration::from_secs(50));
        session.fault(Fault::on(operation, silent));
    }
    let end = Arc::new(Notify::new());
    let signal = Arc::clone(&end);
    let check = session
        .health()
        .concurrency(3)
        .until(async move { end.notified().await });
    let both_are_full = async {
        while session.count(Operation::Records) + session.count(Operation::Syncing) < 6 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        signal.notify_one();
    };
    let (report, ()) = tokio::join!(check.check(), both_are_full);
    assert!(!report.unwrap().complete);
    assert_eq!(session.count(Operation::Records), 3);
    assert_eq!(session.count(Operation::Syncing), 3);
}

#[tokio::test]
async fn progress_never_decreases_and_ends_with_the_numbers_of_the_report() {
    let session = Session::with(Emulator::builder().tasks(30), |client| client).await;
    let mut rules = session.client.rules().clone();
    rules.ignore.push("*-prod*".parse().unwrap());
    let reported = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let steps = Arc::clone(&reported);
    let check = session
        .health()
        .rules(rules)
        .on_progress(move |progress| steps.lock().unwrap().push(progress));
    let report = check.check().await.unwrap();
    let reported = reported.lock().unwrap();
    let numbers = |it: &Progress| [it.listed, it.known, it.asked, it.ignored, it.problems];
    for pair in reported.windows(2) {
        let grows = numbers(&pair[0])
            .into_iter()
            .zip(numbers(&pair[1]))
            .all(|(before, after)| before <= after);
        assert!(grows && pair[1].asked <= pair[1].known, "{pair:?}");
    }
    let last = reported.last().unwrap();
    let clusters = report.clusters.len() as u64;
    assert_eq!((last.known, last.asked), (clusters, clusters));
    assert_eq!((last.workspaces, last.listed), (2, 2));
    assert_eq!(
        (last.ignored, last.problems),
        (report.ignored, report.problems.len() as u64)
    );
}
