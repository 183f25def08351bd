//! Tables as text that was copied cell by cell: one cell a line, and nothing that marks rows.
//!
//! Rows are recovered from the head. Every column before the description fills one line, and what stands in them tells a row from
//! a description: a name, then "Yes" or "No", then a type.

use super::super::block::{Block, Cell, Line, Remark, Row, Table};
use super::super::vocabulary::{self, Column, Label};
use super::super::{caption, markup, types};
use super::Taken;

mod end;
mod fit;
mod head;

use head::Head;

/// A table that begins with a head of known words, one a line.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    let head = Head::find(lines, at)?;
    let mut table = Stack {
        lines,
        columns: head.columns,
        rows: Vec::new(),
        remarks: Vec::new(),
        lists_values: false,
        in_range: false,
    };
    let next = table.read(head.body);
    let below = table.take_caption(next);
    let head_row = Row {
        number: at + 1,
        cells: head.cells,
    };
    let rows = std::iter::once(head_row).chain(table.rows).collect();
    let caption = head.caption.map(Block::Text).into_iter();
    Some(Taken {
        blocks: caption
            .chain([Block::Table(Table { rows })])
            .chain(below.map(Block::Text))
            .collect(),
        remarks: table.remarks,
        next,
    })
}

/// What looks like a row where no table is: a table above it ended too early, or lost its head.
pub(super) fn stray_row(lines: &[&str], at: usize) -> Option<Taken> {
    let name = lines.get(at)?.trim();
    let mut below = filled(lines, at + 1).map(|(_, text)| text);
    let second = below.next()?;
    let third = below.next()?;
    let with_flag = vocabulary::mandatory(second).is_some() && types::is_type(third);
    let without =
        types::is_type(second) && vocabulary::section(second).is_none() && is_strong(name);
    if !vocabulary::is_name(name) || !(with_flag || without) {
        return None;
    }
    let message = format!(
        "`{name}` looks like a row of a table, but stands in none: is the head of its table missing?"
    );
    let text = Block::Text(Line::new(at + 1, name));
    Some(Taken {
        blocks: vec![text],
        remarks: vec![Remark::unreadable(at + 1, message)],
        next: at + 1,
    })
}

/// The lines from `at` on that something stands on.
fn filled<'a>(lines: &'a [&'a str], at: usize) -> impl Iterator<Item = (usize, &'a str)> {
    let lines = lines.iter().enumerate().skip(at);
    lines
        .map(|(index, line)| (index, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

/// A name that no description consists of: it has a mark between its words, or a capital within.
fn is_strong(name: &str) -> bool {
    let marked = name.contains(['_', '-']) && !name.starts_with(['-', '_']);
    vocabulary::is_name(name)
        && (marked || is_camel(name))
        && name.chars().any(|char| char.is_ascii_lowercase())
}

/// Whether a capital follows a small letter.
fn is_camel(name: &str) -> bool {
    let pairs = name.chars().zip(name.chars().skip(1));
    pairs
        .into_iter()
        .any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

/// Whether a word has capitals alone, as constants have.
fn is_loud(word: &str) -> bool {
    let fits = |char: char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_';
    word.chars().all(fits)
}

struct Stack<'a> {
    lines: &'a [&'a str],
    columns: Vec<Column>,
    rows: Vec<Row>,
    remarks: Vec<Remark>,
    /// Whether the description that is being read lists values: they look like names and types.
    lists_values: bool,
    /// Whether it tells the range of values, which may be a list.
    in_range: bool,
}

impl Stack<'_> {
    /// Number of the columns before the description.
    fn leads(&self) -> usize {
        self.columns.len().saturating_sub(1)
    }

    /// Reads rows from the line `at` on, and returns the first line behind them.
    fn read(&mut self, at: usize) -> usize {
        let mut next = at;
        let mut described = true;
        while let Some((index, text)) = filled(self.lines, next).next() {
            if self.starts_row(index, described) {
                next = self.row(index);
                described = false;
                continue;
            }
            if self.ends(index, text, described) {
                return index;
            }
            self.describe(index, text, described);
            described = true;
            next = index + 1;
        }
        self.lines.len()
    }

    /// Takes the cells before the description, and returns the line behind them.
    fn row(&mut self, at: usize) -> usize {
        let leads: Vec<(usize, &str)> = filled(self.lines, at).take(self.leads()).collect();
        let end = leads.last().map_or(at, |(index, _)| *index);
        self.lists_values = false;
        self.in_range = false;
        let cells = leads
            .iter()
            .map(|(index, text)| Cell::of(index + 1, &markup::strip(text)));
        let cells = cells.chain([Cell::default()]).collect();
        self.rows.push(Row {
            number: at + 1,
            cells,
        });
        end + 1
    }

    /// Adds a line to the description of the row; `described` says that it is not the first.
    fn describe(&mut self, index: usize, text: &str, described: bool) {
        if self.rows.is_empty() {
            self.no_row(index, text);
            return;
        }
        let doubt = self.lost_row(index, text, described);
        self.remarks
            .extend(doubt.map(|doubt| Remark::unreadable(index + 1, doubt)));
        if let Some(label) = vocabulary::label(text) {
            self.lists_values = label == Label::Values;
            self.in_range = label == Label::Range;
        }
        let lines = super::line(self.lines, index);
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.lines.extend(lines);
        }
    }

    /// What makes a line of a description look like what is left of a row.
    fn lost_row(&self, index: usize, text: &str, described: bool) -> Option<String> {
        if self.is_below_label() {
            return None;
        }
        let listed = self.lists_values || self.in_range;
        let is_value = listed && !self.is_followed_by_prose(index);
        let name = self.rows.last().and_then(|row| row.cells.first());
        if name.is_some_and(|name| name.text() == text) {
            return None;
        }
        if is_strong(text) && !is_value && !self.columns.contains(&Column::Status) {
            return Some(format!(
                "`{text}` stands alone like the name of a row, but no row follows that can be read"
            ));
        }
        let capital = text.starts_with(|char: char| char.is_ascii_uppercase());
        // "Response object" can describe a field, if nothing else does.
        let surely = described || types::reference(text).is_none_or(is_camel);
        let lone_type = types::is_type(text) && capital && surely && !(is_value && is_loud(text));
        (lone_type && self.columns.contains(&Column::Type))
            .then(|| format!("the type `{text}` stands alone: is the name of its row missing?"))
    }

    /// Whether the last line of the description is a label.
    fn is_below_label(&self) -> bool {
        let cell = self.rows.last().and_then(|row| row.cells.last());
        cell.and_then(|cell| cell.lines.last())
            .is_some_and(|line| vocabulary::label(&line.text).is_some())
    }

    /// The caption of the next table, where it stands below this one without a number: a line that names one of these fields.
    fn take_caption(&mut self, next: usize) -> Option<Line> {
        if Head::find(self.lines, next).is_none() && !super::begins_table(self.lines, next) {
            return None;
        }
        let description = self.rows.last()?.cells.last()?;
        let name = caption::subject(&description.lines.last()?.text)?;
        let is_field = |row: &Row| row.cells.first().is_some_and(|cell| cell.text() == name);
        if description.lines.len() < 2 || !self.rows.iter().any(is_field) {
            return None;
        }
        self.rows.last_mut()?.cells.last_mut()?.lines.pop()
    }

    /// Whether a sentence stands below this line, as in a row and not among values.
    fn is_followed_by_prose(&self, index: usize) -> bool {
        let Some((next, text)) = filled(self.lines, index + 1).next() else {
            return false;
        };
        let is_words = !text.is_ascii() || text.contains(' ');
        is_words && vocabulary::label(text).is_none() && !self.ends(next, text, true)
    }

    /// Tells, once a table, that no row follows the head.
    fn no_row(&mut self, index: usize, text: &str) {
        if self.remarks.is_empty() {
            let message = format!(
                "`{text}` begins the first row of a table, but what follows does not fit its {} columns: is a cell missing?",
                self.columns.len()
            );
            self.remarks.push(Remark::unreadable(index + 1, message));
        }
    }
}
