//! How connections are used: kept for the next call, bounded, and given up with the call that waits on them.

use std::time::Duration;

use idsync_emulator::{FaultKind, RawAnswer, RawEnd};
use tokio::time::{sleep, timeout};

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
        let given_up = timeout(Duration::from_millis(100), session.syncing()).await;
        assert!(given_up.is_err(), "{kind:?}");
        assert_eq!(session.requests().len(), 1, "{kind:?}");
        eventually_none_is_open(&session).await;
        assert_eq!(session.requests().len(), 1, "{kind:?}");
    }
}

/// Waits until the emulator has seen every connection end.
async fn eventually_none_is_open(session: &Session) {
    let all_closed = async {
        while session.emulator.connections().open > 0 {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(Duration::from_secs(10), all_closed).await.unwrap();
}
