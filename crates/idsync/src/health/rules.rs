//! The settings of the judgement.

mod form;
mod ignore;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use serde::Deserialize;
use wildmatch::WildMatch;

pub use self::ignore::IgnoreRule;
use super::{Reason, Source};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// By what limits clusters are judged, and what is ignored. What is not set has its default.
///
/// ```
/// use std::time::Duration;
/// use idsync::health::Rules;
///
/// let rules = Rules::new()
///     .with_grace(Duration::from_mins(45))
///     .with_ignored(["test-*:schedule_missed".parse()?]);
/// # let _ = rules;
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
#[serde(try_from = "form::Form")]
#[non_exhaustive]
pub struct Rules {
    /// The limits for all clusters.
    pub limits: Limits,
    /// What is ignored. Default: nothing.
    pub ignore: Vec<IgnoreRule>,
    /// The limits for some clusters. Of several that match a cluster, a later one has precedence.
    pub clusters: Vec<ClusterLimits>,
}

/// Limits of the judgement; `None` is the default.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// How late a scheduled run may be before it counts as missed. Default: 30 minutes, or 24 hours while the time zone
    /// is only assumed.
    pub grace: Option<Duration>,
    /// How long a run may take before it counts as stuck. Default: 35 minutes, 5 more than the limit at which DataArts
    /// Studio stops a run.
    pub longest_run: Option<Duration>,
    /// How old the last success may be where no schedule says when the next run is due. Default: 8 days.
    pub max_age: Option<MaxAge>,
    /// The time zone in which DataArts Studio starts scheduled runs. Default: UTC+8, known in regions `cn-*` and assumed
    /// elsewhere.
    pub zone: Option<TimeZone>,
    /// Which services are asked. Default: all three. A service that is left out is no gap in the evidence.
    pub sources: Option<Vec<Source>>,
    /// How many identities one run of an identity source may delete without a note. Default: 100.
    pub mass_deletion: Option<u64>,
}

/// The limits for the clusters whose id or name matches a pattern.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClusterLimits {
    /// The pattern: `*` stands for any text, `?` for one character.
    pub cluster: String,
    /// The limits for these clusters.
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

impl Rules {
    /// The rules with every default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how late a scheduled run may be; see [`Limits::grace`].
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.limits.grace = Some(grace);
        self
    }

    /// Sets how long a run may take; see [`Limits::longest_run`].
    #[must_use]
    pub fn with_longest_run(mut self, longest_run: Duration) -> Self {
        self.limits.longest_run = Some(longest_run);
        self
    }

    /// Sets how old the last success may be, `None` for any age; see [`Limits::max_age`].
    #[must_use]
    pub fn with_max_age(mut self, max_age: Option<Duration>) -> Self {
        self.limits.max_age = Some(max_age.map_or(MaxAge::Unlimited, MaxAge::Age));
        self
    }

    /// Sets the time zone of the schedules; see [`Limits::zone`].
    #[must_use]
    pub fn with_zone(mut self, zone: TimeZone) -> Self {
        self.limits.zone = Some(zone);
        self
    }

    /// Sets which services are asked; see [`Limits::sources`].
    #[must_use]
    pub fn with_sources(mut self, sources: impl IntoIterator<Item = Source>) -> Self {
        self.limits.sources = Some(sources.into_iter().collect());
        self
    }

    /// Adds what is ignored.
    #[must_use]
    pub fn with_ignored(mut self, rules: impl IntoIterator<Item = IgnoreRule>) -> Self {
        self.ignore.extend(rules);
        self
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
    /// let flags = Rules::new().with_grace(Duration::from_mins(5));
    ///
    /// let rules = flags.over(file);
    /// assert_eq!(rules, Rules::new().with_grace(Duration::from_mins(5)).with_longest_run(Duration::from_hours(2)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn over(self, mut under: Self) -> Self {
        for of_cluster in &mut under.clusters {
            of_cluster.limits.override_with(&self.limits);
        }
        under.limits.override_with(&self.limits);
        under.clusters.extend(self.clusters);
        under.ignore.extend(self.ignore);
        under
    }

    /// With UTC+8 as the known time zone, unless a zone is set.
    pub(super) fn in_china(mut self) -> Self {
        self.limits.zone.get_or_insert_with(china);
        self
    }

    /// Whether a service is asked about any cluster.
    pub(super) fn asks(&self, source: Source) -> bool {
        let mut clusters = self.clusters.iter().map(|it| &it.limits);
        self.limits.asks(source)
            || clusters.any(|limits| limits.sources.is_some() && limits.asks(source))
    }

    /// Whether the cluster is ignored as a whole.
    pub(super) fn ignores(&self, cluster: ClusterName<'_>) -> bool {
        self.ignore.iter().any(|rule| rule.ignores(cluster))
    }

    /// Whether `reason` is ignored for the cluster.
    pub(super) fn ignores_reason(
        &self,
        cluster: ClusterName<'_>,
        reason: &Reason,
        source_type: Option<&str>,
    ) -> bool {
        let mut rules = self.ignore.iter();
        rules.any(|rule| rule.ignores_reason(cluster, reason, source_type))
    }

    /// The limits for one cluster.
    pub(super) fn for_cluster(&self, cluster: ClusterName<'_>) -> Limits {
        let mut limits = self.limits.clone();
        for of_cluster in &self.clusters {
            if cluster.matches(&of_cluster.cluster) {
                limits.override_with(&of_cluster.limits);
            }
        }
        limits
    }
}

impl Limits {
    /// Takes over what `over` sets.
    fn override_with(&mut self, over: &Self) {
        let under = std::mem::take(self);
        *self = Self {
            grace: over.grace.or(under.grace),
            longest_run: over.longest_run.or(under.longest_run),
            max_age: over.max_age.or(under.max_age),
            zone: over.zone.clone().or(under.zone),
            sources: over.sources.clone().or(under.sources),
            mass_deletion: over.mass_deletion.or(under.mass_deletion),
        };
    }

    pub(super) fn run_limit(&self) -> Duration {
        self.longest_run.unwrap_or(35 * MINUTE)
    }

    pub(super) fn schedule_zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or_else(china)
    }

    pub(super) fn deletion_limit(&self) -> u64 {
        self.mass_deletion.unwrap_or(100)
    }

    fn age_limit(&self) -> Option<Duration> {
        match self.max_age {
            None => Some(8 * DAY),
            Some(MaxAge::Age(age)) => Some(age),
            Some(MaxAge::Unlimited) => None,
        }
    }

    /// How far back the history of a cluster bears on its verdict: 30 days, or the oldest age that is allowed.
    pub(super) fn history(&self) -> Duration {
        self.age_limit().unwrap_or_default().max(30 * DAY)
    }

    pub(super) fn asks(&self, source: Source) -> bool {
        let sources = self.sources.as_ref();
        sources.is_none_or(|sources| sources.contains(&source))
    }

    /// Whether a run that started at `start` has gone on for longer than one may.
    pub(super) fn is_overrun(&self, start: Timestamp, now: Timestamp) -> bool {
        is_past(start, self.run_limit(), now)
    }

    /// Whether a run that was due at `due` should have taken place by now, the grace included.
    pub(super) fn is_missed(&self, due: Timestamp, now: Timestamp) -> bool {
        let grace = if self.zone.is_some() {
            30 * MINUTE
        } else {
            DAY
        };
        is_past(due, self.grace.unwrap_or(grace), now)
    }

    /// Whether a success at `time` is too old to speak for the present.
    pub(super) fn is_too_old(&self, time: Timestamp, now: Timestamp) -> bool {
        self.age_limit().is_some_and(|age| is_past(time, age, now))
    }
}

/// Whether more than `limit` has passed since `time`.
fn is_past(time: Timestamp, limit: Duration, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(time)).is_ok_and(|elapsed| elapsed > limit)
}

fn china() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

/// What a pattern can match of a cluster.
#[derive(Clone, Copy)]
pub(super) struct ClusterName<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

impl ClusterName<'_> {
    /// Whether the whole id or the whole name matches.
    fn matches(self, pattern: &str) -> bool {
        let pattern = WildMatch::new(pattern);
        let mut names = [self.id, self.name].into_iter().flatten();
        names.any(|name| pattern.matches(name))
    }
}
