//! HTML, read by the parser of a browser engine.

use ego_tree::iter::Edge;
use regex::{Captures, Regex};
use scraper::node::Element;
use scraper::{Html, Node};

use super::{Block, PageLine, PageRow};

/// Attribute that holds the line of an element, since the parser does not keep it.
pub(super) const LINE: &str = "data-source-line";

/// Elements that stand within a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "kbd", "samp", "small", "span",
    "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// Elements whose text is not part of the page.
const HIDDEN: &[&str] = &[
    "head", "script", "style", "noscript", "template", "button", "svg",
];

/// The parts of a document in HTML.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    parsed(&numbered(text))
}

/// Adds the line of each tag as an attribute.
fn numbered(text: &str) -> String {
    let tags = r"(?i)<(p|tr|td|th|h[1-6]|li|pre|div|table|caption)\b|\n";
    let Ok(tags) = Regex::new(tags) else {
        return text.to_owned();
    };
    let mut line = 1;
    let mark = |found: &Captures<'_>| {
        if let Some(tag) = found.get(1) {
            return format!("<{} {LINE}=\"{line}\"", tag.as_str());
        }
        line += 1;
        "\n".to_owned()
    };
    tags.replace_all(text, mark).into_owned()
}

/// The parts of a document whose tags carry their lines.
pub(super) fn parsed(html: &str) -> Vec<Block> {
    let document = Html::parse_document(html);
    let mut reader = HtmlReader::default();
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => reader.open(element),
                Node::Text(text) if reader.hidden == 0 => reader.text.push_str(text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    reader.close(element.name());
                }
            }
        }
    }
    reader.end_line();
    reader.blocks
}

/// A table that is open.
#[derive(Default)]
struct OpenTable {
    rows: Vec<PageRow>,
    /// The last text in `pre`: the table is only the frame of an example.
    code: Option<PageLine>,
}

#[derive(Default)]
struct HtmlReader {
    blocks: Vec<Block>,
    tables: Vec<OpenTable>,
    line: usize,
    text: String,
    bullet: bool,
    heading: bool,
    preformatted: bool,
    hidden: usize,
}

impl HtmlReader {
    fn open(&mut self, element: &Element) {
        let name = element.name();
        self.hidden += usize::from(HIDDEN.contains(&name));
        if self.hidden > 0 {
            return;
        }
        if !INLINE.contains(&name) {
            self.end_line();
        }
        let line = element.attr(LINE).and_then(|line| line.parse().ok());
        self.line = line.unwrap_or(self.line);
        let table = self.tables.last_mut();
        match (name, table) {
            ("table", _) => self.tables.push(OpenTable::default()),
            ("tr", Some(table)) => table.rows.push(PageRow::default()),
            ("td" | "th", Some(table)) => {
                if let Some(row) = table.rows.last_mut() {
                    row.cells.push(Vec::new());
                }
            }
            ("pre", _) => self.preformatted = true,
            ("li", _) => self.bullet = true,
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => self.heading = true,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        self.hidden -= usize::from(HIDDEN.contains(&name));
        if self.hidden > 0 || INLINE.contains(&name) {
            return;
        }
        self.end_line();
        match name {
            "table" => self.close_table(),
            "pre" => self.preformatted = false,
            _ => {}
        }
        self.bullet = false;
        self.heading = false;
    }

    fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        self.blocks.push(match table.code {
            Some(code) => Block::Code(code),
            None => Block::Table(table.rows),
        });
    }

    /// Ends a line of text where a block of HTML begins or ends.
    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let mut line = PageLine::new(self.line, &text);
        line.bullet |= self.bullet;
        let table = self.tables.last_mut();
        if self.preformatted {
            line.text = text;
            match table {
                Some(table) => table.code = Some(line),
                None => self.blocks.push(Block::Code(line)),
            }
        } else if let Some(row) = table.and_then(|table| table.rows.last_mut()) {
            if row.number == 0 {
                row.number = line.number;
            }
            if let Some(cell) = row.cells.last_mut() {
                cell.push(line);
            }
        } else if self.heading {
            self.blocks.push(Block::Heading(line));
        } else {
            self.blocks.push(Block::Text(line));
        }
    }
}
