//! The key of a cloud server, from its metadata service.

use idsync::{EcsMetadata, ErrorKind};
use idsync_emulator::{
    Emulator, Fault, FaultKind, Operation, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
};

use crate::session::{Session, client_of};

/// A client whose server has its metadata service at the emulator.
async fn on_a_server() -> Session {
    let emulator = Emulator::builder().start().await.unwrap();
    let metadata = EcsMetadata::new().endpoint(emulator.url());
    let client = client_of(&emulator).credentials(metadata).build().unwrap();
    Session { emulator, client }
}

fn asked(session: &Session) -> (u64, u64) {
    (
        session.count(Operation::MetadataToken),
        session.count(Operation::MetadataKey),
    )
}

#[tokio::test]
async fn the_key_is_fetched_once_and_sent_with_its_security_token() {
    let session = on_a_server().await;
    assert!(!session.tasks().await.unwrap().is_empty());
    session.syncing().await.unwrap();
    assert_eq!(asked(&session), (1, 1));
    let requests = session.requests();
    let call = requests
        .iter()
        .find(|seen| seen.operation == Some(Operation::Syncing))
        .unwrap();
    assert!(call.header("x-security-token").is_some());
}

#[tokio::test]
async fn a_metadata_service_that_knows_no_tokens_is_supported() {
    for status in [404, 405, 503] {
        let session = on_a_server().await;
        let key = format!(
            r#"{{"credential": {{"access": "{TEMPORARY_ACCESS_KEY}", "secret": "{TEMPORARY_SECRET_KEY}",
                "securitytoken": "{SECURITY_TOKEN}", "expires_at": "2999-01-01T00:00:00.000000Z"}}}}"#
        );
        for fault in [
            Fault::on(Operation::MetadataToken, FaultKind::status(status)),
            Fault::on(Operation::MetadataKey, FaultKind::body(key)),
        ] {
            session.fault(fault);
        }
        session.syncing().await.unwrap();
        assert_eq!(asked(&session), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn the_error_of_a_server_without_agency_is_cached() {
    let session = on_a_server().await;
    let body = "Please configure Cloud Service Agency first";
    let fault = Fault::on(Operation::MetadataKey, FaultKind::status_with(401, body));
    session.fault(fault);
    for error in session.errors().await {
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.to_string().contains(body), "{error}");
    }
    assert_eq!(asked(&session), (1, 1));
}

#[tokio::test]
async fn a_refused_key_is_fetched_again() {
    let session = on_a_server().await;
    let refusal = Fault::on(Operation::Syncing, FaultKind::status(401)).times(1);
    session.fault(refusal);
    session.syncing().await.unwrap();
    assert_eq!(asked(&session), (2, 2));
}
