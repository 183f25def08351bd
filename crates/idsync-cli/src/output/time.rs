//! Times as people tell them: by their distance from now.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What stands where there is no time.
pub(super) const NONE: &str = "–";

/// The distance of `instant` from `now`: `3 min ago`, `in 57 min`.
pub(super) fn relative(instant: Option<Timestamp>, now: Timestamp) -> String {
    let Some(instant) = instant else {
        return NONE.to_owned();
    };
    // In whole seconds, since reports tell their own time in them: a run of 2 hours ago must not seem a moment younger.
    let seconds = instant.as_second() - now.as_second();
    match Duration::from_secs(seconds.unsigned_abs()) {
        near if near.as_secs() < 5 => "now".to_owned(),
        far if seconds > 0 => format!("in {}", duration(far)),
        far => format!("{} ago", duration(far)),
    }
}

/// The time between two instants, if both are known and in order: `0 s`, `52 min`.
pub(super) fn between(start: Option<Timestamp>, end: Option<Timestamp>) -> String {
    let lasted = start
        .zip(end)
        .and_then(|(start, end)| Duration::try_from(end.duration_since(start)).ok());
    lasted.map_or(NONE.to_owned(), duration)
}

/// The time of day in `zone`; that it is UTC is told.
pub(super) fn time_of_day(instant: Timestamp, zone: &TimeZone) -> String {
    let mark = if *zone == TimeZone::UTC { " UTC" } else { "" };
    let local = instant.to_zoned(zone.clone());
    local.strftime("%H:%M:%S").to_string() + mark
}

/// Date and time of day in `zone`, to the second; that it is UTC is told.
pub(super) fn absolute(instant: Timestamp, zone: &TimeZone) -> String {
    let mark = if *zone == TimeZone::UTC { "Z" } else { "" };
    let local = instant.to_zoned(zone.clone());
    local.strftime("%Y-%m-%d %H:%M:%S").to_string() + mark
}

/// A duration in its largest sensible unit, rounded down.
pub(super) fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < MINUTE => format!("{seconds} s"),
        seconds if seconds < HOUR => format!("{} min", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h", seconds / HOUR),
        seconds => format!("{} days", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_told_by_its_distance() {
        let now = at("2026-11-22T06:00:00Z");
        for (instant, told) in [
            ("2026-11-22T05:59:56Z", "now"),
            ("2026-11-22T06:00:04Z", "now"),
            ("2026-11-22T05:59:20Z", "40 s ago"),
            ("2026-11-22T05:57:00Z", "3 min ago"),
            ("2026-11-22T06:57:59Z", "in 57 min"),
            ("2026-11-20T06:00:01Z", "47 h ago"),
            ("2026-11-20T06:00:00Z", "2 days ago"),
        ] {
            assert_eq!(relative(Some(at(instant)), now), told, "{instant}");
        }
        assert_eq!(relative(Some(at("2026-11-22T04:00:00.9Z")), now), "2 h ago");
        assert_eq!(relative(None, now), "–");
        assert!(relative(Some(Timestamp::MIN), Timestamp::MAX).ends_with("days ago"));
    }

    #[test]
    fn an_absolute_time_is_that_of_the_zone() {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        let late = at("2026-11-22T20:00:09.9Z");
        assert_eq!(absolute(late, &shanghai), "2026-11-23 04:00:09");
        assert_eq!(absolute(late, &TimeZone::UTC), "2026-11-22 20:00:09Z");
        assert_eq!(time_of_day(late, &shanghai), "04:00:09");
        assert_eq!(time_of_day(late, &TimeZone::UTC), "20:00:09 UTC");
    }

    #[test]
    fn a_run_that_ends_before_it_starts_has_no_length() {
        let early = Some(at("2026-11-22T05:00:00Z"));
        let late = Some(at("2026-11-22T05:52:00Z"));
        assert_eq!(between(early, late), "52 min");
        assert_eq!(between(early, early), "0 s");
        assert_eq!(between(late, early), "–");
        assert_eq!(between(early, None), "–");
    }
}
