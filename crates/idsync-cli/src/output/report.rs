//! The health report for people, and the rows of its clusters.

use anstyle::Style;
use idsync::ErrorKind;
use idsync::dataarts::ClusterType;
use idsync::health::{ClusterHealth, Note, NoteCode, ReasonCode, Report, Verdict, render_times};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::row::{Row, View, cells, columns};
use super::style::{self, FAINT, STRONG, paint};
use super::table::{Cell, Column, Layout};
use super::text::{counted, joined, plain, wrapped};
use super::time::{NONE, Times, absolute, minute, time_of_day};
use super::{Output, problems};
use crate::targets::Targets;

/// Most characters of a project id that are shown.
const PROJECT: usize = 8;

/// Fields of a cluster in CSV, `--columns` and `--sort`.
pub(crate) const FIELDS: &[&str] = ClusterHealth::FIELDS;

impl Row for ClusterHealth {
    const FIELDS: &'static [&'static str] = &[
        "project_id",
        "cluster_id",
        "cluster_name",
        "cluster_type",
        "verdict",
        "reasons",
        "reasons.message",
        "notes",
        "notes.message",
        "diagnosis",
        "diagnosis.summary",
        "diagnosis.hint",
        "last_attempt_at",
        "last_success_at",
        "last_change_at",
        "next_due_at",
        "consecutive_failures",
        "at_least",
        "failing_since",
        "identity_sources",
        "sources",
        "workspaces",
        "tasks",
    ];

    const EMPTY: &'static str = "there are no clusters";

    fn columns() -> Vec<Column> {
        vec![
            Column::new("  VERDICT"),
            Column::new("CLUSTER"),
            Column::new("PROJECT").gives_way(15),
            Column::new("TYPE").gives_way(45),
            Column::new("LAST ATTEMPT").gives_way(46),
            Column::new("LAST SUCCESS").gives_way(16),
            Column::new("NEXT DUE").gives_way(47),
            Column::new("WHY"),
        ]
    }

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let verdict = self.verdict;
        vec![
            Cell::styled(
                &format!(
                    "{} {}{}",
                    style::symbol(verdict),
                    words(verdict),
                    if is_partly_read(self) { "*" } else { "" }
                ),
                style::verdict(verdict),
            ),
            Cell::or_none(self.cluster_name.as_deref().or(self.cluster_id.as_deref())),
            Cell::or_none(self.project_id.as_deref().map(shortened).as_deref()),
            Cell::or_none(self.cluster_type.as_ref().map(ClusterType::as_str)),
            moment(attempt(self), times),
            moment(self.last_success_at, times),
            moment(self.next_due_at, times),
            in_zone(&why(self), times).into(),
        ]
    }
}

/// Whether a source of the cluster could not be read in full.
fn is_partly_read(cluster: &ClusterHealth) -> bool {
    let mut reasons = cluster.reasons.iter();
    let mut notes = cluster.notes.iter();
    reasons.any(|reason| reason.code == ReasonCode::SourceUnavailable)
        || notes.any(|note| note.code == NoteCode::SourceUnavailable)
}

/// When the run began that the worst reason is about, else the last run.
fn attempt(cluster: &ClusterHealth) -> Option<Timestamp> {
    let reason = cluster.reasons.first()?;
    let is_about_a_run = reason.task_id.is_some() || reason.identity_source_id.is_some();
    let has_run = cluster.last_attempt_at.is_some() && reason.verdict != Verdict::Unknown;
    (is_about_a_run && has_run)
        .then_some(reason.observed_at)
        .or(cluster.last_attempt_at)
}

/// `message` with its times in the zone of the reader.
pub(crate) fn in_zone(message: &str, times: &Times) -> String {
    render_times(message, |instant| minute(instant, times))
}

fn moment(instant: Option<Timestamp>, times: &Times) -> Cell {
    let style = if instant.is_none() {
        FAINT
    } else {
        Style::new()
    };
    Cell::styled(&times.relative(instant), style)
}

fn shortened(id: &str) -> String {
    match id.char_indices().nth(PROJECT) {
        Some((end, _)) => format!("{}…", &id[..end]),
        None => id.to_owned(),
    }
}

/// Every reason and note with the diagnosis and its hint, on one line.
fn everything(cluster: &ClusterHealth) -> String {
    let reasons = cluster.reasons.iter().map(|reason| &reason.message);
    let notes = cluster.notes.iter().map(|note| &note.message);
    let mut texts: Vec<&str> = reasons.chain(notes).map(String::as_str).collect();
    texts.extend(
        cluster
            .diagnosis
            .iter()
            .map(|diagnosis| diagnosis.hint.as_str()),
    );
    texts.dedup();
    texts.join("; ")
}

/// Everything that is known of one cluster.
pub(crate) fn details(cluster: &ClusterHealth, times: &Times) -> String {
    let verdict = cluster.verdict;
    let title = format!("{} {}", style::symbol(verdict), words(verdict));
    let name = cluster
        .cluster_name
        .as_ref()
        .or(cluster.cluster_id.as_ref());
    let name = name.map(|name| plain(name)).unwrap_or_default();
    let mut text = format!(
        "{} {}\n\n",
        paint(style::verdict(verdict), &title),
        paint(STRONG, &name)
    );
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            text.extend([format!("  {label:18}"), plain(&value), "\n".to_owned()]);
        }
    };
    let time = |instant: Option<Timestamp>| {
        let shown = |instant| {
            format!(
                "{} ({})",
                times.relative(Some(instant)),
                absolute(instant, &times.zone)
            )
        };
        instant.map_or_else(|| NONE.to_owned(), shown)
    };
    line("project", cluster.project_id.clone().unwrap_or_default());
    line("cluster id", cluster.cluster_id.clone().unwrap_or_default());
    let cluster_type = cluster.cluster_type.as_ref();
    line(
        "type",
        cluster_type.map_or_else(String::new, ToString::to_string),
    );
    line("workspaces", cluster.workspaces.join(", "));
    line("last attempt", time(cluster.last_attempt_at));
    line("last success", time(cluster.last_success_at));
    line("last change", time(cluster.last_change_at));
    line("next due", time(cluster.next_due_at));
    let at_least = if cluster.at_least { "at least " } else { "" };
    let failures = cluster.consecutive_failures;
    line(
        "failures in a row",
        failures.map_or_else(String::new, |n| format!("{at_least}{n}")),
    );
    if cluster.failing_since.is_some() {
        line("failing since", time(cluster.failing_since));
    }
    for reason in &cluster.reasons {
        line(
            "reason",
            format!("{}: {}", reason.code, in_zone(&reason.message, times)),
        );
    }
    for note in &cluster.notes {
        line(
            "note",
            format!("{}: {}", note.code, in_zone(&note.message, times)),
        );
    }
    for source in &cluster.identity_sources {
        let name = source.id.as_deref().unwrap_or("without id");
        let success = times.relative(source.last_success_at);
        let verdict = words(source.verdict);
        line(
            "identity source",
            format!("{name}: {verdict}, last success {success}"),
        );
    }
    if let Some(diagnosis) = &cluster.diagnosis {
        line("diagnosis", in_zone(&diagnosis.summary, times));
        line("hint", diagnosis.hint.clone());
    }
    text
}

/// The worst reason, or a note if there is none; then warnings.
pub(crate) fn why(cluster: &ClusterHealth) -> String {
    let is_warning = |note: &&Note| note.code == NoteCode::MassDeletion;
    let reason = cluster.reasons.first().map(|reason| &reason.message);
    let first = reason.or(cluster.notes.first().map(|note| &note.message));
    let warnings = cluster.notes.iter().filter(is_warning);
    let mut texts: Vec<&str> = first.into_iter().map(String::as_str).collect();
    texts.extend(warnings.map(|note| note.message.as_str()));
    texts.dedup();
    texts.join("; ")
}

/// A verdict in words.
pub(crate) fn words(verdict: Verdict) -> String {
    verdict.as_str().replace('_', " ")
}

/// What a report covers, for its title.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    /// The region, the endpoint, the name of the fleet file, or `demo`.
    place: Option<String>,
    projects: usize,
    workspaces: usize,
    zone: TimeZone,
}

impl Coverage {
    /// What `targets` cover; times are shown in `zone`.
    pub(crate) fn new(targets: &Targets, zone: TimeZone) -> Self {
        Self {
            place: targets.place.clone(),
            projects: targets.projects(),
            workspaces: targets.workspaces(),
            zone,
        }
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// The parts of a report for people.
pub(crate) struct ReportText<'r> {
    pub(crate) report: &'r Report,
    /// The clusters that are shown.
    pub(crate) clusters: Vec<&'r ClusterHealth>,
    pub(crate) coverage: &'r Coverage,
    pub(crate) view: &'r View,
    pub(crate) width: Option<usize>,
    /// Whether WHY holds every reason, note and hint.
    pub(crate) is_wide: bool,
}

impl ReportText<'_> {
    /// Title, table, summary and problems; without title and summary if `quiet`.
    pub(crate) fn text(&self, output: &Output) -> String {
        let table = self.table(Some(output));
        if output.is_quiet() {
            return table;
        }
        format!(
            "{}\n\n{table}{}\n{}{}",
            self.title(),
            self.summary(),
            interrupted(self.report, self.width),
            self.causes()
        )
    }

    /// What is not known of the whole report, then the problems.
    pub(crate) fn causes(&self) -> String {
        let report = self.report;
        let reasons = report.reasons.iter();
        let reasons = reasons.filter(|reason| reason.code != ReasonCode::SourceUnavailable);
        let reasons = reasons.map(|reason| {
            let text = wrapped(&plain(&reason.message), self.width, "  ");
            paint(style::WARNING, &text) + "\n"
        });
        reasons.collect::<String>() + &problems::lines(&report.problems, self.width)
    }

    /// The clusters as a table.
    pub(crate) fn table(&self, output: Option<&Output>) -> String {
        let times = Times {
            now: self.report.observed_at,
            zone: self.coverage.zone.clone(),
        };
        let rows = self.clusters.iter();
        let mut rows: Vec<_> = rows.map(|row| cells(self.view, *row, &times)).collect();
        if self.is_wide && self.view.columns().is_none() {
            for (row, cluster) in rows.iter_mut().zip(&self.clusters) {
                row.pop();
                row.push(in_zone(&everything(cluster), &times).into());
            }
        }
        let mut titles = columns::<ClusterHealth>(self.view);
        if self.view.columns().is_none() && self.coverage.projects < 2 {
            let project = 2;
            titles.remove(project);
            for row in &mut rows {
                row.remove(project);
            }
        }
        let layout = Layout::new(titles, &rows, self.width);
        if let Some(output) = output {
            output.log_left_out(&layout, self.view);
        }
        let lines = rows.iter().map(|row| layout.line(row));
        [layout.header()].into_iter().chain(lines).collect()
    }

    pub(crate) fn title(&self) -> String {
        let (report, coverage) = (self.report, self.coverage);
        let project = report.project_id.as_deref();
        let project = project
            .map(|id| format!("project {}", shortened(id)))
            .or_else(|| (coverage.projects > 1).then(|| counted(coverage.projects, "project")));
        let workspaces =
            (coverage.workspaces > 0).then(|| counted(coverage.workspaces, "workspace"));
        let parts = [
            coverage.place.as_deref().map(plain),
            project,
            workspaces,
            Some(counted(report.clusters.len(), "cluster")),
            Some(time_of_day(report.observed_at, &coverage.zone)),
        ];
        let parts = parts.into_iter().flatten().map(|part| paint(FAINT, &part));
        let parts: Vec<_> = [paint(STRONG, "idsync")].into_iter().chain(parts).collect();
        joined(&parts, self.width)
    }

    /// Number of clusters of each verdict, worst first, and how many clusters are not shown.
    pub(crate) fn summary(&self) -> String {
        let report = self.report;
        let counts = report.counts.iter().map(|(verdict, count)| {
            let text = format!("{count} {}", words(verdict));
            paint(style::verdict(verdict), &text)
        });
        let mut parts: Vec<_> = counts.collect();
        if parts.is_empty() {
            parts.push("no clusters".to_owned());
        }
        let hidden = (report.clusters.len() - self.clusters.len()) as u64;
        let partly = self
            .clusters
            .iter()
            .filter(|cluster| is_partly_read(cluster));
        if partly.count() > 0 {
            parts.push(paint(FAINT, "* not read in full"));
        }
        for (number, what) in [(report.ignored, "ignored"), (hidden, "not shown")] {
            if number > 0 {
                parts.push(paint(FAINT, &format!("{number} {what}")));
            }
        }
        joined(&parts, self.width)
    }
}

/// A warning if the check was interrupted.
pub(crate) fn interrupted(report: &Report, width: Option<usize>) -> String {
    let mut problems = report.problems.iter();
    if !problems.any(|problem| problem.error.kind == ErrorKind::Cancelled) {
        return String::new();
    }
    let sentence = "partial report: the check was interrupted";
    paint(style::WARNING, &wrapped(sentence, width, "  ")) + "\n"
}
