//! Keeps a client below the number of requests that a service allows.

mod told;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

pub(crate) use self::told::told_limit;
use crate::Service;

/// How many requests are remembered, and therefore the largest number that can be a limit.
const REMEMBERED: usize = 1_000;

const LONGEST_PERIOD: Duration = Duration::from_hours(31 * 24);

/// So many requests in any span of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// 1 to 1,000.
    pub(crate) requests: usize,
    /// Up to 31 days.
    pub(crate) period: Duration,
}

impl Limit {
    /// `None` if it cannot be kept: it allows nothing, more than is remembered, or counts for longer than a month.
    pub(crate) fn new(requests: usize, period: Duration) -> Option<Self> {
        let countable = (1..=REMEMBERED).contains(&requests);
        let lasting = !period.is_zero() && period <= LONGEST_PERIOD;
        (countable && lasting).then_some(Self { requests, period })
    }
}

/// One [`RateLimit`] for each service, shared by the clones of a client.
#[derive(Debug)]
pub(crate) struct RateLimits([RateLimit; 4]);

impl RateLimits {
    /// Begins with `limit` for every service, or with none until a service tells its own.
    pub(crate) fn new(limit: Option<Limit>) -> Self {
        Self(std::array::from_fn(|_| RateLimit::new(limit)))
    }

    pub(crate) fn of(&self, service: Service) -> &RateLimit {
        let [dataarts, dws, mrs, iam] = &self.0;
        match service {
            Service::DataArts => dataarts,
            Service::Dws => dws,
            Service::Mrs => mrs,
            Service::Iam => iam,
        }
    }
}

/// The requests that went to one service lately, and how many may.
#[derive(Debug)]
pub(crate) struct RateLimit(Mutex<Log>);

#[derive(Debug)]
struct Log {
    limit: Option<Limit>,
    /// When requests were, or will be, sent; oldest first, at most [`REMEMBERED`].
    sent: VecDeque<Instant>,
}

impl RateLimit {
    fn new(limit: Option<Limit>) -> Self {
        Self(Mutex::new(Log {
            limit,
            sent: VecDeque::new(),
        }))
    }

    /// Reserves the next place for a request, not before `now`.
    ///
    /// # Errors
    ///
    /// When the next place would be, if that is not before `deadline`; nothing is then reserved.
    pub(crate) fn reserve(&self, now: Instant, deadline: Instant) -> Result<Instant, Instant> {
        let mut log = self.log();
        let place = log.next_place(now);
        if place > now && place >= deadline {
            return Err(place);
        }
        if log.sent.len() == REMEMBERED {
            log.sent.pop_front();
        }
        log.sent.push_back(place);
        Ok(place)
    }

    /// Keeps to the limit that the service named, in place of the one so far.
    ///
    /// What was sent before counts. What others sent is not known; backoff takes care of that.
    pub(crate) fn adapt(&self, limit: Limit) {
        self.log().limit = Some(limit);
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// A period after the request that has to leave the span before another may enter it.
    fn next_place(&self, now: Instant) -> Instant {
        let leaving = self.limit.and_then(|Limit { requests, period }| {
            let position = self.sent.len().checked_sub(requests)?;
            Some(*self.sent.get(position)? + period)
        });
        leaving.map_or(now, |free| free.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limited(requests: usize, period: Duration) -> RateLimit {
        RateLimit::new(Limit::new(requests, period))
    }

    /// In how many seconds each of `calls` calls, all made now, may be sent.
    fn places(limit: &RateLimit, now: Instant, calls: usize) -> Vec<u64> {
        let far = now + Duration::from_hours(1);
        let place = |_| (limit.reserve(now, far).unwrap() - now).as_secs();
        (0..calls).map(place).collect()
    }

    #[test]
    fn without_a_limit_nothing_waits_and_the_memory_is_bounded() {
        let limit = RateLimit::new(None);
        assert!(
            places(&limit, Instant::now(), 5_000)
                .iter()
                .all(|wait| *wait == 0)
        );
        assert_eq!(limit.log().sent.len(), REMEMBERED);
    }

    #[test]
    fn no_span_of_a_period_holds_more_than_the_limit() {
        let limit = limited(2, 10 * SECOND);
        let now = Instant::now();
        assert_eq!(places(&limit, now, 5), [0, 0, 10, 10, 20]);
        assert_eq!(places(&limit, now + 15 * SECOND, 2), [5, 15]);
    }

    #[test]
    fn a_limit_told_later_counts_what_was_sent_before() {
        let limit = RateLimit::new(None);
        let now = Instant::now();
        assert_eq!(places(&limit, now, 3), [0, 0, 0]);
        limit.adapt(Limit::new(4, 60 * SECOND).unwrap());
        assert_eq!(places(&limit, now + SECOND, 2), [0, 59]);
    }

    #[test]
    fn a_place_behind_the_deadline_is_not_taken() {
        let limit = limited(1, 60 * SECOND);
        let now = Instant::now();
        limit.reserve(now, now + SECOND).unwrap();
        let refused = limit.reserve(now, now + 30 * SECOND);
        assert_eq!(refused, Err(now + 60 * SECOND));
        assert_eq!(places(&limit, now, 1), [60]);
    }

    #[test]
    fn services_do_not_count_for_each_other() {
        let limits = RateLimits::new(Limit::new(1, SECOND));
        let now = Instant::now();
        for service in Service::ALL {
            assert_eq!(limits.of(service).reserve(now, now), Ok(now), "{service}");
        }
    }

    #[test]
    fn a_limit_that_cannot_be_kept_is_none() {
        assert_eq!(Limit::new(0, SECOND), None);
        assert_eq!(Limit::new(1_001, SECOND), None);
        assert_eq!(Limit::new(1, Duration::ZERO), None);
        assert_eq!(Limit::new(1, LONGEST_PERIOD + SECOND), None);
    }
}
