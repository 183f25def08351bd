//! The rules as files and flags write them.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::{IgnoreRule, Rules};
use crate::Error;
use crate::health::Source;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a file or a command line says of the [`Rules`]; what it does not say is left as it is.
///
/// ```toml
/// [health]
/// grace = "45m"                 # how late a scheduled run may be
/// longest_run = "1h 30m"        # how long a run may take
/// max_age = "14d"               # how old a success without a schedule may be; "none" for any age
/// zone = "Asia/Shanghai"        # the time zone of the schedules
/// sources = ["dataarts", "dws"] # the services that are asked
/// mass_deletion = 200           # how many identities a run may delete without a note
/// ignore = ["test-*:schedule_missed", "old-?"]
///
/// [[health.clusters]]           # for some clusters, by id or name
/// cluster = "weekly-*"
/// max_age = "30d"
/// ```
///
/// Several can be laid over each other, as those of a command line over those of a file:
///
/// ```
/// use std::time::Duration;
/// use idsync::health::{RuleSettings, Rules};
///
/// let file: RuleSettings = serde_json::from_str(r#"{"grace": "45m", "longest_run": "2h"}"#)?;
/// let mut flags = RuleSettings::default();
/// flags.limits.grace = Some(RuleSettings::parse_duration("5m")?);
///
/// let rules = flags.over(file.over(Rules::default()));
/// assert_eq!(rules, Rules::new().with_grace(Duration::from_mins(5)).with_longest_run(Duration::from_hours(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(try_from = "Form")]
#[non_exhaustive]
pub struct RuleSettings {
    /// What holds for all clusters.
    pub limits: Limits,
    /// What does not count.
    pub ignore: Vec<IgnoreRule>,
    /// What holds for some clusters; the last one that matches a cluster counts.
    pub clusters: Vec<ClusterSettings>,
}

/// Where lines are drawn; `None` leaves a line where it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// See [`Rules::with_grace`].
    pub grace: Option<Duration>,
    /// See [`Rules::with_longest_run`].
    pub longest_run: Option<Duration>,
    /// See [`Rules::with_max_age`].
    pub max_age: Option<MaxAge>,
    /// See [`Rules::with_zone`].
    pub zone: Option<TimeZone>,
    /// See [`Rules::with_sources`].
    pub sources: Option<Vec<Source>>,
    /// See [`Rules::with_mass_deletion`].
    pub mass_deletion: Option<u64>,
}

/// What holds for the clusters whose id or name matches a pattern.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClusterSettings {
    /// The pattern: `*` stands for any text, `?` for one character.
    pub cluster: String,
    /// Where lines are drawn for these clusters.
    pub limits: Limits,
}

/// How old the last success may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxAge {
    /// As old as this.
    Age(Duration),
    /// Of any age; written `none`.
    Unlimited,
}

impl RuleSettings {
    /// `rules` with what is set here in its place, also for the clusters that they name; what is ignored is added to
    /// what they ignore.
    #[must_use]
    pub fn over(self, rules: Rules) -> Rules {
        let mut under = rules.0;
        for settings in &mut under.clusters {
            settings.limits.clear(&self.limits);
        }
        under.clusters.extend(self.clusters);
        under.ignore.extend(self.ignore);
        Rules(Self {
            limits: self.limits.over(under.limits),
            ..under
        })
    }

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

    /// Reads a time zone: an IANA name such as `Asia/Shanghai`, or a distance from UTC such as `+08:00`.
    ///
    /// # Errors
    ///
    /// An error of kind `InvalidInput` if this machine does not know the zone.
    pub fn parse_zone(text: &str) -> Result<TimeZone, Error> {
        let parser = jiff::fmt::temporal::DateTimeParser::new();
        let zone = parser.parse_time_zone(text.trim());
        zone.map_err(|_| {
            Error::invalid_input(
                "give the IANA name of a time zone that this machine knows, such as Asia/Shanghai, or a distance from UTC \
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
        let words: Vec<_> = text.split(',').map(str::trim).collect();
        sources(&words)
    }
}

impl Limits {
    /// `under` with what is set here in its place.
    pub(super) fn over(self, under: Self) -> Self {
        Self {
            grace: self.grace.or(under.grace),
            longest_run: self.longest_run.or(under.longest_run),
            max_age: self.max_age.or(under.max_age),
            zone: self.zone.or(under.zone),
            sources: self.sources.or(under.sources),
            mass_deletion: self.mass_deletion.or(under.mass_deletion),
        }
    }

    /// Takes out what `later` sets.
    fn clear(&mut self, later: &Self) {
        let taken = std::mem::take(self);
        *self = Self {
            grace: taken.grace.filter(|_| later.grace.is_none()),
            longest_run: taken.longest_run.filter(|_| later.longest_run.is_none()),
            max_age: taken.max_age.filter(|_| later.max_age.is_none()),
            zone: taken.zone.filter(|_| later.zone.is_none()),
            sources: taken.sources.filter(|_| later.sources.is_none()),
            mass_deletion: taken
                .mass_deletion
                .filter(|_| later.mass_deletion.is_none()),
        };
    }
}

/// A duration of 0 s to `days` days of 24 hours.
fn duration(text: &str, days: i32) -> Option<Duration> {
    let span = text.trim().parse::<Span>().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    let duration = Some(duration).filter(|duration| *duration <= DAY * days)?;
    Duration::try_from(duration).ok()
}

fn sources(words: &[&str]) -> Result<Vec<Source>, Error> {
    let source = |word: &&str| {
        let mut known = Source::SERVICES.into_iter();
        known.find(|source| source.as_str() == *word)
    };
    let found: Option<Vec<_>> = words.iter().map(source).collect();
    let found = found.filter(|found| !found.is_empty());
    found.ok_or_else(|| Error::invalid_input("give one or more of dataarts, dws, mrs"))
}

/// A table of settings as it is written, for all clusters or for some.
#[derive(Default, serde::Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table of grace, longest_run, max_age, zone, sources, mass_deletion, ignore and clusters"
)]
struct Form {
    cluster: Option<String>,
    #[serde(deserialize_with = "grace")]
    grace: Option<Duration>,
    #[serde(deserialize_with = "longest_run")]
    longest_run: Option<Duration>,
    #[serde(deserialize_with = "max_age")]
    max_age: Option<MaxAge>,
    #[serde(deserialize_with = "zone")]
    zone: Option<TimeZone>,
    #[serde(deserialize_with = "read_sources")]
    sources: Option<Vec<Source>>,
    #[serde(deserialize_with = "mass_deletion")]
    mass_deletion: Option<u64>,
    ignore: Vec<IgnoreRule>,
    clusters: Vec<Self>,
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

    fn for_clusters(self) -> Result<ClusterSettings, String> {
        if !(self.ignore.is_empty() && self.clusters.is_empty()) {
            return Err(
                "clusters: ignore and clusters belong to the table around, not to one of its clusters"
                    .into(),
            );
        }
        match &self.cluster {
            Some(cluster) if !cluster.is_empty() => Ok(ClusterSettings {
                cluster: cluster.clone(),
                limits: self.limits(),
            }),
            _ => Err("clusters: give each one a pattern, such as cluster = \"test-*\"".into()),
        }
    }
}

impl TryFrom<Form> for RuleSettings {
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

fn grace<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    written("grace", value, RuleSettings::parse_duration)
}

fn longest_run<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    written("longest_run", value, RuleSettings::parse_longest_run)
}

fn max_age<'de, D: Deserializer<'de>>(value: D) -> Result<Option<MaxAge>, D::Error> {
    written("max_age", value, RuleSettings::parse_max_age)
}

fn zone<'de, D: Deserializer<'de>>(value: D) -> Result<Option<TimeZone>, D::Error> {
    written("zone", value, RuleSettings::parse_zone)
}

/// A value that is written as text. One of another type fails in the same words as a text that is not understood.
fn written<'de, T, D: Deserializer<'de>>(
    key: &str,
    value: D,
    parse: impl Fn(&str) -> Result<T, Error>,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(value).unwrap_or_default();
    let parsed = parse(&text).map_err(|error| refused(key, &error));
    parsed.map(Some)
}

fn read_sources<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Vec<Source>>, D::Error> {
    let words = Vec::<String>::deserialize(value).unwrap_or_default();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let parsed = sources(&words).map_err(|error| refused("sources", &error));
    parsed.map(Some)
}

fn mass_deletion<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let count = u64::deserialize(value)
        .map_err(|_| D::Error::custom("mass_deletion: give a number of identities, from 0"));
    count.map(Some)
}

fn refused<E: serde::de::Error>(key: &str, error: &Error) -> E {
    E::custom(format!("{key}: {}", error.message()))
}
