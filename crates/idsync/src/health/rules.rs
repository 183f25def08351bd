//! The settings of the judgement.

mod form;
mod ignore;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use serde::Deserialize;

pub use self::ignore::IgnoreRule;
use super::{ClusterObservation, Source};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a run may take by default.
pub(super) const LONGEST_RUN: Duration = Duration::from_secs(35 * 60);

/// By what limits clusters are judged, and what is ignored. What is not set has its default.
///
/// ```
/// use std::time::Duration;
/// use idsync::health::Rules;
///
/// let mut rules = Rules::new();
/// rules.grace = Some(Duration::from_mins(45));
/// rules.ignore.push("test-*:schedule_missed".parse()?);
/// # Ok::<(), idsync::Error>(())
/// ```
///
/// Files write them as a table, which denies unknown keys:
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table of grace, longest_run, max_age, zone, sources, mass_deletion, ignore and clusters"
)]
#[non_exhaustive]
pub struct Rules {
    /// The clusters that the limits are for: a pattern that their whole id or name matches, in which `*` stands for any text
    /// and `?` for one character. Default: all clusters.
    pub cluster: Option<String>,
    /// How late a scheduled run may be before it counts as missed. Default: 30 minutes, or 24 hours while the time zone
    /// is only assumed.
    #[serde(deserialize_with = "form::grace")]
    pub grace: Option<Duration>,
    /// How long a run may take before it counts as stuck. Default: 35 minutes, 5 more than the limit at which DataArts
    /// Studio stops a run.
    #[serde(deserialize_with = "form::longest_run")]
    pub longest_run: Option<Duration>,
    /// How old the last success may be where no schedule says when the next run is due; [`Duration::MAX`] for any age.
    /// Default: 8 days.
    #[serde(deserialize_with = "form::max_age")]
    pub max_age: Option<Duration>,
    /// The time zone in which DataArts Studio starts scheduled runs. Default: UTC+8, known in regions `cn-*` and assumed
    /// elsewhere.
    #[serde(deserialize_with = "form::zone")]
    pub zone: Option<TimeZone>,
    /// Which services are asked. Default: all three. A service that is left out is no gap in the evidence.
    #[serde(deserialize_with = "form::sources")]
    pub sources: Option<Vec<Source>>,
    /// How many identities one run of an identity source may delete without a note. Default: 100.
    #[serde(deserialize_with = "form::mass_deletion")]
    pub mass_deletion: Option<u64>,
    /// What is ignored. Default: nothing.
    pub ignore: Vec<IgnoreRule>,
    /// Limits that have precedence over the ones above, usually for some clusters. Of several that match a cluster, a later
    /// one has precedence.
    #[serde(deserialize_with = "form::clusters")]
    pub clusters: Vec<Self>,
}

impl Rules {
    /// The rules with every default.
    pub fn new() -> Self {
        Self::default()
    }

    /// These rules, and `under` where they set nothing.
    ///
    /// What is set here has precedence even over what `under` sets for some clusters. What is ignored adds up.
    ///
    /// ```
    /// use std::time::Duration;
    /// use idsync::health::Rules;
    ///
    /// let file: Rules = serde_json::from_str(r#"{"grace": "45m", "longest_run": "2h"}"#)?;
    /// let mut flags = Rules::new();
    /// flags.grace = Some(Duration::from_mins(5));
    ///
    /// // A grace of 5 minutes, and runs of up to 2 hours.
    /// let rules = flags.over(file);
    /// # let _ = rules;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn over(mut self, mut under: Self) -> Self {
        under.ignore.append(&mut self.ignore);
        let clusters = std::mem::take(&mut self.clusters);
        under.clusters.push(self);
        under.clusters.extend(clusters);
        under
    }

    /// Each table of limits, in ascending precedence.
    fn tables(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.clusters)
    }

    /// Whether a service is asked about any cluster.
    pub(super) fn asks(&self, source: Source) -> bool {
        self.tables().fold(true, |asks, table| {
            let is_asked = table.sources.as_ref().map(|it| it.contains(&source));
            is_asked.map_or(asks, |it| it || (asks && table.cluster.is_some()))
        })
    }

    /// Whether the cluster is ignored as a whole.
    pub(super) fn ignores(&self, cluster: &ClusterObservation) -> bool {
        self.ignore.iter().any(|rule| rule.ignores(cluster))
    }

    /// The limits for one cluster.
    pub(super) fn for_cluster(&self, cluster: &ClusterObservation) -> Self {
        let mut limits = Self::default();
        for table in self.tables() {
            let pattern = table.cluster.as_ref();
            if pattern.is_none_or(|pattern| cluster.matches(pattern)) {
                limits.grace = table.grace.or(limits.grace);
                limits.longest_run = table.longest_run.or(limits.longest_run);
                limits.max_age = table.max_age.or(limits.max_age);
                limits.zone = table.zone.clone().or(limits.zone);
                limits.sources = table.sources.clone().or(limits.sources);
                limits.mass_deletion = table.mass_deletion.or(limits.mass_deletion);
            }
        }
        limits
    }

    /// How far back the history of a cluster bears on its verdict: 30 days, or the highest age that is allowed.
    pub(super) fn history(&self) -> Duration {
        let age = self.max_age.filter(|age| *age != Duration::MAX);
        age.unwrap_or_default().max(30 * DAY)
    }

    /// Whether a run that started at `start` has gone on for longer than one may.
    pub(super) fn is_overrun(&self, start: Timestamp, now: Timestamp) -> bool {
        is_past(start, self.longest_run.unwrap_or(LONGEST_RUN), now)
    }

    /// Whether a run that was due at `due` should have taken place by now, the grace included.
    pub(super) fn is_missed(&self, due: Timestamp, now: Timestamp) -> bool {
        let default = self.zone.as_ref().map_or(DAY, |_| 30 * MINUTE);
        is_past(due, self.grace.unwrap_or(default), now)
    }

    /// Whether a success at `time` is too old to speak for the present.
    pub(super) fn is_too_old(&self, time: Timestamp, now: Timestamp) -> bool {
        is_past(time, self.max_age.unwrap_or(8 * DAY), now)
    }
}

/// Whether more than `limit` has passed since `time`.
fn is_past(time: Timestamp, limit: Duration, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(time)).is_ok_and(|elapsed| elapsed > limit)
}

/// The zone of schedules in regions `cn-*`.
pub(super) fn china() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}
