//! The head of a table that has one cell a line: known words, up to the one for descriptions.

use super::super::super::block::{Cell, Line};
use super::super::super::markup;
use super::super::super::vocabulary::{self, Column};
use super::filled;

/// A head, and what stands before it on its first line.
pub(super) struct Head {
    /// What the columns hold.
    pub(super) columns: Vec<Column>,
    /// The words that the columns are known by.
    pub(super) cells: Vec<Cell>,
    /// The caption, where a conversion joined it with the first word.
    pub(super) caption: Option<Line>,
    /// The first line behind it.
    pub(super) body: usize,
}

impl Head {
    /// The head that begins at this line. It ends with the description.
    pub(super) fn find(lines: &[&str], at: usize) -> Option<Self> {
        let (caption, first) = split(lines.get(at)?)?;
        let caption = caption.map(|caption| Line::new(at + 1, markup::strip(caption)));
        let mut columns = Vec::new();
        let mut cells = Vec::new();
        for (index, text) in filled(lines, at) {
            let text = if index == at { first } else { text };
            let column = vocabulary::column(text)?;
            if columns.contains(&column) {
                return None;
            }
            columns.push(column);
            cells.push(Cell::of(index + 1, text));
            if column == Column::Description {
                let body = index + 1;
                return (columns.len() > 1).then_some(Self {
                    columns,
                    cells,
                    caption,
                    body,
                });
            }
        }
        None
    }
}

/// The caption on a line, if there is one, and the word that a head begins with.
fn split(line: &str) -> Option<(Option<&str>, &str)> {
    if begins(line) {
        return Some((None, line));
    }
    let line = line.trim();
    vocabulary::caption(line)?;
    // The word for the first column can have a space, as in "Status Code".
    let spaces = line.rmatch_indices(char::is_whitespace).take(2);
    let mut cuts = spaces.filter_map(|(at, _)| line.split_at_checked(at));
    cuts.find(|(caption, word)| begins(word) && vocabulary::caption(caption).is_some())
        .map(|(caption, word)| (Some(caption), word))
}

fn begins(word: &str) -> bool {
    let column = vocabulary::column(word);
    matches!(column, Some(Column::Name | Column::Status))
}
