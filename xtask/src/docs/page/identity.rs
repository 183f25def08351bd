//! What a page is about: its title and its operation.

use super::super::block::{Block, Cell, Line};
use super::super::dates;
use super::super::operation::Operation;
use super::super::vocabulary::{self, Column, Section};

/// The operation that the page describes: named below its URI heading, or else anywhere but in an example.
pub(super) fn operation(blocks: &[Block]) -> Option<Operation> {
    let mut section = Section::Prose;
    let mut elsewhere = None;
    let mut method = None;
    for block in blocks {
        let Some(line) = line(block) else {
            let listed = in_table(block).filter(|_| section == Section::Uri);
            if listed.is_some() {
                return listed;
            }
            continue;
        };
        section = vocabulary::section(&line.text).unwrap_or(section);
        // Some pages write method and path on two lines.
        let both = method
            .take()
            .map(|method: String| format!("{method} {}", line.text));
        let found = Operation::find(&line.text).or_else(|| Operation::find(&both?));
        if found.is_some() && section == Section::Uri {
            return found;
        }
        if !section.is_example() {
            elsewhere = elsewhere.or(found);
        }
        method = is_method(&line.text).then(|| line.text.clone());
    }
    elsewhere
}

/// The line that names the path of the operation.
pub(super) fn place(blocks: &[Block], operation: &Operation) -> usize {
    let mut lines = blocks.iter().filter_map(line);
    let named = lines.find(|line| line.text.contains(&operation.path));
    named.map_or(1, |line| line.number)
}

fn is_method(text: &str) -> bool {
    let methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    methods.contains(&text)
}

/// The operation of a table of methods and paths, if it has a single one.
fn in_table(block: &Block) -> Option<Operation> {
    let Block::Table(table) = block else {
        return None;
    };
    let mut rows = table.rows.iter().filter_map(|row| {
        let cells: Vec<String> = row.cells.iter().map(Cell::text).collect();
        let begins = cells.first().is_some_and(|cell| is_method(cell));
        begins.then(|| Operation::find(&cells.join(" "))).flatten()
    });
    let only = rows.next()?;
    rows.next().is_none().then_some(only)
}

/// Whether a line is a word of the head of a table, alone.
pub(super) fn is_lost_head(block: &Block) -> bool {
    let column = line(block).and_then(|line| vocabulary::column(&line.text));
    matches!(
        column,
        Some(Column::Name | Column::Mandatory | Column::Type)
    )
}

/// The line of text that a block is.
pub(super) fn line(block: &Block) -> Option<&Line> {
    match block {
        Block::Heading(line) | Block::Text(line) | Block::Code(line) => Some(line),
        Block::Table(_) => None,
    }
}

/// The title: the first heading, or the last line above the first section that can be one. Menus and banners of sites stand above it.
pub(super) fn title(blocks: &[Block]) -> String {
    let is_section =
        |block: &Block| line(block).is_some_and(|line| vocabulary::section(&line.text).is_some());
    let is_heading = |block: &Block| matches!(block, Block::Heading(_));
    // A word of a menu can be that of a section.
    let end = blocks
        .iter()
        .position(|block| is_heading(block) && is_section(block))
        .or_else(|| blocks.iter().position(is_section));
    let before = blocks.get(..end.unwrap_or(blocks.len())).unwrap_or(blocks);
    let heading = before.iter().find_map(|block| match block {
        Block::Heading(line) => Some(line),
        _ => None,
    });
    let lines = || before.iter().rev().filter_map(|block| line(block));
    heading
        .or_else(|| lines().find(|line| is_title(&line.text)))
        .or_else(|| lines().next_back())
        .map(|line| line.text.clone())
        .unwrap_or_default()
}

/// Whether a line is none of those that stand between a title and the first section: dates, breadcrumbs, buttons, notes,
/// sentences.
fn is_title(text: &str) -> bool {
    let is_button = matches!(text, "Share" | "View PDF" | "分享" | "查看PDF");
    let is_note = vocabulary::is_admonition(text);
    let is_sentence = text.ends_with(['.', '。', '!', ':', '：']);
    !is_button
        && !is_note
        && !is_sentence
        && dates::updated(text).is_none()
        && text.matches('/').count() < 2
}
