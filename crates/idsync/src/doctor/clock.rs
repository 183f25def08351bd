//! Whether the clock of this machine is right, judged by the `Date` of an answer.

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::Check;

/// The gateway refuses a signature that is further off (API signing guide).
const LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// From here on the limit is near enough to be told of.
const NEAR: SignedDuration = SignedDuration::from_mins(5);

const NAME: &str = "clock";

/// How far the clock of this machine is behind that of a service; negative if it is ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Skew(SignedDuration);

impl Skew {
    /// Compares the `Date` of an answer with the middle between `asked` and `answered`, which is when it was most likely
    /// written. It is whole seconds, and so is the result.
    pub(super) fn between(
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
}

/// What `skew` means for signatures; `None` if no answer carried a date.
pub(super) fn check(skew: Option<Skew>) -> Check {
    const SET: &str = "set the clock of this machine, best by NTP";
    let Some(Skew(skew)) = skew else {
        return Check::skipped(NAME, "no service gave an answer with a date");
    };
    let off = skew.abs();
    let direction = if skew.is_negative() {
        "ahead"
    } else {
        "behind"
    };
    if off > LIMIT {
        let message = format!(
            "this clock is {off:#} {direction}; signatures more than 15 min off are refused"
        );
        Check::fail(NAME, message, SET)
    } else if off >= NEAR {
        let message = format!(
            "this clock is {off:#} {direction}; signatures more than 15 min off will be refused"
        );
        Check::warn(NAME, message, SET)
    } else if off.is_zero() {
        Check::ok(NAME, "agrees with the services to the second")
    } else {
        Check::ok(NAME, format!("{off:#} {direction}, which does no harm"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::CheckStatus;
    use super::*;

    fn skew(date: &str) -> Option<Skew> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        let asked: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        Skew::between(&headers, asked, asked + SignedDuration::from_secs(2))
    }

    #[test]
    fn skew_is_measured_from_the_middle_of_the_call() {
        let seconds = |date| skew(date).map(|Skew(skew)| skew.as_secs());
        assert_eq!(seconds("Sun, 22 Nov 2026 06:00:01 GMT"), Some(0));
        assert_eq!(seconds("Sun, 22 Nov 2026 06:01:01 GMT"), Some(60));
        assert_eq!(seconds("Sun, 22 Nov 2026 05:59:01 GMT"), Some(-60));
        assert_eq!(seconds("yesterday"), None);
        assert_eq!(
            Skew::between(&HeaderMap::new(), Timestamp::now(), Timestamp::now()),
            None
        );
    }

    #[test]
    fn five_minutes_are_a_warning_and_more_than_fifteen_a_failure() {
        for (seconds, status, words) in [
            (0, CheckStatus::Ok, "to the second"),
            (-3, CheckStatus::Ok, "3s ahead"),
            (299, CheckStatus::Ok, "behind"),
            (300, CheckStatus::Warn, "5m behind"),
            (-900, CheckStatus::Warn, "15m ahead"),
            (901, CheckStatus::Fail, "15m 1s behind"),
            (-7200, CheckStatus::Fail, "2h ahead"),
        ] {
            let found = check(Some(Skew(SignedDuration::from_secs(seconds))));
            assert_eq!(found.status, status, "{seconds}");
            assert!(found.message.contains(words), "{}", found.message);
            assert_eq!(found.advice.is_some(), status != CheckStatus::Ok);
        }
        assert_eq!(check(None).status, CheckStatus::Skipped);
    }
}
