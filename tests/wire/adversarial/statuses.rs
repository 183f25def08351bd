//! Statuses, honest and lying, and what their bodies add.

use idsync::ErrorKind;
use idsync_emulator::FaultKind;

use super::outcome::fails;
use super::row::Row;
use super::run::check;

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
async fn a_refusal_is_told_whatever_its_body_is() {
    let refused = |name, body: Vec<u8>| {
        let outcome = fails(ErrorKind::Service).status(500);
        Row::of(name, FaultKind::status_with(500, body), outcome).requests(3)
    };
    check(vec![
        refused("a list", r#"[{"error_code":"X"}]"#.into()),
        refused("a code that is an object", r#"{"error_code":{}}"#.into()),
        refused("bytes that are no text", vec![0xff, 0xfe, 0]),
        refused("more than is read of a refusal", vec![b'x'; 1 << 20]),
        refused(
            "a code of a megabyte",
            [br#"{"error_code":""#, &vec![b'x'; 1 << 20][..]].concat(),
        ),
        refused("a body without depth", "[".repeat(60_000).into()),
        refused(
            "the success it is not",
            r#"{"tasks":[],"total":0,"is_synchronizing":true}"#.into(),
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_a_service_asks_to_wait_is_bounded() {
    let told = |name, status, wait: &str, kind, requests| {
        let outcome = fails(kind).status(status);
        Row::of(name, FaultKind::status_with(status, ""), outcome)
            .header("Retry-After", wait)
            .requests(requests)
    };
    let (busy, throttled) = (ErrorKind::Service, ErrorKind::Throttled);
    check(vec![
        told("an hour", 429, "3600", throttled, 1),
        told(
            "a date in another century",
            503,
            "Wed, 06 Nov 2199 08:49:37 GMT",
            busy,
            1,
        ),
        told("nothing", 429, "0", throttled, 3),
        told("no number", 429, "soon", throttled, 3),
    ])
    .await;
}
