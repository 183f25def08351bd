//! The loop of `idsync serve`: sweeps, or waits to take over from the process that does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use idsync::health::Checker;
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use crate::monitor::{Clock, Monitor};
use crate::store::Lead;
use crate::{MonitorError, SweepOutcome};

/// Pause between two deletions of what is old.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

impl Monitor {
    /// Sweeps every interval with what `next` gives, until the monitor stops. A sweep that fails is logged, and the next one
    /// made. While another process writes the history, it only shows what is stored, and tries to take over every interval.
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
        if !self.blocking(Self::take_lead).await? {
            return Ok(());
        }
        let (checker, clock) = next().await?;
        if self.sweep(checker, clock).await? == SweepOutcome::Complete {
            self.beat().await;
        }
        if forgot_at.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
            *forgot_at = Some(Instant::now());
            self.blocking(Self::forget).await?;
        }
        Ok(())
    }

    /// Whether this process sweeps now. If another one may have written since the last call, what it wrote is read.
    fn take_lead(&self) -> Result<bool, MonitorError> {
        let lead = self.store.lead()?;
        if lead != Lead::Kept {
            self.reload()?;
        }
        if lead == Lead::Taken {
            info!("this instance sweeps from now on");
        }
        Ok(lead != Lead::Standby)
    }

    /// Deletes what is older than the settings keep. A process that sweeps only a shard deletes nothing.
    ///
    /// # Errors
    ///
    /// If the history cannot be written.
    pub fn forget(&self) -> Result<u64, MonitorError> {
        if !self.store.shard().is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let before = |age| {
            let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
            now.checked_sub(age).unwrap_or(Timestamp::MIN)
        };
        let history = &self.settings.history;
        self.store
            .forget(before(history.keep), before(history.keep_runs))
    }
}
