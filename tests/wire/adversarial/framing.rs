//! Where a body ends: lengths that lie, chunks that are none, connections that break.

use idsync::ErrorKind;
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::{Outcome, Place, fails, unreadable};
use super::row::Row;
use super::run::check;
use Outcome::{Reads, Says};

const GOOD: &str = r#"{"tasks":[{"id":"a"}],"total":1,"sync_records":[{"id":"a"}],"count":1,"is_synchronizing":true}"#;
const CHUNKED: &str = "transfer-encoding: chunked\r\n";

fn answer(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}")
}

fn good(name: &'static str, headers: &str, body: &str) -> Row {
    Row::raw(name, answer(headers, body), Reads(1, vec![])).flag(Says(Some(true)))
}

/// A body that breaks off under way: each of three requests finds it so.
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
async fn a_length_that_lies_is_found_out() {
    let reset = RawAnswer::new(answer(&length(500), GOOD)).then(RawEnd::Reset);
    check(vec![
        cut("more than there is", &length(500), GOOD),
        Row::of(
            "the true answer, cut",
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
            "less than there is",
            answer(&length(9), GOOD),
            unreadable(Place::Nowhere),
        ),
        Row::raw(
            "a length that nobody has",
            answer("content-length: 9007199254740993\r\n", GOOD),
            fails(ErrorKind::TooLarge).status(200),
        ),
        Row::raw(
            "a status that has no body, with one",
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
async fn chunks_are_put_together_or_told_to_be_none() {
    let (left, right) = GOOD.split_at(20);
    let both = chunk(left) + &chunk(right);
    check(vec![
        good("two chunks", CHUNKED, &format!("{both}0\r\n\r\n")),
        cut("no last chunk", CHUNKED, &both),
        cut("no chunks at all", CHUNKED, GOOD),
    ])
    .await;
}

#[tokio::test]
async fn a_body_without_measure_is_not_kept() {
    let endless = |name, bytes: String, piece: String| {
        let answer = RawAnswer::new(bytes).then(RawEnd::Repeat(piece.into()));
        let outcome = fails(ErrorKind::TooLarge).status(200);
        Row::of(name, FaultKind::Raw(answer), outcome)
            .with(|client| client.max_response_bytes(1 << 16))
    };
    let blanks = " ".repeat(4096);
    check(vec![
        endless(
            "a body to the end of a connection that has none",
            answer("", ""),
            blanks.clone(),
        ),
        endless(
            "chunks of one byte for ever",
            answer(CHUNKED, ""),
            chunk(" ").repeat(512),
        ),
        Row::of(
            "a good document behind a megabyte of blanks",
            FaultKind::Oversized { bytes: 1 << 20 },
            fails(ErrorKind::TooLarge).status(200),
        )
        .with(|client| client.max_response_bytes(1 << 16)),
    ])
    .await;
}
