//! The events of a call.

use idsync_emulator::FaultKind;

use crate::connections::eventually;
use crate::log::Log;
use crate::session::Session;

#[tokio::test]
async fn a_call_that_succeeds_is_logged_below_info_with_its_request_id() {
    let session = Session::start().await;
    let log = Log::listen();
    session.syncing().await.unwrap();
    let answered = log.line("attempt answered");
    assert!(answered.contains("idsync.request_id="), "{answered}");
    let end = log.line("call answered");
    assert!(end.contains("DEBUG call{otel.name="), "{end}");
    let text = log.text();
    let mut lines = text.lines().filter(|line| line.contains(" idsync: "));
    assert!(!lines.any(|line| line.contains(" INFO ")), "{text}");
}

#[tokio::test]
async fn a_response_that_cannot_be_read_fails_its_call() {
    let session = Session::start().await;
    session.answer_with("<html>");
    let log = Log::listen();
    session.syncing().await.unwrap_err();
    let end = log.line("call failed");
    let span = "WARN call{otel.name=\"listClusterSyncTaskStatus\"";
    assert!(
        end.contains(span) && end.contains("error.type=\"decode\""),
        "{end}"
    );
}

#[tokio::test]
async fn a_call_that_is_dropped_is_reported_with_its_requests() {
    let session = Session::start().await;
    session.break_with(&FaultKind::delay(std::time::Duration::from_hours(1)));
    let log = Log::listen();
    tokio::select! {
        outcome = session.syncing() => panic!("{outcome:?}"),
        () = eventually(|| session.requests().len() == 1) => {}
    }
    let end = log.line("call dropped");
    assert!(end.contains("idsync.attempts=1"), "{end}");
}
