//! The health report for people, the rows of its clusters, and its problems.

use std::collections::BTreeSet;

use idsync::Error;
use idsync::dataarts::ClusterType;
use idsync::health::{ClusterHealth, NoteCode, Problem, ReasonCode, Report, render_times};

use super::Output;
use super::row::{Row, View, text};
use super::table::{Cell, Layout};
use super::text::{DOT, FAINT, STRONG, counted, look, paint, plain, warning, words, wrapped};
use super::time::{NONE, SECOND, TIME_OF_DAY, Times, minute, shown};
use crate::targets::Targets;

/// Number of characters of a project id that are shown.
const PROJECT: usize = 8;

impl Row for ClusterHealth {
    const FIELDS: &'static str = "project_id,cluster_id,cluster_name,cluster_type,verdict,reasons,reasons.message,\
        notes,notes.message,diagnosis,diagnosis.summary,diagnosis.hint,last_attempt_at,last_success_at,last_change_at,\
        next_due_at,consecutive_failures,at_least,failing_since,identity_sources,sources,workspaces,tasks";

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let name = self.cluster_name.as_deref().or(self.cluster_id.as_deref());
        let project = self.project_id.as_deref().map(shortened);
        let cluster_type = self.cluster_type.as_ref();
        let mark = if is_partly_read(self) { "*" } else { "" };
        let (symbol, style) = look(self.verdict);
        let verdict = format!("{symbol} {}{mark}", words(self.verdict));
        vec![
            Cell::new("  VERDICT", verdict).style(style),
            Cell::new("CLUSTER", name.unwrap_or(NONE)),
            Cell::new("PROJECT", project.as_deref().unwrap_or(NONE)).gives_way(15),
            Cell::new("TYPE", cluster_type.map_or(NONE, ClusterType::as_str)).gives_way(45),
            Cell::new("LAST ATTEMPT", times.relative(self.last_attempt_at)).gives_way(46),
            Cell::new("LAST SUCCESS", times.relative(self.last_success_at)).gives_way(16),
            Cell::new("NEXT DUE", times.relative(self.next_due_at)).gives_way(47),
            Cell::new("WHY", in_zone(&why(self, false), times)),
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

/// `message` with its times in the configured zone.
pub(crate) fn in_zone(message: &str, times: &Times) -> String {
    render_times(message, |instant| minute(instant, times))
}

fn shortened(id: &str) -> String {
    match id.char_indices().nth(PROJECT) {
        Some((end, _)) => format!("{}…", &id[..end]),
        None => id.to_owned(),
    }
}

/// The worst reason, or a note if there is none, and warnings; if `is_wide`, every reason, note and hint.
pub(crate) fn why(cluster: &ClusterHealth, is_wide: bool) -> String {
    let reasons = cluster.reasons.iter().map(|it| (&it.message, false));
    let notes = cluster.notes.iter();
    let notes = notes.map(|it| (&it.message, it.code == NoteCode::MassDeletion));
    let messages = reasons.chain(notes).enumerate();
    let shown = messages.filter(|(at, (_, is_warning))| is_wide || *at == 0 || *is_warning);
    let shown = shown.map(|(_, (message, _))| message.as_str());
    let hint = cluster.diagnosis.iter().filter(|_| is_wide);
    let mut texts: Vec<_> = shown.chain(hint.map(|it| it.hint.as_str())).collect();
    texts.dedup();
    texts.join("; ")
}

/// The fields that the details of a cluster begin with.
const DETAILS: &str = "project_id,cluster_id,cluster_type,workspaces,last_attempt_at,last_success_at,last_change_at,\
    next_due_at,consecutive_failures,failing_since";

/// All details of one cluster.
pub(crate) fn details(cluster: &ClusterHealth, times: &Times) -> String {
    let row = serde_json::to_value(cluster).unwrap_or_default();
    let field = |field: &'static str| {
        let text = text(&row, field).unwrap_or(NONE.to_owned());
        let text = match text.parse() {
            Ok(time) => {
                let relative = times.relative(Some(time));
                format!("{relative} ({})", shown(time, &times.zone, SECOND))
            }
            Err(_) => text,
        };
        (field.replace('_', " "), text)
    };
    let mut lines: Vec<_> = DETAILS.split(',').map(field).collect();
    let mut add = |label: &str, text: String| lines.push((label.to_owned(), text));
    for reason in &cluster.reasons {
        add("reason", format!("{}: {}", reason.code, reason.message));
    }
    for note in &cluster.notes {
        add("note", format!("{}: {}", note.code, note.message));
    }
    for source in &cluster.identity_sources {
        let name = source.id.as_deref().unwrap_or("without id");
        let success = times.relative(source.last_success_at);
        let verdict = words(source.verdict);
        add(
            "identity source",
            format!("{name}: {verdict}, last success {success}"),
        );
    }
    if cluster.at_least {
        add("note", "there may be more consecutive failures".to_owned());
    }
    if let Some(diagnosis) = &cluster.diagnosis {
        add("diagnosis", diagnosis.summary.clone());
        add("hint", diagnosis.hint.clone());
    }
    let name = cluster.cluster_name.as_deref();
    let name = plain(name.or(cluster.cluster_id.as_deref()).unwrap_or_default());
    let (symbol, style) = look(cluster.verdict);
    let verdict = paint(style, &format!("{symbol} {}", words(cluster.verdict)));
    let lines = lines.iter().map(|(label, text)| {
        let text = in_zone(&plain(text), times);
        format!("  {label:22}{text}\n")
    });
    let lines: String = lines.collect();
    format!("{verdict} {}\n\n{lines}", paint(STRONG, &name))
}

/// The parts of a report for people.
pub(crate) struct ReportText<'r> {
    pub(crate) output: &'r Output,
    pub(crate) report: &'r Report,
    pub(crate) targets: &'r Targets,
    /// Number of clusters that are left out.
    pub(crate) hidden: usize,
    pub(crate) view: &'r View,
    pub(crate) width: Option<usize>,
    /// Whether WHY holds every reason, note and hint.
    pub(crate) is_wide: bool,
}

impl ReportText<'_> {
    /// Title, table, summary and problems; without title and summary if the output is quiet.
    pub(crate) fn text(&self) -> String {
        let table = self.table();
        if self.output.is_quiet {
            return table;
        }
        let (title, summary) = (self.title(), self.summary());
        format!("{title}\n\n{table}{summary}\n{}", self.causes())
    }

    /// The reasons of the whole report, then the problems.
    pub(crate) fn causes(&self) -> String {
        let reasons = self.report.reasons.iter();
        let reasons = reasons.filter(|reason| reason.code != ReasonCode::SourceUnavailable);
        let reasons = reasons.map(|reason| warning(&plain(&reason.message), self.width));
        reasons.collect::<String>() + &problem_lines(&self.report.problems, self.width)
    }

    /// The clusters as a table.
    pub(crate) fn table(&self) -> String {
        let times = self.output.times(self.report.observed_at);
        let row = |cluster: &ClusterHealth| {
            let mut row = self.view.cells(cluster, &times);
            if self.view.columns.is_empty() && self.is_wide {
                row.pop();
                row.push(Cell::new("WHY", in_zone(&why(cluster, true), &times)));
            }
            if self.view.columns.is_empty() && self.targets.projects.len() < 2 {
                row.retain(|cell| cell.title != "PROJECT");
            }
            row
        };
        let rows: Vec<_> = self.report.clusters.iter().map(row).collect();
        Layout::new(&rows, self.width).text(&rows)
    }

    pub(crate) fn title(&self) -> String {
        let (report, targets) = (self.report, self.targets);
        let projects = targets.projects.len();
        let project = match &report.project_id {
            Some(id) => Some(format!("project {}", shortened(id))),
            None => (projects > 1).then(|| counted(projects, "project")),
        };
        let workspaces = targets.workspaces();
        let parts = [
            targets.place.as_deref().map(plain),
            project,
            (workspaces > 0).then(|| counted(workspaces, "workspace")),
            Some(counted(report.clusters.len() + self.hidden, "cluster")),
            Some(shown(report.observed_at, &self.output.zone, TIME_OF_DAY)),
        ];
        let parts = parts.into_iter().flatten().map(|part| paint(FAINT, &part));
        let parts: Vec<_> = [paint(STRONG, "idsync")].into_iter().chain(parts).collect();
        wrapped(&parts, DOT, self.width, "")
    }

    /// Number of clusters of each verdict, worst first, and how many clusters are not shown.
    pub(crate) fn summary(&self) -> String {
        let report = self.report;
        let counts = report.counts.iter().rev().map(|(verdict, count)| {
            let text = format!("{count} {}", words(*verdict));
            paint(look(*verdict).1, &text)
        });
        let mut parts: Vec<_> = counts.collect();
        if parts.is_empty() {
            parts.push("no clusters".to_owned());
        }
        if report.clusters.iter().any(is_partly_read) {
            parts.push(paint(FAINT, "* not read in full"));
        }
        let hidden = self.hidden as u64;
        for (number, what) in [(report.ignored, "ignored"), (hidden, "not shown")] {
            if number > 0 {
                parts.push(paint(FAINT, &format!("{number} {what}")));
            }
        }
        wrapped(&parts, DOT, self.width, "")
    }
}

/// Number of clusters, workspaces and projects that one line names.
const NAMES: usize = 3;

/// One line for each kind of problem, in order of first occurrence; lines are wrapped at `room` columns.
pub(crate) fn problem_lines(problems: &[Problem], room: Option<usize>) -> String {
    let mut groups: Vec<(String, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        let kind = problem_kind(problem);
        match groups.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, group)) => group.push(problem),
            None => groups.push((kind, vec![problem])),
        }
    }
    let line = |group: &[&Problem]| {
        let error = Error::from(*group.first()?);
        let sentence = subject(group) + &plain(&error.to_string());
        Some(warning(&sentence, room))
    };
    groups.iter().filter_map(|(_, group)| line(group)).collect()
}

/// The key that problems of one kind share.
pub(crate) fn problem_kind(problem: &Problem) -> String {
    let error = &problem.error;
    let (status, code) = (error.status, &error.code);
    format!("{} {} {status:?} {code:?}", problem.source, error.kind)
}

/// A few of the clusters, else workspaces or projects, that could not be read, and how many others there are.
fn subject(group: &[&Problem]) -> String {
    let names = group.iter().filter_map(|it| {
        let cluster = [&it.cluster_name, &it.cluster_id];
        let place = [&it.workspace_id, &it.project_id];
        cluster.into_iter().chain(place).flatten().next()
    });
    let names: BTreeSet<_> = names.collect();
    let shown: Vec<_> = names.iter().take(NAMES).map(|name| plain(name)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMES) {
        0 if names.is_empty() => String::new(),
        0 => shown + ": ",
        others => format!("{shown} and {}: ", counted(others, "other")),
    }
}

#[cfg(test)]
mod tests {
    use idsync::ErrorKind;
    use idsync::health::Source;

    use super::*;

    fn problem(source: Source, cluster_id: Option<&str>, kind: ErrorKind, status: u16) -> Problem {
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(source, cluster_id, &any);
        problem.error.kind = kind;
        problem.error.status = Some(status);
        problem.error.message = "what happened".to_owned();
        problem
    }

    fn text(problems: &[Problem]) -> Vec<String> {
        let text = anstream::adapter::strip_str(&problem_lines(problems, None)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn problems_of_one_kind_share_a_line_that_names_a_few_clusters() {
        let throttled = |id| problem(Source::Dws, Some(id), ErrorKind::Throttled, 429);
        let missing = problem(Source::Mrs, Some("c9"), ErrorKind::NotFound, 404);
        let mut problems = vec![throttled("c1"), missing, throttled("c2"), throttled("c1")];
        let both = text(&problems);
        assert!(both[0].starts_with("c1, c2: "), "{both:?}");
        assert!(
            both[0].contains("429") && both[0].contains("what happened"),
            "{both:?}"
        );
        assert!(both[1].starts_with("c9: ") && both.len() == 2, "{both:?}");
        problems.extend(["c3", "c4", "c5"].map(throttled));
        let line = text(&problems).remove(0);
        assert!(line.starts_with("c1, c2, c3 and 2 others: "), "{line}");
    }

    #[test]
    fn a_problem_without_a_cluster_names_its_workspace_or_project() {
        let mut problem = problem(Source::DataArts, None, ErrorKind::Permission, 403);
        let nameless = text(&[problem.clone()]).remove(0);
        assert!(nameless.starts_with("list"), "{nameless}");
        problem.project_id = Some("p1".to_owned());
        assert!(text(&[problem.clone()])[0].starts_with("p1: list"));
        problem.workspace_id = Some("w1".to_owned());
        assert!(text(&[problem])[0].starts_with("w1: list"));
    }
}
