//! The project of a region: looked up at IAM where it is not given.

use std::time::Duration;

use idsync::{Client, Credentials, IamUser};
use idsync_emulator::{DOMAIN_NAME, Emulator, Fault, FaultKind, Operation, PASSWORD, USER_NAME};
use tokio::task::JoinSet;

use crate::session::Session;

/// A client that knows only the region.
async fn in_region(region: &str) -> Session {
    let emulator = Emulator::builder().start().await.unwrap();
    let ready = emulator.ready();
    let client = Client::builder()
        .region(region)
        .endpoint(&ready.url)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .backoff(Duration::ZERO, Duration::ZERO)
        .build()
        .unwrap();
    Session { emulator, client }
}

#[tokio::test]
async fn one_signed_lookup_serves_all_calls_of_a_client_and_its_clones() {
    let session = in_region("cn-north-4").await;
    assert_eq!(session.client.known_project_id(), None);
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let (client, cluster) = (session.client.clone(), session.mrs_cluster().to_owned());
        calls.spawn(async move { client.mrs().is_synchronizing(cluster).await });
    }
    let outcomes = calls.join_all().await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert!(!session.tasks().await.unwrap().is_empty());

    assert_eq!(session.count(Operation::Projects), 1);
    let lookup = &session.requests()[0];
    assert_eq!(
        (lookup.query.as_str(), lookup.header("x-project-id")),
        ("name=cn%2Dnorth%2D4", None)
    );
    let known = session.client.known_project_id().unwrap();
    assert_eq!(known.as_str(), session.emulator.ready().project_id);
}

#[tokio::test]
async fn a_user_with_a_password_needs_no_project_id_either() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = Client::builder()
        .region("cn-north-4")
        .endpoint(emulator.url())
        .credentials(IamUser::new(USER_NAME, PASSWORD, DOMAIN_NAME))
        .build()
        .unwrap();
    let session = Session { emulator, client };
    session.syncing().await.unwrap();
    assert_eq!(
        (
            session.count(Operation::Token),
            session.count(Operation::Projects)
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_failed_lookup_is_retried_and_then_reported() {
    let session = in_region("cn-north-4").await;
    let busy = |times| Fault::on(Operation::Projects, FaultKind::status(503)).times(times);
    session.fault(busy(2));
    session.syncing().await.unwrap();
    assert_eq!(session.count(Operation::Projects), 3);

    let session = in_region("cn-north-4").await;
    session.fault(busy(100));
    let error = session.syncing().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert_eq!(session.count(Operation::Syncing), 0);
}
