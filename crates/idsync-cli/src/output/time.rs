//! Times for people: relative to now, or absolute in one labelled zone.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::errors::CliError;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The start of the year 2000 in seconds; no service had earlier runs.
const YEAR_2000: i64 = 946_684_800;

/// Shown where there is no plausible time.
pub(crate) const NONE: &str = "–";

/// The current time, and the zone of absolute times.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
}

impl Times {
    /// The distance of `instant` from now: `3 min ago`, `in 57 min`.
    pub(crate) fn relative(&self, instant: Option<Timestamp>) -> String {
        let Some(instant) = instant.filter(|instant| instant.as_second() >= YEAR_2000) else {
            return NONE.to_owned();
        };
        // In whole seconds, as reports give their own time: a run 2 hours ago is not 1 h 59 min ago.
        let seconds = instant.as_second() - self.now.as_second();
        match Duration::from_secs(seconds.unsigned_abs()) {
            near if near.as_secs() < 5 => "now".to_owned(),
            far if seconds > 0 => format!("in {}", duration(far)),
            far => format!("{} ago", duration(far)),
        }
    }
}

/// The time between two instants if both are known and in order: `0 s`, `52 min`.
pub(crate) fn between(start: Option<Timestamp>, end: Option<Timestamp>) -> String {
    let lasted = start.zip(end);
    let lasted = lasted.and_then(|(start, end)| end.duration_since(start).try_into().ok());
    lasted.map_or(NONE.to_owned(), duration)
}

/// Date and time to the minute in the zone of `times`; without the date if it is today.
pub(crate) fn minute(instant: Timestamp, times: &Times) -> String {
    if instant.as_second() < YEAR_2000 {
        return "a time before 2000".to_owned();
    }
    let day = |instant: Timestamp| instant.to_zoned(times.zone.clone()).date();
    if day(instant) == day(times.now) {
        shown(instant, &times.zone, "%H:%M")
    } else {
        shown(instant, &times.zone, "%Y-%m-%d %H:%M")
    }
}

/// Date and time to the second.
pub(crate) const SECOND: &str = "%Y-%m-%d %H:%M:%S";
/// The time of day.
pub(crate) const TIME_OF_DAY: &str = "%H:%M:%S";

/// The instant in `zone` as `format` says, with the offset of the zone.
pub(crate) fn shown(instant: Timestamp, zone: &TimeZone, format: &str) -> String {
    let local = instant.to_zoned(zone.clone());
    let is_utc = matches!(zone.iana_name(), Some("UTC" | "Etc/UTC"));
    let offset = if is_utc { "UTC" } else { "%:z" };
    local.strftime(&format!("{format} {offset}")).to_string()
}

/// A duration in its largest sensible unit, rounded down.
pub(crate) fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < MINUTE => format!("{seconds} s"),
        seconds if seconds < HOUR => format!("{} min", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h", seconds / HOUR),
        seconds => format!("{} days", seconds / DAY),
    }
}

/// The instant of `--since`: a time, or a duration before now.
pub(crate) fn instant(text: &str, times: &Times) -> Result<Timestamp, CliError> {
    let zone = || times.zone.clone();
    let local = || text.parse::<DateTime>().ok()?.to_zoned(zone()).ok();
    let before = || {
        let span: Span = text.parse().ok()?;
        times.now.to_zoned(zone()).checked_sub(span.abs()).ok()
    };
    let time = text.parse().ok();
    let time = time.or_else(|| Some(local().or_else(before)?.timestamp()));
    time.ok_or_else(|| {
        CliError::usage(format!(
            "--since: {text:?} is neither a time such as 2026-11-22T06:00:00Z or 2026-11-22, nor a duration such as 7d"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_relative_time_is_rounded_down_to_its_largest_unit() {
        let times = Times {
            now: at("2026-11-22T06:00:00Z"),
            zone: TimeZone::UTC,
        };
        for (instant, text) in [
            ("2026-11-22T05:59:56Z", "now"),
            ("2026-11-22T06:00:04Z", "now"),
            ("2026-11-22T05:59:20Z", "40 s ago"),
            ("2026-11-22T05:57:00Z", "3 min ago"),
            ("2026-11-22T06:57:59Z", "in 57 min"),
            ("2026-11-22T04:00:00.9Z", "2 h ago"),
            ("2026-11-20T06:00:01Z", "47 h ago"),
            ("2026-11-20T06:00:00Z", "2 days ago"),
        ] {
            assert_eq!(times.relative(Some(at(instant))), text, "{instant}");
        }
        assert_eq!(times.relative(None), "–");
    }

    #[test]
    fn an_absolute_time_is_labelled_with_its_zone() {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        let late = at("2026-11-22T20:00:09.9Z");
        assert_eq!(shown(late, &shanghai, SECOND), "2026-11-23 04:00:09 +08:00");
        let utc = shown(late, &TimeZone::UTC, SECOND);
        assert_eq!(utc, "2026-11-22 20:00:09 UTC");
        assert_eq!(shown(late, &shanghai, TIME_OF_DAY), "04:00:09 +08:00");
    }

    #[test]
    fn a_run_that_ends_before_it_starts_has_no_length() {
        let early = Some(at("2026-11-22T05:00:00Z"));
        let late = Some(at("2026-11-22T05:52:00Z"));
        assert_eq!(between(early, late), "52 min");
        assert_eq!(between(late, early), "–");
        assert_eq!(between(early, None), "–");
    }

    #[test]
    fn a_start_is_a_time_a_day_or_a_duration() {
        let times = Times {
            now: "2026-11-22T06:00:00Z".parse().unwrap(),
            zone: TimeZone::fixed(jiff::tz::offset(8)),
        };
        for (text, expected) in [
            ("2026-11-20T06:00:00Z", "2026-11-20T06:00:00Z"),
            ("2026-11-20T06:00:00+01:00", "2026-11-20T05:00:00Z"),
            ("2026-11-20T06:00", "2026-11-19T22:00:00Z"),
            ("2026-11-20", "2026-11-19T16:00:00Z"),
            ("2h", "2026-11-22T04:00:00Z"),
            ("7d", "2026-11-15T06:00:00Z"),
            ("1 day ago", "2026-11-21T06:00:00Z"),
        ] {
            let start = instant(text, &times).unwrap();
            assert_eq!(start.to_string(), expected, "{text}");
        }
        for text in ["", "soon", "7", "2026-13-01"] {
            assert!(instant(text, &times).is_err(), "{text}");
        }
    }
}
