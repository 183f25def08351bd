//! Bodies of the wrong length, without an end, and cut off.

use idsync::ErrorKind;
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::{Place, fails, unreadable};
use super::row::{GOOD, Row};
use super::run::check;

const CHUNKED: &str = "transfer-encoding: chunked\r\n";

fn answer(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}")
}

/// A body that is cut off, in each of three attempts.
fn cut(name: &'static str, headers: &str, body: &str) -> Row {
    let outcome = fails(ErrorKind::Connect).status(200);
    Row::raw(name, answer(headers, body), outcome).requests(3)
}

fn chunk(body: &str) -> String {
    format!("{:x}\r\n{body}\r\n", body.len())
}

fn length(bytes: usize) -> String {
    format!("content-length: {bytes}\r\n")
}

#[tokio::test]
async fn a_body_of_another_length_than_announced_is_an_error() {
    let reset = RawAnswer::new(answer(&length(500), GOOD)).then(RawEnd::Reset);
    check(vec![
        cut("shorter than announced", &length(500), GOOD),
        Row::of(
            "a truncated response",
            FaultKind::Truncated,
            fails(ErrorKind::Connect).status(200),
        )
        .requests(3),
        Row::of(
            "a reset in the body",
            FaultKind::Raw(reset),
            fails(ErrorKind::Connect).status(200),
        )
        .requests(3),
        Row::raw(
            "longer than announced",
            answer(&length(9), GOOD),
            unreadable(Place::Nowhere),
        ),
        Row::raw(
            "an impossible length",
            answer("content-length: 9007199254740993\r\n", GOOD),
            fails(ErrorKind::TooLarge).status(200),
        ),
        Row::raw(
            "a 204 with a body",
            format!(
                "HTTP/1.1 204 No Content\r\n{}\r\n{GOOD}",
                length(GOOD.len())
            ),
            fails(ErrorKind::Service).status(204),
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_endless_body_is_not_kept() {
    let endless = |name, bytes: String, piece: String| {
        let answer = RawAnswer::new(bytes).then(RawEnd::Repeat(piece.into()));
        let outcome = fails(ErrorKind::TooLarge).status(200);
        Row::of(name, FaultKind::Raw(answer), outcome)
            .with(|client| client.max_response_bytes(1 << 16))
    };
    let blanks = " ".repeat(4096);
    check(vec![
        endless("without a length", answer("", ""), blanks.clone()),
        endless(
            "in chunks of one byte",
            answer(CHUNKED, ""),
            chunk(" ").repeat(512),
        ),
        Row::of(
            "a megabyte of blanks before the document",
            FaultKind::body(" ".repeat(1 << 20) + "{}"),
            fails(ErrorKind::TooLarge).status(200),
        )
        .with(|client| client.max_response_bytes(1 << 16)),
    ])
    .await;
}
