//! When a failed request is worth another, and how long to wait before it.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::Error;

/// The longest wait that a service's `Retry-After` is followed for; a longer one ends the retries.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

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
    /// The wait before the next request, or `None` if `error` is final.
    ///
    /// `attempts` requests were sent so far, `remaining` is left until the deadline, and `jitter` lies in `[0, 1)`.
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
            None => self.ceiling(attempts).mul_f64(jitter.clamp(0.0, 1.0)),
        };
        (wait < remaining).then_some(wait)
    }

    fn ceiling(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(30);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

/// The wait that a `Retry-After` header asks for: seconds, or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(value)
        .ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    const FAR: Duration = Duration::from_mins(10);
    const POLICY: RetryPolicy = RetryPolicy {
        retries: 5,
        base: Duration::from_millis(200),
        cap: Duration::from_secs(1),
    };

    fn failure() -> Error {
        Error::new(ErrorKind::Connect, "x")
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_scaled_by_the_jitter() {
        let waits: Vec<_> = (1..=5)
            .map(|attempts| {
                POLICY
                    .wait(&failure(), attempts, FAR, 0.5)
                    .unwrap()
                    .as_millis()
            })
            .collect();
        assert_eq!(waits, [100, 200, 400, 500, 500]);
        assert_eq!(POLICY.wait(&failure(), 1, FAR, 0.0), Some(Duration::ZERO));
    }

    #[test]
    fn retries_end_after_their_number_at_the_deadline_and_on_a_final_error() {
        assert_eq!(POLICY.wait(&failure(), 6, FAR, 0.0), None);
        assert_eq!(
            RetryPolicy {
                retries: 0,
                ..POLICY
            }
            .wait(&failure(), 1, FAR, 0.0),
            None
        );
        assert_eq!(
            POLICY.wait(&failure(), 1, Duration::from_millis(50), 0.5),
            None
        );
        assert_eq!(
            POLICY.wait(&Error::new(ErrorKind::Decode, "x"), 1, FAR, 0.0),
            None
        );
    }

    #[test]
    fn what_the_service_asks_for_is_followed_within_bounds() {
        let asked = |seconds| failure().with_retry_after(Duration::from_secs(seconds));
        assert_eq!(
            POLICY.wait(&asked(7), 1, FAR, 0.9),
            Some(Duration::from_secs(7))
        );
        assert_eq!(POLICY.wait(&asked(7), 1, Duration::from_secs(5), 0.9), None);
        assert_eq!(POLICY.wait(&asked(3600), 1, Duration::MAX, 0.9), None);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        assert_eq!(read("2"), Some(2));
        assert_eq!(read(" 10 "), Some(10));
        assert_eq!(read("Sun, 22 Nov 2026 06:00:30 GMT"), Some(30));
        assert_eq!(read("Sun, 22 Nov 2026 05:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
