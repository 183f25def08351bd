//! How far the clock of this machine is from that of a service, judged by the `Date` of an answer.

use std::fmt;

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// The gateway refuses a signature that is further off (API signing guide).
const LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// How far the clock of this machine is behind that of a service; negative if it is ahead. Whole seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Skew(SignedDuration);

impl Skew {
    /// Compares the `Date` of an answer with the middle between `asked` and `answered`, which is when it was most likely
    /// written; `None` without a readable date.
    pub(crate) fn between(
        headers: &HeaderMap,
        asked: Timestamp,
        answered: Timestamp,
    ) -> Option<Self> {
        let date = headers.get(DATE)?.to_str().ok()?;
        let date = rfc2822::DateTimeParser::new()
            .relaxed_weekday(true)
            .parse_timestamp(date)
            .ok()?;
        let middle = asked + answered.duration_since(asked) / 2;
        let seconds = date.as_second() - middle.as_second();
        Some(Self(SignedDuration::from_secs(seconds)))
    }

    /// The difference, whichever way it goes.
    pub(crate) fn size(self) -> SignedDuration {
        self.0.abs()
    }

    /// Whether no signature made by this clock is accepted.
    pub(crate) fn breaks_signatures(self) -> bool {
        self.size() > LIMIT
    }
}

/// Such as `5m behind`.
impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.0.is_negative() {
            "ahead"
        } else {
            "behind"
        };
        write!(f, "{:#} {direction}", self.size())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(date: &str) -> Option<(String, bool)> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        let asked: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let skew = Skew::between(&headers, asked, asked + SignedDuration::from_secs(2))?;
        Some((skew.to_string(), skew.breaks_signatures()))
    }

    #[test]
    fn skew_is_measured_from_the_middle_of_the_call() {
        for (date, expected) in [
            ("Sun, 22 Nov 2026 06:00:01 GMT", ("0s behind", false)),
            ("Sun, 22 Nov 2026 06:01:01 GMT", ("1m behind", false)),
            ("Sun, 22 Nov 2026 05:59:01 GMT", ("1m ahead", false)),
            ("Sun, 22 Nov 2026 05:45:01 GMT", ("15m ahead", false)),
            ("Sun, 22 Nov 2026 06:15:02 GMT", ("15m 1s behind", true)),
            ("Sun, 22 Nov 2026 04:00:01 GMT", ("2h ahead", true)),
        ] {
            assert_eq!(
                told(date),
                Some((expected.0.to_owned(), expected.1)),
                "{date}"
            );
        }
    }

    #[test]
    fn without_a_readable_date_there_is_none() {
        assert_eq!(told("yesterday"), None);
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(Skew::between(&HeaderMap::new(), now, now), None);
    }
}
