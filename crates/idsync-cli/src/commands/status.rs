//! `idsync status`: the health of all clusters.

use idsync::ErrorKind;
use idsync::health::{ClusterHealth, Problem, Report, Verdict};

use super::signals::Interrupt;
use crate::args::{Format, StatusArgs};
use crate::errors::{CliError, Exit};
use crate::output::progress::ProgressLine;
use crate::output::report::{Coverage, FIELDS, ReportText, interrupted};
use crate::output::row::View;
use crate::output::text::counted;
use crate::output::{Output, problems};
use crate::targets::Targets;

/// Checks, and prints the report; an interrupt ends the check early.
pub(super) async fn run(args: &StatusArgs, output: &Output) -> Result<Exit, CliError> {
    let view = View::new(&args.view, FIELDS, output.format())?;
    let targets = Targets::open(&args.targets).await?;
    let mut interrupt = Interrupt::once()?;
    let progress = ProgressLine::new(output.is_quiet());
    let check = targets
        .checker()
        .await?
        .on_progress(progress.hook())
        .until(async move {
            interrupt.received().await;
        });
    let report = check.check().await?;
    drop(progress);
    let coverage = Coverage::new(&targets, output.zone());
    print(output, &report, &coverage, &view, &args.verdict)?;
    if is_interrupted(&report) {
        return Err(interruption(&report));
    }
    gate(&report, &args.fail_on, args.allow_unknown)
}

/// The exit code of a report: a verdict of `fail_on` first, then that nothing could be read, then that something is unknown
/// where a gate was asked for.
///
/// # Errors
///
/// Why nothing could be read, or that the report is not conclusive.
pub(super) fn gate(
    report: &Report,
    fail_on: &[Verdict],
    allow_unknown: bool,
) -> Result<Exit, CliError> {
    if matches(report, fail_on) {
        return Ok(Exit::Matched);
    }
    if let Some(problem) = why_nothing_is_known(report) {
        return Err(problem.into());
    }
    if fail_on.is_empty() || allow_unknown || report.is_conclusive() {
        return Ok(Exit::Done);
    }
    let unknown = report.unanswered;
    let message = format!(
        "not conclusive: no verdict of --fail-on was found, but not everything is known ({} without an answer)",
        counted(unknown, "reading")
    );
    Err(CliError::unfinished("incomplete", message)
        .with_hint("the report says what is missing; --allow-unknown accepts it"))
}

/// Prints a report with those clusters that have one of `verdicts`, or all if there are none.
pub(super) fn print(
    output: &Output,
    report: &Report,
    coverage: &Coverage,
    view: &View,
    verdicts: &[Verdict],
) -> Result<(), CliError> {
    let is_shown =
        |cluster: &&ClusterHealth| verdicts.is_empty() || verdicts.contains(&cluster.verdict);
    let clusters = view.sorted(report.clusters.iter().filter(is_shown));
    let mut document = report.clone();
    document.clusters = clusters.iter().map(|cluster| (*cluster).clone()).collect();
    let fields = view.columns().unwrap_or(FIELDS);
    output.print(&document, fields, clusters.clone(), || {
        let text = ReportText {
            report,
            clusters,
            coverage,
            view,
            width: output.width,
        };
        text.text(output)
    })?;
    report_problems(output, report);
    Ok(())
}

/// Writes the problems to stderr where the format of the report has no place for them.
fn report_problems(output: &Output, report: &Report) {
    if output.is_quiet() {
        return;
    }
    match output.format() {
        Format::Csv => {
            output.say(&interrupted(report, None));
            output.say(&problems::lines(&report.problems, None));
        }
        Format::Ndjson => {
            for problem in &report.problems {
                output.fail(&problem.into());
            }
        }
        Format::Table | Format::Json | Format::Yaml => {}
    }
}

pub(crate) fn is_interrupted(report: &Report) -> bool {
    let mut problems = report.problems.iter();
    problems.any(|problem| problem.error.kind == ErrorKind::Cancelled)
}

fn interruption(report: &Report) -> CliError {
    let problems = report.problems.iter();
    let cancelled = problems
        .filter(|problem| problem.error.kind == ErrorKind::Cancelled)
        .count();
    CliError::unfinished(
        ErrorKind::Cancelled.as_str(),
        format!("interrupted: the report is partial, {cancelled} calls have no response"),
    )
}

/// The problem that explains why nothing could be read. Rejected credentials are the cause only if every problem is one.
pub(super) fn why_nothing_is_known(report: &Report) -> Option<&Problem> {
    if !report.answered_nothing() {
        return None;
    }
    let mut problems = report.problems.iter();
    let other = problems.find(|problem| Exit::from(problem.error.kind) != Exit::Rejected);
    other.or(report.problems.first())
}

/// Whether a cluster, or the report, has one of the verdicts `wanted`.
pub(super) fn matches(report: &Report, wanted: &[Verdict]) -> bool {
    let clusters = report.clusters.iter().map(|cluster| cluster.verdict);
    clusters
        .chain([report.verdict])
        .any(|verdict| wanted.contains(&verdict))
}
