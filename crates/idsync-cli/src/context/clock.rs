//! The time by which the services live. That is the time of this machine, unless an emulator's clock was sped up, stopped
//! or moved.

use std::str::FromStr;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::failure::Failure;

/// How long a clock may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// No clock says more.
const LONGEST: u64 = 64 * 1024;

/// Where a clock can be read: an address such as `http://127.0.0.1:41234/_emulator/clock`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServiceClock(Url);

impl FromStr for ServiceClock {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).ok();
        url.filter(|url| url.scheme() == "http" && url.has_host())
            .map(Self)
            .ok_or("it must be like http://127.0.0.1:41234/_emulator/clock")
    }
}

/// A time that goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    shown: Timestamp,
    asked: Instant,
    /// Seconds that pass in one second.
    scale: f64,
}

impl Time {
    /// What the clock shows now.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = self.asked.elapsed().as_secs_f64() * self.scale;
        let passed = SignedDuration::try_from_secs_f64(passed).unwrap_or(SignedDuration::MAX);
        self.shown.saturating_add(passed).unwrap_or(self.shown)
    }
}

/// What a clock answers.
#[derive(Debug, Deserialize)]
struct Answer {
    now: Timestamp,
    scale: f64,
    running: bool,
}

/// The time of `clock`, or of this machine where there is none.
///
/// # Errors
///
/// If the clock cannot be read.
pub(crate) async fn read(clock: Option<&ServiceClock>) -> Result<Time, Failure> {
    let asked = Instant::now();
    let Some(ServiceClock(url)) = clock else {
        let shown = Timestamp::now();
        return Ok(Time {
            shown,
            asked,
            scale: 1.0,
        });
    };
    let unread = |what: String| {
        let message = format!("the clock at {url} cannot be read: {what}");
        Failure::unfinished("connect", message)
            .with_hint("IDSYNC_CLOCK names it; without that, the time of this machine counts")
    };
    let text = tokio::time::timeout(PATIENCE, fetched(url)).await;
    let text = text.map_err(|_| unread(format!("no answer within {PATIENCE:?}")))?;
    let text = text.map_err(|error| unread(error.to_string()))?;
    let answer = answer(&text).map_err(unread)?;
    Ok(Time {
        shown: answer.now,
        asked,
        scale: if answer.running { answer.scale } else { 0.0 },
    })
}

/// The whole answer to a GET, head and body.
async fn fetched(url: &Url) -> std::io::Result<String> {
    let addresses = url.socket_addrs(|| None)?;
    let mut stream = TcpStream::connect(addresses.as_slice()).await?;
    // HTTP/1.0 has no chunks: what comes until the connection is closed is the body.
    let authority = url.authority();
    let request = format!("GET {} HTTP/1.0\r\nhost: {authority}\r\n\r\n", url.path());
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LONGEST).read_to_string(&mut answer).await?;
    Ok(answer)
}

fn answer(text: &str) -> Result<Answer, String> {
    let (head, body) = text.split_once("\r\n\r\n").ok_or("that is no HTTP")?;
    match head.split(' ').nth(1) {
        Some("200") => {}
        _ => return Err(head.lines().next().unwrap_or_default().to_owned()),
    }
    let answer: Answer = serde_json::from_str(body).map_err(|error| error.to_string())?;
    if answer.scale.is_finite() && answer.scale >= 0.0 {
        Ok(answer)
    } else {
        Err("its scale is no number of seconds".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_plain_http_is_a_clock() {
        assert!(
            "http://127.0.0.1:1/_emulator/clock"
                .parse::<ServiceClock>()
                .is_ok()
        );
        for wrong in ["", "clock", "https://x/y", "ftp://x/y", "http://"] {
            assert!(wrong.parse::<ServiceClock>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_a_clock_is_told() {
        for (text, told) in [
            ("", "no HTTP"),
            ("HTTP/1.1 404 Not Found\r\n\r\n{}", "404 Not Found"),
            ("HTTP/1.1 200 OK\r\n\r\n{}", "missing field"),
            (
                "HTTP/1.1 200 OK\r\n\r\n{\"now\":\"2026-01-01T00:00:00Z\",\"scale\":-1,\"running\":true}",
                "scale",
            ),
        ] {
            let error = answer(text).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
