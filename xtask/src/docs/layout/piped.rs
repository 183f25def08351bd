//! Tables of pipes, a row a line, as Markdown has them.

use super::super::block::{Block, Cell, Line, Remark, Row, Table};
use super::super::markup;
use super::{Taken, html};

/// How many lines a cell can fill in a row that goes on below its first line.
const MAX_LINES: usize = 200;

/// A table of Markdown: a row, a rule, rows.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    let columns = head(lines, at)?;
    if has_broken_rows(lines, at + 2) {
        return None;
    }
    let mut rows = vec![row(at, &cells(lines.get(at)?))];
    let mut next = at + 2;
    let mut remarks = Vec::new();
    while let Some(line) = lines.get(next).filter(|line| line.contains('|')) {
        if begins_table(lines, next) {
            break;
        }
        if let Some((row, end)) = long_row(lines, next, columns) {
            rows.push(row);
            next = end;
            continue;
        }
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

/// The number of columns of the table whose head is this line, above its rule.
pub(super) fn head(lines: &[&str], at: usize) -> Option<usize> {
    let columns = rule(lines.get(at + 1)?)?;
    let head = cells(lines.get(at)?);
    (head.len() == columns && columns > 1).then_some(columns)
}

/// Whether the head of the next table stands here, and not a row above one of dashes for "nothing".
fn begins_table(lines: &[&str], at: usize) -> bool {
    let rule = lines.get(at + 1).copied().unwrap_or_default();
    head(lines, at).is_some() && cells(rule).iter().all(|cell| cell.contains("---"))
}

/// Whether the rows below the rule have one cell a line.
fn has_broken_rows(lines: &[&str], at: usize) -> bool {
    let mut rows = lines.iter().skip(at).map(|line| line.trim());
    let first = rows.find(|line| !line.is_empty()).unwrap_or_default();
    first.ends_with('|') && cells(first).len() == 1
}

/// A row between pipes whose cells have more than one line, and the line behind it.
fn long_row(lines: &[&str], at: usize, columns: usize) -> Option<(Row, usize)> {
    let first = lines.get(at)?.trim();
    if !first.starts_with('|') || first.ends_with('|') {
        return None;
    }
    let mut found = row(at, &cells(first));
    for (index, line) in lines.iter().enumerate().skip(at + 1).take(MAX_LINES) {
        let line = line.trim();
        if line.starts_with('|') && line.len() > 1 || found.cells.len() > columns {
            return None;
        }
        // The first piece goes on with the open cell.
        let mut pieces = cells(line).into_iter();
        let open = pieces.next().unwrap_or_default();
        if let Some(last) = found.cells.last_mut() {
            last.lines.extend(cell(index + 1, &bulleted(&open)).lines);
        }
        found
            .cells
            .extend(pieces.map(|piece| cell(index + 1, &piece)));
        if line.ends_with('|') {
            return (found.cells.len() == columns).then_some((found, index + 1));
        }
    }
    None
}

/// The number of columns of a line such as `|:---|---|`. A single one is no rule: a cell may be no more than a dash.
pub(super) fn rule(line: &str) -> Option<usize> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let is_dashes = |cell: &str| {
        let dashes = cell.trim().trim_start_matches(':').trim_end_matches(':');
        !dashes.is_empty() && dashes.chars().all(|char| char == '-')
    };
    let columns = inner.split('|').count();
    (columns > 1 && inner.split('|').all(is_dashes)).then_some(columns)
}

/// The cells of a row. A pipe with a backslash, or in code, does not end one.
pub(super) fn cells(line: &str) -> Vec<String> {
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

/// A line that begins with the mark of a list, with the mark that [`cell`] knows.
pub(super) fn bulleted(text: &str) -> String {
    match markup::bullet(text) {
        Some(item) => format!("•{item}"),
        None => text.to_owned(),
    }
}

/// A cell: its lines are those that `<br>` or the marks of a list tell apart.
pub(super) fn cell(number: usize, text: &str) -> Cell {
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
