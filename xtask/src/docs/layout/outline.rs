//! Headings of Markdown and reStructuredText.

use super::super::block::{Block, Line};
use super::super::markup;
use super::Taken;

/// Marks that can underline a heading.
const UNDERLINES: &str = "=-~^\"'*+";

/// `# Heading`, or a heading with a line of marks below it.
pub(super) fn heading(lines: &[&str], at: usize) -> Option<Taken> {
    let raw = lines.get(at)?.trim();
    let (text, next) = match raw.strip_prefix('#') {
        Some(rest) => (rest.trim_start_matches('#').trim_end_matches('#'), at + 1),
        None if is_underlined(raw, lines.get(at + 1)?) => (raw, at + 2),
        None => return None,
    };
    let text = markup::strip(text);
    let heading = Block::Heading(Line::new(at + 1, text));
    Some(Taken {
        blocks: vec![heading],
        next,
        ..Taken::default()
    })
}

fn is_underlined(text: &str, below: &str) -> bool {
    let below = below.trim_end();
    let mark = below.chars().next();
    let marks = mark
        .is_some_and(|mark| UNDERLINES.contains(mark) && below.chars().all(|char| char == mark));
    !text.is_empty() && !text.contains('|') && marks && below.len() > 2
}
