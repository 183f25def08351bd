//! `idsync watch`: checks repeatedly and shows changes.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use idsync::health::{ClusterHealth, Problem, Reason, Report, Verdict};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tempfile::NamedTempFile;
use tokio::time::sleep;

use super::signals::Interrupt;
use super::status::{gate, why_nothing_is_known};
use super::wait::{is_permanent, pause_after};
use crate::args::{Format, WatchArgs};
use crate::errors::{CliError, Exit};
use crate::fleet_file::read_file;
use crate::output::{
    FAINT, Output, ProgressLine, ReportText, RowWriter, TIME_OF_DAY, View, in_zone, paint, plain,
    problem_kind, shown, words,
};
use crate::targets::Targets;

/// Moves to the top of the screen, and clears it.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";
/// Rows of a terminal whose size is unknown.
const ROWS: u16 = 24;

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
    let mut pause = args.interval;
    let mut checks = 0;
    let mut known = args.state.as_deref().map_or(Ok(None), read_state)?;
    loop {
        let progress = ProgressLine::new(output);
        let (checker, _) = targets.checker().await?;
        let fresh = checker.on_progress(progress.hook()).check().await?;
        drop(progress);
        checks += 1;
        // A first check that reads nothing for a permanent reason is a mistake in the configuration.
        let failure = why_nothing_is_known(&fresh).filter(|_| known.is_none());
        if let Some(failure) = failure.filter(|problem| is_permanent(problem)) {
            return Err(failure.into());
        }
        let is_last = args.count.is_some_and(|count| checks >= count);
        pause = pause_after(&fresh.problems, pause, args.interval);
        let next = (!is_last).then(|| Timestamp::now() + pause);
        let report = merged(known.as_ref(), fresh);
        view.show(known.as_ref(), &report, next)?;
        if let Some(path) = &args.state {
            save_state(path, &report)?;
        }
        let is_matched = |verdict| args.fail_on.contains(&verdict);
        let accepts_unknown = args.allow_unknown || args.fail_on.is_empty();
        let ended = gate(&report, is_matched, accepts_unknown);
        if is_last || matches!(ended, Ok(Exit::Matched)) {
            return ended;
        }
        known = Some(report);
        sleep(pause).await;
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
    let write = || -> io::Result<()> {
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(report)?)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| CliError::io(&format!("cannot write {}", path.display()), &error))
}

/// What a watch shows: a screen that is redrawn, or a line or row for each change.
struct WatchView<'a> {
    output: &'a Output,
    targets: &'a Targets,
    /// Whether the terminal is redrawn.
    is_screen: bool,
    /// Writes changes in formats other than tables.
    rows: Option<RowWriter<'a>>,
    /// Kinds of problems that the last check had.
    problem_kinds: HashSet<String>,
}

impl<'a> WatchView<'a> {
    /// A screen on a terminal, unless another format was chosen; else lines.
    fn new(output: &'a Output, targets: &'a Targets) -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_screen = output.is_terminal && !is_dumb && output.format == Format::Table;
        let format = match output.chosen_format {
            None | Some(Format::Json) => Format::Ndjson,
            Some(format) => format,
        };
        let has_rows = !is_screen && format != Format::Table;
        Self {
            output,
            targets,
            is_screen,
            rows: has_rows.then(|| RowWriter::new(output, format, FIELDS)),
            problem_kinds: HashSet::new(),
        }
    }

    /// Shows the result of a check; `next` is when the next one begins.
    fn show(
        &mut self,
        before: Option<&Report>,
        report: &Report,
        next: Option<Timestamp>,
    ) -> io::Result<()> {
        if self.is_screen {
            return self.draw(report, next);
        }
        self.report_new_problems(&report.problems);
        let changes = changes(before, report);
        if let Some(rows) = &mut self.rows {
            changes.iter().try_for_each(|change| rows.write(change))?;
            return rows.flush();
        }
        let times = self.output.times(report.observed_at);
        let time = paint(FAINT, &shown(times.now, &times.zone, TIME_OF_DAY));
        let lines = changes.iter().map(|change| {
            let change = in_zone(&in_words(change), &times);
            format!("{time} {change}\n")
        });
        self.output.write(&lines.collect::<String>())
    }

    /// Title, times, summary, problems, and as much of the table as fits.
    fn draw(&self, report: &Report, next: Option<Timestamp>) -> io::Result<()> {
        let size = terminal_size::terminal_size();
        let text = ReportText {
            output: self.output,
            report,
            targets: self.targets,
            hidden: 0,
            view: &View::default(),
            width: size.map(|(columns, _)| columns.0.into()),
            is_wide: false,
        };
        let mut screen = text.table();
        if !self.output.is_quiet {
            let (title, summary, causes) = (text.title(), text.summary(), text.causes());
            let next = next.map(|next| shown(next, &self.output.zone, TIME_OF_DAY));
            let next = next.map(|next| format!("next check at {next}"));
            let next = paint(FAINT, &next.unwrap_or_default());
            screen = format!("{title}\n{next}\n{summary}\n{causes}\n{screen}");
        }
        // The last row is for the progress of the next check.
        let rows = size.map_or(ROWS, |(_, rows)| rows.0).max(2) - 1;
        let lines = screen.split_inclusive('\n').take(rows.into());
        io::stdout().write_all(CLEAR.as_bytes())?;
        self.output.write(&lines.collect::<String>())
    }

    /// Reports one problem of each kind, unless the check before had it too.
    fn report_new_problems(&mut self, problems: &[Problem]) {
        let mut kinds = HashSet::new();
        for problem in problems {
            let kind = problem_kind(problem);
            if kinds.insert(kind.clone()) && !self.problem_kinds.contains(&kind) {
                self.output.fail(&problem.into());
            }
        }
        self.problem_kinds = kinds;
    }
}

/// A change for people: `risk-dws: healthy → failing: …`.
fn in_words(change: &VerdictChange) -> String {
    let name = change.cluster_name.as_ref().or(change.cluster_id.as_ref());
    let name = name.map_or("all clusters", String::as_str);
    let from = change.from.map_or("new".to_owned(), words);
    let to = change.to.map_or("gone".to_owned(), words);
    let why = change.reasons.first();
    let why = why.map_or(String::new(), |reason| format!(": {}", reason.message));
    plain(&format!("{name}: {from} → {to}{why}"))
}

/// The name and version of the JSON form of a [`VerdictChange`].
const SCHEMA: &str = "idsync.watch/v1";

/// A verdict that is new, has changed, or is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct VerdictChange {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// When it was observed.
    observed_at: Timestamp,
    /// The subject of the verdict.
    subject: ChangeSubject,
    /// The project of the cluster, if it is known.
    project_id: Option<String>,
    /// The id of the cluster; null for the whole report.
    cluster_id: Option<String>,
    /// The name of the cluster; null for the whole report.
    cluster_name: Option<String>,
    /// The verdict of the check before; null if the cluster is new, and at the first check.
    from: Option<Verdict>,
    /// The verdict now; null if the cluster is gone.
    to: Option<Verdict>,
    /// The reasons for the verdict; empty for the whole report and for a cluster that is gone.
    reasons: Vec<Reason>,
}

/// The subject of a changed verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ChangeSubject {
    /// One cluster.
    Cluster,
    /// The whole report.
    Whole,
}

/// The fields of a change in CSV.
const FIELDS: &str =
    "schema,observed_at,subject,project_id,cluster_id,cluster_name,from,to,reasons,reasons.message";

/// The changes from `before` to `after`: those of clusters in the order of a comparison, then that of the whole.
fn changes(before: Option<&Report>, after: &Report) -> Vec<VerdictChange> {
    let change = |project_id, from, to| VerdictChange {
        schema: SCHEMA,
        observed_at: after.observed_at,
        subject: ChangeSubject::Whole,
        project_id,
        cluster_id: None,
        cluster_name: None,
        from,
        to,
        reasons: Vec::new(),
    };
    let mut nothing = after.clone();
    nothing.clusters.clear();
    let comparison = after.compare(before.unwrap_or(&nothing));
    let clusters = comparison.changes.into_iter().map(|cluster| VerdictChange {
        subject: ChangeSubject::Cluster,
        cluster_id: cluster.cluster_id,
        cluster_name: cluster.cluster_name,
        reasons: cluster.reasons,
        ..change(cluster.project_id, cluster.from, cluster.to)
    });
    let from = before.map(|report| report.verdict);
    let to = Some(after.verdict);
    let whole = (from != to).then(|| change(after.project_id.clone(), from, to));
    clusters.chain(whole).collect()
}

/// The unique key of a cluster: its id within its project, or its name and tasks if it has no id.
fn identity(cluster: &ClusterHealth) -> impl Ord + std::hash::Hash + '_ {
    let has_id = cluster.cluster_id.is_some();
    let without_id = (!has_id).then_some((&cluster.cluster_name, &cluster.tasks));
    (&cluster.project_id, &cluster.cluster_id, without_id)
}

/// Adds to `fresh` the clusters of `before` that it lacks but that are not gone; they become unknown, for the reasons of the
/// report. A cluster is gone if its own workspaces were listed in full without it.
fn merged(before: Option<&Report>, mut fresh: Report) -> Report {
    let Some(before) = before else { return fresh };
    let listed: HashSet<_> = fresh.clusters.iter().map(identity).collect();
    let missing = before.clusters.iter();
    let missing = missing.filter(|cluster| !listed.contains(&identity(cluster)));
    let unseen = missing.filter(|cluster| !fresh.is_listed(cluster));
    let unseen: Vec<_> = unseen.cloned().collect();
    drop(listed);
    fresh.add_unlisted(unseen);
    fresh
}
