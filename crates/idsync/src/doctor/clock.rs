//! Whether the clock of this machine is right.

use jiff::SignedDuration;

use super::Check;
use crate::skew::Skew;

/// From here on, the limit of signatures is near enough to be told of.
const NEAR: SignedDuration = SignedDuration::from_mins(5);

const NAME: &str = "clock";

/// What `skew` means for signatures; `None` if no answer carried a date.
pub(super) fn check(skew: Option<Skew>) -> Check {
    const SET: &str = "set the clock of this machine, best by NTP";
    let Some(skew) = skew else {
        return Check::skipped(NAME, "no service gave an answer with a date");
    };
    if skew.breaks_signatures() {
        let message = format!("this clock is {skew}; signatures more than 15 min off are refused");
        Check::fail(NAME, message, SET)
    } else if skew.size() >= NEAR {
        let message =
            format!("this clock is {skew}; signatures more than 15 min off will be refused");
        Check::warn(NAME, message, SET)
    } else if skew.size().is_zero() {
        Check::ok(NAME, "agrees with the services to the second")
    } else {
        Check::ok(NAME, format!("{skew}, which does no harm"))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::DATE;
    use jiff::Timestamp;

    use super::super::CheckStatus;
    use super::*;

    fn skew(date: &str) -> Option<Skew> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        Skew::between(&headers, now, now)
    }

    #[test]
    fn five_minutes_are_a_warning_and_more_than_fifteen_a_failure() {
        for (date, status, words) in [
            (
                "Sun, 22 Nov 2026 06:00:00 GMT",
                CheckStatus::Ok,
                "to the second",
            ),
            ("Sun, 22 Nov 2026 05:59:57 GMT", CheckStatus::Ok, "3s ahead"),
            ("Sun, 22 Nov 2026 06:04:59 GMT", CheckStatus::Ok, "behind"),
            (
                "Sun, 22 Nov 2026 06:05:00 GMT",
                CheckStatus::Warn,
                "5m behind",
            ),
            (
                "Sun, 22 Nov 2026 05:45:00 GMT",
                CheckStatus::Warn,
                "15m ahead",
            ),
            (
                "Sun, 22 Nov 2026 06:15:01 GMT",
                CheckStatus::Fail,
                "15m 1s behind",
            ),
            (
                "Sun, 22 Nov 2026 04:00:00 GMT",
                CheckStatus::Fail,
                "2h ahead",
            ),
        ] {
            let found = check(skew(date));
            assert_eq!(found.status, status, "{date}");
            assert!(found.message.contains(words), "{}", found.message);
            assert_eq!(found.advice.is_some(), status != CheckStatus::Ok);
        }
        assert_eq!(check(None).status, CheckStatus::Skipped);
    }
}
