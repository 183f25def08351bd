//! The values of a scenario file, each checked as it is read, so that an error tells its line.

use std::fmt;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::{Period, Schedule};

/// Furthest from the start of the clock.
const REACH: SignedDuration = SignedDuration::from_hours(24 * 36_525);

/// Longest interval between two runs.
const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(24 * 31);

/// A name: 1 to 64 letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9._-]{1,64}$"))]
pub(super) struct Name(pub(super) String);

/// A status as the service writes it: 1 to 64 capital letters and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Z_]{1,64}$"))]
pub(super) struct Status(pub(super) String);

/// Text of at most 4,000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("maxLength" = 4_000))]
pub(super) struct Text(pub(super) String);

/// A point in time, such as `2026-01-31T06:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Instant(pub(super) Timestamp);

/// A length of time, such as `41s`, `1h 30m` or `0s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(super) struct Length {
    pub(super) ms: i64,
}

/// A time before or after the start of the clock, such as `3h ago`, `30d ago` or `10m`. A day has 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(super) struct Offset {
    pub(super) ms: i64,
}

/// Whole minutes from one run to the next, such as `20m`, `4h` or `1d`; at most 31 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(super) struct Interval {
    minutes: u32,
}

/// An hour of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u8")]
#[schemars(with = "u8", extend("maximum" = 23))]
pub(super) struct Hour(pub(super) u8);

/// How many runs in a row, from 1 to a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(with = "u32", extend("minimum" = 1, "maximum" = 1_000_000))]
pub(super) struct Times(pub(super) u32);

impl Interval {
    pub(super) fn ms(self) -> i64 {
        i64::from(self.minutes) * 60_000
    }

    /// Counted in hours where it is a number of them.
    pub(super) fn schedule(self) -> Schedule {
        let (period, interval) = if self.minutes.is_multiple_of(60) {
            (Period::Hour, self.minutes / 60)
        } else {
            (Period::Minute, self.minutes)
        };
        Schedule {
            period,
            interval,
            ..Schedule::every_hours(1)
        }
    }
}

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            return Ok(Self(text));
        }
        Err("a name is 1 to 64 letters, digits, dots, hyphens and underscores".to_owned())
    }
}

impl TryFrom<String> for Status {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_uppercase() || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            return Ok(Self(text));
        }
        Err("a status is 1 to 64 capital letters and underscores, such as SYNC_SUCCESS".to_owned())
    }
}

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.chars().count() <= 4_000 {
            return Ok(Self(text));
        }
        Err("a text has at most 4,000 characters".to_owned())
    }
}

impl TryFrom<String> for Instant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = text.trim().parse();
        time.map(Self)
            .map_err(|_| "give a time with its offset, such as 2026-01-31T06:00:00Z".to_owned())
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let ms = milliseconds(&text, "such as 41s or 1h 30m")?;
        if ms < 0 {
            return Err("a length of time is not negative".to_owned());
        }
        Ok(Self { ms })
    }
}

impl TryFrom<String> for Offset {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let ms = milliseconds(&text, "such as 3h ago, 30d ago or 10m")?;
        Ok(Self { ms })
    }
}

impl TryFrom<String> for Interval {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let ms = milliseconds(&text, "such as 20m, 4h or 1d")?;
        let minutes = u32::try_from(ms / 60_000).ok();
        let longest = LONGEST_INTERVAL.as_millis();
        match minutes {
            Some(minutes) if ms % 60_000 == 0 && minutes > 0 && i128::from(ms) <= longest => {
                Ok(Self { minutes })
            }
            _ => Err("an interval is whole minutes, from 1m to 31d".to_owned()),
        }
    }
}

impl TryFrom<u8> for Hour {
    type Error = String;

    fn try_from(hour: u8) -> Result<Self, String> {
        if hour < 24 {
            return Ok(Self(hour));
        }
        Err(format!("an hour is a number from 0 to 23, not {hour}"))
    }
}

impl TryFrom<u32> for Times {
    type Error = String;

    fn try_from(times: u32) -> Result<Self, String> {
        if (1..=1_000_000).contains(&times) {
            return Ok(Self(times));
        }
        Err(format!("this is a number from 1 to 1,000,000, not {times}"))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} min", self.minutes)
    }
}

fn milliseconds(text: &str, example: &str) -> Result<i64, String> {
    let span: Span = text
        .trim()
        .parse()
        .map_err(|_| format!("give a number with a unit, {example}"))?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| format!("give days, hours, minutes or seconds, {example}"))?;
    if duration.abs() > REACH {
        return Err("this is further away than a hundred years".to_owned());
    }
    i64::try_from(duration.as_millis()).map_err(|_| "this is too long".to_owned())
}
