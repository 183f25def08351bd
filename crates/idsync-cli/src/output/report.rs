//! The health report for people.

use anstyle::Style;
use idsync::dataarts::ClusterType;
use idsync::health::{ClusterHealth, Report, Verdict};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::style::{self, FAINT, STRONG, paint};
use super::table::{Cell, Column, Table};
use super::text::{counted, plain};
use super::{problems, time};

const COLUMNS: &[Column] = &[
    Column::new("  VERDICT"),
    Column::new("CLUSTER"),
    Column::new("TYPE").dispensable(2),
    Column::new("LAST ATTEMPT").dispensable(3),
    Column::new("LAST SUCCESS").dispensable(1),
    Column::new("NEXT DUE").dispensable(4),
    Column::new("WHY"),
];

/// How much of a project id is enough to know it by.
const PROJECT: usize = 8;

/// What was asked, for the title.
#[derive(Debug)]
pub(crate) struct Scope {
    /// A region, a host, or that it is a demo.
    pub(crate) place: Option<String>,
    /// How many workspaces.
    pub(crate) workspaces: usize,
    /// In which the time of day is told.
    pub(crate) zone: TimeZone,
}

/// Title, table, summary, and what could not be asked; only the table if `bare`.
pub(super) fn render(report: &Report, scope: &Scope, room: Option<usize>, bare: bool) -> String {
    let table = table(report).render(room);
    if bare {
        return table;
    }
    let problems = problems::lines(&report.problems);
    format!(
        "{}\n\n{table}{}\n{problems}",
        title(report, scope),
        summary(report)
    )
}

fn title(report: &Report, scope: &Scope) -> String {
    let project = report
        .project_id
        .as_deref()
        .map(|id| format!("project {}", shortened(id)));
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
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let rest = format!(" · {}", parts.join(" · "));
    format!("{}{}", paint(STRONG, "idsync"), paint(FAINT, &rest))
}

fn shortened(id: &str) -> String {
    match id.char_indices().nth(PROJECT) {
        Some((end, _)) => format!("{}…", &id[..end]),
        None => id.to_owned(),
    }
}

fn table(report: &Report) -> Table {
    let mut table = Table::new(COLUMNS);
    for cluster in &report.clusters {
        table.push(row(cluster, report.observed_at));
    }
    table
}

fn row(cluster: &ClusterHealth, now: Timestamp) -> Vec<Cell> {
    let verdict = cluster.verdict;
    vec![
        Cell::styled(
            &format!("{} {}", style::symbol(verdict), words(verdict)),
            style::verdict(verdict),
        ),
        Cell::or_none(
            cluster
                .cluster_name
                .as_deref()
                .or(cluster.cluster_id.as_deref()),
        ),
        Cell::or_none(cluster.cluster_type.as_ref().map(ClusterType::as_str)),
        moment(cluster.last_attempt_at, now),
        moment(cluster.last_success_at, now),
        moment(cluster.next_due_at, now),
        why(cluster).into(),
    ]
}

fn moment(instant: Option<Timestamp>, now: Timestamp) -> Cell {
    let style = if instant.is_none() {
        FAINT
    } else {
        Style::new()
    };
    Cell::styled(&time::relative(instant, now), style)
}

/// The worst reason; where there is none, a note.
fn why(cluster: &ClusterHealth) -> &str {
    let reason = cluster
        .reasons
        .first()
        .map(|reason| reason.message.as_str());
    reason
        .or(cluster.notes.first().map(|note| note.message.as_str()))
        .unwrap_or_default()
}

/// How many clusters have each verdict, worst first.
fn summary(report: &Report) -> String {
    let counts = report.counts.iter().map(|(verdict, count)| {
        paint(
            style::verdict(verdict),
            &format!("{count} {}", words(verdict)),
        )
    });
    let counts: Vec<_> = counts.collect();
    if counts.is_empty() {
        "no clusters".to_owned()
    } else {
        counts.join(" · ")
    }
}

/// A verdict in words.
fn words(verdict: Verdict) -> String {
    verdict.as_str().replace('_', " ")
}

/// Whether an MRS cluster is copying IAM users, in one sentence.
pub(super) fn syncing(cluster_id: &str, is_synchronizing: Option<bool>) -> String {
    let (style, symbol, sentence) = match is_synchronizing {
        Some(true) => (style::ACTIVE, '↻', "is copying IAM users now"),
        Some(false) => (
            FAINT,
            '○',
            "is not copying IAM users now, which says nothing of how the last time went",
        ),
        None => (
            style::WARNING,
            '?',
            "does not report whether it is copying IAM users",
        ),
    };
    format!(
        "{} {cluster_id} {sentence}\n",
        paint(style, &symbol.to_string())
    )
}

#[cfg(test)]
mod tests;
