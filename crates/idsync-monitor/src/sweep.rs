//! A sweep: lists tasks, asks as many clusters as the budget allows, and stores what has changed.

mod collect;

use std::sync::Arc;
use std::time::Instant;

use idsync::ErrorKind;
use idsync::health::{Checker, Report, Rules, judge};
use jiff::Timestamp;
use tracing::{info, warn};

use self::collect::{Collected, Collector};
use crate::messages::News;
use crate::monitor::{Clock, DURATION_BUCKETS, Monitor, State, lock};
use crate::store::SweepRecord;
use crate::{HistoryRun, MonitorError};

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
        let collector = Collector::new(self, at, clock);
        let monitor = Arc::clone(self);
        let stopped = async move { monitor.stopped().await };
        let report = collector.attach(checker).until(stopped).check().await;
        let report =
            report.map_err(|error| MonitorError::caused("the sweep cannot be made", error))?;
        let outcome = outcome(&report);
        if self.is_stopping() || outcome == SweepOutcome::Stopped {
            return Ok(SweepOutcome::Stopped);
        }
        let collected = collector.finish();
        let conclude = move |monitor: &Self| monitor.conclude(report, collected, at, outcome);
        let stored = self.blocking(conclude).await;
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
        Arc::make_mut(&mut state.fleet).apply(&changes);
        let news = self.news(&mut state, at);
        let sweep = SweepRecord {
            started_at: at,
            ended_at: self.now().max(at),
            is_complete: outcome == SweepOutcome::Complete,
            counts: serde_json::to_string(&report.counts)?,
            problems: serde_json::to_string(&report.problems)?,
            changes,
            runs: collected.runs,
            news,
        };
        let fleet = Arc::clone(&state.fleet);
        self.publish(at, fleet, report, collected.sources);
        self.store.write(&sweep).inspect_err(|error| {
            lock(&self.counters).write_failures += 1;
            warn!("the sweep could not be stored: {error}");
        })?;
        state.task_marks = Arc::new(collected.task_marks);
        state.cost = collected.cost.unwrap_or(state.cost);
        remember_runs(&mut state, &sweep.runs);
        info!(
            clusters = state.fleet.present().count(),
            changed = sweep.changes.len(),
            first = is_first,
            outcome = outcome.as_str(),
            "swept"
        );
        *lock(&self.state) = state;
        Ok(())
    }

    /// The alerts that the fleet of `state` calls for; its episodes are advanced.
    pub(crate) fn news(&self, state: &mut State, at: Timestamp) -> News {
        let mut news = News::default();
        for receiver in &self.settings.receivers {
            let own = state.episodes.entry(receiver.name.clone()).or_default();
            let step = own.step(receiver, state.fleet.all(), at);
            let firing = own.firing().count();
            let url = self.settings.serve.url.as_ref();
            news.add(receiver, step, firing, at, url);
        }
        news
    }

    fn count_sweep(&self, outcome: SweepOutcome, seconds: f64) {
        let now = self.now();
        let mut counters = lock(&self.counters);
        *counters.sweeps.entry(outcome.as_str()).or_default() += 1;
        for (bucket, bound) in counters.buckets.iter_mut().zip(DURATION_BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
        counters.seconds += seconds;
        counters.sweep_count += 1;
        counters.last_sweep_at = Some(now);
        if outcome == SweepOutcome::Complete {
            counters.last_complete_at = Some(now);
        }
    }
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

fn remember_runs(state: &mut State, runs: &[(i64, HistoryRun)]) {
    for (cluster, run) in runs.iter().filter(|(_, run)| run.ended_at.is_some()) {
        let newest = Arc::make_mut(&mut state.newest_runs);
        let known = newest.entry(*cluster).or_insert(run.started_at);
        *known = run.started_at.max(*known);
    }
}
