//! Reads rules from files and flags.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::{DAY, Rules};
use crate::Error;
use crate::health::Source;

impl Rules {
    /// Reads a duration such as `45m` or `1h 30m`, of 0 s to 31 days.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_duration(text: &str) -> Result<Duration, Error> {
        let allowed = "give a duration of 0s to 31d, such as 45m or 1h 30m";
        duration(text, Duration::ZERO, 31, allowed)
    }

    /// Reads how long a run may take: like [`parse_duration`](Self::parse_duration), but longer than 0 s.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_longest_run(text: &str) -> Result<Duration, Error> {
        let allowed = "give a duration longer than 0s and up to 31d, such as 45m or 1h 30m";
        duration(text, LEAST, 31, allowed)
    }

    /// Reads how old the last success may be, such as `8d`, from 1 s to 3650 days; `none` is [`Duration::MAX`].
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_max_age(text: &str) -> Result<Duration, Error> {
        if text.trim() == "none" {
            return Ok(Duration::MAX);
        }
        let allowed = "give a duration longer than 0s and up to 3650d, such as 8d, or none";
        duration(text, LEAST, 3650, allowed)
    }

    /// Reads a time zone: an IANA name such as `Asia/Shanghai`, or an offset from UTC such as `+08:00`.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` if this machine does not know the zone.
    pub fn parse_zone(text: &str) -> Result<TimeZone, Error> {
        let parser = jiff::fmt::temporal::DateTimeParser::new();
        let zone = parser.parse_time_zone(text.trim());
        zone.map_err(|_| {
            Error::invalid_input(
                "give the IANA name of a time zone that this machine knows, such as Asia/Shanghai, or an offset from UTC \
                 such as +08:00",
            )
        })
    }

    /// Reads the services to ask, such as `dataarts,dws`.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` if the list is empty, or a word is not a service.
    pub fn parse_sources(text: &str) -> Result<Vec<Source>, Error> {
        let source = |word: &str| {
            let mut known = Source::SERVICES.into_iter();
            known.find(|source| source.as_str() == word.trim())
        };
        let found: Option<Vec<_>> = text.split(',').map(source).collect();
        found.ok_or_else(|| Error::invalid_input("give one or more of dataarts, dws, mrs"))
    }
}

/// The least duration that is longer than nothing.
const LEAST: Duration = Duration::from_nanos(1);

/// A duration of `least` to `days` days of 24 hours, or an error that says what is `allowed`.
fn duration(text: &str, least: Duration, days: u32, allowed: &str) -> Result<Duration, Error> {
    let span = text.trim().parse::<Span>();
    let duration = span.and_then(|it| it.to_duration(SpanRelativeTo::days_are_24_hours()));
    let duration = duration.and_then(Duration::try_from).ok();
    let duration = duration.filter(|it| (least..=DAY * days).contains(it));
    duration.ok_or_else(|| Error::invalid_input(allowed))
}

/// The tables for some clusters.
pub(super) fn clusters<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Rules>, D::Error> {
    let tables = Vec::<Rules>::deserialize(value)?;
    for table in &tables {
        let fault = if !(table.ignore.is_empty() && table.clusters.is_empty()) {
            "clusters: ignore and clusters belong in the outer table, not in one of its clusters"
        } else if table.cluster.as_ref().is_none_or(String::is_empty) {
            "clusters: give each one a pattern, such as cluster = \"test-*\""
        } else {
            continue;
        };
        return Err(D::Error::custom(fault));
    }
    Ok(tables)
}

pub(super) fn grace<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    parsed("grace", &text(value), Rules::parse_duration)
}

pub(super) fn longest_run<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Duration>, D::Error> {
    parsed("longest_run", &text(value), Rules::parse_longest_run)
}

pub(super) fn max_age<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    parsed("max_age", &text(value), Rules::parse_max_age)
}

pub(super) fn zone<'de, D: Deserializer<'de>>(value: D) -> Result<Option<TimeZone>, D::Error> {
    parsed("zone", &text(value), Rules::parse_zone)
}

pub(super) fn sources<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Vec<Source>>, D::Error> {
    let words = Vec::<String>::deserialize(value).unwrap_or_default();
    parsed("sources", &words.join(","), Rules::parse_sources)
}

/// A value that is written as text. Another type gives the same error as a text that is not understood.
fn text<'de, D: Deserializer<'de>>(value: D) -> String {
    String::deserialize(value).unwrap_or_default()
}

fn parsed<T, E: serde::de::Error>(
    key: &str,
    text: &str,
    parse: fn(&str) -> Result<T, Error>,
) -> Result<Option<T>, E> {
    let parsed = parse(text).map_err(|error| E::custom(format!("{key}: {}", error.message())));
    parsed.map(Some)
}

pub(super) fn mass_deletion<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let count = u64::deserialize(value)
        .map_err(|_| D::Error::custom("mass_deletion: give a number of identities, from 0"));
    count.map(Some)
}
