//! Retries over HTTP.

use std::time::Duration;

use idsync::ErrorKind;
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};

use crate::session::Session;

#[tokio::test]
async fn a_transient_failure_is_retried() {
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
async fn a_retry_after_beyond_the_deadline_ends_the_call() {
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
