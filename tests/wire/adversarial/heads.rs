//! Heads of answers that are no HTTP, or more of it than is good.

use idsync::ErrorKind;
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::{Outcome, fails};
use super::row::Row;
use super::run::check;
use Outcome::{Reads, Says};

const GOOD: &str = r#"{"tasks":[{"id":"a"}],"total":1,"sync_records":[{"id":"a"}],"count":1,"is_synchronizing":true}"#;

/// A head that makes the connection useless: each of three requests finds it so.
fn broken(name: &'static str, head: &str) -> Row {
    Row::raw(name, head, fails(ErrorKind::Connect)).requests(3)
}

/// A good document behind `head`.
fn good(name: &'static str, head: &str) -> Row {
    let answer = format!("{head}content-length: {}\r\n\r\n{GOOD}", GOOD.len());
    Row::raw(name, answer, Reads(1, vec![])).flag(Says(Some(true)))
}

#[tokio::test]
async fn what_is_no_http_is_a_broken_connection() {
    let reset = |name, bytes: &'static str| {
        let answer = RawAnswer::new(bytes).then(RawEnd::Reset);
        Row::of(name, FaultKind::Raw(answer), fails(ErrorKind::Connect)).requests(3)
    };
    check(vec![
        Row::of("nothing", FaultKind::Drop, fails(ErrorKind::Connect)).requests(3),
        reset("a reset before the first byte", ""),
        reset("a reset in the head", "HTTP/1.1 200 OK\r\ncontent-le"),
        broken("another protocol", "SSH-2.0-OpenSSH_9.6\r\n"),
        broken("a bare document", GOOD),
        Row::raw(
            "a protocol switched to",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            fails(ErrorKind::Service).status(101),
        ),
    ])
    .await;
}

#[tokio::test]
async fn odd_heads_that_are_http_are_read() {
    check(vec![
        good(
            "an interim answer",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        ),
        good(
            "a value that is no text",
            "HTTP/1.1 200 OK\r\nx-request-id: \u{e4}\r\n",
        ),
        good(
            "an id of some length",
            &format!("HTTP/1.1 200 OK\r\nx-request-id: {}\r\n", "x".repeat(9_000)),
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_head_without_measure_is_an_error_and_not_kept() {
    let endless = |name, bytes: &'static str, piece: &'static str| {
        // In large pieces, since the library begins to read the head anew with each.
        let answer = RawAnswer::new(bytes).then(RawEnd::Repeat(piece.repeat(8_192).into()));
        Row::of(name, FaultKind::Raw(answer), fails(ErrorKind::TooLarge))
    };
    let large = |name, headers: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
        Row::raw(name, head, fails(ErrorKind::TooLarge))
    };
    check(vec![
        endless("headers for ever", "HTTP/1.1 200 OK\r\n", "a: b\r\n"),
        endless("a value for ever", "HTTP/1.1 200 OK\r\na: ", "bbbbbbbb"),
        endless("empty lines for ever", "", "\r\n"),
        large("101 headers", &"a: b\r\n".repeat(101)),
        large(
            "a megabyte in one header",
            &format!("a: {}\r\n", "b".repeat(1 << 20)),
        ),
    ])
    .await;
}
