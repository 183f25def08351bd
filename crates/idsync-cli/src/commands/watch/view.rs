//! The view of a watch: a screen that is redrawn, or one line for each change.

use std::collections::HashSet;

use idsync::health::{Problem, Progress, Report};
use jiff::Timestamp;

use super::changes::{VerdictChange, changes};
use crate::args::Format;
use crate::commands::status::{self, ReportSelection};
use crate::errors::CliError;
use crate::output::progress::sentence;
use crate::output::report::{ReportText, in_zone, words};
use crate::output::row::View;
use crate::output::screen::{Screen, fitted, size};
use crate::output::style::{FAINT, STRONG, paint};
use crate::output::text::plain;
use crate::output::time::time_of_day;
use crate::output::writer::RowWriter;
use crate::output::{Output, problems};
use crate::targets::Targets;

/// The view of a watch.
pub(super) struct WatchView<'a> {
    output: &'a Output,
    targets: &'a Targets,
    kind: Kind<'a>,
    shown: Option<Shown>,
    /// The lines on the screen.
    drawn: Vec<String>,
    /// Progress of the check that is running.
    progress: Option<Progress>,
    /// Kinds of problems that the last check had.
    problem_kinds: HashSet<String>,
}

enum Kind<'a> {
    Screen(Screen),
    Text,
    Rows(RowWriter<'a>),
}

/// A report, and when it was made.
struct Shown {
    report: Report,
    at: Timestamp,
    /// When the next check begins, if there is one.
    next: Option<Timestamp>,
}

impl<'a> WatchView<'a> {
    /// A screen on a terminal, unless another format was chosen; else lines.
    pub(super) fn open(output: &'a Output, targets: &'a Targets) -> Result<Self, CliError> {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let can_draw = output.is_terminal && !is_dumb;
        let rows = |format| {
            let fields = VerdictChange::FIELDS.to_vec();
            Kind::Rows(RowWriter::new(output, format, fields))
        };
        let kind = match output.chosen_format() {
            None | Some(Format::Table) if can_draw => Kind::Screen(Screen::open(output.color())?),
            Some(Format::Table) => Kind::Text,
            None | Some(Format::Json) => rows(Format::Ndjson),
            Some(format) => rows(format),
        };
        Ok(Self {
            output,
            targets,
            kind,
            shown: None,
            drawn: Vec::new(),
            progress: None,
            problem_kinds: HashSet::new(),
        })
    }

    /// Shows the progress of the running check.
    pub(super) fn show_progress(&mut self, progress: Progress) -> Result<(), CliError> {
        self.progress = Some(progress);
        self.redraw()
    }

    /// Shows the result of a check; `next` is when the next one begins.
    pub(super) fn show(
        &mut self,
        before: Option<&Report>,
        report: &Report,
        next: Option<Timestamp>,
    ) -> Result<(), CliError> {
        self.progress = None;
        if matches!(self.kind, Kind::Screen(_)) {
            self.shown = Some(Shown {
                report: report.clone(),
                at: Timestamp::now(),
                next,
            });
            return self.redraw();
        }
        self.report_new_problems(&report.problems);
        self.print(&changes(before, report))
    }

    fn print(&mut self, changes: &[VerdictChange]) -> Result<(), CliError> {
        match &mut self.kind {
            Kind::Screen(_) => {}
            Kind::Text => {
                let lines = changes.iter().map(|change| {
                    let times = self.output.times(change.observed_at);
                    let time = time_of_day(change.observed_at, &times.zone);
                    let words = in_zone(&in_words(change), &times);
                    format!("{} {words}\n", paint(FAINT, &time))
                });
                self.output.styled(&lines.collect::<String>())?;
            }
            Kind::Rows(writer) => {
                changes.iter().try_for_each(|change| writer.write(change))?;
                writer.flush()?;
            }
        }
        Ok(())
    }

    /// Whether the view draws on a terminal.
    pub(super) fn is_screen(&self) -> bool {
        matches!(self.kind, Kind::Screen(_))
    }

    /// Draws the screen again, which may have another size now, unless it would look the same.
    pub(super) fn redraw(&mut self) -> Result<(), CliError> {
        if let Kind::Screen(screen) = &self.kind {
            let (width, rows) = size();
            let page = self.page(width, rows);
            if page != self.drawn {
                screen.draw(&page)?;
                self.drawn = page;
            }
        }
        Ok(())
    }

    /// The screen: title, times, as much of the table as fits, summary and problems.
    fn page(&self, width: Option<usize>, rows: usize) -> Vec<String> {
        let times = self.times();
        let Some(shown) = &self.shown else {
            let name = paint(STRONG, "idsync");
            return vec![format!("{name}{}", paint(FAINT, &format!(" · {times}")))];
        };
        let report = &shown.report;
        let text = ReportText {
            output: self.output,
            report,
            targets: self.targets,
            clusters: report.clusters.iter().collect(),
            view: &View::default(),
            width,
            is_wide: false,
        };
        let owned = |lines: String| lines.lines().map(str::to_owned).collect::<Vec<_>>();
        let mut head = Vec::new();
        if !self.output.is_quiet() {
            head = owned(text.title());
            head.extend([paint(FAINT, &times), String::new()]);
        }
        let mut table = owned(text.table()).into_iter();
        head.extend(table.next());
        let body = table.collect();
        let mut tail = owned(text.summary());
        tail.extend(owned(text.causes()));
        fitted(head, body, tail, rows)
    }

    /// When the last check was, and the progress of the running one, or when the next one begins.
    fn times(&self) -> String {
        let zone = &self.output.zone();
        let last = self.shown.as_ref();
        let next = last.and_then(|shown| shown.next);
        let last = last.map(|shown| format!("checked at {}", time_of_day(shown.at, zone)));
        let next = next.map(|next| format!("next check at {}", time_of_day(next, zone)));
        let progress = self.progress.as_ref();
        let progress = progress.map(|progress| match sentence(progress) {
            nothing if nothing.is_empty() => "checking".to_owned(),
            some => format!("checking: {some}"),
        });
        let parts = [last, progress.or(next)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Restores the terminal, and prints the last report on it.
    pub(super) fn close(self) -> Result<(), CliError> {
        let was_screen = matches!(self.kind, Kind::Screen(_));
        drop(self.kind);
        match &self.shown {
            Some(shown) if was_screen => {
                let (report, view) = (&shown.report, View::default());
                let shown = ReportSelection::default();
                status::print(self.output, report, self.targets, &view, &shown)
            }
            _ => Ok(()),
        }
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
