//! Values of a scenario that are checked as they are read, so that an error has their line.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use schemars::JsonSchema;
use serde::Deserialize;

/// Furthest from the start of the clock.
const MAX: SignedDuration = SignedDuration::from_hours(24 * 36_525);

/// A name: 1 to 64 letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9._-]{1,64}$"))]
pub(crate) struct Name(pub(crate) String);

/// A length of time, such as `41s` or `1h 30m`. As a point in time, it is relative to the start of the clock: `10m` is after it,
/// `3h ago` before it. A day has 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct TimeSpan {
    pub(crate) ms: i64,
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

impl TryFrom<String> for TimeSpan {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let invalid =
            || "use days, hours, minutes and seconds, such as 4h, 1h 30m or 3d ago".to_owned();
        let span: Span = text.trim().parse().map_err(|_| invalid())?;
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours());
        let duration = duration.map_err(|_| invalid())?;
        if duration.abs() > MAX {
            return Err("at most a hundred years".to_owned());
        }
        let ms = i64::try_from(duration.as_millis()).map_err(|_| invalid())?;
        Ok(Self { ms })
    }
}
