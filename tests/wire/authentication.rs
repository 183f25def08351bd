//! Accepted and refused credentials, by the emulator's own check of signatures.

use idsync::{ClientBuilder, Credentials, Error, ErrorKind};
use idsync_emulator::{
    Emulator, FaultKind, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY,
};

use crate::session::Session;

async fn refused(configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> [Error; 3] {
    Session::with(Emulator::builder(), configure)
        .await
        .errors()
        .await
}

#[tokio::test]
async fn an_access_key_a_temporary_one_and_a_token_are_accepted() {
    let session = Session::start().await;
    let token = Credentials::token(&session.emulator.ready().token);
    let temporary = Credentials::access_key(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY)
        .with_security_token(SECURITY_TOKEN);
    for credentials in [token, temporary] {
        let session = Session::with(Emulator::builder(), |client| {
            client.credentials(credentials.clone())
        })
        .await;
        assert!(
            !session.tasks().await.unwrap().is_empty(),
            "{credentials:?}"
        );
        assert!(
            session.records().await.unwrap().len() >= 5,
            "{credentials:?}"
        );
        assert!(session.syncing().await.is_ok(), "{credentials:?}");
    }
    assert!(!session.tasks().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_error_of_refused_credentials_has_code_and_request_id_and_no_secret() {
    let ak = Session::start().await.emulator.ready().ak.clone();
    for (credentials, secret) in [
        (
            Credentials::access_key("AKDOESNOTEXIST", "WRONGSECRETKEY"),
            "AKDOES",
        ),
        (Credentials::access_key(&ak, "WRONGSECRETKEY"), ak.as_str()),
        (Credentials::token("UNKNOWNTOKEN"), "UNKNOWNTOKEN"),
    ] {
        for error in refused(|client| client.credentials(credentials)).await {
            assert_eq!(
                (error.kind(), error.status(), error.attempts()),
                (ErrorKind::Authentication, Some(401), 1)
            );
            assert!(error.code().is_some() && error.request_id().is_some());
            let shown = format!("{error} {error:?}");
            for hidden in [secret, "WRONGSECRET", "x-sdk-date:"] {
                assert!(!shown.contains(hidden), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_secret_and_a_changed_request_are_distinguished() {
    let session = Session::start().await;
    let ak = session.emulator.ready().ak.clone();
    let wrong = Credentials::access_key(&ak, "WRONGSECRETKEY");
    for error in refused(|client| client.credentials(wrong)).await {
        assert!(
            error.message().contains("the secret key is wrong"),
            "{error}"
        );
    }
    let echo = r#"{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail, canonicalRequest:GET|/elsewhere/|"}"#;
    session.break_with(&FaultKind::status_with(401, echo));
    for error in session.errors().await {
        assert!(error.message().contains("the path that arrived"), "{error}");
    }
}
