//! Rules as files and flags write them.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::{ClusterLimits, DAY, IgnoreRule, Limits, MaxAge, Rules};
use crate::Error;
use crate::health::Source;

impl Rules {
    /// Reads a duration such as `45m` or `1h 30m`, of 0 s to 31 days.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_duration(text: &str) -> Result<Duration, Error> {
        duration(text, 31).ok_or_else(|| {
            Error::invalid_input("give a duration of 0s to 31d, such as 45m or 1h 30m")
        })
    }

    /// Reads how long a run may take: like [`parse_duration`](Self::parse_duration), but longer than 0 s.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_longest_run(text: &str) -> Result<Duration, Error> {
        let parsed = duration(text, 31).filter(|duration| !duration.is_zero());
        parsed.ok_or_else(|| {
            Error::invalid_input(
                "give a duration longer than 0s and up to 31d, such as 45m or 1h 30m",
            )
        })
    }

    /// Reads how old the last success may be, such as `8d`, from 1 s to 3650 days; `none` for any age.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` that says what is allowed.
    pub fn parse_max_age(text: &str) -> Result<MaxAge, Error> {
        if text.trim() == "none" {
            return Ok(MaxAge::Unlimited);
        }
        let parsed = duration(text, 3650).filter(|age| !age.is_zero());
        parsed.map(MaxAge::Age).ok_or_else(|| {
            Error::invalid_input(
                "give a duration longer than 0s and up to 3650d, such as 8d, or none",
            )
        })
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
    /// An error of kind `InvalidInput` if there is none, or a word names none of them.
    pub fn parse_sources(text: &str) -> Result<Vec<Source>, Error> {
        let source = |word: &str| {
            let mut known = Source::SERVICES.into_iter();
            known.find(|source| source.as_str() == word.trim())
        };
        let found: Option<Vec<_>> = text.split(',').map(source).collect();
        found.ok_or_else(|| Error::invalid_input("give one or more of dataarts, dws, mrs"))
    }
}

/// A duration of 0 s to `days` days of 24 hours.
fn duration(text: &str, days: u32) -> Option<Duration> {
    let span = text.trim().parse::<Span>().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    let duration = Duration::try_from(duration).ok()?;
    (duration <= DAY * days).then_some(duration)
}

/// A table of rules as it is written, for all clusters or for some. Each value is read by itself, so that an error has its
/// line.
#[derive(Default, serde::Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table of grace, longest_run, max_age, zone, sources, mass_deletion, ignore and clusters"
)]
pub(super) struct Form {
    cluster: Option<String>,
    #[serde(deserialize_with = "grace")]
    grace: Option<Duration>,
    #[serde(deserialize_with = "longest_run")]
    longest_run: Option<Duration>,
    #[serde(deserialize_with = "max_age")]
    max_age: Option<MaxAge>,
    #[serde(deserialize_with = "zone")]
    zone: Option<TimeZone>,
    #[serde(deserialize_with = "sources")]
    sources: Option<Vec<Source>>,
    #[serde(deserialize_with = "mass_deletion")]
    mass_deletion: Option<u64>,
    ignore: Vec<IgnoreRule>,
    clusters: Vec<Self>,
}

impl TryFrom<Form> for Rules {
    type Error = String;

    fn try_from(mut form: Form) -> Result<Self, String> {
        if form.cluster.is_some() {
            return Err(
                "cluster: a pattern stands in a table of `clusters`, such as [[health.clusters]]"
                    .into(),
            );
        }
        let clusters = std::mem::take(&mut form.clusters).into_iter();
        Ok(Self {
            clusters: clusters.map(Form::for_clusters).collect::<Result<_, _>>()?,
            ignore: std::mem::take(&mut form.ignore),
            limits: form.limits(),
        })
    }
}

impl Form {
    fn limits(self) -> Limits {
        Limits {
            grace: self.grace,
            longest_run: self.longest_run,
            max_age: self.max_age,
            zone: self.zone,
            sources: self.sources,
            mass_deletion: self.mass_deletion,
        }
    }

    fn for_clusters(mut self) -> Result<ClusterLimits, String> {
        if !(self.ignore.is_empty() && self.clusters.is_empty()) {
            return Err(
                "clusters: ignore and clusters belong to the table around, not to one of its clusters"
                    .into(),
            );
        }
        let cluster = self.cluster.take().filter(|cluster| !cluster.is_empty());
        let cluster =
            cluster.ok_or("clusters: give each one a pattern, such as cluster = \"test-*\"")?;
        let limits = self.limits();
        Ok(ClusterLimits { cluster, limits })
    }
}

fn grace<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    parsed("grace", &text(value), Rules::parse_duration)
}

fn longest_run<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    parsed("longest_run", &text(value), Rules::parse_longest_run)
}

fn max_age<'de, D: Deserializer<'de>>(value: D) -> Result<Option<MaxAge>, D::Error> {
    parsed("max_age", &text(value), Rules::parse_max_age)
}

fn zone<'de, D: Deserializer<'de>>(value: D) -> Result<Option<TimeZone>, D::Error> {
    parsed("zone", &text(value), Rules::parse_zone)
}

fn sources<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Vec<Source>>, D::Error> {
    let words = Vec::<String>::deserialize(value).unwrap_or_default();
    parsed("sources", &words.join(","), Rules::parse_sources)
}

/// A value that is written as text. One of another type fails in the same words as a text that is not understood.
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

fn mass_deletion<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let count = u64::deserialize(value)
        .map_err(|_| D::Error::custom("mass_deletion: give a number of identities, from 0"));
    count.map(Some)
}
