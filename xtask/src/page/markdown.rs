//! Markdown with the tables of GitHub, turned into HTML by pulldown-cmark.

use pulldown_cmark::{Event, Options, Parser, Tag, html};

use super::Block;
use super::html::{LINE, parsed};

/// The parts of a page in Markdown.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = with_ends_of_tables(text);
    let mut seen = 0;
    let mut line = 1;
    let parser = Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter();
    let events = parser.flat_map(|(event, range)| {
        if let Some(passed) = text.get(seen..range.start) {
            line += passed.matches('\n').count();
            seen = range.start;
        }
        let begins = matches!(
            event,
            Event::Start(
                Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::TableCell
                    | Tag::Item
                    | Tag::CodeBlock(_)
            )
        );
        let event = match event {
            Event::SoftBreak => Event::HardBreak,
            event => event,
        };
        let mark = begins.then(|| Event::InlineHtml(mark(line).into()));
        [Some(event), mark].into_iter().flatten()
    });
    let mut document = String::new();
    html::push_html(&mut document, events);
    parsed(&document)
}

/// An element that only holds the line.
fn mark(line: usize) -> String {
    format!("<i {LINE}=\"{line}\"></i>")
}

/// The text with an empty comment at each line that follows a table at once: the line would be taken for a row.
fn with_ends_of_tables(text: &str) -> String {
    let mut after_row = false;
    let mut ended = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let row = line.trim_start().starts_with('|');
        let text_below = after_row && !row && !line.trim().is_empty() && !line.starts_with('#');
        if text_below {
            ended.push_str("<!---->");
            ended.push_str(&mark(index + 1));
        }
        ended.push_str(line);
        after_row = row;
    }
    ended
}
