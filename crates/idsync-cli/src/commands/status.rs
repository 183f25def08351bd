//! `idsync status`: one verdict over all clusters.

use idsync::ErrorKind;
use idsync::health::{Report, Verdict};

use super::blank::why_nothing_is_known;
use super::interruption::Interruption;
use crate::args::StatusArgs;
use crate::context::Sweep;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Asks, judges, and prints the report; an interrupt makes it a partial one.
pub(super) async fn run(args: &StatusArgs, output: &mut Output) -> Result<Exit, Failure> {
    let selection = output.selection(&args.selection)?;
    let sweep = Sweep::open(&args.scope).await?;
    let mut interruption = Interruption::expected_once()?;
    let progress = output.progress();
    let look = sweep
        .fleet()
        .await?
        .on_progress(progress.teller())
        .until(async move {
            interruption.received().await;
        });
    let report = look.check().await?;
    drop(progress);
    output.report(&report, &sweep.scope(output.zone()), &selection)?;
    if !report.complete {
        return Err(interrupted(&report));
    }
    match why_nothing_is_known(&report) {
        Some(problem) => Err(problem.clone().into()),
        None if matches(&report, &args.fail_on) => Ok(Exit::Matched),
        None => Ok(Exit::Done),
    }
}

fn interrupted(report: &Report) -> Failure {
    let cancelled = report
        .problems
        .iter()
        .filter(|problem| problem.error.kind == ErrorKind::Cancelled)
        .count();
    Failure::unfinished(
        ErrorKind::Cancelled.as_str(),
        format!("interrupted: the report is partial, and {cancelled} questions have no answer"),
    )
}

/// Whether a cluster, or the whole, has one of the verdicts that are `wanted`.
pub(super) fn matches(report: &Report, wanted: &[Verdict]) -> bool {
    let clusters = report.clusters.iter().map(|cluster| cluster.verdict);
    clusters
        .chain([report.verdict])
        .any(|verdict| wanted.contains(&verdict))
}
