//! Pieces of tables that no reader took: nothing of them may be passed over.

use super::super::block::Remark;
use super::{Taken, piped};

/// What is said of a row whose table ended above it.
const LOST_ROW: &str =
    "this row stands in no table: is a line break in the cell above it, or the head missing?";

/// What is said of cells, one a line, that have no table.
const LOST_CELL: &str = "a cell with a pipe stands here, and in no table that can be read: is the line `---|---|` below its head missing?";

/// Rows or cells of pipes that no reader of tables took. Those that follow each other are told once.
pub(super) fn pipes(lines: &[&str], at: usize) -> Option<Taken> {
    let text = lines.get(at)?.trim();
    if is_row(text) {
        return Some(told(at, LOST_ROW, at + 1));
    }
    if !is_cell(text) {
        return None;
    }
    let rest = lines.iter().skip(at).map(|line| line.trim());
    let length = rest
        .take_while(|line| is_cell(line) && !is_row(line) || line.is_empty())
        .count();
    Some(told(at, LOST_CELL, at + length))
}

fn told(at: usize, message: &str, next: usize) -> Taken {
    Taken {
        remarks: vec![Remark::unreadable(at + 1, message)],
        next,
        ..Taken::default()
    }
}

fn is_row(text: &str) -> bool {
    let framed = text.len() > 2 && text.starts_with('|') && text.ends_with('|');
    framed && piped::cells(text).len() > 1 && piped::rule(text).is_none()
}

/// Whether a line ends with a pipe. Two of them are an operator of some language, and a word between two an image of reStructuredText.
fn is_cell(text: &str) -> bool {
    let between = text
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'));
    let is_image = between.is_some_and(|name| !name.is_empty() && name.trim() == name);
    text.ends_with('|') && !text.ends_with("||") && !is_image && piped::rule(text).is_none()
}
