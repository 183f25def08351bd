//! The limit that a gateway names when it refuses a request.

use std::time::Duration;

use super::Limit;

/// Reads the limit off a message such as `policy user over ratelimit,limit:200,time:5 minute`.
///
/// No page documents the text; it is known from reports of users, in which spaces and units vary. `None` if the
/// message names no limit, or one that cannot be kept.
pub(crate) fn told_limit(message: &str) -> Option<Limit> {
    let message = message.to_ascii_lowercase();
    let (requests, rest) = number_after(&message, "limit")?;
    let (count, rest) = number_after(rest, "time")?;
    let period = unit(rest.trim_start())?.checked_mul(u32::try_from(count).ok()?)?;
    Limit::new(requests, period)
}

/// The number of `name:number`, at the first place where there is one, and what follows it.
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

fn unit(text: &str) -> Option<Duration> {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    Some(match text.split_at(end).0 {
        "s" | "sec" | "second" | "seconds" => Duration::from_secs(1),
        "m" | "min" | "minute" | "minutes" => Duration::from_mins(1),
        "h" | "hour" | "hours" => Duration::from_hours(1),
        "d" | "day" | "days" => Duration::from_hours(24),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_with_any_spaces_and_units() {
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
            ("limit:30,time:1second", 30, 1),
            ("over limit: see limit:7,time:2 min", 7, 120),
        ] {
            let expected = Limit::new(requests, Duration::from_secs(seconds));
            assert!(expected.is_some());
            assert_eq!(told_limit(message), expected, "{message}");
        }
    }

    #[test]
    fn what_names_no_limit_or_none_that_can_be_kept_is_passed_over() {
        for message in [
            "",
            "too many requests",
            "limit:200",
            "limit:200,time:5",
            "limit:200,time:5 fortnight",
            "limit:-1,time:5 minute",
            "limit:0,time:5 minute",
            "limit:5,time:0 minute",
            "limit:99999999999999999999,time:1 day",
            "limit:10,time:99999999999999999999 day",
            "limit:10,time:4294967295 day",
            "time:5 minute,limit:200",
            "límit:1,time:1 day",
        ] {
            assert_eq!(told_limit(message), None, "{message}");
        }
    }
}
