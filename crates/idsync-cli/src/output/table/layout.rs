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
/// What it needs, before even those are left out that tell a lot.
const SCANTIEST: usize = 14;

/// The least that a column is made for the sake of others; with less, the rightmost one is left out.
const NARROWEST: usize = 8;

/// Which columns are shown, and how wide.
pub(super) struct Layout(Vec<(usize, usize)>);

impl Layout {
    /// Fits `table` into `room` columns of a screen, if that is possible.
    pub(super) fn new(table: &Table, room: Option<usize>) -> Self {
        let mut shown: Vec<_> = (0..table.columns.len())
            .filter(|index| !is_idle(table, *index))
            .map(|index| (index, needed(table, index)))
            .collect();
        if let Some(room) = room {
            dispense(&table.columns, &mut shown, room);
            while shown.len() > 1 && room < least(&shown) {
                shown.pop();
            }
            narrow(&mut shown, room);
        }
        Self(shown)
    }

    /// Whether the column at `index` is shown.
    pub(super) fn shows(&self, index: usize) -> bool {
        self.0.iter().any(|(shown, _)| *shown == index)
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
        .map_or(0, |column| width(&column.title));
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

/// Whether the column should tell rows apart, and does not.
fn is_idle(table: &Table, index: usize) -> bool {
    let mut cells = table
        .rows
        .iter()
        .map(|row| row.get(index).map(|cell| &cell.text));
    let first = cells.next();
    let is_distinguishing = table
        .columns
        .get(index)
        .is_some_and(|column| column.is_distinguishing);
    is_distinguishing && cells.all(|cell| Some(cell) == first)
}

/// Leaves out what is missed least, as long as the last column has less room than it needs.
fn dispense(columns: &[Column], shown: &mut Vec<(usize, usize)>, room: usize) {
    let Some((last, wanted)) = shown.pop() else {
        return;
    };
    for (least, even_telling) in [(LEAST, false), (SCANTIEST, true)] {
        while left(room, shown) < wanted.min(least)
            && let Some(position) = most_dispensable(columns, shown, even_telling)
        {
            shown.remove(position);
        }
    }
    shown.push((last, wanted));
}

/// The room that the columns need at least.
fn least(shown: &[(usize, usize)]) -> usize {
    let widths: usize = shown.iter().map(|(_, wanted)| NARROWEST.min(*wanted)).sum();
    widths + GAP.len() * shown.len().saturating_sub(1)
}

/// Takes from the widest, and of several from the rightmost, until all fit.
fn narrow(shown: &mut [(usize, usize)], room: usize) {
    let gaps = GAP.len() * shown.len().saturating_sub(1);
    let room = room.saturating_sub(gaps);
    for (_, width) in &mut *shown {
        *width = room.min(*width);
    }
    let mut excess = shown
        .iter()
        .map(|(_, width)| width)
        .sum::<usize>()
        .saturating_sub(room);
    while excess > 0
        && let Some((_, widest)) = shown.iter_mut().max_by_key(|(_, width)| *width)
        && *widest > 1
    {
        *widest -= 1;
        excess -= 1;
    }
}

/// What is left of `room` behind the columns `shown`.
fn left(room: usize, shown: &[(usize, usize)]) -> usize {
    shown.iter().fold(room, |room, (_, width)| {
        room.saturating_sub(width + GAP.len())
    })
}

/// The position of the column that is missed least, if any may be left out.
fn most_dispensable(
    columns: &[Column],
    shown: &[(usize, usize)],
    even_telling: bool,
) -> Option<usize> {
    let rank = |(index, _): &(usize, usize)| {
        columns
            .get(*index)
            .filter(|column| even_telling || !column.is_telling)
            .map_or(0, |column| column.dispensable)
    };
    let positions = shown
        .iter()
        .map(rank)
        .enumerate()
        .filter(|(_, rank)| *rank > 0);
    positions
        .max_by_key(|(_, rank)| *rank)
        .map(|(position, _)| position)
}
