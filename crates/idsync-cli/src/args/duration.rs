//! Durations as people write them.

use std::time::Duration;

use jiff::SignedDuration;

/// What is right where something is wrong.
const ALLOWED: &str = "give a number with a unit, such as 3s, 500ms or 1m 30s";

/// Longer than any sensible wait for a service.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Reads a wait such as `3s`, `500ms` or `1m 30s`: longer than nothing, at most a day.
///
/// # Errors
///
/// A sentence that says what would be accepted.
pub(super) fn wait(text: &str) -> Result<Duration, String> {
    match pause(text)? {
        Duration::ZERO => Err(format!("it must be longer than nothing; {ALLOWED}")),
        wait => Ok(wait),
    }
}

/// Like [`wait`], but `0s` is accepted too.
///
/// # Errors
///
/// A sentence that says what would be accepted.
pub(super) fn pause(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = text.trim().parse().map_err(|_| ALLOWED.to_owned())?;
    if duration > LONGEST {
        return Err("it must be at most 24h".to_owned());
    }
    Duration::try_from(duration).map_err(|_| format!("it must not be negative; {ALLOWED}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn humane_durations_are_read() {
        for (text, milliseconds) in [
            ("3s", 3000),
            ("500ms", 500),
            ("1m 30s", 90_000),
            ("2 minutes", 120_000),
            ("24h", 86_400_000),
        ] {
            assert_eq!(
                wait(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        assert_eq!(pause("0s"), Ok(Duration::ZERO));
    }

    #[test]
    fn what_is_no_wait_is_refused_with_the_reason() {
        for (text, reason) in [
            ("3", "unit"),
            ("", "unit"),
            ("soon", "unit"),
            ("0s", "longer than nothing; give a number with a unit"),
            ("-3s", "negative; give a number with a unit"),
            ("25h", "at most"),
            ("99999999999999999999s", "unit"),
        ] {
            let error = wait(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
