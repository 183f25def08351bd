//! `idsync watch`: looks again and again, and shows what changes.

mod known;

use std::time::Duration;

use idsync::health::{Progress, Report};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::blank::why_nothing_is_known;
use super::interruption::Interruption;
use super::lasting::is_lasting;
use super::pace::Pace;
use super::status::matches;
use crate::args::WatchArgs;
use crate::context::Sweep;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Lookout, Output, Resizes};

/// How often the screen tells how far a look has come.
const BEAT: Duration = Duration::from_millis(250);

/// Looks until an interrupt, or until what was asked for.
pub(super) async fn run(args: &WatchArgs, output: &mut Output) -> Result<Exit, Failure> {
    let sweep = Sweep::open(&args.scope).await?;
    let mut interruption = Interruption::expected()?;
    let mut lookout = output.lookout(sweep.scope(output.zone()))?;
    let ended = tokio::select! {
        ended = look_again_and_again(args, &sweep, &mut lookout) => ended,
        _ = interruption.received() => Ok(Exit::Done),
    };
    lookout.close()?;
    ended
}

async fn look_again_and_again(
    args: &WatchArgs,
    sweep: &Sweep,
    lookout: &mut Lookout<'_>,
) -> Result<Exit, Failure> {
    let mut pace = Pace::new(args.interval);
    let mut resizes = Resizes::new()?;
    let mut looks = 0;
    let mut known: Option<Report> = None;
    loop {
        let fresh = look(sweep, lookout, &mut resizes).await?;
        looks += 1;
        refuse_a_vain_start(known.as_ref(), &fresh)?;
        let is_last = args.count.is_some_and(|count| looks >= count.get());
        let wait = pace.after(&fresh.problems);
        let next = (!is_last).then(|| Timestamp::now() + wait);
        let report = known::updated(known.as_ref(), fresh);
        lookout.seen(known.as_ref(), &report, next)?;
        if matches(&report, &args.fail_on) {
            return Ok(Exit::Matched);
        }
        if is_last {
            return Ok(Exit::Done);
        }
        known = Some(report);
        idle(wait, lookout, &mut resizes).await?;
    }
}

/// Looks once, and tells how far that has come.
async fn look(
    sweep: &Sweep,
    lookout: &mut Lookout<'_>,
    resizes: &mut Resizes,
) -> Result<Report, Failure> {
    let (sender, progress) = watch::channel(Progress::default());
    let look = sweep.fleet().await?.on_progress(move |progress| {
        sender.send_replace(progress);
    });
    let mut look = std::pin::pin!(look.check());
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            report = &mut look => return Ok(report?),
            _ = beat.tick() => lookout.looking(*progress.borrow())?,
            () = resizes.next() => lookout.looking(*progress.borrow())?,
        }
    }
}

/// Lets time pass until the next look.
async fn idle(
    wait: Duration,
    lookout: &mut Lookout<'_>,
    resizes: &mut Resizes,
) -> Result<(), Failure> {
    let end = Instant::now() + wait;
    loop {
        tokio::select! {
            () = sleep_until(end) => return Ok(()),
            () = resizes.next() => lookout.redraw()?,
        }
    }
}

/// A first look that learns nothing for reasons that do not pass is a mistake, and not the begin of a watch.
fn refuse_a_vain_start(known: Option<&Report>, fresh: &Report) -> Result<(), Failure> {
    let problem = why_nothing_is_known(fresh).filter(|_| known.is_none());
    match problem {
        Some(problem) if is_lasting(problem) => Err(problem.clone().into()),
        _ => Ok(()),
    }
}
