//! Which columns of a table are shown, and how wide.

use super::{Cell, Column, Table};
use crate::output::style::paint;
use crate::output::text::{fit, width};

/// Between two columns.
const GAP: &str = "  ";
/// The widest that a column other than the last gets.
const WIDEST: usize = 40;
/// What the last column needs, before others are left out for its sake.
const LEAST: usize = 44;

/// Which columns are shown, and how wide.
pub(super) struct Layout(Vec<(usize, usize)>);

impl Layout {
    /// Fits `table` into `room` columns of a screen, if that is possible.
    pub(super) fn new(table: &Table, room: Option<usize>) -> Self {
        let mut shown: Vec<_> = (0..table.columns.len())
            .map(|index| (index, needed(table, index)))
            .collect();
        let Some(room) = room else { return Self(shown) };
        let Some((last, wanted)) = shown.pop() else {
            return Self(shown);
        };
        while left(room, &shown) < wanted.min(LEAST)
            && let Some(position) = most_dispensable(table.columns, &shown)
        {
            shown.remove(position);
        }
        let width = left(room, &shown).max(LEAST / 2).min(wanted);
        shown.push((last, width));
        Self(shown)
    }

    /// One line of the table; nothing is padded at its end.
    pub(super) fn line(&self, columns: &[Column], row: &[Cell]) -> String {
        let mut line = String::new();
        let mut pending = 0;
        for (position, (index, room)) in self.0.iter().enumerate() {
            let (Some(cell), Some(column)) = (row.get(*index), columns.get(*index)) else {
                continue;
            };
            let text = fit(&cell.text, *room);
            let padding = room.saturating_sub(width(&text));
            pending += if position == 0 { 0 } else { GAP.len() };
            let (before, after) = if column.numeric {
                (padding, 0)
            } else {
                (0, padding)
            };
            if text.is_empty() {
                pending += before + after;
                continue;
            }
            line.push_str(&" ".repeat(pending + before));
            line.push_str(&paint(cell.style, &text));
            pending = after;
        }
        line.push('\n');
        line
    }
}

/// The width that a column needs, within reason: only the last one may be as wide as it likes.
fn needed(table: &Table, index: usize) -> usize {
    let title = table
        .columns
        .get(index)
        .map_or(0, |column| width(column.title));
    let widest = table
        .rows
        .iter()
        .filter_map(|row| row.get(index))
        .map(|cell| width(&cell.text))
        .max()
        .unwrap_or(0);
    let is_last = index + 1 == table.columns.len();
    title.max(if is_last { widest } else { widest.min(WIDEST) })
}

/// What is left of `room` behind the columns `shown`.
fn left(room: usize, shown: &[(usize, usize)]) -> usize {
    shown.iter().fold(room, |room, (_, width)| {
        room.saturating_sub(width + GAP.len())
    })
}

/// The position of the column that is missed least, if any may be left out.
fn most_dispensable(columns: &[Column], shown: &[(usize, usize)]) -> Option<usize> {
    let rank =
        |(index, _): &(usize, usize)| columns.get(*index).map_or(0, |column| column.dispensable);
    let positions = shown
        .iter()
        .map(rank)
        .enumerate()
        .filter(|(_, rank)| *rank > 0);
    positions
        .max_by_key(|(_, rank)| *rank)
        .map(|(position, _)| position)
}
