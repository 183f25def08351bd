//! Tables whose columns are set by a line of rules, such as `=====  =====`, as reStructuredText and pandoc have them.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::super::block::{Block, Cell, Line, Row, Table};
use super::super::markup;
use super::Taken;

/// A table between rules, with a rule below its head; or the head, a rule, and rows up to a blank line.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    let (rule, head, body, next) = framed(lines, at).or_else(|| simple(lines, at))?;
    let mut rows = vec![Row {
        number: at + 1,
        cells: Vec::new(),
    }];
    for index in head {
        extend(&mut rows, lines, index, &rule, true);
    }
    for index in body {
        extend(&mut rows, lines, index, &rule, false);
    }
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        next,
        ..Taken::default()
    })
}

/// Where the columns begin, the lines of the head and of the body, and the line behind the table.
type Ruled = (Vec<usize>, Range<usize>, Range<usize>, usize);

fn framed(lines: &[&str], at: usize) -> Option<Ruled> {
    let rule = columns(lines.get(at)?)?;
    let rules = lines.iter().enumerate().skip(at + 1);
    let mut rules =
        rules.filter(|(_, line)| columns(line).is_some_and(|columns| columns.len() == rule.len()));
    let (below_head, _) = rules.next()?;
    let (end, _) = rules.next()?;
    Some((rule, at + 1..below_head, below_head + 1..end, end + 1))
}

fn simple(lines: &[&str], at: usize) -> Option<Ruled> {
    let below = lines.get(at + 1)?;
    let rule = columns(below).filter(|_| below.trim().starts_with('-'))?;
    if lines.get(at)?.trim().is_empty() {
        return None;
    }
    let rows = lines.iter().skip(at + 2);
    let length = rows
        .take_while(|line| !line.trim().is_empty() && columns(line).is_none())
        .count();
    let end = at + 2 + length;
    Some((rule, at..at + 1, at + 2..end, end))
}

/// Where the columns of a rule begin, counted in columns of a terminal; none if the line is no rule of two columns or more.
fn columns(line: &str) -> Option<Vec<usize>> {
    let marks = line.trim();
    let mark = marks
        .chars()
        .next()
        .filter(|mark| matches!(mark, '=' | '-'))?;
    if !marks.chars().all(|char| char == mark || char == ' ') || !marks.contains(' ') {
        return None;
    }
    let before = std::iter::once(' ').chain(line.chars());
    let starts = before.zip(line.chars()).enumerate();
    Some(
        starts
            .filter(|(_, (before, char))| *before == ' ' && *char == mark)
            .map(|(at, _)| at)
            .collect(),
    )
}

/// Adds a line to the table: to the last row if it belongs to the head or has no first cell.
fn extend(rows: &mut Vec<Row>, lines: &[&str], index: usize, rule: &[usize], head: bool) {
    let pieces = pieces(lines.get(index).copied().unwrap_or_default(), rule);
    let continues = head || pieces.first().is_none_or(|piece| piece.trim().is_empty());
    if !continues || rows.is_empty() {
        rows.push(Row {
            number: index + 1,
            cells: Vec::new(),
        });
    }
    let Some(row) = rows.last_mut() else { return };
    row.cells.resize(rule.len(), Cell::default());
    for (cell, piece) in row.cells.iter_mut().zip(&pieces) {
        let item = markup::bullet(piece);
        let text = markup::strip(item.unwrap_or(piece));
        if !text.is_empty() {
            cell.lines.push(Line {
                number: index + 1,
                text,
                bullet: item.is_some(),
            });
        }
    }
}

fn pieces(line: &str, rule: &[usize]) -> Vec<String> {
    let mut pieces = vec![String::new(); rule.len()];
    let mut column = 0;
    for char in line.chars() {
        let index = rule.partition_point(|start| *start <= column);
        if let Some(piece) = index.checked_sub(1).and_then(|index| pieces.get_mut(index)) {
            piece.push(char);
        }
        column += char.width().unwrap_or(0);
    }
    pieces
}
