//! Tables whose cells a conversion joined: what separated them is gone, so they are told and not read.

use super::super::block::{Block, Line, Remark};
use super::super::vocabulary::{self, Column};
use super::Taken;

/// How far into a line a head can stand: behind a caption.
const MAX_WORDS: usize = 24;

/// A line in which a head stands, such as `Parameter Mandatory Type Description a Yes String Words.`
pub(super) fn head(lines: &[&str], at: usize) -> Option<Taken> {
    let text = lines.get(at)?.trim();
    let words: Vec<&str> = text.split_whitespace().take(MAX_WORDS).collect();
    let is_head = begins_head(&words)
        || (1..words.len()).any(|start| holds_head(words.get(start..).unwrap_or_default()));
    let message = "a table begins here whose cells stand on one line: it was not read, save the page in another form";
    is_head.then(|| Taken {
        blocks: vec![Block::Text(Line::new(at + 1, text))],
        remarks: vec![Remark::unreadable(at + 1, message)],
        next: at + 1,
    })
}

/// Whether a line begins with a head: then three columns are enough, or two above a status.
fn begins_head(words: &[&str]) -> bool {
    let (columns, rest) = columns(words);
    match columns.as_slice() {
        [Column::Name, _, _, ..] => true,
        [Column::Status, Column::Description] => {
            rest.first().is_some_and(|word| vocabulary::is_status(word))
        }
        _ => false,
    }
}

/// Whether a head begins behind other words, as behind a caption.
fn holds_head(words: &[&str]) -> bool {
    let (columns, _) = columns(words);
    columns.len() > 2
        && columns.first() == Some(&Column::Name)
        && columns.contains(&Column::Description)
}

/// The different columns that the words name one after the other, and the words behind them.
fn columns<'a>(words: &'a [&'a str]) -> (Vec<Column>, &'a [&'a str]) {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((column, length)) = column(rest).filter(|(column, _)| !found.contains(column)) {
        found.push(column);
        rest = rest.get(length..).unwrap_or_default();
    }
    (found, rest)
}

/// The column that the first words name, with their number. The words of a head begin with a capital.
fn column(words: &[&str]) -> Option<(Column, usize)> {
    let small = |word: &&str| word.starts_with(|char: char| char.is_ascii_lowercase());
    words.first().filter(|word| !small(word))?;
    (1..=3).rev().find_map(|length| {
        let name = words.get(..length)?.join(" ");
        Some((vocabulary::column(&name)?, length))
    })
}
