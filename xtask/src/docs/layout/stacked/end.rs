//! Where a table ends: what stands behind its last row, and what only looks like that within a description.

use super::super::super::types;
use super::super::super::vocabulary::{self, Column, Section};
use super::super::literal;
use super::head::Head;
use super::{Stack, filled, is_strong};

/// How many lines of an example within a description are read to find the row behind it.
const MAX_INSET: usize = 200;

impl Stack<'_> {
    /// Whether the table is over. The first line of a description is one whatever it says: "Error code" is a heading and a description.
    pub(super) fn ends(&self, index: usize, text: &str, described: bool) -> bool {
        if self.is_outside(index, text)
            || text.starts_with('{') && !self.goes_on_behind_code(index)
            || self.is_next_head(index, described)
            || described && self.leads_to_head(index)
        {
            return true;
        }
        let below_label = self.is_below_label();
        is_heading(text) && described && !below_label && !self.holds_example(index, text)
    }

    /// Whether this can stand in no description.
    fn is_outside(&self, index: usize, text: &str) -> bool {
        super::super::begins_table(self.lines, index)
            || vocabulary::caption(text).is_some()
            || vocabulary::announced_status(text).is_some()
            || text.trim_start_matches('#').starts_with(' ') && text.starts_with('#')
    }

    /// Whether the head of the next table begins here. Two words may also be a name and a type.
    pub(super) fn is_next_head(&self, index: usize, described: bool) -> bool {
        Head::find(self.lines, index).is_some_and(|head| described || head.columns.len() > 2)
    }

    /// Whether the next table begins behind this line, which then says what that table is about.
    fn leads_to_head(&self, index: usize) -> bool {
        let next = filled(self.lines, index + 1).next();
        next.is_some_and(|(next, _)| self.is_next_head(next, true))
    }

    /// Whether a row follows the code that begins here: then it is an example within a description.
    fn goes_on_behind_code(&self, at: usize) -> bool {
        let end = self.lines.len().min(at + MAX_INSET);
        let lines = self.lines.get(..end).unwrap_or_default();
        let behind = literal::json(lines, at).map_or(at + 1, |code| code.next);
        let next = filled(self.lines, behind).next();
        next.is_some_and(|(next, _)| self.starts_row(next, true)) || self.goes_on(behind)
    }

    /// Whether the heading of an example stands within a description: rows of this table follow.
    fn holds_example(&self, index: usize, text: &str) -> bool {
        vocabulary::section(text) == Some(Section::Example) && self.goes_on(index + 1)
    }

    /// Whether a row follows from `at` on, before anything that ends the table.
    fn goes_on(&self, at: usize) -> bool {
        let end = self.lines.len().min(at + MAX_INSET);
        let lines = self.lines.get(..end).unwrap_or_default();
        for (index, text) in filled(lines, at) {
            if self.surely_starts_row(index) {
                return true;
            }
            let example = vocabulary::section(text) == Some(Section::Example);
            if self.is_outside(index, text)
                || is_heading(text) && !example
                || self.is_next_head(index, true)
            {
                return false;
            }
        }
        false
    }

    /// Whether the lines from here on can be nothing but a row.
    fn surely_starts_row(&self, at: usize) -> bool {
        let named = || {
            let mut cells = filled(self.lines, at).map(|(_, text)| text);
            cells.next().is_some_and(is_strong) && cells.next().is_some_and(types::is_type)
        };
        self.starts_row(at, true) && (self.columns.contains(&Column::Mandatory) || named())
    }
}

fn is_heading(text: &str) -> bool {
    vocabulary::section(text).is_some() && vocabulary::label(text).is_none()
}
