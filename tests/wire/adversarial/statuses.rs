//! Status codes and the bodies of errors; and redirects, which would send the credentials to another host.

use std::net::Ipv4Addr;
use std::time::Duration;

use idsync::ErrorKind;
use idsync_emulator::FaultKind;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::outcome::fails;
use super::row::Row;
use super::run::check;
use crate::session::Session;

fn status(status: u16, kind: ErrorKind, requests: u64) -> Row {
    let name = format!("status {status}").leak();
    let outcome = fails(kind).status(status);
    Row::of(name, FaultKind::status_with(status, ""), outcome).requests(requests)
}

#[tokio::test]
async fn every_status_but_200_is_an_error_of_its_kind() {
    use ErrorKind::{Authentication, NotFound, Permission, Redirect, Service, Throttled};
    let mut rows = Vec::new();
    for (kind, requests, statuses) in [
        (Service, 1, &[201, 204, 299][..]),
        (Redirect, 1, &[300, 304, 308, 399]),
        (Service, 1, &[400, 405, 451, 499]),
        (Authentication, 1, &[401]),
        (Permission, 1, &[403]),
        (NotFound, 1, &[404]),
        (Throttled, 3, &[429]),
        (Service, 1, &[501, 505, 599]),
        (Service, 3, &[500, 502, 503, 504]),
    ] {
        rows.extend(statuses.iter().map(|&code| status(code, kind, requests)));
    }
    check(rows).await;
}

#[tokio::test]
async fn an_error_status_is_reported_with_any_body() {
    let refused = |name, body: Vec<u8>| {
        let outcome = fails(ErrorKind::Service).status(500);
        Row::of(name, FaultKind::status_with(500, body), outcome).requests(3)
    };
    check(vec![
        refused("bytes that are not text", vec![0xff, 0xfe, 0]),
        refused("a megabyte", vec![b'x'; 1 << 20]),
        refused(
            "a code of a megabyte",
            [br#"{"error_code":""#, &vec![b'x'; 1 << 20][..]].concat(),
        ),
        refused("unbounded nesting", "[".repeat(60_000).into()),
        refused(
            "a body of success",
            r#"{"tasks":[],"total":0,"is_synchronizing":true}"#.into(),
        ),
    ])
    .await;
}

#[tokio::test]
async fn the_target_of_a_redirect_gets_no_request() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = format!("http://{}/", elsewhere.local_addr().unwrap());
    let session = Session::start().await;
    session.break_with(&FaultKind::redirect(target));
    for error in session.errors().await {
        assert_eq!(error.kind(), ErrorKind::Redirect, "{error}");
    }
    let visit = timeout(Duration::ZERO, elsewhere.accept()).await;
    assert!(visit.is_err(), "{visit:?}");
    assert_eq!(session.requests().len(), 3);
}
