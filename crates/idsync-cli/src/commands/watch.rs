//! `idsync watch`: checks again and again, and shows what changes.

mod changes;
mod state;
mod view;

use std::time::Duration;

use idsync::health::{Progress, Report};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

pub(crate) use self::changes::VerdictChange;
use self::view::WatchView;
use super::repeat::{Backoff, is_permanent};
use super::signals::{Interrupt, Resizes};
use super::status::{gate, matches, why_nothing_is_known};
use crate::args::WatchArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::targets::Targets;

/// How often the screen is redrawn during a check.
const TICK: Duration = Duration::from_millis(250);

/// Checks until an interrupt, or until a condition of the flags holds.
pub(super) async fn run(args: &WatchArgs, output: &Output) -> Result<Exit, CliError> {
    let targets = Targets::open(&args.targets, output).await?;
    let mut interrupt = Interrupt::new()?;
    let mut view = WatchView::open(output, &targets)?;
    let ended = tokio::select! {
        ended = check_repeatedly(args, &targets, &mut view) => ended,
        _ = interrupt.received() => Ok(Exit::Done),
    };
    view.close()?;
    ended
}

async fn check_repeatedly(
    args: &WatchArgs,
    targets: &Targets,
    view: &mut WatchView<'_>,
) -> Result<Exit, CliError> {
    let mut backoff = Backoff::new(args.interval);
    let mut resizes = Resizes::new()?;
    let mut checks = 0;
    let mut known = match &args.state {
        Some(path) => state::read(path)?,
        None => None,
    };
    loop {
        let fresh = check(targets, view, &mut resizes).await?;
        checks += 1;
        if known.is_none() {
            refuse_permanent_failure(&fresh)?;
        }
        let is_last = args.count.is_some_and(|count| checks >= count.get());
        let pause = backoff.after(&fresh.problems);
        let next = (!is_last).then(|| Timestamp::now() + pause);
        let report = changes::merged(known.as_ref(), fresh);
        view.show(known.as_ref(), &report, next)?;
        if let Some(path) = &args.state {
            state::save(path, &report)?;
        }
        if is_last || matches(&report, &args.fail_on) {
            let is_gate = !args.fail_on.is_empty();
            return gate(&report, &args.fail_on, is_gate, args.allow_unknown);
        }
        known = Some(report);
        sleep(pause, view, &mut resizes).await?;
    }
}

/// One check, with its progress on the screen.
async fn check(
    targets: &Targets,
    view: &mut WatchView<'_>,
    resizes: &mut Resizes,
) -> Result<Report, CliError> {
    let (sender, progress) = watch::channel(Progress::default());
    let checker = targets.checker().await?.on_progress(move |progress| {
        sender.send_replace(progress);
    });
    let mut check = std::pin::pin!(checker.check());
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            report = &mut check => return Ok(report?),
            _ = tick.tick() => view.show_progress(*progress.borrow())?,
            () = resizes.next() => view.show_progress(*progress.borrow())?,
        }
    }
}

/// Waits for the next check.
async fn sleep(
    pause: Duration,
    view: &mut WatchView<'_>,
    resizes: &mut Resizes,
) -> Result<(), CliError> {
    let end = Instant::now() + pause;
    loop {
        tokio::select! {
            () = sleep_until(end) => return Ok(()),
            () = resizes.next() => view.redraw()?,
        }
    }
}

/// A first check that reads nothing for a permanent reason is a mistake in the configuration.
fn refuse_permanent_failure(first: &Report) -> Result<(), CliError> {
    match why_nothing_is_known(first) {
        Some(problem) if is_permanent(problem) => Err(problem.into()),
        _ => Ok(()),
    }
}
