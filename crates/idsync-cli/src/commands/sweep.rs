//! `idsync sweep`: makes one sweep and stores it, for use with an external scheduler.

use std::sync::Arc;

use idsync_monitor::{Monitor, Store, SweepOutcome};

use super::serve::{settings, store_location, within_budget};
use super::signals::Interrupt;
use crate::args::SweepArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::targets::Targets;

/// Sweeps once. Alerts are stored, and sent by `idsync serve`; a sweep of one shard has none.
pub(super) async fn run(args: &SweepArgs, output: &Output) -> Result<Exit, CliError> {
    let settings = settings(args.config.as_deref())?;
    let mut targets = Targets::open(&within_budget(&args.targets, &settings), output).await?;
    let location = store_location(
        args.history.store.as_deref(),
        settings.history.store.as_ref(),
    )?;
    let shard = args.part.shard.unwrap_or_default();
    targets.keep_shard(shard, output).await?;
    let store = Store::open_shard(&location, shard)?;
    let monitor = Arc::new(Monitor::new(settings, store, targets.accounts())?);
    if targets.projects.is_empty() {
        monitor.sweep_nothing(targets.time().await?).await?;
        output.log(&format!("complete: no project belongs to shard {shard}"));
        return Ok(Exit::Done);
    }
    let (checker, time) = targets.checker().await?;
    let mut interrupt = Interrupt::once()?;
    let stopped = Arc::clone(&monitor);
    let sweep = monitor.sweep(checker, time);
    let mut sweep = std::pin::pin!(sweep);
    let outcome = tokio::select! {
        outcome = &mut sweep => outcome?,
        _ = interrupt.received() => {
            stopped.stop();
            sweep.await?
        }
    };
    let summary = monitor.summary();
    match outcome {
        SweepOutcome::Complete => output.log(&format!("complete: {summary}")),
        SweepOutcome::Partial => output.log(&format!("not everything could be read: {summary}")),
        SweepOutcome::Stopped => {
            let message = "interrupted: nothing is stored";
            return Err(CliError::unfinished("cancelled", message));
        }
    }
    monitor.forget()?;
    Ok(Exit::Done)
}
