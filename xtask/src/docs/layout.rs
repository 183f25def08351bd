//! The layouts that people save pages in, and how they become [`Block`]s.
//!
//! Text is read line by line, and every line is offered to one reader after the other. So a page may mix what conversions leave:
//! Markdown with tables in HTML, copied text with a table of pipes.

pub mod html;

mod broken;
mod captions;
mod grid;
mod literal;
mod markup_lines;
mod outline;
mod piped;
mod ruled;
mod spilled;
mod stacked;
mod stray;
mod tabbed;

use super::block::{Block, Line, Remark};
use super::markup;

/// What a reader made of the lines from where it was asked.
#[derive(Debug, Default)]
struct Taken {
    blocks: Vec<Block>,
    remarks: Vec<Remark>,
    /// The first line that was not read.
    next: usize,
}

/// Reads what begins at a line; none if that is not its layout.
type Reader = fn(&[&str], usize) -> Option<Taken>;

/// In the order in which they are asked: what is marked most clearly comes first.
const READERS: &[Reader] = &[
    literal::fenced,
    literal::directive,
    markup_lines::element,
    grid::table,
    ruled::table,
    piped::table,
    broken::table,
    tabbed::table,
    stray::pipes,
    literal::json,
    outline::heading,
    stacked::table,
    stacked::stray_row,
    spilled::head,
];

/// The parts of a page, and what was hard to read.
pub fn blocks(text: &str) -> (Vec<Block>, Vec<Remark>) {
    let (blocks, mut remarks) = if is_html(text) {
        (html::blocks(text, 1), Vec::new())
    } else {
        lines(text)
    };
    remarks.extend(captions::without_tables(&blocks));
    (blocks, remarks)
}

/// The parts of a page that is not HTML as a whole, line by line.
fn lines(text: &str) -> (Vec<Block>, Vec<Remark>) {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut remarks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(taken) = READERS.iter().find_map(|reader| reader(&lines, at)) {
            blocks.extend(taken.blocks);
            remarks.extend(taken.remarks);
            at = taken.next.max(at + 1);
            continue;
        }
        blocks.extend(line(&lines, at).map(Block::Text));
        at += 1;
    }
    (blocks, remarks)
}

/// Whether the page as a whole is HTML, and not Markdown with some HTML in it.
fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(1024).collect();
    let start = start.to_ascii_lowercase();
    let begins = start.starts_with("<!doctype")
        || start.starts_with("<html")
        || start.starts_with("<?xml")
        || start.starts_with("<!--");
    begins
        || start.starts_with('<')
            && ["<h1", "<div", "<p", "<table", "<body"]
                .iter()
                .any(|tag| start.contains(tag))
}

/// Whether a table begins here that is marked as one, in any layout.
fn begins_table(lines: &[&str], at: usize) -> bool {
    broken::begins(lines, at) || grid::begins(lines, at) || tabbed::begins(lines, at)
}

/// The line `at` as text; none if nothing is on it.
fn line(lines: &[&str], at: usize) -> Option<Line> {
    let raw = lines.get(at)?;
    let (bullet, raw) = match markup::bullet(raw) {
        Some(item) => (true, item),
        None => (false, *raw),
    };
    let text = markup::strip(raw);
    (!text.is_empty()).then_some(Line {
        number: at + 1,
        text,
        bullet,
    })
}
