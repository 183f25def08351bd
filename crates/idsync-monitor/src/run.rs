//! The loop of `idsync serve`: sweeps, or waits to take over from the process that does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use idsync::health::Checker;
use jiff::Timestamp;
use tracing::{info, warn};

use crate::monitor::{Clock, Monitor, lock};
use crate::store::Lead;
use crate::{MonitorError, SweepOutcome};

/// Pause between two deletions of what is old.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

impl Monitor {
    /// Sweeps every interval with what `next` gives, until the monitor stops. A sweep that fails is logged, and the next one
    /// made. While another process writes the history, it only shows what is stored, and tries to take over every interval.
    /// With [`sweep`](crate::ServeSettings::sweep) off, it reads what others have swept instead.
    pub async fn run(
        self: &Arc<Self>,
        next: impl AsyncFn() -> Result<(Checker, Clock), MonitorError>,
    ) {
        let mut forgot_at: Option<Instant> = None;
        while !self.is_stopping() {
            self.tick();
            let began = Instant::now();
            if let Err(error) = self.round(&next, &mut forgot_at).await {
                warn!("{error}");
            }
            self.tick();
            let interval = self.settings.serve.interval;
            self.pause(interval.saturating_sub(began.elapsed())).await;
        }
    }

    async fn round(
        self: &Arc<Self>,
        next: &impl AsyncFn() -> Result<(Checker, Clock), MonitorError>,
        forgot_at: &mut Option<Instant>,
    ) -> Result<(), MonitorError> {
        if self.blocking(Self::lead).await? == Lead::Standby {
            return Ok(());
        }
        let is_complete = if self.settings.serve.sweep {
            let (checker, clock) = next().await?;
            self.sweep(checker, clock).await? == SweepOutcome::Complete
        } else {
            self.blocking(Self::follow).await?
        };
        if is_complete {
            self.beat().await;
        }
        if forgot_at.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
            *forgot_at = Some(Instant::now());
            self.blocking(Self::forget).await?;
        }
        Ok(())
    }

    /// Whether this process leads now. If another one may have written since the last call, what it wrote is read.
    fn lead(&self) -> Result<Lead, MonitorError> {
        let lead = self.store.writer.lead()?;
        if lead != Lead::Kept {
            self.reload()?;
        }
        if lead == Lead::Taken {
            info!("this instance leads from now on");
            self.has_messages.notify_one();
        }
        Ok(lead)
    }

    /// Reads what other processes have swept, and stores the alerts that it calls for. Gives whether all shards have
    /// completed another sweep.
    pub(crate) fn follow(&self) -> Result<bool, MonitorError> {
        let last_complete_at = || lock(&self.counters).last_complete_at;
        let (before, episodes) = (last_complete_at(), lock(&self.state).episodes.clone());
        self.reload()?;
        let mut state = lock(&self.state).clone();
        // Since when a cluster is well is not stored.
        state.episodes = episodes;
        let news = self.news(&mut state, self.now());
        self.store.write_alerts(&news)?;
        *lock(&self.state) = state;
        self.has_messages.notify_one();
        Ok(last_complete_at() > before)
    }

    /// Deletes what is older than the settings keep. A process that sweeps only a shard deletes nothing.
    ///
    /// # Errors
    ///
    /// If the history cannot be written.
    pub fn forget(&self) -> Result<u64, MonitorError> {
        if !self.store.shard.is_whole() {
            return Ok(0);
        }
        let now = self.now();
        let before = |age: Duration| now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let history = &self.settings.history;
        self.store
            .forget(before(history.keep), before(history.keep_runs))
    }
}
