//! What a watch shows: a screen that is drawn over, or a line for each change.

use std::collections::HashSet;

use idsync::health::{Problem, Progress, Report};
use jiff::Timestamp;

use super::change::changes;
use super::page::{Seen, Size, page};
use super::screen::Screen;
use super::{Output, Scope, Selection};
use crate::failure::Failure;

/// Lines of a screen whose size is not known.
const ROWS: usize = 24;

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
            let (seen, looking) = (self.seen.as_ref(), self.looking.as_ref());
            let bare = self.output.flags.quiet;
            screen.draw(&page(seen, looking, &self.scope, size(), bare))?;
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
}

/// How large the screen is now.
fn size() -> Size {
    let size = terminal_size::terminal_size();
    Size {
        columns: size.map(|(columns, _)| columns.0.into()),
        rows: size.map_or(ROWS, |(_, rows)| rows.0.into()),
    }
}
