//! Tables of pipes: as Markdown has them, and as conversions break them, one cell a line.

use super::super::block::{Block, Cell, Line, Remark, Row, Table};
use super::super::{markup, vocabulary};
use super::{Taken, html};

/// A table of Markdown: a row, a rule, rows.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    let head = lines.get(at)?;
    let columns = rule(lines.get(at + 1)?)?;
    let head = cells(head);
    if head.len() != columns || columns < 2 {
        return None;
    }
    let mut rows = vec![row(at, &head)];
    let mut next = at + 2;
    let mut remarks = Vec::new();
    while let Some(line) = lines.get(next).filter(|line| line.contains('|')) {
        let mut cells = cells(line);
        if cells.len() > columns {
            remarks.push(Remark::unreadable(
                next + 1,
                format!("this row has {} cells where the table has {columns} columns: escape the pipes in its text", cells.len()),
            ));
        }
        cells.resize(columns, String::new());
        rows.push(row(next, &cells));
        next += 1;
    }
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        remarks,
        next,
    })
}

/// A row of pipes that stands in no table: a line that is none cut its table in two, or its head is missing.
pub(super) fn stray_row(lines: &[&str], at: usize) -> Option<Taken> {
    let text = lines.get(at)?.trim();
    let is_row = text.len() > 2 && text.starts_with('|') && text.ends_with('|');
    if !is_row || cells(text).len() < 2 || rule(text).is_some() {
        return None;
    }
    let message =
        "this row stands in no table: is a line break in the cell above it, or the head missing?";
    Some(Taken {
        remarks: vec![Remark::unreadable(at + 1, message)],
        next: at + 1,
        ..Taken::default()
    })
}

/// The number of columns of a line such as `|:---|---|`.
fn rule(line: &str) -> Option<usize> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let is_dashes = |cell: &str| {
        let dashes = cell.trim().trim_start_matches(':').trim_end_matches(':');
        !dashes.is_empty() && dashes.chars().all(|char| char == '-')
    };
    (line.contains('|') && inner.split('|').all(is_dashes)).then(|| inner.split('|').count())
}

/// The cells of a row. A pipe with a backslash, or in code, does not end one.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    let mut code = false;
    for char in line.chars() {
        match char {
            '|' if !escaped && !code => cells.push(String::new()),
            _ => {
                code ^= char == '`';
                if let Some(cell) = cells.last_mut() {
                    cell.push(char);
                }
            }
        }
        escaped = char == '\\' && !escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells
}

fn row(at: usize, cells: &[String]) -> Row {
    Row {
        number: at + 1,
        cells: cells.iter().map(|text| cell(at + 1, text)).collect(),
    }
}

/// A cell: its lines are those that `<br>` or the marks of a list tell apart.
fn cell(number: usize, text: &str) -> Cell {
    if html::has_markup(text) {
        let mut cell = html::cell(text, number);
        for line in &mut cell.lines {
            if let Some(item) = markup::bullet(&line.text) {
                line.text = item.to_owned();
                line.bullet = true;
            }
            line.text = markup::strip(&line.text);
        }
        return cell;
    }
    let mut lines = Vec::new();
    for (index, piece) in text.split(['•', '●']).enumerate() {
        let text = markup::strip(piece);
        if !text.is_empty() {
            lines.push(Line {
                number,
                text,
                bullet: index > 0,
            });
        }
    }
    Cell { lines }
}

/// A table with one cell a line, each with a pipe behind it, and a rule below the head.
pub(super) fn broken_table(lines: &[&str], at: usize) -> Option<Taken> {
    let (head, body) = broken_head(lines, at)?;
    let columns = head.len();
    let mut rows = vec![Row {
        number: at + 1,
        cells: head,
    }];
    let mut remarks = Vec::new();
    let mut next = body;
    while let Some(start) = row_start(lines, next) {
        let (cells, end, whole) = broken_row(lines, start, columns);
        if !whole {
            remarks.push(Remark::unreadable(
                start + 1,
                "a row begins here and lacks cells: save the page again",
            ));
        }
        rows.push(Row {
            number: start + 1,
            cells,
        });
        next = end;
    }
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        remarks,
        next,
    })
}

/// The head of a broken table that begins at this line, and the first line behind its rule.
fn broken_head(lines: &[&str], at: usize) -> Option<(Vec<Cell>, usize)> {
    let mut head = Vec::new();
    let mut next = at;
    while let Some(text) = lines.get(next)?.trim().strip_suffix('|') {
        if let Some(columns) = rule(lines.get(next)?) {
            return (columns == head.len() && columns > 1).then_some((head, next + 1));
        }
        let text = text.trim_matches(['|', ' ']);
        if !text.is_empty() {
            head.push(Cell::of(next + 1, &markup::strip(text)));
        }
        next += 1;
        if head.len() > 12 {
            break;
        }
    }
    None
}

/// Where the next row begins, if one does: at a line with a pipe at its end. Some conversions write a pipe alone before each row.
fn row_start(lines: &[&str], at: usize) -> Option<usize> {
    let mut start = at;
    while lines.get(start)?.trim() == "|" {
        start += 1;
    }
    let continues =
        lines.get(start)?.trim_end().ends_with('|') && broken_head(lines, start).is_none();
    continues.then_some(start)
}

/// The cells of a row, the line behind it, and whether it is complete. All cells but the last fill one line.
fn broken_row(lines: &[&str], start: usize, columns: usize) -> (Vec<Cell>, usize, bool) {
    let mut cells = Vec::new();
    let mut open = Cell::default();
    let mut next = start;
    while let Some(raw) = lines.get(next) {
        let raw = raw.trim_end();
        let text = raw.strip_suffix('|');
        if text.is_none() && (ends_table(raw) || cells.len() + 1 < columns) {
            break;
        }
        open.lines
            .extend(cell(next + 1, &bulleted(text.unwrap_or(raw))).lines);
        next += 1;
        if text.is_some() {
            cells.push(std::mem::take(&mut open));
            if cells.len() == columns {
                return (cells, next, true);
            }
        }
    }
    (cells, next, false)
}

/// A line that begins with the mark of a list, with the mark that [`cell`] knows.
fn bulleted(text: &str) -> String {
    match markup::bullet(text) {
        Some(item) => format!("•{item}"),
        None => text.to_owned(),
    }
}

fn ends_table(line: &str) -> bool {
    vocabulary::section(line).is_some() && vocabulary::label(line).is_none()
        || vocabulary::announced_status(line).is_some()
}
