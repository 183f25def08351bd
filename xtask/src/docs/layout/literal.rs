//! Text that stands as it was typed: fenced and indented code, and JSON.

use super::super::block::{Block, Line};
use super::super::markup;
use super::super::vocabulary;
use super::Taken;

/// Code between two fences of Markdown.
pub(super) fn fenced(lines: &[&str], at: usize) -> Option<Taken> {
    let fence = lines.get(at)?.trim_start();
    let mark = ["```", "~~~"]
        .into_iter()
        .find(|mark| fence.starts_with(mark))?;
    let body = lines.iter().skip(at + 1);
    let length = body
        .take_while(|line| !line.trim_start().starts_with(mark))
        .count();
    let code = lines.get(at + 1..at + 1 + length)?;
    Some(Taken {
        blocks: vec![code_block(at + 2, code)],
        next: at + length + 2,
        ..Taken::default()
    })
}

fn code_block(number: usize, lines: &[&str]) -> Block {
    Block::Code(Line {
        number,
        text: lines.join("\n"),
        bullet: false,
    })
}

/// A directive of reStructuredText: code, the caption of a table, or something that says nothing here.
pub(super) fn directive(lines: &[&str], at: usize) -> Option<Taken> {
    let raw = lines.get(at)?;
    let start = raw.trim_start();
    if start.starts_with(":original_name:") {
        return Some(Taken {
            next: at + 1,
            ..Taken::default()
        });
    }
    let rest = start.strip_prefix(".. ")?;
    if let Some(caption) = rest.strip_prefix("table::") {
        let caption = Line::new(at + 1, markup::strip(caption));
        return Some(Taken {
            blocks: vec![Block::Text(caption)],
            next: at + 1,
            ..Taken::default()
        });
    }
    let is_code = ["code-block::", "code::", "sourcecode::", "parsed-literal::"]
        .iter()
        .any(|name| rest.starts_with(name));
    if !is_code {
        return Some(Taken {
            next: at + 1,
            ..Taken::default()
        });
    }
    let indent = raw.len() - start.len();
    let body = lines.iter().skip(at + 1);
    let length = body
        .take_while(|line| line.trim().is_empty() || line.len() - line.trim_start().len() > indent)
        .count();
    let code = lines.get(at + 1..at + 1 + length)?;
    Some(Taken {
        blocks: vec![code_block(at + 2, code)],
        next: at + 1 + length,
        ..Taken::default()
    })
}

/// JSON that begins a line, up to the bracket that closes it. A heading ends what is never closed.
pub(super) fn json(lines: &[&str], at: usize) -> Option<Taken> {
    let start = lines.get(at)?.trim_start();
    if !begins_json(start) {
        return None;
    }
    let mut brackets = Brackets::default();
    let mut next = at;
    for line in lines.iter().skip(at) {
        if next > at && vocabulary::section(line).is_some() {
            break;
        }
        next += 1;
        if brackets.close_in(line) {
            break;
        }
    }
    let code = lines.get(at..next)?;
    Some(Taken {
        blocks: vec![code_block(at + 1, code)],
        next,
        ..Taken::default()
    })
}

fn begins_json(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    let second = chars.next();
    let inside = second.is_none_or(|char| char.is_whitespace() || "{[\"}".contains(char));
    matches!(first, Some('{' | '[')) && inside
}

/// Counts the brackets of JSON that is read line by line.
#[derive(Default)]
struct Brackets {
    open: usize,
    in_text: bool,
}

impl Brackets {
    /// Whether the last open bracket is closed on this line.
    fn close_in(&mut self, line: &str) -> bool {
        let mut escaped = false;
        for char in line.chars() {
            match char {
                _ if escaped => escaped = false,
                '\\' if self.in_text => escaped = true,
                '"' => self.in_text = !self.in_text,
                '{' | '[' if !self.in_text => self.open += 1,
                '}' | ']' if !self.in_text => {
                    self.open = self.open.saturating_sub(1);
                    if self.open == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        // JSON has no text over several lines: a quote that was forgotten ends with its line.
        self.in_text = false;
        false
    }
}
