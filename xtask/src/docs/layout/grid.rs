//! Tables drawn with `+`, `-` and `|`, as reStructuredText and pandoc have them.

use unicode_width::UnicodeWidthChar;

use super::super::block::{Block, Cell, Line, Row, Table};
use super::super::markup;
use super::Taken;

/// A table that begins with a line such as `+---+-----+`.
pub(super) fn table(lines: &[&str], at: usize) -> Option<Taken> {
    if !begins(lines, at) {
        return None;
    }
    let length = lines
        .iter()
        .skip(at)
        .take_while(|line| line.trim_start().starts_with(['+', '|']))
        .count();
    let drawn: Vec<&str> = lines
        .get(at..at + length)?
        .iter()
        .map(|line| line.trim())
        .collect();
    let mut edges: Vec<usize> = drawn
        .iter()
        .filter(|line| is_border(line))
        .flat_map(|line| crossings(line))
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let rows = rows(&drawn, &edges, at + 1);
    Some(Taken {
        blocks: vec![Block::Table(Table { rows })],
        next: at + length,
        ..Taken::default()
    })
}

/// Whether a table is drawn from this line on.
pub(super) fn begins(lines: &[&str], at: usize) -> bool {
    let below = lines.get(at + 1).map(|line| line.trim_start());
    let top = lines.get(at).map(|line| line.trim());
    top.is_some_and(is_border) && below.is_some_and(|line| line.starts_with('|'))
}

fn is_border(line: &str) -> bool {
    line.len() > 4
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|char| "+-=:".contains(char))
}

fn crossings(border: &str) -> Vec<usize> {
    border.match_indices('+').map(|(at, _)| at).collect()
}

/// The rows between the borders. A border may span some of the columns only: the others go on.
fn rows(drawn: &[&str], edges: &[usize], first: usize) -> Vec<Row> {
    let columns = edges.len().saturating_sub(1);
    let mut rows: Vec<Row> = Vec::new();
    let mut open = vec![Cell::default(); columns];
    let mut begins = first;
    for (offset, line) in drawn.iter().enumerate().skip(1) {
        let number = first + offset;
        let pieces = pieces(line, edges);
        let ruled =
            |piece: &str| piece.len() > 1 && piece.chars().all(|char| "-=+:".contains(char));
        if line.starts_with('+') || pieces.iter().any(|piece| ruled(piece)) {
            if open.iter().any(|cell| !cell.lines.is_empty()) {
                rows.push(Row {
                    number: begins,
                    cells: open.clone(),
                });
            }
            for (cell, piece) in open.iter_mut().zip(&pieces) {
                if ruled(piece) {
                    *cell = Cell::default();
                }
            }
            begins = number + 1;
            continue;
        }
        for (cell, piece) in open.iter_mut().zip(&pieces) {
            add(cell, number, piece);
        }
    }
    rows
}

/// Adds a line to a cell; what is indented below an item of a list belongs to the item.
fn add(cell: &mut Cell, number: usize, piece: &str) {
    let item = markup::bullet(piece);
    let text = markup::strip(item.unwrap_or(piece));
    let indented = piece.starts_with("   ");
    match cell.lines.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if item.is_none() && indented && last.bullet => {
            last.text.push(' ');
            last.text.push_str(&text);
        }
        _ => cell.lines.push(Line {
            number,
            text,
            bullet: item.is_some(),
        }),
    }
}

/// What stands between the edges, which are counted in columns of a terminal.
fn pieces(line: &str, edges: &[usize]) -> Vec<String> {
    let mut pieces = vec![String::new(); edges.len().saturating_sub(1)];
    let mut column = 0;
    for char in line.chars() {
        let index = edges.partition_point(|edge| *edge <= column);
        let on_edge = edges.binary_search(&column).is_ok();
        if let Some(piece) = index.checked_sub(1).and_then(|index| pieces.get_mut(index))
            && !(on_edge && matches!(char, '|' | '+'))
        {
            piece.push(char);
        }
        column += char.width().unwrap_or(0);
    }
    pieces
}
