//! Tables whose cells are a tabulator apart, as a browser copies them.

use super::super::block::{Block, Cell, Line, Row, Table};
use super::super::{markup, vocabulary};
use super::Taken;

/// A table that begins with a head of known words. A line without tabulators goes on with the cell before.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    if !begins(lines, at) {
        return None;
    }
    let head: Vec<&str> = lines.get(at)?.split('\t').collect();
    let mut rows = vec![row(at, &head)];
    let mut next = at + 1;
    for line in lines.iter().skip(at + 1) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() + 1 >= head.len() && cells.len() > 1 {
            rows.push(row(next, &cells));
        } else if ends_table(line) {
            break;
        } else if let Some(cell) = rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.lines.extend(super::line(lines, next));
        }
        next += 1;
    }
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        next,
        ..Taken::default()
    })
}

/// Whether the words on a line, a tabulator apart, are those of a head.
pub(super) fn begins(lines: &[&str], at: usize) -> bool {
    let line = lines.get(at).copied().unwrap_or_default();
    let mut words = line.split('\t');
    line.contains('\t') && words.all(|word| vocabulary::column(word).is_some())
}

fn ends_table(line: &str) -> bool {
    vocabulary::caption(line).is_some()
        || vocabulary::announced_status(line).is_some()
        || vocabulary::section(line).is_some() && vocabulary::label(line).is_none()
}

fn row(at: usize, cells: &[&str]) -> Row {
    let cell = |text: &&str| match markup::bullet(text) {
        Some(item) => Cell {
            lines: vec![Line {
                number: at + 1,
                text: markup::strip(item),
                bullet: true,
            }],
        },
        None => Cell::of(at + 1, &markup::strip(text)),
    };
    Row {
        number: at + 1,
        cells: cells.iter().map(cell).collect(),
    }
}
