//! Which failures are worth another request, and within which bounds.

use std::time::Duration;

use idsync::ErrorKind;
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};

use crate::session::Session;

#[tokio::test]
async fn a_passing_failure_is_survived() {
    for kind in [
        FaultKind::status(429),
        FaultKind::status(500),
        FaultKind::status(502),
        FaultKind::status(503),
        FaultKind::status(504),
        FaultKind::Drop,
        FaultKind::Truncated,
    ] {
        let session = Session::start().await;
        session
            .emulator
            .add_fault(Fault::on(Operation::Syncing, kind.clone()).times(2))
            .unwrap();
        session
            .syncing()
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(session.requests().len(), 3, "{kind:?}");
    }
}

#[tokio::test]
async fn a_lasting_failure_is_told_with_the_number_of_requests() {
    let session = Session::start().await;
    session.break_with(&FaultKind::status(503));
    for error in session.errors().await {
        assert_eq!(
            (error.kind(), error.status(), error.attempts()),
            (ErrorKind::Service, Some(503), 3)
        );
        assert!(
            error.is_retryable() && error.to_string().contains("3 attempts"),
            "{error}"
        );
    }
    assert_eq!(session.requests().len(), 9);
}

#[tokio::test]
async fn a_final_failure_is_one_request() {
    for status in [400, 401, 403, 404, 417, 501] {
        let session = Session::start().await;
        session.break_with(&FaultKind::status(status));
        session.syncing().await.unwrap_err();
        assert_eq!(session.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_wait_longer_than_the_deadline_is_not_begun() {
    let session = Session::with(Emulator::builder(), |client| {
        client.timeout(Duration::from_secs(20))
    })
    .await;
    let busy = Fault::on(Operation::Syncing, FaultKind::status(429)).header("Retry-After", "60");
    session.emulator.add_fault(busy).unwrap();
    let error = session.syncing().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_mins(1)));
    assert_eq!(session.requests().len(), 1);
}

#[tokio::test]
async fn an_address_without_a_server_is_a_connection_error() {
    let session = Session::start().await;
    let client = session.client.clone();
    let cluster = session.mrs_cluster().to_owned();
    session.emulator.stop().await;
    let error = client.mrs().is_synchronizing(cluster).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 3),
        "{error}"
    );
}
