//! A saved reference page as one model, whatever format it was saved in.
//!
//! The formats are HTML, Markdown and copied text. Parts that cannot be read are reported with their lines.

mod copied;
mod html;
mod markdown;
mod source;

use std::sync::OnceLock;

use regex::{Captures, Regex};

pub use source::load;

/// A regular expression that is compiled when it is first used.
#[derive(Debug)]
pub struct Pattern(&'static str, OnceLock<Option<Regex>>);

impl Pattern {
    /// A pattern; it never matches if it is malformed.
    pub const fn new(source: &'static str) -> Self {
        Self(source, OnceLock::new())
    }

    /// The groups of every match.
    pub fn matches<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let compiled = self.1.get_or_init(|| Regex::new(self.0).ok());
        compiled.iter().flat_map(|regex| regex.captures_iter(text))
    }

    /// The groups of the first match.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.matches(text).next()
    }

    /// Group 1 of the first match.
    pub fn first<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.captures(text)?.get(1)?.as_str())
    }

    /// Group 1 of every match.
    pub fn all<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let groups = self.matches(text).filter_map(|groups| groups.get(1));
        groups.map(|group| group.as_str()).collect()
    }

    /// Whether it matches.
    pub fn fits(&self, text: &str) -> bool {
        self.captures(text).is_some()
    }
}

/// A line of text without markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLine {
    /// Line in the file, from 1.
    pub number: usize,
    /// The text, trimmed, with single spaces.
    pub text: String,
    /// Whether it is an item of a list.
    pub bullet: bool,
}

impl PageLine {
    /// A line of text; a bullet character at its start makes it an item of a list.
    pub fn new(number: usize, text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let bullet = matches!(words.first(), Some(&("•" | "·" | "-" | "*")));
        let words = words.get(usize::from(bullet)..).unwrap_or_default();
        Self {
            number,
            text: words.join(" "),
            bullet,
        }
    }
}

/// Joins lines into one.
pub fn joined(lines: &[PageLine]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    lines.join(" ")
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRow {
    /// Line in the file, from 1.
    pub number: usize,
    /// The lines of each cell, from the left.
    pub cells: Vec<Vec<PageLine>>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading that the format marks as such.
    Heading(PageLine),
    /// Any other line between the tables.
    Text(PageLine),
    /// Preformatted text, such as an example.
    Code(PageLine),
    /// The rows of a table, its header first.
    Table(Vec<PageRow>),
}

/// What could not be read, by line.
pub type Unread = Vec<(usize, String)>;

static MARKDOWN: Pattern =
    Pattern::new(r"(?m)^(#{1,6} |```|\|.*\||[^\n|]+\| *[^\s|].*\n[ |:-]*-{3,}[ |:-]*\|)");

/// The parts of a page, from its text.
pub fn blocks(text: &str) -> (Vec<Block>, Unread) {
    if text.trim_start().starts_with('<') {
        (html::blocks(text), Unread::new())
    } else if MARKDOWN.fits(text) {
        (markdown::blocks(text), Unread::new())
    } else {
        copied::blocks(text)
    }
}
