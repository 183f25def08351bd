//! Text for people: durations, times of day, and what services wrote, made safe to show.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A duration in its largest sensible unit, rounded down: `40 s`, `52 min`, `9 h`, `2 days`.
pub(super) fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < MINUTE => format!("{seconds} s"),
        seconds if seconds < HOUR => format!("{} min", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h", seconds / HOUR),
        seconds => format!("{} days", seconds / DAY),
    }
}

/// How long ago `start` is, or `None` if it lies in the future.
pub(super) fn since(start: Timestamp, now: Timestamp) -> Option<String> {
    Duration::try_from(now.duration_since(start))
        .ok()
        .map(duration)
}

/// A time of day as the service would write it, with the date unless that is today's.
pub(super) fn time_of_day(instant: Timestamp, now: Timestamp, offset: Offset) -> String {
    let local = offset.to_datetime(instant);
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    if local.date() == offset.to_datetime(now).date() {
        time
    } else {
        format!("{} {time}", local.date())
    }
}

/// The same instant without a fraction of a second, which no reader of a judgement needs.
pub(super) fn whole_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// Text from elsewhere as one line of at most `longest` characters: whitespace collapsed, and nothing left that could
/// steer a terminal or turn the direction of writing.
pub(super) fn plain(text: &str, longest: usize) -> String {
    let visible = text.split(|c: char| c.is_whitespace() || c.is_control() || is_steering(c));
    let mut line = String::new();
    for word in visible.filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        // A character takes at most four bytes: enough is read, the rest need not be.
        if line.len() > 4 * longest {
            break;
        }
    }
    shortened(line, longest)
}

/// Marks of writing direction and invisible separators.
fn is_steering(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn shortened(line: String, longest: usize) -> String {
    if line.chars().count() <= longest {
        return line;
    }
    let kept: String = line.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use jiff::tz;

    use super::*;

    #[test]
    fn a_duration_is_told_in_its_largest_sensible_unit() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h"),
            (2 * DAY - 1, "47 h"),
            (2 * DAY, "2 days"),
            (u64::MAX, "213503982334601 days"),
        ] {
            assert_eq!(duration(Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn the_future_is_not_since() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        assert_eq!(
            since("2026-11-22T05:08:00Z".parse().unwrap(), now).unwrap(),
            "52 min"
        );
        assert_eq!(since("2026-11-22T06:00:01Z".parse().unwrap(), now), None);
        assert!(since(Timestamp::MIN, Timestamp::MAX).is_some());
    }

    #[test]
    fn a_time_of_another_local_day_carries_its_date() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let told = |text: &str| time_of_day(text.parse().unwrap(), now, tz::offset(8));
        assert_eq!(told("2026-11-22T02:00:00Z"), "10:00");
        assert_eq!(told("2026-11-21T16:00:00Z"), "00:00");
        assert_eq!(told("2026-11-21T15:59:00Z"), "2026-11-21 23:59");
    }

    #[test]
    fn hostile_text_becomes_one_short_visible_line() {
        assert_eq!(
            plain(" a\r\n\tb \u{1b}[31mred\u{202e}x ", 80),
            "a b [31mred x"
        );
        assert_eq!(plain("同步 失败\u{2028}再试", 80), "同步 失败 再试");
        assert_eq!(plain("abcdef", 6), "abcdef");
        assert_eq!(plain("abcdefg", 6), "abcde…");
        assert_eq!(plain(&"同".repeat(100_000), 10).chars().count(), 10);
        assert_eq!(plain("\0\n", 10), "");
    }
}
