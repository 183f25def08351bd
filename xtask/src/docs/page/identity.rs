//! What a page is about: its title and its operation.

use super::super::block::{Block, Line};
use super::super::dates;
use super::super::operation::Operation;
use super::super::vocabulary::{self, Section};

/// The operation that the page describes: named below its URI heading, or else anywhere but in an example.
pub(super) fn operation(blocks: &[Block]) -> Option<Operation> {
    let mut section = Section::Prose;
    let mut elsewhere = None;
    let mut method = None;
    for line in blocks.iter().filter_map(line) {
        if let Some(next) = vocabulary::section(&line.text) {
            section = next;
        }
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
        let is_method = matches!(
            line.text.as_str(),
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
        );
        method = is_method.then(|| line.text.clone());
    }
    elsewhere
}

/// The line that names the path of the operation.
pub(super) fn place(blocks: &[Block], operation: &Operation) -> usize {
    let mut lines = blocks.iter().filter_map(line);
    let named = lines.find(|line| line.text.contains(&operation.path));
    named.map_or(1, |line| line.number)
}

/// The line of text that a block is.
pub(super) fn line(block: &Block) -> Option<&Line> {
    match block {
        Block::Heading(line) | Block::Text(line) | Block::Code(line) => Some(line),
        Block::Table(_) => None,
    }
}

/// The title: the first heading, or the first line that is none of the lines that sites put above it.
pub(super) fn title(blocks: &[Block]) -> String {
    let before = blocks.iter().take_while(|block| {
        line(block).is_none_or(|line| vocabulary::section(&line.text).is_none())
    });
    let before: Vec<&Block> = before.collect();
    let heading = before.iter().find_map(|block| match block {
        Block::Heading(line) => Some(line),
        _ => None,
    });
    let text = || {
        let mut lines = before.iter().filter_map(|block| line(block));
        lines
            .find(|line| dates::updated(&line.text).is_none() && line.text.matches('/').count() < 2)
    };
    heading
        .or_else(text)
        .map(|line| line.text.clone())
        .unwrap_or_default()
}
