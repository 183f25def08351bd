//! Durations and instants in messages, and texts of services made safe to print.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Maximum length of a service's status or id in a message, in characters.
pub(super) const LONGEST_STATUS: usize = 64;

/// 2000-01-01T00:00:00Z: no run of these services is older.
const OLDEST: Timestamp = Timestamp::constant(946_684_800, 0);

/// How far the clock of a service may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(15);

/// Whether `time` is a plausible time of a run at `now`.
pub(super) fn is_plausible(time: Timestamp, now: Timestamp) -> bool {
    time >= OLDEST && time.duration_since(now) <= AHEAD
}

/// Says that a time is not plausible, as the service wrote it.
pub(super) fn implausible(time: Timestamp) -> String {
    format!("its time is not plausible: {} ms", time.as_millisecond())
}

/// A duration in one unit, rounded down: `40 s`, `52 min`, `9 h`, `2 days`.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..2880 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / 1440),
    }
}

/// How long ago `start` is, or `None` if it lies in the future.
pub(super) fn since(start: Timestamp, now: Timestamp) -> Option<String> {
    let elapsed = Duration::try_from(now.duration_since(start)).ok();
    elapsed.map(duration)
}

/// The same instant without a fraction of a second.
pub(super) fn whole_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// `message` with each instant in RFC 3339, such as `2026-11-22T06:00:00Z`, replaced by what `show` makes of it.
///
/// Messages of reasons, notes and diagnoses name instants in this form, so that a program can show them in the time zone
/// of its reader.
///
/// ```
/// let message = "was due at 2026-11-22T06:00:00Z";
/// let shown = idsync::health::render_times(message, |time| time.strftime("%H:%M UTC").to_string());
/// assert_eq!(shown, "was due at 06:00 UTC");
/// ```
pub fn render_times(message: &str, show: impl Fn(Timestamp) -> String) -> String {
    let words = message.split_inclusive(' ').map(|word| {
        let end = word.find('Z').map_or(0, |end| end + 1);
        let (time, rest) = word.split_at(end);
        match time.parse::<Timestamp>() {
            Ok(time) => show(time) + rest,
            Err(_) => word.to_owned(),
        }
    });
    words.collect()
}

/// An untrusted text as one line of at most `longest` characters: whitespace collapsed, and no characters that control
/// a terminal or the writing direction.
pub(super) fn plain(text: &str, longest: usize) -> String {
    if text.len() <= longest && text.bytes().all(|it| it.is_ascii_graphic()) {
        return text.to_owned();
    }
    // A character takes at most four bytes.
    let mut line = String::with_capacity(text.len().min(4 * longest));
    // Whitespace, control characters, marks of writing direction and invisible separators.
    let is_separator = |c: char| {
        if c.is_ascii() {
            return c <= ' ' || c == '\x7f';
        }
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    for word in text.split(is_separator).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > longest && line.chars().nth(longest).is_some() {
            let end = line.char_indices().nth(longest.saturating_sub(1));
            line.truncate(end.map_or(0, |(end, _)| end));
            line.truncate(line.trim_end().len());
            line.push('…');
            break;
        }
    }
    line
}
