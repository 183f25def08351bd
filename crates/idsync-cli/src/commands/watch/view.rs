//! The view of a watch: a screen that is redrawn, or one line for each change.

use std::collections::HashSet;

use idsync::health::{Problem, Report};
use jiff::Timestamp;

use super::changes::{VerdictChange, changes};
use crate::args::Format;
use crate::errors::CliError;
use crate::output::report::{ReportText, in_zone, words};
use crate::output::row::View;
use crate::output::style::{FAINT, paint};
use crate::output::text::plain;
use crate::output::time::time_of_day;
use crate::output::writer::RowWriter;
use crate::output::{Output, problems};
use crate::targets::Targets;

/// Moves to the top of the screen, and clears it.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";
/// Rows of a terminal whose size is unknown.
const ROWS: usize = 24;

/// The view of a watch.
pub(super) struct WatchView<'a> {
    output: &'a Output,
    targets: &'a Targets,
    kind: Kind<'a>,
    /// Kinds of problems that the last check had.
    problem_kinds: HashSet<String>,
}

enum Kind<'a> {
    Screen,
    Text,
    Rows(RowWriter<'a>),
}

impl<'a> WatchView<'a> {
    /// A screen on a terminal, unless another format was chosen; else lines.
    pub(super) fn new(output: &'a Output, targets: &'a Targets) -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let can_draw = output.is_terminal && !is_dumb;
        let rows = |format| {
            let fields = VerdictChange::FIELDS.to_vec();
            Kind::Rows(RowWriter::new(output, format, fields))
        };
        let kind = match output.chosen_format() {
            None | Some(Format::Table) if can_draw => Kind::Screen,
            Some(Format::Table) => Kind::Text,
            None | Some(Format::Json) => rows(Format::Ndjson),
            Some(format) => rows(format),
        };
        Self {
            output,
            targets,
            kind,
            problem_kinds: HashSet::new(),
        }
    }

    /// Shows the result of a check; `next` is when the next one begins.
    pub(super) fn show(
        &mut self,
        before: Option<&Report>,
        report: &Report,
        next: Option<Timestamp>,
    ) -> Result<(), CliError> {
        if matches!(self.kind, Kind::Screen) {
            return self.draw(report, next);
        }
        self.report_new_problems(&report.problems);
        let changes = changes(before, report);
        if let Kind::Rows(writer) = &mut self.kind {
            changes.iter().try_for_each(|change| writer.write(change))?;
            return Ok(writer.flush()?);
        }
        let lines = changes.iter().map(|change| {
            let times = self.output.times(change.observed_at);
            let time = time_of_day(change.observed_at, &times.zone);
            let words = in_zone(&in_words(change), &times);
            format!("{} {words}\n", paint(FAINT, &time))
        });
        Ok(self.output.styled(&lines.collect::<String>())?)
    }

    /// Title, times, as much of the table as fits, summary and problems.
    fn draw(&self, report: &Report, next: Option<Timestamp>) -> Result<(), CliError> {
        let size = terminal_size::terminal_size();
        let rows = size.map_or(ROWS, |(_, rows)| rows.0.into());
        let text = ReportText {
            output: self.output,
            report,
            targets: self.targets,
            clusters: report.clusters.iter().collect(),
            view: &View::default(),
            width: size.map(|(columns, _)| columns.0.into()),
            is_wide: false,
        };
        let owned = |lines: String| lines.lines().map(str::to_owned).collect::<Vec<_>>();
        let mut head = Vec::new();
        if !self.output.is_quiet() {
            head = owned(text.title());
            let zone = &self.output.zone();
            let next = next.map(|next| format!("next check at {}", time_of_day(next, zone)));
            head.extend([paint(FAINT, &next.unwrap_or_default()), String::new()]);
        }
        let mut table = owned(text.table()).into_iter();
        head.extend(table.next());
        let mut tail = owned(text.summary());
        tail.extend(owned(text.causes()));
        // The last row is for the progress of the next check.
        let lines = fitted(head, table.collect(), tail, rows.saturating_sub(1));
        self.output.write(CLEAR)?;
        Ok(self.output.styled(&(lines.join("\n") + "\n"))?)
    }

    /// Reports one problem of each kind, unless the check before had it too.
    fn report_new_problems(&mut self, problems: &[Problem]) {
        let mut kinds = HashSet::new();
        for problem in problems {
            let kind = problems::kind(problem);
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

/// The lines of a terminal of `rows` rows: head and tail if they fit, and as much of the body as there is room for.
fn fitted(head: Vec<String>, mut body: Vec<String>, tail: Vec<String>, rows: usize) -> Vec<String> {
    let room = rows.saturating_sub(head.len() + tail.len());
    if body.len() > room {
        let left_out = body.len() - room.saturating_sub(1);
        body.truncate(room.saturating_sub(1));
        body.push(format!("  … and {left_out} more"));
    }
    let mut lines = [head, body, tail].concat();
    lines.truncate(rows.max(1));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_do_not_fit_are_cut_in_the_body() {
        let lines = |number: usize, text: &str| -> Vec<String> {
            (1..=number).map(|line| format!("{text} {line}")).collect()
        };
        let shown = |body, rows| {
            fitted(lines(2, "head"), lines(body, "row"), lines(1, "tail"), rows).join(", ")
        };
        assert_eq!(shown(2, 5), "head 1, head 2, row 1, row 2, tail 1");
        assert_eq!(shown(9, 5), "head 1, head 2, row 1,   … and 8 more, tail 1");
        assert_eq!(shown(9, 2), "head 1, head 2");
        assert_eq!(shown(0, 0), "head 1");
    }
}
