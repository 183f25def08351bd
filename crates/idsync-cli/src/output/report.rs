//! The health report for people.

use std::borrow::Cow;

use anstyle::Style;
use idsync::dataarts::ClusterType;
use idsync::health::{ClusterHealth, Note, NoteCode, Report, Verdict};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::listed::Listed;
use super::selection::Selection;
use super::style::{self, FAINT, STRONG, paint};
use super::table::{Cell, Column};
use super::text::{counted, joined, plain, wrapped};
use super::view::View;
use super::{problems, time};

/// How much of a project id is enough to know it by.
const PROJECT: usize = 8;

/// What was asked, for the title.
#[derive(Debug)]
pub(crate) struct Scope {
    /// A region, a host, or that it is a demo.
    pub(crate) place: Option<String>,
    /// How many projects.
    pub(crate) projects: usize,
    /// How many workspaces.
    pub(crate) workspaces: usize,
    /// In which the time of day is told.
    pub(crate) zone: TimeZone,
}

/// The report with those clusters that are selected; everything else tells of all.
pub(super) fn selected<'r>(
    report: &'r Report,
    selection: &Selection<ClusterHealth>,
) -> Cow<'r, Report> {
    if selection.is_everything() {
        return Cow::Borrowed(report);
    }
    let mut selected = report.clone();
    selected.clusters = selection
        .of(&report.clusters)
        .into_iter()
        .cloned()
        .collect();
    Cow::Owned(selected)
}

/// Title, `table`, summary, and what could not be asked.
pub(super) fn render(
    report: &Report,
    scope: &Scope,
    selection: &Selection<ClusterHealth>,
    table: &str,
    room: Option<usize>,
) -> String {
    let problems = problems::lines(&report.problems, room);
    let title = title(report, scope, room);
    let summary = summary(report, selection, room);
    let partial = partial(report, room);
    format!("{title}\n\n{table}{summary}\n{partial}{problems}")
}

pub(super) fn title(report: &Report, scope: &Scope, room: Option<usize>) -> String {
    let project = report
        .project_id
        .as_deref()
        .map(|id| format!("project {}", shortened(id)))
        .or_else(|| (scope.projects > 1).then(|| counted(scope.projects, "project")));
    let workspaces = (scope.workspaces > 0).then(|| counted(scope.workspaces, "workspace"));
    let clusters = counted(report.clusters.len(), "cluster");
    let time = time::time_of_day(report.observed_at, &scope.zone);
    let parts = [
        scope.place.as_deref().map(plain),
        project,
        workspaces,
        Some(clusters),
        Some(time),
    ];
    let parts = parts.into_iter().flatten().map(|part| paint(FAINT, &part));
    let parts: Vec<_> = [paint(STRONG, "idsync")].into_iter().chain(parts).collect();
    joined(&parts, room)
}

fn shortened(id: &str) -> String {
    match id.char_indices().nth(PROJECT) {
        Some((end, _)) => format!("{}…", &id[..end]),
        None => id.to_owned(),
    }
}

/// The clusters that are selected, as a table.
pub(super) fn view(
    report: &Report,
    scope: &Scope,
    selection: &Selection<ClusterHealth>,
) -> View<ClusterHealth> {
    let mut view = View::new(selection, scope.zone.clone());
    for cluster in selection.of(&report.clusters) {
        view.push(cluster, report.observed_at);
    }
    view
}

impl Listed for ClusterHealth {
    const COLUMNS: &'static [Column] = &[
        Column::new("  VERDICT"),
        Column::new("CLUSTER"),
        Column::new("PROJECT").distinguishing().telling(1),
        Column::new("TYPE").dispensable(2),
        Column::new("LAST ATTEMPT").dispensable(3),
        Column::new("LAST SUCCESS").dispensable(1),
        Column::new("NEXT DUE").dispensable(4),
        Column::new("WHY"),
    ];

    const NOTHING: &'static str = "there are no clusters";

    fn row(&self, now: Timestamp) -> Vec<Cell> {
        let verdict = self.verdict;
        vec![
            Cell::styled(
                &format!("{} {}", style::symbol(verdict), words(verdict)),
                style::verdict(verdict),
            ),
            Cell::or_none(self.cluster_name.as_deref().or(self.cluster_id.as_deref())),
            Cell::or_none(self.project_id.as_deref().map(shortened).as_deref()),
            Cell::or_none(self.cluster_type.as_ref().map(ClusterType::as_str)),
            moment(self.last_attempt_at, now),
            moment(self.last_success_at, now),
            moment(self.next_due_at, now),
            why(self).into(),
        ]
    }
}

fn moment(instant: Option<Timestamp>, now: Timestamp) -> Cell {
    let style = if instant.is_none() {
        FAINT
    } else {
        Style::new()
    };
    Cell::styled(&time::relative(instant, now), style)
}

/// The worst reason, or a note where there is none; behind it what is a warning whatever the verdict.
pub(super) fn why(cluster: &ClusterHealth) -> String {
    let is_warning = |note: &&Note| note.code == NoteCode::MassDeletion;
    let reason = cluster.reasons.first().map(|reason| &reason.message);
    let first = reason.or(cluster.notes.first().map(|note| &note.message));
    let warnings = cluster.notes.iter().filter(is_warning);
    let mut told: Vec<_> = first.into_iter().collect();
    told.extend(warnings.map(|note| &note.message));
    told.dedup();
    told.iter()
        .map(|text| text.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

/// How many clusters have each verdict, worst first, and how many of them the table leaves out.
pub(super) fn summary(
    report: &Report,
    selection: &Selection<ClusterHealth>,
    room: Option<usize>,
) -> String {
    let counts = report.counts.iter().map(|(verdict, count)| {
        paint(
            style::verdict(verdict),
            &format!("{count} {}", words(verdict)),
        )
    });
    let mut parts: Vec<_> = counts.collect();
    if parts.is_empty() {
        parts.push("no clusters".to_owned());
    }
    let shown = selection.of(&report.clusters).len();
    let hidden = (report.clusters.len() - shown) as u64;
    for (number, what) in [(report.ignored, "ignored"), (hidden, "not shown")] {
        if number > 0 {
            parts.push(paint(FAINT, &format!("{number} {what}")));
        }
    }
    joined(&parts, room)
}

/// That not everything was asked, where that is so.
pub(super) fn partial(report: &Report, room: Option<usize>) -> String {
    if report.complete {
        return String::new();
    }
    let sentence = "this is a part: the check was ended before everything was asked";
    paint(style::WARNING, &wrapped(sentence, room, "  ")) + "\n"
}

/// A verdict in words.
pub(super) fn words(verdict: Verdict) -> String {
    verdict.as_str().replace('_', " ")
}

#[cfg(test)]
mod tests;
