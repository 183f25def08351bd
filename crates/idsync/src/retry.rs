//! Whether a failed request is sent again, and after which wait.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::Error;

/// The longest wait that a service may ask for; a longer one ends the retries.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// How often a request is sent again and how the waits grow.
///
/// The wait before retry *n* is drawn evenly from zero to `base · 2ⁿ⁻¹`, at most `cap` ("full jitter").
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RetryPolicy {
    /// Requests after the first.
    pub(crate) retries: u32,
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 2,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(10),
        }
    }
}

impl RetryPolicy {
    /// The wait before the next attempt after `attempts`, the last of which failed with `error`; `None` if the error is
    /// final, or the wait longer than what `remaining` leaves of the call. `jitter` lies in `[0, 1)`.
    pub(crate) fn wait(
        &self,
        error: &Error,
        attempts: u32,
        remaining: Duration,
        jitter: f64,
    ) -> Option<Duration> {
        if !error.is_retryable() || attempts > self.retries {
            return None;
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > LONGEST_WAIT => return None,
            Some(asked) => asked,
            None => {
                let doublings = attempts.saturating_sub(1).min(30);
                let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
                ceiling.mul_f64(jitter.clamp(0.0, 1.0))
            }
        };
        (wait < remaining).then_some(wait)
    }
}

/// The wait that a `Retry-After` header asks for: seconds, or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = http_date(headers, RETRY_AFTER)?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// The instant that a header such as `Date` names.
pub(crate) fn http_date(headers: &HeaderMap, name: HeaderName) -> Option<Timestamp> {
    let value = headers.get(name)?.to_str().ok()?;
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(value.trim()).ok()
}

/// Successes that earn one retry back: in the long run at most one request in eleven is a retry.
const SUCCESSES_PER_RETRY: u32 = 10;

/// As many retries as may be made in a row without any success between them, in tenths of a retry.
const FULL: u32 = 50 * SUCCESSES_PER_RETRY;

/// How many retries are left to all calls of a client and its clones, so that they do not multiply an outage; in tenths
/// of a retry.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl RetryBudget {
    /// Takes one retry; `false` if none is left.
    pub(crate) fn take(&self) -> bool {
        let taken = |left: u32| left.checked_sub(SUCCESSES_PER_RETRY);
        self.0.fetch_update(Relaxed, Relaxed, taken).is_ok()
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        let earned = |left: u32| (left < FULL).then_some(left + 1);
        // At the full budget there is nothing to add.
        let _ = self.0.fetch_update(Relaxed, Relaxed, earned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    const POLICY: RetryPolicy = RetryPolicy {
        retries: 5,
        base: Duration::from_millis(200),
        cap: Duration::from_secs(1),
    };

    const AMPLE: Duration = Duration::from_mins(10);

    fn failure() -> Error {
        Error::new(ErrorKind::Connect, "x")
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_scaled_by_the_jitter() {
        let wait = |attempts, jitter| POLICY.wait(&failure(), attempts, AMPLE, jitter).unwrap();
        let waits = [1, 2, 3, 4, 5].map(|attempts| wait(attempts, 0.5).as_millis());
        assert_eq!(waits, [100, 200, 400, 500, 500]);
        assert_eq!(wait(1, 0.0), Duration::ZERO);
    }

    #[test]
    fn retries_end_after_their_number_at_the_deadline_and_on_a_final_error() {
        assert_eq!(POLICY.wait(&failure(), 6, AMPLE, 0.0), None);
        let little = Duration::from_millis(50);
        assert_eq!(POLICY.wait(&failure(), 1, little, 0.5), None);
        let unreadable = Error::new(ErrorKind::Decode, "x");
        assert_eq!(POLICY.wait(&unreadable, 1, AMPLE, 0.0), None);
    }

    #[test]
    fn a_retry_after_is_followed_within_bounds() {
        let asked = |seconds| failure().with_retry_after(Duration::from_secs(seconds));
        let wait = |seconds, remaining| POLICY.wait(&asked(seconds), 1, remaining, 0.9);
        assert_eq!(wait(7, AMPLE), Some(Duration::from_secs(7)));
        assert_eq!(wait(3600, AMPLE), None);
        assert_eq!(wait(7, Duration::from_secs(5)), None);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        for (value, seconds) in [
            ("2", Some(2)),
            (" 10 ", Some(10)),
            ("Sun, 22 Nov 2026 06:00:30 GMT", Some(30)),
            ("Sun, 22 Nov 2026 05:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            let wait = retry_after(&headers, now).map(|wait| wait.as_secs());
            assert_eq!(wait, seconds, "{value}");
        }
    }

    #[test]
    fn fifty_retries_can_be_made_without_a_success_and_ten_successes_earn_one_back() {
        let budget = RetryBudget::default();
        let taken = || std::iter::from_fn(|| budget.take().then_some(())).count();
        (0..1_000).for_each(|_| budget.earn());
        assert_eq!(taken(), 50);
        (0..9).for_each(|_| budget.earn());
        assert_eq!(taken(), 0);
        budget.earn();
        assert_eq!(taken(), 1);
    }
}
