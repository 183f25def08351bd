//! Slow servers.

use std::time::Duration;

use idsync::{ClientBuilder, ErrorKind};
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::fails;
use super::row::Row;
use super::run::check_over;

const HOUR: Duration = Duration::from_hours(1);

/// The timeout under test.
const LIMIT: Duration = Duration::from_millis(700);
/// Longer than that timeout, however timers round.
const BEYOND_LIMIT: Duration = Duration::from_secs(1);

fn whole_call_ends(client: ClientBuilder) -> ClientBuilder {
    client.timeout(LIMIT)
}

fn each_attempt_ends(client: ClientBuilder) -> ClientBuilder {
    client
        .timeout(Duration::from_secs(30))
        .attempt_timeout(LIMIT)
}

/// Responses that never end.
fn endless() -> Vec<(&'static str, FaultKind)> {
    let stalls = |bytes: &'static str| FaultKind::Raw(RawAnswer::new(bytes).then(RawEnd::Stall));
    let drips = |bytes: &'static str| FaultKind::Raw(RawAnswer::new(bytes).every(HOUR));
    let repeats = |bytes: &'static str, piece: &'static str| {
        FaultKind::Raw(RawAnswer::new(bytes).then(RawEnd::Repeat(piece.into())))
    };
    vec![
        ("silence", FaultKind::delay(HOUR)),
        ("a body that drips", FaultKind::drip(HOUR)),
        ("a head that drips", drips("HTTP/1.1 200 OK\r\n")),
        (
            "half a body",
            stalls("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{"),
        ),
        (
            "endless interim responses",
            repeats("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_response_that_never_ends_costs_the_timeout_of_the_call() {
    let rows = endless()
        .into_iter()
        .map(|(name, kind)| Row::of(name, kind, fails(ErrorKind::Timeout)).with(whole_call_ends));
    check_over(BEYOND_LIMIT, rows.collect()).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_retried_within_the_call() {
    let rows = endless().into_iter().map(|(name, kind)| {
        Row::of(name, kind, fails(ErrorKind::Timeout))
            .with(each_attempt_ends)
            .requests(3)
    });
    check_over(BEYOND_LIMIT, rows.collect()).await;
}
