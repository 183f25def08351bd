//! The values of a scenario, each checked as it is read, so that an error tells its line.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::timeline::{days, minutes};

/// Furthest from the start of the clock.
const REACH: SignedDuration = SignedDuration::from_hours(24 * 36_525);

/// A name: 1 to 64 letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9._-]{1,64}$"))]
pub(crate) struct Name(pub(crate) String);

/// A length of time, such as `41s`, `1h 30m` or `0s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct Length {
    pub(crate) ms: i64,
}

/// A time before or after the start of the clock, such as `3h ago`, `30d ago` or `10m`. A day has 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct Offset {
    pub(crate) ms: i64,
}

/// Whole minutes from one run to the next, such as `20m`, `4h` or `1d`; at most 31 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct Interval {
    pub(crate) ms: i64,
}

/// An hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u8")]
#[schemars(with = "u8", extend("maximum" = 23))]
pub(crate) struct Hour(pub(crate) u8);

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
        if ms % minutes(1) == 0 && (minutes(1)..=days(31)).contains(&ms) {
            return Ok(Self { ms });
        }
        Err("an interval is whole minutes, from 1m to 31d".to_owned())
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
