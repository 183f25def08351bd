//! Counts the requests of a client, and keeps it below the number that its user or a service allows.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Instant, sleep_until};
use tracing::debug;

use crate::telemetry::milliseconds;
use crate::{Error, ErrorKind, Service};

/// The largest number of requests in a limit; so many are remembered.
const MOST_REQUESTS: usize = 1_000;

const LONGEST_PERIOD: Duration = Duration::from_secs(31 * 24 * 3600);

/// So many requests in any span of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimit {
    /// 1 to 1,000.
    requests: usize,
    /// Up to 31 days.
    period: Duration,
}

impl RateLimit {
    /// # Errors
    ///
    /// `Configuration` for less than 1 or more than 1,000 requests, or a period of 0 or more than 31 days.
    pub(crate) fn new(requests: usize, period: Duration) -> Result<Self, Error> {
        let is_countable = (1..=MOST_REQUESTS).contains(&requests);
        if is_countable && !period.is_zero() && period <= LONGEST_PERIOD {
            return Ok(Self { requests, period });
        }
        Err(Error::configuration(format!(
            "a rate of {requests} requests in {period:?} is not possible: give 1 to {MOST_REQUESTS} in up to 31 days"
        )))
    }

    /// Reads the limit in a refusal such as `policy user over ratelimit,limit:200,time:5 minute`. The text is known from
    /// reports of users only; spaces and units vary.
    pub(crate) fn in_message(message: &str) -> Option<Self> {
        let message = message.to_ascii_lowercase();
        let message = message.replace(" :", ":").replace(": ", ":");
        let (requests, rest) = number_after(&message, "limit:")?;
        let (count, rest) = number_after(rest, "time:")?;
        let is_end = |c: char| !c.is_ascii_alphabetic();
        let unit = match rest.trim_start().split(is_end).next()? {
            "s" | "sec" | "second" | "seconds" => Duration::from_secs(1),
            "m" | "min" | "minute" | "minutes" => Duration::from_secs(60),
            "h" | "hour" | "hours" => Duration::from_secs(3600),
            "d" | "day" | "days" => Duration::from_secs(24 * 3600),
            _ => return None,
        };
        let period = unit.checked_mul(u32::try_from(count).ok()?)?;
        Self::new(requests, period).ok()
    }
}

/// Reads a rate as [`parse_rate`] does.
impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (requests, period) = parse_rate(text)?;
        Self::new(requests, period)
    }
}

/// The first number that follows `name` directly, and what follows the number.
fn number_after<'a>(text: &'a str, name: &str) -> Option<(usize, &'a str)> {
    text.split(name).skip(1).find_map(|value| {
        let end = value.find(|c: char| !c.is_ascii_digit());
        let (number, rest) = value.split_at(end.unwrap_or(value.len()));
        Some((number.parse().ok()?, rest))
    })
}

/// The requests that were sent to one service, retries included; each number only grows.
///
/// Given by [`Client::request_counts`](crate::Client::request_counts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestCounts {
    /// Answered with status 200.
    pub answered: u64,
    /// Refused because there were too many.
    pub throttled: u64,
    /// Refused for another reason, or not answered.
    pub failed: u64,
    /// How long requests waited for room in a rate limit, all together.
    pub waited: Duration,
}

impl RequestCounts {
    /// All requests.
    pub fn total(&self) -> u64 {
        self.answered + self.throttled + self.failed
    }
}

/// The limit that the user set for all requests, those that services named, and the requests that were sent; shared by
/// the clones of a client.
#[derive(Debug)]
pub(crate) struct RateLimiter(Mutex<Windows>);

#[derive(Debug, Default)]
struct Windows {
    configured: Window,
    named: [Window; 4],
    counts: [RequestCounts; 4],
}

/// One limit, and the requests that count for it.
#[derive(Debug, Default)]
struct Window {
    limit: Option<RateLimit>,
    /// When requests were sent, oldest first.
    sent: VecDeque<Instant>,
}

impl RateLimiter {
    pub(crate) fn new(configured: Option<RateLimit>) -> Self {
        let mut windows = Windows::default();
        windows.configured.limit = configured;
        Self(Mutex::new(windows))
    }

    /// Waits until a request to `service` may be sent, and counts it. A cancelled caller takes no place.
    ///
    /// A limit that a service named delays a request and never forbids it: one that would have to wait beyond the
    /// deadline is sent at once, and the service decides.
    ///
    /// # Errors
    ///
    /// `Throttled` if the configured limit leaves no room before `deadline`; at once where that is known.
    pub(crate) async fn acquire(&self, service: Service, deadline: Instant) -> Result<(), Error> {
        let asked = Instant::now();
        loop {
            let now = Instant::now();
            let place = self.windows().take(service, now, deadline)?;
            if place <= now {
                self.windows().counts[service as usize].waited += now - asked;
                return Ok(());
            }
            let wait_ms = milliseconds(place - now);
            debug!(target: "idsync", { idsync.wait_ms = wait_ms }, "waiting for the rate limit");
            sleep_until(place).await;
        }
    }

    /// Keeps to the limit that `service` named from now on, and gives how long it leaves no room. What was sent before
    /// counts.
    pub(crate) fn learn(&self, service: Service, limit: RateLimit) -> Duration {
        let window = &mut self.windows().named[service as usize];
        window.limit = Some(limit);
        let now = Instant::now();
        window.next_place(now) - now
    }

    /// A request to `service` was answered, or came to `error`.
    pub(crate) fn count(&self, service: Service, error: Option<&Error>) {
        let counts = &mut self.windows().counts[service as usize];
        *match error.map(Error::kind) {
            None => &mut counts.answered,
            Some(ErrorKind::Throttled) => &mut counts.throttled,
            Some(_) => &mut counts.failed,
        } += 1;
    }

    pub(crate) fn counts(&self, service: Service) -> RequestCounts {
        self.windows().counts[service as usize]
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Windows {
    /// When the next request may be sent. One that may be sent now is counted.
    fn take(
        &mut self,
        service: Service,
        now: Instant,
        deadline: Instant,
    ) -> Result<Instant, Error> {
        let named = &mut self.named[service as usize];
        let configured = self.configured.next_place(now);
        if configured > now && configured >= deadline {
            let wait = configured - now;
            let message = format!(
                "the rate limit leaves no room for the next {}s, which is longer than the call may take; nothing was sent",
                wait.as_secs().max(1)
            );
            return Err(Error::new(ErrorKind::Throttled, message)
                .with_retry_after(wait)
                .with_hint("allow more time for the call, or a higher rate"));
        }
        let place = Some(named.next_place(now))
            .filter(|place| *place < deadline)
            .map_or(configured, |place| place.max(configured));
        if place <= now {
            for window in [named, &mut self.configured] {
                if window.sent.len() == MOST_REQUESTS {
                    window.sent.pop_front();
                }
                window.sent.push_back(now);
            }
        }
        Ok(place)
    }
}

impl Window {
    /// Not before the request that fills the limit has left the span.
    fn next_place(&self, now: Instant) -> Instant {
        let leaving = self.limit.and_then(|limit| {
            let position = self.sent.len().checked_sub(limit.requests)?;
            // A margin, since requests do not travel equally fast.
            let margin = limit.period / 10;
            let margin = margin.clamp(Duration::from_millis(100), Duration::from_secs(1));
            Some(*self.sent.get(position)? + limit.period + margin)
        });
        leaving.map_or(now, |free| free.max(now))
    }
}

/// Reads a rate such as `200/5m`: the number of requests, and the span that they are counted in.
///
/// # Errors
///
/// `Configuration` if it is not of that form.
pub fn parse_rate(text: &str) -> Result<(usize, Duration), Error> {
    let parsed = text.split_once('/').and_then(|(requests, per)| {
        let per: SignedDuration = per.trim().parse().ok()?;
        Some((requests.trim().parse().ok()?, Duration::try_from(per).ok()?))
    });
    parsed.ok_or_else(|| {
        Error::configuration("a rate is REQUESTS/DURATION, such as 200/5m, 10/1s or 1000/1h")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limit(requests: usize, period: Duration) -> RateLimit {
        RateLimit::new(requests, period).unwrap()
    }

    /// After how many milliseconds each of `calls` requests, all wanted now, is sent.
    async fn sent_after(limiter: &RateLimiter, calls: usize) -> Vec<u128> {
        let begin = Instant::now();
        let mut times = Vec::new();
        for _ in 0..calls {
            limiter
                .acquire(Service::Mrs, begin + 3_600 * SECOND)
                .await
                .unwrap();
            times.push(begin.elapsed().as_millis());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_span_of_a_period_and_a_margin_holds_more_than_the_limit() {
        let limiter = RateLimiter::new(Some(limit(2, 10 * SECOND)));
        assert_eq!(
            sent_after(&limiter, 5).await,
            [0, 0, 11_000, 11_000, 22_000]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits_and_memory_is_bounded() {
        let limiter = RateLimiter::new(None);
        assert!(
            sent_after(&limiter, 3_000)
                .await
                .iter()
                .all(|wait| *wait == 0)
        );
        assert_eq!(limiter.windows().configured.sent.len(), MOST_REQUESTS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_a_service_names_counts_what_was_sent_before_and_concerns_it_alone() {
        let limiter = RateLimiter::new(None);
        sent_after(&limiter, 5).await;
        let wait = limiter.learn(Service::Mrs, limit(5, 2 * SECOND));
        assert_eq!(wait, Duration::from_millis(2_200));
        assert_eq!(sent_after(&limiter, 1).await, [2_200]);
        let now = Instant::now();
        limiter.acquire(Service::Dws, now + SECOND).await.unwrap();
        assert_eq!(now.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_configured_limit_refuses_at_once_what_cannot_be_sent_in_time_and_counts_all_services()
     {
        let limiter = RateLimiter::new(Some(limit(1, 60 * SECOND)));
        let now = Instant::now();
        limiter.acquire(Service::Mrs, now + SECOND).await.unwrap();
        let error = limiter.acquire(Service::Dws, now + 30 * SECOND).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert_eq!(error.retry_after(), Some(61 * SECOND));
        assert_eq!(now.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_caller_takes_no_place() {
        let limiter = RateLimiter::new(Some(limit(1, 10 * SECOND)));
        sent_after(&limiter, 1).await;
        let far = Instant::now() + 3_600 * SECOND;
        let given_up = limiter.acquire(Service::Mrs, far);
        assert!(tokio::time::timeout(SECOND, given_up).await.is_err());
        assert_eq!(sent_after(&limiter, 1).await, [10_000]);
    }

    #[test]
    fn a_limit_is_read_from_a_message_with_any_spaces_and_units() {
        for (message, requests, seconds) in [
            (
                "policy user over ratelimit,limit:200,time:5 minute",
                200,
                300,
            ),
            (
                "policy domain over ratelimit, limit:1000, time:1 day",
                1000,
                86_400,
            ),
            ("limit : 20 , time : 10 seconds.", 20, 10),
            ("over LIMIT: see limit:7,time:2 min", 7, 120),
        ] {
            let expected = limit(requests, seconds * SECOND);
            assert_eq!(RateLimit::in_message(message), Some(expected), "{message}");
        }
        for message in [
            "limit:200",
            "limit:200,time:5 fortnight",
            "limit:5,time:0 minute",
            "limit:10,time:4294967295 day",
            "límit:1,time:1 day",
        ] {
            assert_eq!(RateLimit::in_message(message), None, "{message}");
        }
    }

    #[test]
    fn a_rate_is_requests_and_a_duration() {
        for (text, requests, seconds) in [
            ("200/5m", 200, 300),
            ("10 / 1s", 10, 1),
            ("1/24h", 1, 86_400),
        ] {
            assert_eq!(
                parse_rate(text).unwrap(),
                (requests, Duration::from_secs(seconds))
            );
        }
        for text in ["", "200", "200/", "200/5", "x/5m", "-1/5m", "1/-5m"] {
            assert!(parse_rate(text).is_err(), "{text}");
        }
    }
}
