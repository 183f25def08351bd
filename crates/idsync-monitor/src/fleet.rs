//! The clusters as they are known between two sweeps, and what a sweep changes of them. Pure: it reads and writes nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use idsync::health::{ClusterHealth, Reason, Report, Verdict};
use jiff::Timestamp;

use crate::cluster_key::{ClusterIdentity, ClusterKey};
use crate::reading::StoredReading;
use crate::shard::Shard;

/// All that is known of one cluster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnownCluster {
    pub(crate) key: ClusterKey,
    pub(crate) first_seen: Timestamp,
    /// The sweep in which something of it last changed, or in which it was last there.
    pub(crate) last_seen: Timestamp,
    pub(crate) gone_at: Option<Timestamp>,
    /// When its own service last answered.
    pub(crate) asked_at: Option<Timestamp>,
    /// The last verdict that was neither `running` nor `unknown`.
    pub(crate) settled: Verdict,
    /// Since when it has its verdict.
    pub(crate) since: Timestamp,
    /// When the trouble that goes on began.
    pub(crate) unwell_since: Option<Timestamp>,
    pub(crate) health: Arc<ClusterHealth>,
    pub(crate) reading: Option<Arc<StoredReading>>,
}

impl KnownCluster {
    pub(crate) fn verdict(&self) -> Verdict {
        self.health.verdict
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.health.cluster_name.as_deref()
    }

    pub(crate) fn identity(&self) -> ClusterIdentity {
        ClusterIdentity {
            project_id: self.key.project_id.clone(),
            cluster_id: self.key.cluster_id.clone(),
            cluster_type: self.key.cluster_type.clone(),
            cluster_name: self.name().map(str::to_owned),
        }
    }

    /// The name; the id where there is none.
    pub(crate) fn title(&self) -> &str {
        self.name().unwrap_or(&self.key.cluster_id)
    }

    /// The codes of the reasons, each once, worst first.
    pub(crate) fn reasons(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = Vec::new();
        for reason in &self.health.reasons {
            if !codes.contains(&reason.code.as_str()) {
                codes.push(reason.code.as_str());
            }
        }
        codes
    }

    /// What the verdict rests on, in one line.
    pub(crate) fn summary(&self) -> &str {
        let first = self.health.reasons.first();
        first.map_or("", |reason| &reason.message)
    }
}

/// Whether a verdict means trouble that should be looked at.
pub(crate) fn is_unwell(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Failing | Verdict::Stuck | Verdict::Overdue | Verdict::Partial
    )
}

/// What a sweep changes of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct ClusterChange {
    /// How it is afterwards.
    pub(crate) cluster: Arc<KnownCluster>,
    pub(crate) spell: SpellChange,
    /// Whether more than the reading has changed.
    pub(crate) is_visible: bool,
}

/// What becomes of the current spell of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpellChange {
    /// It goes on.
    Keep,
    /// It goes on for other reasons.
    Reword,
    /// It ends, if there is one, and the present verdict begins.
    Begin,
    /// It ends, and none begins.
    End,
}

/// Every cluster that was ever seen and is still stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fleet {
    clusters: BTreeMap<ClusterKey, Arc<KnownCluster>>,
}

impl Fleet {
    pub(crate) fn of(clusters: impl IntoIterator<Item = KnownCluster>) -> Self {
        let clusters = clusters.into_iter().map(Arc::new);
        Self {
            clusters: clusters.map(|one| (one.key.clone(), one)).collect(),
        }
    }

    /// Without the clusters of other shards.
    pub(crate) fn within(mut self, shard: Shard) -> Self {
        if !shard.is_whole() {
            self.clusters.retain(|key, _| shard.has(&key.project_id));
        }
        self
    }

    pub(crate) fn get(&self, key: &ClusterKey) -> Option<&Arc<KnownCluster>> {
        self.clusters.get(key)
    }

    /// The clusters that are there.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Arc<KnownCluster>> {
        self.all().filter(|cluster| cluster.gone_at.is_none())
    }

    /// The clusters that are there, and those that the services no longer list.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<KnownCluster>> {
        self.clusters.values()
    }

    /// Those of the clusters that are there, worst first, that are of `project` and have `search` in their name or id; either
    /// can be empty. `only_unwell` leaves out those that are neither in trouble nor unknown.
    pub(crate) fn select(
        &self,
        only_unwell: bool,
        project: &str,
        search: &str,
    ) -> Vec<&KnownCluster> {
        let search = search.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&search);
        let clusters = self.present().map(|cluster| &**cluster);
        let clusters = clusters.filter(|one| {
            let is_unwell = one.unwell_since.is_some() || one.verdict() == Verdict::Unknown;
            (is_unwell || !only_unwell)
                && (project.is_empty() || project == one.key.project_id)
                && (has(&one.key.cluster_id) || one.name().is_some_and(has))
        });
        let mut clusters: Vec<_> = clusters.collect();
        clusters.sort_by_key(|one| (Reverse(one.verdict()), one.title()));
        clusters
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }

    /// Takes over what a sweep has changed, once it is stored.
    pub(crate) fn apply(&mut self, changes: &[ClusterChange]) {
        for change in changes {
            let cluster = Arc::clone(&change.cluster);
            self.clusters.insert(cluster.key.clone(), cluster);
        }
    }

    /// Adds to `report` the known clusters that it lacks because their list could not be read: they are unknown. Gives those
    /// that are gone.
    pub(crate) fn complete(&self, report: &mut Report) -> Vec<Arc<KnownCluster>> {
        let seen: HashSet<_> = report.clusters.iter().map(ClusterKey::of).collect();
        let missing = self.present().filter(|known| !seen.contains(&known.key));
        let (gone, unread): (Vec<_>, Vec<_>) =
            missing.partition(|known| report.is_listed(&known.health));
        let unread = unread.into_iter();
        report.add_unlisted(unread.map(|known| ClusterHealth::clone(&known.health)));
        gone.into_iter().cloned().collect()
    }

    /// What the sweep at `at` changes, given the health of all clusters, the readings of those that were asked, and the
    /// clusters that are gone.
    pub(crate) fn advance(
        &self,
        healths: Vec<ClusterHealth>,
        mut readings: HashMap<ClusterKey, StoredReading>,
        gone: &[Arc<KnownCluster>],
        at: Timestamp,
    ) -> Vec<ClusterChange> {
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        for health in healths {
            let key = ClusterKey::of(&health);
            // Two clusters without an id can look the same; the first is the worse one.
            if seen.insert(key.clone()) {
                let reading = readings.remove(&key);
                changes.extend(self.change(key, health, reading, at));
            }
        }
        changes.extend(gone.iter().map(|known| ClusterChange {
            cluster: Arc::new(KnownCluster {
                gone_at: Some(at),
                unwell_since: None,
                ..KnownCluster::clone(known)
            }),
            spell: SpellChange::End,
            is_visible: true,
        }));
        changes
    }

    fn change(
        &self,
        key: ClusterKey,
        mut health: ClusterHealth,
        reading: Option<StoredReading>,
        at: Timestamp,
    ) -> Option<ClusterChange> {
        let known = self.get(&key);
        if let Some(known) = known {
            keep_times(&mut health, &known.health, at);
        }
        let health = Arc::new(health);
        let present = known.filter(|known| known.gone_at.is_none());
        let is_visible = present.is_none_or(|known| known.health != health);
        if !is_visible && reading.is_none() {
            return None;
        }
        let first_seen = || KnownCluster::first_seen(key, &health, at);
        let mut cluster = known.map_or_else(first_seen, |known| KnownCluster::clone(known));
        let codes = cluster.reasons();
        cluster.settle(&health, at);
        if is_visible {
            cluster.health = health;
        }
        cluster.gone_at = None;
        cluster.last_seen = at;
        if let Some(reading) = reading {
            let answered_at = reading.is_answered.then_some(reading.tried_at);
            cluster.asked_at = answered_at.or(cluster.asked_at);
            cluster.reading = Some(Arc::new(reading));
        }
        let spell = if present.is_none_or(|known| known.verdict() != cluster.verdict()) {
            cluster.since = at;
            SpellChange::Begin
        } else if codes != cluster.reasons() {
            SpellChange::Reword
        } else {
            SpellChange::Keep
        };
        Some(ClusterChange {
            cluster: Arc::new(cluster),
            spell,
            is_visible,
        })
    }
}

impl KnownCluster {
    fn first_seen(key: ClusterKey, health: &Arc<ClusterHealth>, at: Timestamp) -> Self {
        Self {
            key,
            first_seen: at,
            last_seen: at,
            gone_at: None,
            asked_at: None,
            settled: health.verdict,
            since: at,
            unwell_since: None,
            health: Arc::clone(health),
            reading: None,
        }
    }

    /// A run in progress and what is not known neither begin nor end trouble.
    fn settle(&mut self, health: &ClusterHealth, at: Timestamp) {
        let verdict = health.verdict;
        if matches!(verdict, Verdict::Running | Verdict::Unknown) {
            return;
        }
        self.settled = verdict;
        self.unwell_since = if is_unwell(verdict) {
            self.unwell_since.or(Some(began(health, at)))
        } else {
            None
        };
    }
}

/// A reason without a time of its own carries that of the judgement. While it stays the same it keeps the first one, so that
/// nothing has to be stored.
fn keep_times(health: &mut ClusterHealth, known: &ClusterHealth, at: Timestamp) {
    let reasons = health.reasons.iter_mut();
    for reason in reasons.filter(|reason| reason.observed_at.as_second() >= at.as_second()) {
        let before = known.reasons.iter().find(|before| {
            let mut before = Reason::clone(before);
            before.observed_at = reason.observed_at;
            before == *reason
        });
        reason.observed_at = before.map_or(reason.observed_at, |before| before.observed_at);
    }
}

/// When trouble that a sweep finds began: with the run that failed, where a service tells; else now.
fn began(health: &ClusterHealth, at: Timestamp) -> Timestamp {
    let is_worst = |reason: &&Reason| reason.verdict == health.verdict;
    let worst = health.reasons.iter().filter(is_worst);
    let told = match health.verdict {
        Verdict::Failing | Verdict::Partial => {
            let runs = worst.map(|reason| reason.observed_at);
            runs.chain(health.failing_since).min()
        }
        Verdict::Overdue => health.next_due_at,
        _ => None,
    };
    told.map_or(at, |told| told.min(at))
}
