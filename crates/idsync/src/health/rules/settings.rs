//! The rules as files and flags write them.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::Offset;
use serde::de::{Deserialize, Deserializer, Error as _};

use super::{IgnoreRule, Rules};
use crate::Error;

/// No run or delay that anybody would wait for is longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The local times of this world: from 12 hours behind UTC to 14 ahead of it.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 3600..=14 * 3600;

/// What a file or a command line says of the [`Rules`]; what it does not say is left as it is.
///
/// ```toml
/// [health]
/// grace = "45m"             # how late a scheduled run may be, from 0s
/// longest_run = "1h 30m"    # how long a run may take, longer than 0s
/// utc_offset = "+08:00"     # the local time of the services
/// mass_deletion = 200       # how many identities a run may delete without a note
/// ignore = [{ cluster = "test-*", reason = "schedule_missed" }, { cluster = "old-?" }]
/// ```
///
/// Any other key is refused by name, any other value in a sentence that names the key and what is allowed. Several can be
/// laid over each other, as those of a command line over those of a file:
///
/// ```
/// use std::time::Duration;
/// use idsync::health::{RuleSettings, Rules};
///
/// let file: RuleSettings = serde_json::from_str(r#"{"grace": "45m", "longest_run": "2h"}"#)?;
/// let mut flags = RuleSettings::default();
/// flags.grace = Some(RuleSettings::parse_duration("5m")?);
///
/// let rules = flags.over(file.over(Rules::default()));
/// assert_eq!(rules.grace(), Duration::from_secs(5 * 60));
/// assert_eq!(rules.longest_run(), Duration::from_secs(2 * 3600));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table of grace, longest_run, utc_offset, mass_deletion and ignore"
)]
#[non_exhaustive]
pub struct RuleSettings {
    /// See [`Rules::with_grace`].
    #[serde(deserialize_with = "grace")]
    pub grace: Option<Duration>,
    /// See [`Rules::with_longest_run`].
    #[serde(deserialize_with = "longest_run")]
    pub longest_run: Option<Duration>,
    /// See [`Rules::with_offset`].
    #[serde(deserialize_with = "utc_offset")]
    pub utc_offset: Option<Offset>,
    /// See [`Rules::with_mass_deletion`].
    #[serde(deserialize_with = "mass_deletion")]
    pub mass_deletion: Option<u64>,
    /// See [`Rules::with_ignored`].
    #[serde(deserialize_with = "super::ignore::list")]
    pub ignore: Vec<IgnoreRule>,
}

impl RuleSettings {
    /// `rules` with what is set here in place of what they say; what is ignored is added to what they ignore.
    #[must_use]
    pub fn over(self, rules: Rules) -> Rules {
        let Rules {
            grace,
            longest_run,
            offset,
            mass_deletion,
            ..
        } = rules;
        Rules {
            grace: self.grace.unwrap_or(grace),
            longest_run: self.longest_run.unwrap_or(longest_run),
            offset: self.utc_offset.unwrap_or(offset),
            mass_deletion: self.mass_deletion.unwrap_or(mass_deletion),
            ..rules
        }
        .with_ignored(self.ignore)
    }

    /// Reads a duration such as `45m` or `1h 30m`, of 0 s to 744 h, which is 31 days.
    ///
    /// # Errors
    ///
    /// A usage error that says what is allowed.
    pub fn parse_duration(text: &str) -> Result<Duration, Error> {
        let parsed = text.trim().parse::<SignedDuration>().ok();
        let duration = parsed.filter(|duration| *duration <= LONGEST);
        duration
            .and_then(|duration| Duration::try_from(duration).ok())
            .ok_or_else(|| {
                Error::invalid_input("give a duration of 0s to 744h, such as 45m or 1h 30m")
            })
    }

    /// Reads how long a run may take: like [`parse_duration`](Self::parse_duration), but longer than nothing.
    ///
    /// # Errors
    ///
    /// A usage error that says what is allowed.
    pub fn parse_longest_run(text: &str) -> Result<Duration, Error> {
        let duration = Self::parse_duration(text)?;
        if duration.is_zero() {
            return Err(Error::invalid_input(
                "give a duration longer than 0s, such as 45m or 1h 30m",
            ));
        }
        Ok(duration)
    }

    /// Reads a distance from UTC such as `+08:00`, of -12:00 to +14:00.
    ///
    /// # Errors
    ///
    /// A usage error that says what is allowed.
    pub fn parse_utc_offset(text: &str) -> Result<Offset, Error> {
        let zone = DateTimeParser::new().parse_time_zone(text.trim()).ok();
        zone.and_then(|zone| zone.to_fixed_offset().ok())
            .filter(|offset| OFFSETS.contains(&offset.seconds()))
            .ok_or_else(|| {
                Error::invalid_input("give a distance from UTC of -12:00 to +14:00, such as +08:00")
            })
    }
}

fn grace<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    written("grace", value, RuleSettings::parse_duration)
}

fn longest_run<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Duration>, D::Error> {
    written("longest_run", value, RuleSettings::parse_longest_run)
}

fn utc_offset<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Offset>, D::Error> {
    written("utc_offset", value, RuleSettings::parse_utc_offset)
}

/// A value that is written as text. One of another type fails in the same words as a text that says nothing.
fn written<'de, T, D: Deserializer<'de>>(
    key: &str,
    value: D,
    parse: impl Fn(&str) -> Result<T, Error>,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(value).unwrap_or_default();
    let parsed =
        parse(&text).map_err(|error| D::Error::custom(format!("{key}: {}", error.message())));
    parsed.map(Some)
}

fn mass_deletion<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let count = u64::deserialize(value)
        .map_err(|_| D::Error::custom("mass_deletion: give a number of identities, from 0"));
    count.map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::tz;

    use super::*;
    use crate::health::ReasonCode;

    fn read(toml: &str) -> Result<RuleSettings, String> {
        toml::from_str(toml).map_err(|error: toml::de::Error| error.message().to_owned())
    }

    #[test]
    fn humane_values_are_read() {
        let settings = read(
            "grace = '0s'\nlongest_run = '1h 30m'\nutc_offset = '-03:30'\nmass_deletion = 0\n\
             [[ignore]]\ncluster = 'test-*'\nreason = 'schedule_missed'\n[[ignore]]\ncluster = 'old-?'",
        );
        let rules = settings.unwrap().over(Rules::default());
        let expected = Rules::default()
            .with_grace(Duration::ZERO)
            .with_longest_run(Duration::from_mins(90))
            .with_offset(Offset::from_seconds(-3 * 3600 - 1800).unwrap())
            .with_mass_deletion(0)
            .with_ignored([
                IgnoreRule::clusters("test-*").only(ReasonCode::ScheduleMissed),
                IgnoreRule::clusters("old-?"),
            ]);
        assert_eq!(rules, expected);
    }

    #[test]
    fn what_is_not_set_is_left_as_it_is() {
        let rules = Rules::default()
            .with_grace(Duration::from_secs(1))
            .with_offset(tz::offset(3))
            .with_ignored([IgnoreRule::clusters("a")]);
        assert_eq!(read("").unwrap().over(rules.clone()), rules);
        let more = read("ignore = [{ cluster = 'b' }]").unwrap().over(rules);
        assert_eq!(more.ignored().len(), 2);
    }

    #[test]
    fn each_way_to_write_the_distance_from_utc_is_read() {
        for (text, hours) in [
            ("+08:00", 8),
            ("+08", 8),
            ("-12:00", -12),
            ("UTC", 0),
            ("+14:00", 14),
        ] {
            assert_eq!(
                RuleSettings::parse_utc_offset(text).unwrap(),
                tz::offset(hours),
                "{text}"
            );
        }
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_key_and_what_is_allowed() {
        let ignore = "ignore: an ignore rule names a cluster, a reason, or both";
        for (toml, why) in [
            ("grace = '45'", "grace: give a duration of 0s to 744h"),
            ("grace = 45", "grace: give a duration"),
            ("grace = '-1m'", "grace: give a duration of 0s"),
            ("grace = '745h'", "to 744h"),
            ("grace = '99999999999999999999h'", "to 744h"),
            (
                "longest_run = '0s'",
                "longest_run: give a duration longer than 0s",
            ),
            ("longest_run = []", "longest_run: give a duration"),
            (
                "utc_offset = '+14:01'",
                "utc_offset: give a distance from UTC of -12:00 to +14:00",
            ),
            (
                "utc_offset = 'Asia/Shanghai'",
                "utc_offset: give a distance",
            ),
            ("utc_offset = 8", "utc_offset: give a distance"),
            (
                "mass_deletion = -1",
                "mass_deletion: give a number of identities, from 0",
            ),
            ("mass_deletion = 'many'", "mass_deletion: give a number"),
            (
                "ignore = [5]",
                "expected a table of cluster, reason, or both",
            ),
            ("ignore = 5", "expected a list for `ignore`, such as [{"),
            ("[[ignore]]", ignore),
            ("ignore = [{ cluster = '' }]", ignore),
            (
                "ignore = [{ reason = 'late' }]",
                "is not a reason; give one of: task_failed",
            ),
            (
                "ignore = [{ clusters = 'a' }]",
                "unknown field `clusters`, expected `cluster` or `reason`",
            ),
            (
                "graze = '1m'",
                "unknown field `graze`, expected one of `grace`, `longest_run`",
            ),
        ] {
            let error = read(toml).unwrap_err();
            assert!(error.contains(why), "{toml}: {error}");
        }
    }
}
