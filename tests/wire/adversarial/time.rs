//! Servers that take their time.

use std::time::Duration;

use idsync::{ClientBuilder, ErrorKind};
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::fails;
use super::row::Row;
use super::run::check_over;

const HOUR: Duration = Duration::from_hours(1);

/// What the callers here wait for an answer at most.
const PATIENCE: Duration = Duration::from_millis(700);
/// Long enough for a timer that was set to that, however it is rounded.
const MORE_THAN_PATIENCE: Duration = Duration::from_secs(1);

fn whole_call_ends(client: ClientBuilder) -> ClientBuilder {
    client.timeout(PATIENCE)
}

fn each_attempt_ends(client: ClientBuilder) -> ClientBuilder {
    client
        .timeout(Duration::from_secs(30))
        .attempt_timeout(PATIENCE)
}

/// Everything that never comes to an end.
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
            "interim answers for ever",
            repeats("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_ends_costs_the_timeout_of_the_call() {
    let rows = endless()
        .into_iter()
        .map(|(name, kind)| Row::of(name, kind, fails(ErrorKind::Timeout)).with(whole_call_ends));
    check_over(MORE_THAN_PATIENCE, rows.collect()).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_sent_again_within_the_call() {
    let rows = endless().into_iter().map(|(name, kind)| {
        Row::of(name, kind, fails(ErrorKind::Timeout))
            .with(each_attempt_ends)
            .requests(3)
    });
    check_over(MORE_THAN_PATIENCE, rows.collect()).await;
}
