//! Malformed and oversized heads of responses.

use idsync::ErrorKind;
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::{Outcome, fails};
use super::row::{GOOD, Row};
use super::run::check;
use Outcome::{Reads, Says};

/// A malformed head, in each of three attempts.
fn broken(name: &'static str, head: &str) -> Row {
    Row::raw(name, head, fails(ErrorKind::Connect)).requests(3)
}

/// A valid document after `head`.
fn good(name: &'static str, head: &str) -> Row {
    let answer = format!("{head}content-length: {}\r\n\r\n{GOOD}", GOOD.len());
    Row::raw(name, answer, Reads(1, vec![])).flag(Says(Some(true)))
}

#[tokio::test]
async fn a_response_that_is_not_http_is_a_connection_error() {
    let reset = |name, bytes: &'static str| {
        let answer = RawAnswer::new(bytes).then(RawEnd::Reset);
        Row::of(name, FaultKind::Raw(answer), fails(ErrorKind::Connect)).requests(3)
    };
    check(vec![
        Row::of("nothing", FaultKind::Drop, fails(ErrorKind::Connect)).requests(3),
        reset("a reset in the head", "HTTP/1.1 200 OK\r\ncontent-le"),
        broken("another protocol", "SSH-2.0-OpenSSH_9.6\r\n"),
        Row::raw(
            "a switch of protocols",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            fails(ErrorKind::Service).status(101),
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_header_that_is_not_text_is_ignored() {
    check(vec![good(
        "a request id that is not text",
        "HTTP/1.1 200 OK\r\nx-request-id: \u{e4}\r\n",
    )])
    .await;
}

#[tokio::test]
async fn an_oversized_head_is_an_error() {
    let endless = |name, bytes: &'static str, piece: &'static str| {
        // In large pieces, since the library begins to read the head anew with each.
        let answer = RawAnswer::new(bytes).then(RawEnd::Repeat(piece.repeat(8_192).into()));
        Row::of(name, FaultKind::Raw(answer), fails(ErrorKind::Connect)).requests(3)
    };
    let large = |name, headers: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
        Row::raw(name, head, fails(ErrorKind::Connect)).requests(3)
    };
    check(vec![
        endless("endless headers", "HTTP/1.1 200 OK\r\n", "a: b\r\n"),
        large("101 headers", &"a: b\r\n".repeat(101)),
        large(
            "a megabyte in one header",
            &format!("a: {}\r\n", "b".repeat(1 << 20)),
        ),
    ])
    .await;
}
