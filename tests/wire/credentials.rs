//! An IAM user with a password: how often a token is fetched, and the errors.

use idsync::{ErrorKind, IamUser};
use idsync_emulator::{DOMAIN_NAME, Emulator, Fault, FaultKind, Operation, PASSWORD, USER_NAME};

use crate::session::Session;

const TOKEN_MUST_BE_UPDATED: &str = r#"{"error_code": "APIGW.0307", "error_msg": "The token must be updated.", "request_id": "r1"}"#;

fn user() -> IamUser {
    IamUser::new(USER_NAME, PASSWORD, DOMAIN_NAME)
}

async fn logged_in_as(user: IamUser) -> Session {
    Session::with(Emulator::builder(), |client| client.credentials(user)).await
}

#[tokio::test]
async fn one_token_serves_all_operations() {
    let session = logged_in_as(user()).await;
    assert!(!session.tasks().await.unwrap().is_empty());
    assert!(session.records().await.unwrap().len() >= 5);
    session.syncing().await.unwrap();
    assert_eq!(session.count(Operation::Token), 1);
    let requests = session.requests();
    let login = &requests[0];
    assert_eq!(
        (login.path.as_str(), login.query.as_str()),
        ("/v3/auth/tokens", "nocatalog=true")
    );
    assert!(
        requests[1..]
            .iter()
            .all(|seen| seen.header("x-auth-token").is_some())
    );
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let session = logged_in_as(IamUser::new(USER_NAME, "WRONGSECRET", DOMAIN_NAME)).await;
    for error in session.errors().await {
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Authentication, Some(401))
        );
        assert!(error.request_id().is_some());
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("no token from IAM") && !shown.contains("SECRET"),
            "{shown}"
        );
    }
    assert_eq!(
        session.requests().len(),
        1,
        "IAM locks users who try too often"
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_request_sent_again() {
    let session = logged_in_as(user()).await;
    session.syncing().await.unwrap();
    let refusal = FaultKind::status_with(401, TOKEN_MUST_BE_UPDATED);
    session.fault(Fault::on(Operation::Syncing, refusal.clone()).times(1));
    session.syncing().await.unwrap();
    assert_eq!(
        (
            session.count(Operation::Token),
            session.count(Operation::Syncing)
        ),
        (2, 3)
    );

    session.emulator.reset_requests();
    session.fault(Fault::on(Operation::Syncing, refusal));
    let error = session.syncing().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Authentication, Some("APIGW.0307"))
    );
    assert_eq!(
        (
            session.count(Operation::Token),
            session.count(Operation::Syncing)
        ),
        (1, 2)
    );
}

#[tokio::test]
async fn a_transient_failure_of_iam_is_retried() {
    for kind in [
        FaultKind::status(429),
        FaultKind::status(503),
        FaultKind::Drop,
    ] {
        let session = logged_in_as(user()).await;
        session.fault(Fault::on(Operation::Token, kind.clone()).times(2));
        session
            .syncing()
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(session.count(Operation::Token), 3, "{kind:?}");
    }
}

#[tokio::test]
async fn a_response_of_iam_without_a_token_is_an_error() {
    for (kind, expected) in [
        (FaultKind::Html, ErrorKind::Decode),
        (FaultKind::body("{}"), ErrorKind::Decode),
        (
            FaultKind::redirect("https://elsewhere.example/"),
            ErrorKind::Redirect,
        ),
        (FaultKind::body(" ".repeat(2 << 20)), ErrorKind::TooLarge),
    ] {
        let session = logged_in_as(user()).await;
        session.fault(Fault::on(Operation::Token, kind.clone()));
        let error = session.syncing().await.unwrap_err();
        assert_eq!(error.kind(), expected, "{kind:?}: {error}");
        assert_eq!(session.count(Operation::Syncing), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn an_echoed_password_is_masked() {
    let session = logged_in_as(user()).await;
    let echo = format!("no such user with {PASSWORD}");
    session.fault(Fault::on(
        Operation::Token,
        FaultKind::status_with(400, echo),
    ));
    let error = session.syncing().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("no such user with ***") && !shown.contains(PASSWORD),
        "{shown}"
    );
}
