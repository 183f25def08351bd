//! What a sweep asks, and what it learns of each cluster.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use idsync::Service;
use idsync::dataarts::SyncStatus;
use idsync::dws::Record;
use idsync::health::{
    Checker, ClusterHealth, ClusterObservation, Diagnosis, Reading, Source, Verdict,
};
use jiff::{SignedDuration, Timestamp};

use crate::HistoryRun;
use crate::cluster_key::ClusterKey;
use crate::fleet::is_unwell;
use crate::monitor::{Clock, Monitor, State, lock};
use crate::reading::StoredReading;

/// A run is stored again until it is so much older than the newest stored one: it may have been in progress.
const RUN_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Fills [`Collected`] from the hooks of a check.
pub(super) struct Collector {
    monitor: Arc<Monitor>,
    at: Timestamp,
    clock: Clock,
    /// What was known before the sweep.
    state: State,
    sent_at_start: u64,
    collected: Mutex<Collected>,
}

/// What a sweep has learned.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Of the clusters whose service was asked.
    pub(super) readings: HashMap<ClusterKey, StoredReading>,
    /// With the rows of their clusters.
    pub(super) runs: Vec<(i64, HistoryRun)>,
    pub(super) task_marks: HashMap<i64, u64>,
    /// Whether a source of a project answered.
    pub(super) sources: BTreeMap<(String, &'static str), bool>,
    /// Requests that one asked cluster took, if one was asked.
    pub(super) cost: Option<f64>,
    asked: HashSet<ClusterKey>,
    /// Requests before the first cluster was asked.
    sent_before: u64,
}

impl Collector {
    pub(super) fn new(monitor: &Arc<Monitor>, at: Timestamp, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            monitor: Arc::clone(monitor),
            at,
            clock,
            state: lock(&monitor.state).clone(),
            sent_at_start: monitor.sent(),
            collected: Mutex::default(),
        })
    }

    /// Sets the hooks of `checker`.
    pub(super) fn attach(self: &Arc<Self>, checker: Checker) -> Checker {
        let (planning, recording, adding) = (Arc::clone(self), Arc::clone(self), Arc::clone(self));
        checker
            .before_asking(move |clusters| planning.plan(clusters))
            .on_record(move |cluster, record| recording.record(cluster, record))
            .on_cluster(move |cluster, health| adding.add(cluster, health))
    }

    /// What was learned, when the check is over.
    pub(super) fn finish(self: Arc<Self>) -> Collected {
        let mut collected = std::mem::take(&mut *lock(&self.collected));
        let spent = self.monitor.sent().saturating_sub(collected.sent_before);
        let asked = collected.asked.len();
        if asked > 0 {
            #[allow(clippy::cast_precision_loss, reason = "these are small numbers")]
            let cost = spent as f64 / asked as f64;
            collected.cost = Some(cost.max(1.0));
        }
        collected
    }

    /// Decides which clusters are asked, and sets the readings of the others.
    fn plan(&self, clusters: &mut [(ClusterObservation, bool)]) {
        let sent = self.monitor.sent();
        let mut by_project: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (cluster, is_asked) in clusters {
            if *is_asked {
                let of_project = by_project.entry(cluster.project_id.clone()).or_default();
                of_project.push((cluster, is_asked));
            }
        }
        let most = self.most_each(sent.saturating_sub(self.sent_at_start), by_project.len());
        let mut asked = HashSet::new();
        for clusters in by_project.into_values() {
            let candidates = clusters.iter().map(|(cluster, _)| self.candidate(cluster));
            let candidates: Vec<_> = candidates.collect();
            let chosen: HashSet<_> = choose(&candidates, most).into_iter().collect();
            for (number, (cluster, is_asked)) in clusters.into_iter().enumerate() {
                *is_asked = chosen.contains(&number);
                asked.extend(self.prepare(cluster, *is_asked));
            }
        }
        let mut collected = lock(&self.collected);
        collected.asked = asked;
        collected.sent_before = sent;
    }

    /// How many clusters of each of `projects` may be asked after `used` requests.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "these are small numbers, and a negative one becomes 0"
    )]
    fn most_each(&self, used: u64, projects: usize) -> usize {
        let serve = &self.monitor.settings.serve;
        let Some(budget) = serve.budget else {
            return usize::MAX;
        };
        let connections = self.monitor.clients.len().max(1);
        let left = budget.in_interval(serve.interval) * connections as f64 - used as f64;
        (left / self.state.cost / projects.max(1) as f64) as usize
    }

    fn candidate(&self, cluster: &ClusterObservation) -> Candidate {
        let key = ClusterKey::of_askable(cluster);
        let known = key.as_ref().and_then(|key| self.state.fleet.get(key));
        let marks = &self.state.task_marks;
        let mark = key.as_ref().and_then(|key| marks.get(&key.row()));
        let reading = known.and_then(|known| known.reading.as_ref());
        Candidate {
            is_unwell: known.is_some_and(|known| {
                known.unwell_since.is_some()
                    || is_unwell(known.verdict())
                    || known.verdict() == Verdict::Running
            }),
            is_changed: mark.is_some_and(|mark| *mark != task_mark(cluster)),
            tried_at: reading.map(|reading| reading.tried_at),
        }
    }

    /// Gives the key of a cluster that is asked; sets the kept reading of one that is not.
    fn prepare(&self, cluster: &mut ClusterObservation, is_asked: bool) -> Option<ClusterKey> {
        let key = ClusterKey::of_askable(cluster)?;
        let known = self.state.fleet.get(&key);
        let reading = known.and_then(|known| known.reading.as_deref());
        if is_asked {
            cluster.iam_sync_since = reading.and_then(|reading| reading.running_since);
            return Some(key);
        }
        let carry_max = self.monitor.settings.serve.carry_max;
        StoredReading::carry(reading, cluster, carry_max, self.at);
        None
    }

    /// Keeps the run of a record that is not stored yet, or may have been in progress when it was.
    fn record(&self, cluster: &ClusterObservation, record: &Record) {
        let key = ClusterKey::of_askable(cluster);
        let run = key.and_then(|key| Some((key.row(), HistoryRun::of_record(record)?)));
        let run = run.filter(|(cluster, run)| {
            let newest = self.state.newest_runs.get(cluster);
            let is_recent = |newest: &Timestamp| run.started_at + RUN_OVERLAP >= *newest;
            run.ended_at.is_none() || newest.is_none_or(is_recent)
        });
        lock(&self.collected).runs.extend(run);
    }

    fn add(&self, cluster: &ClusterObservation, health: &ClusterHealth) {
        let key = ClusterKey::of(health);
        let row = key.row();
        let mark = task_mark(cluster);
        let project = cluster.project_id.as_deref().unwrap_or_default();
        let mut collected = lock(&self.collected);
        if self.state.task_marks.get(&row) != Some(&mark) {
            collected.runs.extend(task_runs(row, cluster));
        }
        collected.task_marks.insert(row, mark);
        collected.answered(project, Source::DataArts, &cluster.tasks);
        if collected.asked.contains(&key) {
            collected.answered(project, Source::Dws, &cluster.records);
            collected.answered(project, Source::Mrs, &cluster.iam_sync);
            let reading = StoredReading::of(cluster, (self.clock)());
            let reading = reading.map(|reading| (key, reading));
            collected.readings.extend(reading);
        }
    }
}

impl Collected {
    fn answered<T>(&mut self, project: &str, source: Source, reading: &Reading<T>) {
        if !matches!(reading, Reading::NotAsked) {
            let place = (project.to_owned(), source.as_str());
            *self.sources.entry(place).or_default() |= reading.value().is_some();
        }
    }
}

impl Monitor {
    /// All requests that the connections have sent.
    fn sent(&self) -> u64 {
        let counts = Service::ALL.map(|service| self.request_counts(service).total());
        counts.into_iter().sum()
    }
}

/// What decides when a cluster is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Candidate {
    /// In trouble, or running: its verdict may change soon.
    is_unwell: bool,
    /// Whether its task has changed since the last sweep.
    is_changed: bool,
    /// When its service was last asked.
    tried_at: Option<Timestamp>,
}

/// Chooses at most `most` candidates, by their positions: unwell ones first, then changed ones, then the longest unasked.
///
/// Half of the places go to the longest unasked whatever they are: a fleet with much trouble is otherwise never seen whole.
fn choose(candidates: &[Candidate], most: usize) -> Vec<usize> {
    let mut chosen: Vec<_> = candidates.iter().enumerate().collect();
    if candidates.len() > most {
        chosen.sort_by_key(|(_, one)| {
            let is_needy = (one.is_unwell, one.is_changed);
            (Reverse(is_needy), one.tried_at)
        });
        let mut by_age = chosen.split_off(most.div_ceil(2));
        by_age.sort_by_key(|(_, one)| one.tried_at);
        by_age.truncate(most / 2);
        chosen.append(&mut by_age);
    }
    chosen.into_iter().map(|(position, _)| position).collect()
}

/// What changes when a task runs or is edited.
fn task_mark(cluster: &ClusterObservation) -> u64 {
    let mut hasher = DefaultHasher::new();
    for task in cluster.tasks.value().into_iter().flatten() {
        let status = task.sync_status.as_ref().map(SyncStatus::as_str);
        (&task.id, task.sync_time, status, task.update_time).hash(&mut hasher);
    }
    hasher.finish()
}

/// The last run of each task.
fn task_runs(row: i64, cluster: &ClusterObservation) -> impl Iterator<Item = (i64, HistoryRun)> {
    let tasks = cluster.tasks.value().into_iter().flatten();
    tasks.filter_map(move |task| {
        let status = task.sync_status.as_ref();
        let cause = task.sync_msg.as_deref().and_then(Diagnosis::of);
        let run = HistoryRun {
            source: Source::DataArts.as_str().to_owned(),
            id: task.id.as_deref().unwrap_or_default().to_owned(),
            started_at: task.sync_time?,
            status: status.map(|status| status.as_str().to_owned()),
            // The log names jobs and codes; what it means is one sentence.
            fail_reason: cause.map(|cause| cause.summary),
            ..HistoryRun::default()
        };
        Some((row, run))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(is_unwell: bool, is_changed: bool, tried: Option<i64>) -> Candidate {
        Candidate {
            is_unwell,
            is_changed,
            tried_at: tried.map(|second| Timestamp::from_second(second).unwrap()),
        }
    }

    #[test]
    fn unwell_clusters_come_first_then_changed_ones_then_the_longest_unasked() {
        let candidates = [
            candidate(false, false, Some(1)),
            candidate(false, true, Some(9)),
            candidate(true, false, Some(9)),
            candidate(false, false, None),
            candidate(false, false, Some(5)),
        ];
        assert_eq!(choose(&candidates, 9), [0, 1, 2, 3, 4]);
        assert_eq!(choose(&candidates, 1), [2]);
        assert_eq!(choose(&candidates, 3), [2, 1, 3]);
        assert_eq!(choose(&candidates, 0), [0_usize; 0]);
    }

    #[test]
    fn every_cluster_is_asked_in_the_end_although_most_are_unwell() {
        let mut candidates: Vec<_> = (0..100)
            .map(|number| candidate(number < 90, false, Some(0)))
            .collect();
        for sweep in 1..=30 {
            for position in choose(&candidates, 10) {
                candidates[position].tried_at = Some(Timestamp::from_second(sweep).unwrap());
            }
        }
        let forgotten = candidates
            .iter()
            .filter(|one| one.tried_at == Some(Timestamp::UNIX_EPOCH));
        assert_eq!(forgotten.count(), 0);
    }
}
