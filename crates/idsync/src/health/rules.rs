//! The settings of the judgement.

mod ignore;
mod settings;

use std::time::Duration;

use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Timestamp};
use wildmatch::WildMatch;

pub use self::ignore::IgnoreRule;
pub use self::settings::{ClusterSettings, Limits, MaxAge, RuleSettings};
use super::{Reason, Source};

/// Where the judgement draws its lines: what [`RuleSettings`] leave open has its default.
///
/// ```
/// use std::time::Duration;
/// use idsync::health::Rules;
///
/// let rules = Rules::new().with_grace(Duration::from_mins(45)).with_max_age(None);
/// # let _ = rules;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules(pub(super) RuleSettings);

impl Rules {
    /// The rules with every default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how late a scheduled run may be before it counts as missed. Default: 30 minutes, or 24 hours while the time
    /// zone is only assumed.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.0.limits.grace = Some(grace);
        self
    }

    /// Sets how long a run may take before it counts as stuck. Default: 35 minutes, 5 more than the limit at which
    /// DataArts Studio stops a run.
    #[must_use]
    pub fn with_longest_run(mut self, longest_run: Duration) -> Self {
        self.0.limits.longest_run = Some(longest_run);
        self
    }

    /// Sets how old the last success may be where no schedule says when the next run is due; `None` for any age.
    /// Default: 8 days.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Option<Duration>) -> Self {
        self.0.limits.max_age = Some(max_age.map_or(MaxAge::Unlimited, MaxAge::Age));
        self
    }

    /// Sets the time zone in which DataArts Studio starts scheduled runs. Default: UTC+8, known in regions `cn-*` and
    /// assumed elsewhere.
    #[must_use]
    pub fn with_zone(mut self, zone: TimeZone) -> Self {
        self.0.limits.zone = Some(zone);
        self
    }

    /// Sets which services are asked. Default: all three. A service that is left out is no gap in the evidence.
    #[must_use]
    pub fn with_sources(mut self, sources: impl IntoIterator<Item = Source>) -> Self {
        self.0.limits.sources = Some(sources.into_iter().collect());
        self
    }

    /// Sets how many identities one run of an identity source may delete without a note. Default: 100.
    #[must_use]
    pub fn with_mass_deletion(mut self, identities: u64) -> Self {
        self.0.limits.mass_deletion = Some(identities);
        self
    }

    /// Adds what does not count. Default: everything counts.
    #[must_use]
    pub fn with_ignored(mut self, rules: impl IntoIterator<Item = IgnoreRule>) -> Self {
        self.0.ignore.extend(rules);
        self
    }

    /// What is set; the rest has its default.
    pub fn settings(&self) -> &RuleSettings {
        &self.0
    }

    /// With UTC+8 as the known time zone, unless a zone is set.
    pub(super) fn in_china(mut self) -> Self {
        self.0.limits.zone.get_or_insert_with(assumed_zone);
        self
    }

    /// Whether a service is asked about any cluster.
    pub(super) fn asks(&self, source: Source) -> bool {
        let mut clusters = self.0.clusters.iter().map(|settings| &settings.limits);
        allows(&self.0.limits, source)
            || clusters.any(|limits| limits.sources.is_some() && allows(limits, source))
    }

    /// Whether the cluster with this id and name is left out as a whole.
    pub(super) fn leave_out(&self, cluster: ClusterName<'_>) -> bool {
        self.0.ignore.iter().any(|rule| rule.leaves_out(cluster))
    }

    /// Whether `reason` does not count for the cluster.
    pub(super) fn silence(
        &self,
        cluster: ClusterName<'_>,
        reason: &Reason,
        source_type: Option<&str>,
    ) -> bool {
        let mut rules = self.0.ignore.iter();
        rules.any(|rule| rule.silences(cluster, reason, source_type))
    }

    /// What holds for one cluster.
    pub(super) fn for_cluster(&self, cluster: ClusterName<'_>) -> ClusterRules {
        let mut limits = self.0.limits.clone();
        for settings in &self.0.clusters {
            if cluster.matches(&settings.cluster) {
                limits = settings.limits.clone().over(limits);
            }
        }
        ClusterRules::from(limits)
    }
}

fn assumed_zone() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

fn allows(limits: &Limits, source: Source) -> bool {
    let sources = limits.sources.as_ref();
    sources.is_none_or(|sources| sources.contains(&source))
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

/// The rules as they apply to one cluster.
pub(super) struct ClusterRules {
    grace: SignedDuration,
    longest_run: SignedDuration,
    max_age: Option<SignedDuration>,
    pub(super) zone: TimeZone,
    pub(super) mass_deletion: u64,
    limits: Limits,
}

impl From<Limits> for ClusterRules {
    fn from(limits: Limits) -> Self {
        let grace = if limits.zone.is_some() {
            SignedDuration::from_mins(30)
        } else {
            SignedDuration::from_hours(24)
        };
        Self {
            grace: limits.grace.map_or(grace, signed),
            longest_run: limits
                .longest_run
                .map_or(SignedDuration::from_mins(35), signed),
            max_age: match limits.max_age {
                None => Some(SignedDuration::from_hours(8 * 24)),
                Some(MaxAge::Age(age)) => Some(signed(age)),
                Some(MaxAge::Unlimited) => None,
            },
            zone: limits.zone.clone().unwrap_or_else(assumed_zone),
            mass_deletion: limits.mass_deletion.unwrap_or(100),
            limits,
        }
    }
}

impl ClusterRules {
    /// The longest time that a run may take.
    pub(super) fn longest_run(&self) -> SignedDuration {
        self.longest_run
    }

    /// How far back the history of a cluster bears on its verdict: 30 days, or the oldest age that is allowed.
    pub(super) fn history(&self) -> SignedDuration {
        let month = SignedDuration::from_hours(30 * 24);
        self.max_age.map_or(month, |age| age.max(month))
    }

    /// Whether `source` is asked about the cluster.
    pub(super) fn asks(&self, source: Source) -> bool {
        allows(&self.limits, source)
    }

    /// Whether a run that started at `start` has gone on for longer than one may.
    pub(super) fn is_overrun(&self, start: Timestamp, now: Timestamp) -> bool {
        now.duration_since(start) > self.longest_run
    }

    /// Whether a run that was due at `due` should have taken place by now, the grace included.
    pub(super) fn is_missed(&self, due: Timestamp, now: Timestamp) -> bool {
        now.duration_since(due) > self.grace
    }

    /// Whether a success at `time` is too old to speak for the present.
    pub(super) fn is_too_old(&self, time: Timestamp, now: Timestamp) -> bool {
        self.max_age
            .is_some_and(|age| now.duration_since(time) > age)
    }
}

/// The same duration, or the longest one that has a sign: longer than all of time either way.
fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
