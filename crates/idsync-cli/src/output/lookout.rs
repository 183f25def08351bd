//! What a watch shows: a screen that is drawn over, or a line for each change.

use std::collections::HashSet;

use idsync::health::{Problem, Progress, Report};
use jiff::Timestamp;

use super::change::changes;
use super::frame::fitted;
use super::progress::sentence;
use super::screen::Screen;
use super::style::{FAINT, STRONG, paint};
use super::{Output, Scope, Selection, problems, report, time};
use crate::failure::Failure;

/// Lines of a screen whose size is not known.
const ROWS: u16 = 24;

/// What a watch shows.
pub(crate) struct Lookout<'a> {
    output: &'a Output,
    scope: Scope,
    /// Where a terminal is drawn on.
    screen: Option<Screen>,
    seen: Option<Seen>,
    /// How far the look has come that goes on.
    looking: Option<Progress>,
    told: HashSet<String>,
}

/// What is known, and when it was found.
struct Seen {
    report: Report,
    at: Timestamp,
    next: Option<Timestamp>,
}

impl<'a> Lookout<'a> {
    pub(super) fn new(output: &'a Output, scope: Scope, screen: Option<Screen>) -> Self {
        Self {
            output,
            scope,
            screen,
            seen: None,
            looking: None,
            told: HashSet::new(),
        }
    }

    /// Shows that a look goes on, and how far it has come.
    pub(crate) fn looking(&mut self, progress: Progress) -> Result<(), Failure> {
        self.looking = Some(progress);
        self.redraw()
    }

    /// Shows what is known after a look, where `before` was known until then; `next` is when the next one begins.
    pub(crate) fn seen(
        &mut self,
        before: Option<&Report>,
        report: &Report,
        next: Option<Timestamp>,
    ) -> Result<(), Failure> {
        self.looking = None;
        if self.screen.is_some() {
            self.seen = Some(Seen {
                report: report.clone(),
                at: Timestamp::now(),
                next,
            });
            return self.redraw();
        }
        self.tell_new_problems(&report.problems);
        Ok(self.output.lines(changes(before, report))?)
    }

    /// Draws the screen again, which may have another size by now.
    pub(crate) fn redraw(&mut self) -> Result<(), Failure> {
        if let Some(screen) = &self.screen {
            screen.draw(&self.page())?;
        }
        Ok(())
    }

    /// Gives the terminal back, and leaves on it what was known last.
    pub(crate) fn close(mut self) -> Result<(), Failure> {
        let was_screen = self.screen.take().is_some();
        match &self.seen {
            Some(seen) if was_screen => {
                self.output
                    .report(&seen.report, &self.scope, &Selection::default())
            }
            _ => Ok(()),
        }
    }

    /// Tells of one problem of each kind, unless the look before met it too.
    fn tell_new_problems(&mut self, problems: &[Problem]) {
        let mut kinds = HashSet::new();
        for problem in problems {
            let error = &problem.error;
            let kind = format!(
                "{} {} {:?} {:?}",
                problem.source, error.kind, error.status, error.code
            );
            if kinds.insert(kind.clone()) && !self.told.contains(&kind) {
                self.output.fail(&problem.clone().into());
            }
        }
        self.told = kinds;
    }

    /// The lines of the screen.
    fn page(&self) -> Vec<String> {
        let (columns, rows) = terminal_size::terminal_size()
            .map_or((None, ROWS), |(width, height)| {
                (Some(width.0.into()), height.0)
            });
        let Some(seen) = &self.seen else {
            let title = format!("{} {}", paint(STRONG, "idsync"), paint(FAINT, "·"));
            return vec![format!("{title} {}", self.times(None))];
        };
        let mut head = Vec::new();
        if !self.output.flags.quiet {
            let title = report::title(&seen.report, &self.scope, columns);
            head.extend(title.lines().map(str::to_owned));
            head.push(paint(FAINT, &self.times(Some(seen))));
            head.push(String::new());
        }
        let everything = Selection::default();
        let table = report::view(&seen.report, &self.scope, &everything).render(columns);
        let mut rows_of_table = table.lines().map(str::to_owned);
        head.extend(rows_of_table.next());
        let summary = report::summary(&seen.report, &everything, columns);
        let problems = problems::lines(&seen.report.problems, columns);
        let tail = summary.lines().chain(problems.lines()).map(str::to_owned);
        fitted(head, rows_of_table.collect(), tail.collect(), rows.into())
    }

    /// When the last look was, and when the next one is.
    fn times(&self, seen: Option<&Seen>) -> String {
        let zone = &self.scope.zone;
        let last = seen.map(|seen| format!("looked at {}", time::time_of_day(seen.at, zone)));
        let next = seen.and_then(|seen| seen.next);
        let next = match &self.looking {
            Some(progress) => Some(looking(progress)),
            None => next.map(|next| format!("next look at {}", time::time_of_day(next, zone))),
        };
        let parts: Vec<_> = [last, next].into_iter().flatten().collect();
        parts.join(" · ")
    }
}

fn looking(progress: &Progress) -> String {
    match sentence(progress) {
        known if known.is_empty() => "looking".to_owned(),
        known => format!("looking: {known}"),
    }
}
