//! How often requests are sent again, and what bounds those of a client and its clones together: the retry budget and
//! the rate.

use std::time::Duration;

use idsync::{Client, CredentialProvider, Credentials, Error, ErrorKind, ProvidedCredentials};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};

use crate::session::Session;

const HOUR: Duration = Duration::from_hours(1);

async fn ask(session: &Session, client: &Client) -> Result<Option<bool>, Error> {
    client.mrs().is_synchronizing(session.mrs_cluster()).await
}

/// What the gateway says when more than `limit` requests came within a period.
fn over(limit: u32, period: &str) -> FaultKind {
    let message = format!("policy user over ratelimit,limit:{limit},time:{period}");
    let body = format!(r#"{{"error_code":"APIGW.0308","error_msg":"{message}"}}"#);
    FaultKind::status_with(429, body)
}

#[tokio::test]
async fn clones_of_a_client_share_the_budget_of_retries() {
    let session = Session::start().await;
    session.break_with(&FaultKind::status(503));
    let mut attempts = Vec::new();
    for _ in 0..40 {
        let clone = session.client.clone();
        attempts.push(ask(&session, &clone).await.unwrap_err().attempts());
    }
    assert_eq!((attempts[0], attempts[39]), (3, 1));
    assert_eq!(session.requests().len(), 40 + 50);
}

#[tokio::test]
async fn the_rate_counts_the_requests_of_all_clones_projects_and_services_together() {
    let session = Session::with(Emulator::builder(), |client| client.rate(3, HOUR)).await;
    ask(&session, &session.client.clone()).await.unwrap();
    let other = session.client.for_project("1944b684").unwrap();
    let error = ask(&session, &other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    session.records().await.unwrap();
    let error = ask(&session, &session.client).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Throttled, None));
    assert_eq!(error.attempts(), 0);
    assert!(error.retry_after().is_some_and(|wait| wait > HOUR / 2));
    assert_eq!(session.requests().len(), 3);
}

#[tokio::test]
async fn a_limit_that_a_service_names_never_stops_a_call() {
    let session = Session::start().await;
    let once = Fault::on(Operation::Syncing, over(1, "1 day")).times(1);
    session.fault(once);
    let error = session.syncing().await.unwrap_err();
    assert_eq!(
        (error.status(), error.attempts()),
        (Some(429), 1),
        "{error}"
    );
    session.syncing().await.unwrap();
    session.syncing().await.unwrap();
    assert_eq!(session.requests().len(), 3);
}

/// Always claims to have other credentials.
#[derive(Debug)]
struct Hopeful;

impl CredentialProvider for Hopeful {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(async { Ok(Credentials::token("EXPIREDTOKEN")) })
    }

    fn invalidate(&self, _: &Credentials) -> bool {
        true
    }
}

#[tokio::test]
async fn without_retries_each_call_is_one_request() {
    for kind in [
        FaultKind::status(401),
        FaultKind::status(429),
        FaultKind::status(503),
        FaultKind::Drop,
        FaultKind::Truncated,
    ] {
        let session = Session::with(Emulator::builder(), |client| {
            client.retries(0).credentials(Hopeful)
        })
        .await;
        session.break_with(&kind);
        for error in session.errors().await {
            assert_eq!(error.attempts(), 1, "{error}");
        }
        assert_eq!(session.requests().len(), 3, "{kind:?}");
    }
}

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
        session.fault(Fault::on(Operation::Syncing, kind.clone()).times(2));
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
    session.fault(busy);
    let error = session.syncing().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_mins(1)));
    assert_eq!(session.requests().len(), 1);
}
