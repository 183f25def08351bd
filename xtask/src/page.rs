//! A saved reference page as one model, whatever format it was saved in.
//!
//! The formats are HTML, Markdown and copied text. Parts that cannot be read are reported with their lines.

mod copied;
mod html;
mod markdown;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use regex::{Captures, Regex};

/// Maximum size of a page in bytes. Saved pages have some hundred kilobytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Maximum number of lines of a page. Saved pages have some thousand.
const MAX_LINES: usize = 20_000;

/// Maximum number of tags of a page: the time of the parser grows with the square of their depth.
const MAX_TAGS: usize = 50_000;

const REMEDY: &str = "save the page as HTML, Markdown or copied text in UTF-8";

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

/// Reads the file of a saved page. Converts line ends to `\n` and removes a byte order mark.
///
/// # Errors
///
/// The file is missing, too large, in a container, or not UTF-8 text.
pub fn load(path: &Path) -> Result<String, String> {
    let name = path.display();
    let mut bytes = Vec::new();
    // One byte more than allowed tells a page of the largest size from a larger one.
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("{name}: cannot be read: {error}"))?;
    decode(&bytes).map_err(|message| format!("{name}: {message}"))
}

/// Decodes the bytes of a page.
fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!(
            "is larger than {MAX_BYTES} bytes: save one reference page alone"
        ));
    }
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| !text.chars().any(is_control));
    let Some(text) = text else {
        return Err(format!("is not plain text: {REMEDY}"));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let has_header = |line: &str| line.to_ascii_lowercase().starts_with("mime-version:");
    if text.lines().take(40).any(has_header) {
        return Err(format!("is an MHTML archive: {REMEDY}"));
    }
    if text.lines().nth(MAX_LINES).is_some() || text.matches('<').nth(MAX_TAGS).is_some() {
        return Err(format!(
            "has more than {MAX_LINES} lines or {MAX_TAGS} tags: save one reference page alone"
        ));
    }
    Ok(text)
}

fn is_control(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}')
}
