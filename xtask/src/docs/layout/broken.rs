//! Tables of pipes that conversions broke: each cell ends with a pipe, and stands on a line, or several lines, of its own.
//!
//! A rule such as `|---|---|` stands below the head. Some conversions put a pipe before each row, alone or with the first cell; then
//! a row that lacks cells, such as one below a cell that spans rows, does not shift those that follow it.

use super::super::block::{Block, Cell, Remark, Row, Table};
use super::super::{markup, vocabulary};
use super::{Taken, piped};

/// The most columns that a head can have.
const MAX_COLUMNS: usize = 12;

/// The most lines that a head fills: its cells, and the blank lines between them.
const MAX_HEAD: usize = 64;

/// How far the pipe at the end of a cell may be from a line that looks like a heading.
const MAX_CELL: usize = 40;

/// A table whose cells stand on lines of their own.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    let head = Head::find(lines, at)?;
    let mut next = head.body;
    let body = Body {
        lines,
        columns: head.cells.len(),
        led: head.led,
    };
    let mut rows = vec![Row {
        number: at + 1,
        cells: head.cells,
    }];
    let mut remarks = Vec::new();
    while let Some(start) = body.row_start(next) {
        let row = body.row(start);
        let number = row.first_line().unwrap_or(start + 1);
        if row.cells.len() < body.columns {
            let message = format!(
                "a row begins here and lacks cells, {} of {}: save the page again, or write out the cells that span rows",
                body.columns - row.cells.len(),
                body.columns
            );
            remarks.push(Remark::unreadable(number, message));
        }
        next = row.next;
        rows.push(Row {
            number,
            cells: row.cells,
        });
    }
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        remarks,
        next,
    })
}

/// Whether a table begins here whose rows have a cell a line, or a row a line.
pub(super) fn begins(lines: &[&str], at: usize) -> bool {
    Head::find(lines, at).is_some()
}

/// What a line is to a table of broken rows.
#[derive(Clone, Copy)]
enum Mark<'a> {
    /// Nothing stands on it.
    Blank,
    /// A pipe alone: it begins a row, or ends a cell.
    Pipe,
    /// Text without a pipe at its end: the cell goes on.
    Open(&'a str),
    /// The end of a cell.
    Close(&'a str),
}

impl<'a> Mark<'a> {
    fn of(line: &'a str) -> Self {
        match line.trim() {
            "" => Self::Blank,
            "|" => Self::Pipe,
            text => text.strip_suffix('|').map_or(Self::Open(text), Self::Close),
        }
    }
}

/// The head of a table, above its rule.
struct Head {
    cells: Vec<Cell>,
    /// Whether a pipe stands before each row.
    led: bool,
    /// The first line behind the rule.
    body: usize,
}

impl Head {
    /// The head that begins at this line.
    fn find(lines: &[&str], at: usize) -> Option<Self> {
        let first = lines.get(at)?.trim();
        if let Some(columns) = piped::head(lines, at) {
            return Some(Self::whole(lines, at, columns));
        }
        if !first.ends_with('|') || piped::rule(first).is_some() {
            return None;
        }
        let mut cells = Vec::new();
        let mut open = Cell::default();
        let mut leaders = usize::from(first.starts_with('|'));
        for (index, line) in lines.iter().enumerate().skip(at).take(MAX_HEAD) {
            if let Some(columns) = piped::rule(line) {
                return Self::of(cells, columns, leaders, index + 1);
            }
            match Mark::of(line) {
                Mark::Blank => continue,
                Mark::Pipe if index == at => continue,
                Mark::Pipe => {}
                Mark::Open(text) | Mark::Close(text) => {
                    let word = text.trim_start_matches('|');
                    leaders += usize::from(word.len() < text.len() && index > at);
                    open.lines
                        .extend(Cell::of(index + 1, &markup::strip(word)).lines);
                }
            }
            if !matches!(Mark::of(line), Mark::Open(_)) {
                cells.push(std::mem::take(&mut open));
            }
            if cells.len() > MAX_COLUMNS {
                return None;
            }
        }
        None
    }

    /// A head that stands on one line, above rows that do not.
    fn whole(lines: &[&str], at: usize, columns: usize) -> Self {
        let words = piped::cells(lines.get(at).copied().unwrap_or_default());
        let below = lines.iter().skip(at + 2).map(|line| line.trim_start());
        let row = below.into_iter().find(|line| !line.is_empty());
        Self {
            cells: words
                .iter()
                .take(columns)
                .map(|word| Cell::of(at + 1, &markup::strip(word)))
                .collect(),
            led: row.is_some_and(|row| row.starts_with('|')),
            body: at + 2,
        }
    }

    /// The head of these cells, if they fit the rule. A pipe before every cell, and not only the first, says nothing of rows.
    fn of(mut cells: Vec<Cell>, columns: usize, leaders: usize, body: usize) -> Option<Self> {
        let mut led = leaders == 1;
        if led && cells.len() + 1 == columns {
            // The pipe alone was the first cell, which is empty.
            cells.insert(0, Cell::default());
            led = false;
        }
        (columns > 1 && columns == cells.len()).then_some(Self { cells, led, body })
    }
}

/// A row, or as much of it as was found.
#[derive(Default)]
struct Found {
    cells: Vec<Cell>,
    /// The line behind it.
    next: usize,
}

impl Found {
    fn first_line(&self) -> Option<usize> {
        let line = self.cells.iter().find_map(|cell| cell.lines.first())?;
        Some(line.number)
    }
}

/// What follows the head.
struct Body<'a> {
    lines: &'a [&'a str],
    columns: usize,
    led: bool,
}

impl Body<'_> {
    /// Where the next row begins, if one does.
    fn row_start(&self, at: usize) -> Option<usize> {
        let mut lines = self.lines.iter().enumerate().skip(at);
        let (start, line) = lines.find(|(_, line)| !line.trim().is_empty())?;
        let begins = if self.led {
            line.trim_start().starts_with('|')
        } else {
            line.trim_end().ends_with('|')
        };
        let follows = begins && piped::rule(line).is_none();
        (follows && Head::find(self.lines, start).is_none()).then_some(start)
    }

    /// The row that begins at this line.
    fn row(&self, start: usize) -> Found {
        let mut row = self.run(start);
        // A pipe alone within a row is an empty cell, if the row does not get too long by what follows.
        while self.led && row.cells.len() < self.columns && self.is_pipe(row.next) {
            let more = self.run(row.next);
            let fits = row.cells.len() + 1 + more.cells.len() <= self.columns;
            if !fits || Head::find(self.lines, row.next).is_some() {
                break;
            }
            row.cells.push(Cell::default());
            row.cells.extend(more.cells);
            row.next = more.next;
        }
        row
    }

    /// The cells from this line on, up to the end of the row or the pipe that begins another.
    fn run(&self, start: usize) -> Found {
        let mut found = Found {
            next: start + usize::from(self.led && self.is_pipe(start)),
            ..Found::default()
        };
        let mut open = Cell::default();
        while found.cells.len() < self.columns
            && let Some(line) = self.lines.get(found.next)
        {
            let mark = Mark::of(line);
            if self.ends_run(mark, &open, start, found.next) {
                break;
            }
            if let Mark::Open(text) | Mark::Close(text) = mark {
                let text = text.trim_start_matches('|');
                open.lines
                    .extend(piped::cell(found.next + 1, &piped::bulleted(text)).lines);
            }
            if matches!(mark, Mark::Pipe | Mark::Close(_)) {
                found.cells.push(std::mem::take(&mut open));
            }
            found.next += 1;
        }
        // Text whose cell never ends is kept: the remark on the row says that something is missing.
        if !open.lines.is_empty() {
            found.cells.push(open);
        }
        found
    }

    /// Whether the line `at` is no part of the row that began at `start`.
    fn ends_run(&self, mark: Mark<'_>, open: &Cell, start: usize, at: usize) -> bool {
        let begins_row = |text: &str| self.led && at > start && text.starts_with('|');
        match mark {
            Mark::Blank => false,
            Mark::Pipe => self.led && open.lines.is_empty(),
            Mark::Close(text) => {
                begins_row(text)
                    || piped::rule(self.lines.get(at).copied().unwrap_or_default()).is_some()
                    || open.lines.is_empty() && at > start && Head::find(self.lines, at).is_some()
            }
            Mark::Open(text) => begins_row(text) || is_heading(text) && !self.is_closed_behind(at),
        }
    }

    /// Whether the cell that the line `at` may stand in ends soon, and not with the head of the next table.
    fn is_closed_behind(&self, at: usize) -> bool {
        let mut behind = self.lines.iter().enumerate().skip(at).take(MAX_CELL);
        let end = behind.find(|(_, line)| line.trim_end().ends_with('|'));
        end.is_some_and(|(end, line)| {
            piped::rule(line).is_none() && Head::find(self.lines, end).is_none()
        })
    }

    fn is_pipe(&self, at: usize) -> bool {
        self.lines.get(at).is_some_and(|line| line.trim() == "|")
    }
}

/// Whether a line can stand between tables.
fn is_heading(line: &str) -> bool {
    vocabulary::section(line).is_some() && vocabulary::label(line).is_none()
        || vocabulary::announced_status(line).is_some()
        || vocabulary::caption(line).is_some()
}
