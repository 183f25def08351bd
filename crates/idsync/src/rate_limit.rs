//! Keeps a client below the number of requests that its user or a service allows.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::{Error, ErrorKind, Service, telemetry};

/// The largest number of requests in a limit; so many are remembered.
const MOST_REQUESTS: usize = 1_000;

const LONGEST_PERIOD: Duration = Duration::from_hours(31 * 24);

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
        let (requests, rest) = number_after(&message, "limit")?;
        let (count, rest) = number_after(rest, "time")?;
        let unit = rest.trim_start();
        let end = unit
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(unit.len());
        let unit = match unit.get(..end)? {
            "s" | "sec" | "second" | "seconds" => Duration::from_secs(1),
            "m" | "min" | "minute" | "minutes" => Duration::from_mins(1),
            "h" | "hour" | "hours" => Duration::from_hours(1),
            "d" | "day" | "days" => Duration::from_hours(24),
            _ => return None,
        };
        let period = unit.checked_mul(u32::try_from(count).ok()?)?;
        Self::new(requests, period).ok()
    }

    /// How long a request keeps its place: the period and a margin, since requests do not travel equally fast.
    fn hold(&self) -> Duration {
        let margin = self.period / 10;
        self.period + margin.clamp(Duration::from_millis(100), Duration::from_secs(1))
    }
}

/// The number in `name:number`, and what follows it.
fn number_after<'a>(text: &'a str, name: &str) -> Option<(usize, &'a str)> {
    text.match_indices(name).find_map(|(at, _)| {
        let value = text.get(at + name.len()..)?.trim_start();
        let digits = value.strip_prefix(':')?.trim_start();
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let (number, rest) = digits.split_at(end);
        Some((number.parse().ok()?, rest))
    })
}

/// The limit that the user set for all requests, and those that services named; shared by the clones of a client.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    configured: Window,
    named: [Window; 4],
}

impl RateLimiter {
    pub(crate) fn new(configured: Option<RateLimit>) -> Self {
        Self {
            configured: Window::new(configured),
            named: std::array::from_fn(|_| Window::new(None)),
        }
    }

    /// Waits until a request to `service` may be sent, and counts it. Callers are served in the order of their arrival;
    /// one that gives up costs no place.
    ///
    /// A limit that a service named delays a request and never forbids it: one that would have to wait beyond the
    /// deadline is sent at once, and the service decides.
    ///
    /// # Errors
    ///
    /// `Throttled` if the configured limit leaves no room before `deadline`; at once where that is known.
    pub(crate) async fn acquire(&self, service: Service, deadline: Instant) -> Result<(), Error> {
        let named = &self.named[service.index()];
        let acquire = async {
            let _first_at_service = named.queue.lock().await;
            if let Ok(place) = named.place_before(deadline) {
                wait_until(place).await;
            }
            let _first = self.configured.queue.lock().await;
            let place = self.configured.place_before(deadline).map_err(no_room)?;
            wait_until(place).await;
            let now = Instant::now();
            named.log().count(now);
            self.configured.log().count(now);
            Ok(())
        };
        let outcome = timeout_at(deadline, acquire).await;
        outcome.unwrap_or_else(|_| Err(no_room(deadline)))
    }

    /// Keeps to the limit that `service` named from now on, and gives how long it leaves no room. What was sent before
    /// counts.
    pub(crate) fn learn(&self, service: Service, limit: RateLimit) -> Duration {
        let mut log = self.named[service.index()].log();
        log.limit = Some(limit);
        let now = Instant::now();
        log.next_place(now) - now
    }
}

async fn wait_until(place: Instant) {
    let now = Instant::now();
    if place > now {
        telemetry::paced(place - now);
        sleep_until(place).await;
    }
}

fn no_room(place: Instant) -> Error {
    let wait = place.saturating_duration_since(Instant::now());
    let message = format!(
        "the rate limit leaves no room for the next {}s, which is longer than the call may take; nothing was sent",
        wait.as_secs().max(1)
    );
    Error::new(ErrorKind::Throttled, message)
        .with_retry_after(wait)
        .with_hint("allow more time for the call, or a higher rate")
}

/// One limit, and the requests that count for it.
#[derive(Debug)]
struct Window {
    /// Held by the one that waits for the next place.
    queue: tokio::sync::Mutex<()>,
    log: Mutex<Log>,
}

#[derive(Debug)]
struct Log {
    limit: Option<RateLimit>,
    /// When requests were sent, oldest first.
    sent: VecDeque<Instant>,
}

impl Window {
    fn new(limit: Option<RateLimit>) -> Self {
        Self {
            queue: tokio::sync::Mutex::new(()),
            log: Mutex::new(Log {
                limit,
                sent: VecDeque::new(),
            }),
        }
    }

    /// When the next request may be sent; an error if that is not before `deadline`.
    fn place_before(&self, deadline: Instant) -> Result<Instant, Instant> {
        let now = Instant::now();
        let place = self.log().next_place(now);
        if place > now && place >= deadline {
            return Err(place);
        }
        Ok(place)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Not before the request that fills the limit has left the span.
    fn next_place(&self, now: Instant) -> Instant {
        let leaving = self.limit.and_then(|limit| {
            let position = self.sent.len().checked_sub(limit.requests)?;
            Some(*self.sent.get(position)? + limit.hold())
        });
        leaving.map_or(now, |free| free.max(now))
    }

    fn count(&mut self, now: Instant) {
        if self.sent.len() == MOST_REQUESTS {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
    }
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
        assert_eq!(limiter.configured.log().sent.len(), MOST_REQUESTS);
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
    async fn a_day_that_a_service_names_silences_nothing() {
        let limiter = RateLimiter::new(None);
        limiter.learn(Service::Mrs, limit(1, 86_400 * SECOND));
        for _ in 0..3 {
            let now = Instant::now();
            limiter.acquire(Service::Mrs, now + SECOND).await.unwrap();
            assert_eq!(now.elapsed(), Duration::ZERO);
        }
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
    async fn a_caller_that_gives_up_costs_no_place() {
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
            ("LIMIT:6,TIME:1 Hours", 6, 3_600),
            ("over limit: see limit:7,time:2 min", 7, 120),
        ] {
            let expected = limit(requests, seconds * SECOND);
            assert_eq!(RateLimit::in_message(message), Some(expected), "{message}");
        }
        for message in [
            "",
            "limit:200",
            "limit:200,time:5",
            "limit:200,time:5 fortnight",
            "limit:0,time:5 minute",
            "limit:5,time:0 minute",
            "limit:99999999999999999999,time:1 day",
            "limit:10,time:4294967295 day",
            "time:5 minute,limit:200",
            "límit:1,time:1 day",
        ] {
            assert_eq!(RateLimit::in_message(message), None, "{message}");
        }
    }
}
