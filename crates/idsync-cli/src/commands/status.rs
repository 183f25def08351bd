//! `idsync status`: the health of all clusters.

use std::io;
use std::path::Path;

use idsync::ErrorKind;
use idsync::health::{
    Change, ChangeKind, ClusterHealth, Comparison, IgnoreRule, Problem, ReasonCode, Report, Verdict,
};

use super::signals::Interrupt;
use crate::args::values::FailOn;
use crate::args::{Format, StatusArgs};
use crate::errors::{CliError, Exit};
use crate::fleet_file::read_file;
use crate::output::{
    BAD, Cell, FAINT, GOOD, Layout, NONE, Output, ProgressLine, ReportText, Row, SECOND, Times,
    View, WARNING, counted, details, in_zone, paint, problem_lines, shown, words,
};
use crate::targets::Targets;

/// Checks, and prints the report; an interrupt ends the check early.
pub(super) async fn run(args: &StatusArgs, output: &Output) -> Result<Exit, CliError> {
    let view = View::new::<ClusterHealth>(&args.view, output.format)?;
    let earlier = args.compare.as_deref();
    let earlier = earlier.map(|earlier| read_earlier(earlier, args, output));
    let earlier = earlier.transpose()?;
    let fails_on_worse = args.fail_on.contains(&FailOn::Worse);
    if earlier.is_none() && fails_on_worse {
        return Err(CliError::usage("--fail-on worse needs --compare FILE"));
    }
    let (targets, mut report) = check(args, output).await?;
    let is_matched = |verdict| args.fail_on.contains(&FailOn::Verdict(verdict));
    let accepts_unknown = args.allow_unknown || args.fail_on.is_empty();
    let mut ended = gate(&report, is_matched, accepts_unknown);
    let unmatched = unmatched(&args.targets.rules.ignore, &report);
    if let Some(earlier) = &earlier {
        let comparison = report.compare(earlier);
        print_comparison(&comparison, output)?;
        if fails_on_worse && comparison.is_worse() {
            ended = Ok(Exit::Matched);
        }
    } else {
        print(output, &mut report, &targets, &view, args)?;
    }
    report_problems(output, &report)?;
    if !output.is_quiet && !output.format.is_json() {
        for rule in unmatched {
            output.warn(&format!("--ignore {rule} matches nothing"));
        }
    }
    ended
}

/// Checks the targets of the flags; only the named cluster if it is given as `dws:ID` or `mrs:ID`.
async fn check(args: &StatusArgs, output: &Output) -> Result<(Targets, Report), CliError> {
    let mut flags = args.targets.clone();
    let named = args.named.as_deref().filter(|named| named.contains(':'));
    if let Some(named) = named {
        flags.only_named = true;
        flags.cluster = vec![named.parse()?];
    }
    let targets = Targets::open(&flags, output).await?;
    let mut interrupt = Interrupt::once()?;
    let progress = ProgressLine::new(output);
    let (checker, _) = targets.checker().await?;
    let checker = checker.on_progress(progress.hook()).until(async move {
        interrupt.received().await;
    });
    let report = checker.check().await?;
    Ok((targets, report))
}

/// The rules of `--ignore` that matched nothing in `report`, as far as the report shows.
fn unmatched(rules: &[IgnoreRule], report: &Report) -> Vec<String> {
    let notes = || report.clusters.iter().flat_map(|cluster| &cluster.notes);
    let is_unmatched = |rule: &String| {
        let word = rule.rsplit(':').next().unwrap_or(rule);
        match word.parse::<ReasonCode>() {
            Ok(reason) => notes().all(|note| note.reason != Some(reason)),
            Err(_) => report.ignored == 0,
        }
    };
    let rules = rules.iter().map(IgnoreRule::to_string);
    rules.filter(is_unmatched).collect()
}

/// Whether the flags select `cluster`.
fn is_selected(cluster: &ClusterHealth, args: &StatusArgs) -> bool {
    let is_named = args.named.as_deref().is_none_or(|named| {
        let id = named.split_once(':').map_or(named, |(_, id)| id);
        cluster.cluster_id.as_deref() == Some(id) || cluster.cluster_name.as_deref() == Some(named)
    });
    is_named && (args.verdict.is_empty() || args.verdict.contains(&cluster.verdict))
}

/// The exit code of a report: a verdict that is matched first, then that nothing could be read, then that something is unknown
/// unless that is accepted.
///
/// # Errors
///
/// Why nothing could be read, or that the report is not conclusive.
pub(super) fn gate(
    report: &Report,
    is_matched: impl Fn(Verdict) -> bool,
    accepts_unknown: bool,
) -> Result<Exit, CliError> {
    let mut clusters = report.clusters.iter();
    if is_matched(report.verdict) || clusters.any(|it| is_matched(it.verdict)) {
        return Ok(Exit::Matched);
    }
    if let Some(problem) = why_nothing_is_known(report) {
        return Err(problem.into());
    }
    if accepts_unknown || report.is_conclusive() {
        return Ok(Exit::Done);
    }
    let unknown = counted(report.unanswered, "reading");
    let message = format!(
        "not conclusive: no verdict of --fail-on was found, but not everything is known ({unknown} without an answer)"
    );
    Err(CliError::unfinished("incomplete", message)
        .with_hint("the report says what is missing; --allow-unknown accepts it"))
}

/// Prints a report with the clusters that the flags select, and leaves out the others.
///
/// # Errors
///
/// If stdout cannot be written, or the named cluster is not in the report.
fn print(
    output: &Output,
    report: &mut Report,
    targets: &Targets,
    view: &View,
    args: &StatusArgs,
) -> Result<(), CliError> {
    let total = report.clusters.len();
    report.clusters.retain(|cluster| is_selected(cluster, args));
    report.clusters = view.sorted(std::mem::take(&mut report.clusters));
    if let (Some(named), []) = (&args.named, report.clusters.as_slice()) {
        let message = format!("the report has no cluster {named:?}");
        let hint =
            "give the id or name of a cluster that `idsync status` lists, or dws:ID or mrs:ID";
        return Err(CliError::usage(message).with_hint(hint));
    }
    #[cfg(feature = "serve")]
    if output.format == Format::Prometheus {
        output.write(&idsync_monitor::textfile(report))?;
        return Ok(());
    }
    let fields = view.fields::<ClusterHealth>();
    let printed = output.print(report, &fields, &report.clusters, || {
        if args.named.is_some() {
            let times = output.times(report.observed_at);
            let clusters = report.clusters.iter();
            return clusters.map(|cluster| details(cluster, &times)).collect();
        }
        let text = ReportText {
            output,
            report,
            targets,
            hidden: total - report.clusters.len(),
            view,
            width: output.width.filter(|_| !args.wide),
            is_wide: args.wide,
        };
        text.text()
    });
    Ok(printed?)
}

/// Writes the problems to stderr where the format of the report has no place for them.
///
/// # Errors
///
/// If the check was interrupted: the report is partial.
fn report_problems(output: &Output, report: &Report) -> Result<(), CliError> {
    let problems = &report.problems;
    match output.format {
        _ if output.is_quiet => {}
        Format::Csv => output.say(&problem_lines(problems, None)),
        Format::Ndjson => problems.iter().for_each(|problem| {
            output.fail(&problem.into());
        }),
        _ => {}
    }
    let kind = ErrorKind::Cancelled;
    let cancelled = problems.iter().filter(|it| it.error.kind == kind).count();
    if cancelled == 0 {
        return Ok(());
    }
    let message = format!("interrupted: the report is partial, {cancelled} calls have no response");
    Err(CliError::unfinished(kind.as_str(), message))
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

impl Row for Change {
    const FIELDS: &'static str =
        "change,project_id,cluster_id,cluster_name,cluster_type,from,to,reasons,reasons.message";

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let (style, kind) = match self.change {
            ChangeKind::Better => (GOOD, "better"),
            ChangeKind::New => (WARNING, "new"),
            ChangeKind::Gone => (BAD, "gone"),
            _ => (BAD, "worse"),
        };
        let name = self.cluster_name.as_deref().or(self.cluster_id.as_deref());
        let in_words = |verdict: Option<_>| verdict.map_or(NONE.to_owned(), words);
        let why = self.reasons.first().map(|reason| &*reason.message);
        vec![
            Cell::new("CHANGE", kind).style(style),
            Cell::new("CLUSTER", name.unwrap_or(NONE)),
            Cell::new("FROM", in_words(self.from)),
            Cell::new("TO", in_words(self.to)),
            Cell::new("WHY", in_zone(why.unwrap_or(NONE), times)),
        ]
    }
}

/// Reads a report that `idsync status -o json` wrote; a time, or a duration such as `24h`, means the history.
///
/// # Errors
///
/// If the file or the history cannot be read, or holds something else.
#[cfg_attr(
    not(feature = "serve"),
    allow(unused_variables, reason = "only a history has times")
)]
fn read_earlier(path: &Path, args: &StatusArgs, output: &Output) -> Result<Report, CliError> {
    #[cfg(feature = "serve")]
    if !path.exists()
        && let Some(text) = path.to_str()
        && let Ok(at) = crate::output::instant(text, &output.times(jiff::Timestamp::now()))
    {
        return stored(at, args);
    }
    serde_json::from_str(&read_file(path)?).map_err(|error| {
        let message = format!("{} is not a report: {error}", path.display());
        CliError::configuration(message).with_hint("write one with `idsync status -o json`")
    })
}

/// The report that the history has of `at`.
#[cfg(feature = "serve")]
fn stored(at: jiff::Timestamp, args: &StatusArgs) -> Result<Report, CliError> {
    let location = super::serve::store_location(args.store.as_deref(), None)?;
    let clusters = idsync_monitor::Reader::open(&location)?.clusters_at(at)?;
    let verdict = clusters.iter().map(|cluster| cluster.verdict).max();
    let report = serde_json::json!({
        "schema": "idsync.status/v1",
        "observed_at": at,
        "complete": true,
        "verdict": verdict.unwrap_or(Verdict::Unknown),
        "counts": {},
        "ignored": 0,
        "clusters": clusters,
        "problems": [],
    });
    serde_json::from_value(report)
        .map_err(|error| CliError::io("the history is not a report", &error))
}

/// Prints the changes, and from when to when unless the output is quiet.
fn print_comparison(comparison: &Comparison, output: &Output) -> io::Result<()> {
    let changes = &comparison.changes;
    output.print(comparison, Change::FIELDS, changes, || {
        let times = output.times(comparison.observed_at);
        let rows: Vec<_> = changes.iter().map(|change| change.cells(&times)).collect();
        let table = Layout::new(&rows, output.width).text(&rows);
        if output.is_quiet {
            return table;
        }
        let since = shown(comparison.earlier_at, &times.zone, SECOND);
        let (from, to) = (words(comparison.verdict_from), words(comparison.verdict_to));
        let mut end = format!("since {since}: {from} → {to}");
        if rows.is_empty() {
            end += ", nothing changed";
        }
        format!("{table}{}\n", paint(FAINT, &end))
    })
}
