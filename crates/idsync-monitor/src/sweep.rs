//! A sweep: lists tasks, asks as many clusters as the budget allows, and stores what has changed.

mod collect;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use idsync::health::{Checker, Report, Rules, judge};
use idsync::{ErrorKind, Service};
use jiff::Timestamp;
use tracing::{info, warn};

use self::collect::{Collected, Collector};
use crate::MonitorError;
use crate::episodes::Episodes;
use crate::fleet::{ClusterChange, Fleet, KnownCluster};
use crate::messages;
use crate::monitor::{Clock, DURATION_BUCKETS, Monitor, Snapshot, State, lock};
use crate::store::SweepRecord;

/// How a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepOutcome {
    /// All lists were read and the budget was spent as planned.
    Complete,
    /// Something could not be read.
    Partial,
    /// The monitor was stopped meanwhile: nothing is stored.
    Stopped,
}

impl SweepOutcome {
    /// The word for it in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Stopped => "stopped",
        }
    }
}

impl Monitor {
    /// Makes one sweep with `checker`, which must judge by `clock`.
    ///
    /// # Errors
    ///
    /// If there is nothing to check, or the results cannot be stored; the next sweep then stores them.
    pub async fn sweep(
        self: &Arc<Self>,
        checker: Checker,
        clock: Clock,
    ) -> Result<SweepOutcome, MonitorError> {
        let began = Instant::now();
        let at = clock();
        self.set_clock(Arc::clone(&clock));
        let collector = self.collector(at, clock);
        let monitor = Arc::clone(self);
        let stopped = async move { monitor.stopped().await };
        let checker = collector.attach(checker).until(stopped);
        let report = checker.check().await.map_err(|error| {
            let message = "the sweep cannot be made";
            MonitorError::caused(message, error)
        })?;
        let outcome = outcome(&report);
        if self.is_stopping() || outcome == SweepOutcome::Stopped {
            return Ok(SweepOutcome::Stopped);
        }
        let collected = collector.finish(&self.clients);
        let stored = self.blocking(move |monitor| monitor.conclude(report, collected, at, outcome));
        let stored = stored.await;
        self.count_sweep(outcome, began.elapsed().as_secs_f64());
        stored?;
        self.has_messages.notify_one();
        Ok(outcome)
    }

    /// Stores a sweep of a shard that no project belongs to: it is complete.
    ///
    /// # Errors
    ///
    /// If it cannot be stored.
    pub async fn sweep_nothing(self: &Arc<Self>, clock: Clock) -> Result<(), MonitorError> {
        let at = clock();
        self.set_clock(clock);
        let report = judge(None, &[], Vec::new(), &Rules::default(), at);
        self.blocking(move |monitor| {
            monitor.conclude(report, Collected::default(), at, SweepOutcome::Complete)
        })
        .await
    }

    pub(crate) async fn stopped(&self) {
        let stopped = self.stopping.notified();
        if !self.is_stopping() {
            stopped.await;
        }
    }

    fn collector(&self, at: Timestamp, clock: Clock) -> Collector {
        let state = lock(&self.state);
        let serve = &self.settings.serve;
        let allowance = serve.budget.map(|budget| {
            let connections = u32::try_from(self.clients.len().max(1)).unwrap_or(u32::MAX);
            budget.in_interval(serve.interval) * f64::from(connections)
        });
        Collector::new(collect::Start {
            at,
            clock,
            fleet: Arc::clone(&state.fleet),
            newest_runs: Arc::clone(&state.newest_runs),
            task_marks: Arc::clone(&state.task_marks),
            carry_max: serve.carry_max,
            allowance,
            cost: state.cost,
            clients: self.clients.clone(),
        })
    }

    /// Works out what has changed, stores it, and makes it known.
    fn conclude(
        &self,
        mut report: Report,
        collected: Collected,
        at: Timestamp,
        outcome: SweepOutcome,
    ) -> Result<(), MonitorError> {
        // A copy: pages read the state while the sweep is stored.
        let mut state = lock(&self.state).clone();
        let is_first = state.fleet.is_empty();
        let gone = state.fleet.complete(&mut report);
        let clusters = std::mem::take(&mut report.clusters);
        let changes = state.fleet.advance(clusters, collected.readings, &gone, at);
        let mut fleet = Fleet::clone(&state.fleet);
        fleet.apply(&changes);
        let fleet = Arc::new(fleet);
        let (episodes, news) = self.news(&state, &fleet, &gone_after(&changes), at);
        let sweep = SweepRecord {
            started_at: at,
            ended_at: self.now().max(at),
            is_complete: outcome == SweepOutcome::Complete,
            counts: serde_json::to_string(&report.counts)?,
            problems: serde_json::to_string(&report.problems)?,
            changes,
            runs: collected.runs,
            episodes: news.changes,
            messages: news.messages,
        };
        self.publish(Snapshot {
            at,
            fleet: Arc::clone(&fleet),
            report,
            sources: collected.sources,
        });
        self.store.write(&sweep).inspect_err(|error| {
            self.counters.write_failures.fetch_add(1, Ordering::Relaxed);
            warn!("the sweep could not be stored: {error}");
        })?;
        state.fleet = fleet;
        state.episodes = episodes;
        state.task_marks = Arc::new(collected.task_marks);
        if let Some(cost) = collected.cost {
            state.cost = cost;
        }
        remember_runs(&mut state, &sweep);
        *lock(&self.state) = state.clone();
        info!(
            clusters = state.fleet.present().count(),
            changed = sweep.changes.len(),
            first = is_first,
            outcome = outcome.as_str(),
            "swept"
        );
        Ok(())
    }

    /// The alerts that a sweep calls for, and the episodes of each receiver afterwards.
    pub(crate) fn news(
        &self,
        state: &State,
        fleet: &Fleet,
        gone: &[Arc<KnownCluster>],
        at: Timestamp,
    ) -> (BTreeMap<String, Episodes>, messages::News) {
        let mut episodes = state.episodes.clone();
        let mut clusters: Vec<_> = fleet.present().cloned().collect();
        clusters.extend(gone.iter().cloned());
        let mut news = messages::News::default();
        for receiver in &self.settings.receivers {
            let own = episodes.entry(receiver.name.clone()).or_default();
            let step = own.step(&receiver.rule, &clusters, at);
            let firing = own.firing().count();
            let url = self.settings.serve.url.as_ref();
            news.add(receiver, step, firing, at, url);
        }
        (episodes, news)
    }

    fn count_sweep(&self, outcome: SweepOutcome, seconds: f64) {
        let now = self.now();
        let mut counts = lock(&self.counters.sweeps);
        *counts.outcomes.entry(outcome.as_str()).or_default() += 1;
        for (bucket, bound) in counts.buckets.iter_mut().zip(DURATION_BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
        counts.seconds += seconds;
        counts.count += 1;
        counts.last_at = Some(now);
        if outcome == SweepOutcome::Complete {
            counts.last_complete_at = Some(now);
        }
    }
}

fn gone_after(changes: &[ClusterChange]) -> Vec<Arc<KnownCluster>> {
    let clusters = changes.iter().map(|change| &change.cluster);
    let gone = clusters.filter(|cluster| cluster.gone_at.is_some());
    gone.cloned().collect()
}

fn outcome(report: &Report) -> SweepOutcome {
    let mut problems = report.problems.iter();
    if problems.any(|problem| problem.error.kind == ErrorKind::Cancelled) {
        return SweepOutcome::Stopped;
    }
    let mut problems = report.problems.iter();
    if problems.any(|problem| problem.cluster_id.is_none()) {
        return SweepOutcome::Partial;
    }
    SweepOutcome::Complete
}

fn remember_runs(state: &mut State, sweep: &SweepRecord) {
    if sweep.runs.is_empty() {
        return;
    }
    let newest = Arc::make_mut(&mut state.newest_runs);
    for run in sweep.runs.iter().filter(|run| run.ended_at.is_some()) {
        let known = newest.entry(run.cluster).or_insert(run.started_at);
        *known = run.started_at.max(*known);
    }
}

/// All requests that the connections have sent.
pub(crate) fn requests(clients: &[idsync::Client]) -> u64 {
    let counts = clients.iter().flat_map(|client| {
        Service::ALL
            .into_iter()
            .map(|service| client.request_counts(service).total())
    });
    counts.sum()
}
