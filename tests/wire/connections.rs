//! How connections are used: kept for the next call, bounded, and given up with the call that waits on them.

use std::time::{Duration, Instant};

use idsync_emulator::{Emulator, FaultKind, RawAnswer, RawEnd};
use tokio::runtime::Builder;
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
async fn a_call_that_its_caller_drops_leaves_no_request_and_no_connection() {
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

/// Waits until something is so: the emulator works on the same thread.
pub(crate) async fn eventually(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "it never becomes so"
        );
        yield_now().await;
    }
}

#[test]
fn connections_that_died_with_their_runtime_cost_no_attempt() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let session = server.block_on(Session::with(Emulator::builder(), |client| {
        client.retries(0)
    }));
    for _ in 0..3 {
        runtime().block_on(session.syncing()).unwrap();
    }
    assert_eq!(session.requests().len(), 3);
}
