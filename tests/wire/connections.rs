//! Connections are reused, and closed when a call is dropped.

use std::time::{Duration, Instant};

use idsync_emulator::{FaultKind, RawAnswer, RawEnd};
use tokio::task::yield_now;

use crate::session::Session;

#[tokio::test]
async fn calls_of_all_services_one_after_another_share_one_connection() {
    let session = Session::start().await;
    for _ in 0..5 {
        session.tasks().await.unwrap();
        session.records().await.unwrap();
        session.syncing().await.unwrap();
    }
    assert_eq!(session.emulator.connections().accepted, 1);
}

#[tokio::test]
async fn a_dropped_call_is_not_retried_and_closes_its_connection() {
    for kind in [
        FaultKind::delay(Duration::from_hours(1)),
        FaultKind::drip(Duration::from_hours(1)),
        FaultKind::Raw(RawAnswer::new("HTTP/1.1 200 OK\r\nx: ").then(RawEnd::Stall)),
    ] {
        let session = Session::start().await;
        session.break_with(&kind);
        tokio::select! {
            outcome = session.syncing() => panic!("{kind:?}: {outcome:?}"),
            () = eventually(|| session.requests().len() == 1) => {}
        }
        eventually(|| session.emulator.connections().open == 0).await;
        assert_eq!(session.requests().len(), 1, "{kind:?}");
    }
}

/// Waits for a condition; the emulator runs on the same thread.
pub(crate) async fn eventually(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the condition does not become true"
        );
        yield_now().await;
    }
}
