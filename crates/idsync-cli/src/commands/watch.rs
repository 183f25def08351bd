//! `idsync watch`: checks repeatedly and shows changes.

mod changes;
mod view;

use std::io::Write;
use std::path::Path;

use idsync::health::Report;
use jiff::Timestamp;
use tempfile::NamedTempFile;
use tokio::time::sleep;

pub(crate) use self::changes::VerdictChange;
use self::view::WatchView;
use super::signals::Interrupt;
use super::status::{gate, matches, why_nothing_is_known};
use super::wait::{Backoff, is_permanent};
use crate::args::WatchArgs;
use crate::errors::{CliError, Exit};
use crate::fleet_file::read_file;
use crate::output::Output;
use crate::output::progress::ProgressLine;
use crate::targets::Targets;

/// Checks until an interrupt, or until a condition of the flags holds.
pub(super) async fn run(args: &WatchArgs, output: &Output) -> Result<Exit, CliError> {
    let targets = Targets::open(&args.targets, output).await?;
    let mut interrupt = Interrupt::new()?;
    tokio::select! {
        ended = check_repeatedly(args, &targets, output) => ended,
        _ = interrupt.received() => Ok(Exit::Done),
    }
}

async fn check_repeatedly(
    args: &WatchArgs,
    targets: &Targets,
    output: &Output,
) -> Result<Exit, CliError> {
    let mut view = WatchView::new(output, targets);
    let mut backoff = Backoff::new(args.interval);
    let mut checks = 0;
    let mut known = match &args.state {
        Some(path) => read_state(path)?,
        None => None,
    };
    loop {
        let progress = ProgressLine::new(output);
        let checker = targets.checker().await?.on_progress(progress.hook());
        let fresh = checker.check().await?;
        drop(progress);
        checks += 1;
        if known.is_none() {
            refuse_permanent_failure(&fresh)?;
        }
        let is_last = args.count.is_some_and(|count| checks >= count);
        let pause = backoff.after(&fresh.problems);
        let next = (!is_last).then(|| Timestamp::now() + pause);
        let report = changes::merged(known.as_ref(), fresh);
        view.show(known.as_ref(), &report, next)?;
        if let Some(path) = &args.state {
            save_state(path, &report)?;
        }
        if is_last || matches(&report, &args.fail_on) {
            let is_gate = !args.fail_on.is_empty();
            return gate(&report, &args.fail_on, is_gate, args.allow_unknown);
        }
        known = Some(report);
        sleep(pause).await;
    }
}

/// A first check that reads nothing for a permanent reason is a mistake in the configuration.
fn refuse_permanent_failure(first: &Report) -> Result<(), CliError> {
    match why_nothing_is_known(first) {
        Some(problem) if is_permanent(problem) => Err(problem.into()),
        _ => Ok(()),
    }
}

/// The report that was saved last; none if the file does not exist yet.
///
/// # Errors
///
/// If the file cannot be read, or holds something else.
fn read_state(path: &Path) -> Result<Option<Report>, CliError> {
    if !path.exists() {
        return Ok(None);
    }
    let report = serde_json::from_str(&read_file(path)?);
    report.map(Some).map_err(|error| {
        let message = format!("{} is not the state of a watch: {error}", path.display());
        CliError::configuration(message).with_hint("name another file with --state")
    })
}

/// Replaces the file atomically.
///
/// # Errors
///
/// If it cannot be written.
fn save_state(path: &Path, report: &Report) -> Result<(), CliError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let write = || -> std::io::Result<()> {
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(report)?)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| CliError::io(&format!("cannot write {}", path.display()), &error))
}
