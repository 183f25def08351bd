//! Where a body ends: lengths that lie, chunks that are none, connections that break.

use idsync::ErrorKind;
use idsync_emulator::{Fault, FaultKind, Operation, RawAnswer, RawEnd};

use super::outcome::{Outcome, Place, fails, unreadable};
use super::row::Row;
use super::run::check;
use crate::session::Session;
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

/// A head that contradicts itself.
fn broken(name: &'static str, headers: &str, body: &str) -> Row {
    Row::raw(name, answer(headers, body), fails(ErrorKind::Connect)).requests(3)
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
        cut("something where there is nothing", &length(2), ""),
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
            "nothing where there is something",
            answer(&length(0), GOOD),
            unreadable(Place::Nowhere),
        ),
        good("twice the same", &length(GOOD.len()).repeat(2), GOOD),
        broken("twice another", &(length(GOOD.len()) + &length(3)), GOOD),
        broken("a negative length", "content-length: -1\r\n", GOOD),
        broken("a length in words", "content-length: all\r\n", GOOD),
        broken(
            "a length beyond 64 bits",
            "content-length: 99999999999999999999\r\n",
            GOOD,
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
    let whole = chunk(GOOD);
    check(vec![
        good("one chunk", CHUNKED, &format!("{whole}0\r\n\r\n")),
        good(
            "two chunks",
            CHUNKED,
            &format!("{}{}0\r\n\r\n", chunk(left), chunk(right)),
        ),
        good(
            "a chunk with an extension",
            CHUNKED,
            &format!("{:x};a=b\r\n{GOOD}\r\n0\r\n\r\n", GOOD.len()),
        ),
        good("a trailer", CHUNKED, &format!("{whole}0\r\na: b\r\n\r\n")),
        good(
            "a length beside the chunks",
            &format!("{CHUNKED}{}", length(3)),
            &format!("{whole}0\r\n\r\n"),
        ),
        cut("no last chunk", CHUNKED, &whole),
        cut("half a chunk", CHUNKED, &format!("500\r\n{GOOD}")),
        cut("a size in words", CHUNKED, "many\r\n{}\r\n0\r\n\r\n"),
        cut("a negative size", CHUNKED, "-1\r\n{}\r\n0\r\n\r\n"),
        cut("a size beyond 64 bits", CHUNKED, "fffffffffffffffff\r\n{}"),
        cut(
            "a chunk longer than its size",
            CHUNKED,
            &format!("2\r\n{GOOD}\r\n0\r\n\r\n"),
        ),
        cut("no chunks at all", CHUNKED, GOOD),
        cut("nothing", CHUNKED, ""),
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
        endless("chunks for ever", answer(CHUNKED, ""), chunk(&blanks)),
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

#[tokio::test]
async fn a_second_answer_on_the_connection_is_nobodys() {
    let session = Session::start().await;
    let saying = |flag: bool| {
        let body = format!(r#"{{"is_synchronizing":{flag}}}"#);
        answer(&length(body.len()), &body)
    };
    let planted = RawAnswer::new(saying(true) + &saying(false)).then(RawEnd::Stall);
    let fault = Fault::on(Operation::Syncing, FaultKind::Raw(planted));
    session.emulator.add_fault(fault).unwrap();
    for _ in 0..3 {
        assert_eq!(session.syncing().await.unwrap(), Some(true));
    }
    assert_eq!(session.requests().len(), 3);
}
