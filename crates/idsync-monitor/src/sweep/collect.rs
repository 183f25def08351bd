//! What a sweep asks, and what it learns of each cluster.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idsync::Client;
use idsync::dataarts::SyncStatus;
use idsync::health::{Checker, ClusterHealth, ClusterObservation, Diagnosis, Source, Verdict};
use jiff::{SignedDuration, Timestamp};

use super::requests;
use crate::cluster_key::ClusterKey;
use crate::fleet::{Fleet, is_unwell};
use crate::monitor::{Clock, lock};
use crate::plan::{Candidate, choose};
use crate::reading::StoredReading;
use crate::store::Run;

/// A run is stored again until it is so much older than the newest stored one: it may have been in progress.
const RUN_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// What a sweep begins with.
pub(super) struct Start {
    pub(super) at: Timestamp,
    pub(super) clock: Clock,
    pub(super) fleet: Arc<Fleet>,
    pub(super) newest_runs: Arc<HashMap<i64, Timestamp>>,
    pub(super) task_marks: Arc<HashMap<i64, u64>>,
    pub(super) carry_max: Duration,
    /// How many requests the sweep may send; none if that is not limited.
    pub(super) allowance: Option<f64>,
    /// Requests that one asked cluster takes.
    pub(super) cost: f64,
    pub(super) clients: Vec<Client>,
}

/// What a sweep has learned.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Of the clusters whose service was asked.
    pub(super) readings: HashMap<ClusterKey, StoredReading>,
    pub(super) runs: Vec<Run>,
    pub(super) task_marks: HashMap<i64, u64>,
    /// Whether a source of a project answered.
    pub(super) sources: BTreeMap<(String, &'static str), bool>,
    /// Requests that one asked cluster took, if one was asked.
    pub(super) cost: Option<f64>,
    asked: HashSet<ClusterKey>,
    /// Requests before the first cluster was asked.
    sent_before: u64,
}

/// Fills [`Collected`] from the hooks of a check.
pub(super) struct Collector {
    start: Arc<Start>,
    collected: Arc<Mutex<Collected>>,
    sent_at_start: u64,
}

impl Collector {
    pub(super) fn new(start: Start) -> Self {
        Self {
            sent_at_start: requests(&start.clients),
            start: Arc::new(start),
            collected: Arc::default(),
        }
    }

    /// Sets the hooks of `checker`.
    pub(super) fn attach(&self, checker: Checker) -> Checker {
        let sent_at_start = self.sent_at_start;
        let (start, collected) = (Arc::clone(&self.start), Arc::clone(&self.collected));
        let checker = checker.before_asking(move |clusters| {
            let sent = requests(&start.clients);
            let used = sent.saturating_sub(sent_at_start);
            let asked = start.plan(clusters, used);
            let mut collected = lock(&collected);
            collected.asked = asked;
            collected.sent_before = sent;
        });
        let (start, collected) = (Arc::clone(&self.start), Arc::clone(&self.collected));
        let checker = checker.on_record(move |cluster, record| {
            let row = ClusterKey::of_askable(cluster).map(|key| key.row());
            let run = row.and_then(|row| Run::of_record(row, record));
            if let Some(run) = run.filter(|run| start.is_news(run)) {
                lock(&collected).runs.push(run);
            }
        });
        let (start, collected) = (Arc::clone(&self.start), Arc::clone(&self.collected));
        checker.on_cluster(move |cluster, health| {
            lock(&collected).add(&start, cluster, health);
        })
    }

    /// What was learned, when the check is over.
    pub(super) fn finish(&self, clients: &[Client]) -> Collected {
        let mut collected = std::mem::take(&mut *lock(&self.collected));
        let spent = requests(clients).saturating_sub(collected.sent_before);
        let asked = collected.asked.len();
        if asked > 0 {
            #[allow(clippy::cast_precision_loss, reason = "these are small numbers")]
            let cost = spent as f64 / asked as f64;
            collected.cost = Some(cost.max(1.0));
        }
        collected
    }
}

impl Start {
    /// Decides which clusters are asked, and sets the readings of the others. Gives those that are asked.
    fn plan(&self, clusters: &mut [(ClusterObservation, bool)], used: u64) -> HashSet<ClusterKey> {
        let mut by_project: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
        for (position, (cluster, is_asked)) in clusters.iter().enumerate() {
            if *is_asked {
                let project = cluster.project_id.clone();
                by_project.entry(project).or_default().push(position);
            }
        }
        let most = self.most_each(used, by_project.len());
        let mut asked = HashSet::new();
        for positions in by_project.into_values() {
            let candidates = positions
                .iter()
                .filter_map(|position| clusters.get(*position));
            let candidates: Vec<_> = candidates
                .map(|(cluster, _)| self.candidate(cluster))
                .collect();
            let chosen: HashSet<_> = choose(&candidates, most).into_iter().collect();
            for (number, position) in positions.into_iter().enumerate() {
                if let Some((cluster, is_asked)) = clusters.get_mut(position) {
                    *is_asked = chosen.contains(&number);
                    asked.extend(self.prepare(cluster, *is_asked));
                }
            }
        }
        asked
    }

    /// How many clusters of each project may be asked.
    fn most_each(&self, used: u64, projects: usize) -> usize {
        let Some(allowance) = self.allowance else {
            return usize::MAX;
        };
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "these are small numbers, and a negative one becomes 0"
        )]
        let most = ((allowance - used as f64) / self.cost / projects.max(1) as f64) as usize;
        most
    }

    fn candidate(&self, cluster: &ClusterObservation) -> Candidate {
        let key = ClusterKey::of_askable(cluster);
        let known = key.as_ref().and_then(|key| self.fleet.get(key));
        let row = key.as_ref().map(ClusterKey::row);
        let mark = row.and_then(|row| self.task_marks.get(&row));
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
        let known = self.fleet.get(&key);
        let reading = known.and_then(|known| known.reading.as_deref());
        if is_asked {
            cluster.iam_sync_since = reading.and_then(|reading| reading.running_since);
            return Some(key);
        }
        StoredReading::carry(reading, cluster, self.carry_max, self.at);
        None
    }

    /// Whether a run is not stored yet, or may have been in progress when it was.
    fn is_news(&self, run: &Run) -> bool {
        let newest = self.newest_runs.get(&run.cluster);
        newest
            .is_none_or(|newest| run.ended_at.is_none() || run.started_at + RUN_OVERLAP >= *newest)
    }
}

impl Collected {
    fn add(&mut self, start: &Start, cluster: &ClusterObservation, health: &ClusterHealth) {
        let key = ClusterKey::of(health);
        let row = key.row();
        let mark = task_mark(cluster);
        if start.task_marks.get(&row) != Some(&mark) {
            self.runs.extend(task_runs(row, cluster));
        }
        self.task_marks.insert(row, mark);
        let project = cluster.project_id.clone().unwrap_or_default();
        self.answered(
            &project,
            Source::DataArts,
            cluster.tasks.value().is_some(),
            cluster.tasks.error().is_some(),
        );
        if !self.asked.contains(&key) {
            return;
        }
        let records = &cluster.records;
        self.answered(
            &project,
            Source::Dws,
            records.value().is_some(),
            records.error().is_some(),
        );
        let flag = &cluster.iam_sync;
        self.answered(
            &project,
            Source::Mrs,
            flag.value().is_some(),
            flag.error().is_some(),
        );
        if let Some(reading) = StoredReading::of(cluster, (start.clock)()) {
            self.readings.insert(key, reading);
        }
    }

    fn answered(&mut self, project: &str, source: Source, has_answer: bool, has_error: bool) {
        if has_answer || has_error {
            let place = (project.to_owned(), source.as_str());
            *self.sources.entry(place).or_default() |= has_answer;
        }
    }
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
fn task_runs(row: i64, cluster: &ClusterObservation) -> impl Iterator<Item = Run> {
    let tasks = cluster.tasks.value().into_iter().flatten();
    tasks.filter_map(move |task| {
        Some(Run {
            cluster: row,
            source: Source::DataArts.as_str().to_owned(),
            started_at: task.sync_time?,
            id: task.id.as_deref().unwrap_or_default().to_owned(),
            status: task
                .sync_status
                .as_ref()
                .map(|status| status.as_str().to_owned()),
            // The log names jobs and codes; what it means is one sentence.
            fail_reason: task
                .sync_msg
                .as_deref()
                .and_then(Diagnosis::of)
                .map(|cause| cause.summary),
            ..Run::default()
        })
    })
}
