//! HTML, read with the tokenizer of a browser engine, which knows entities, comments, scripts and lines.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::super::block::{Block, Cell, Line};

mod table;

use table::OpenTable;

/// How deep tables within tables are followed. Their text moves up with every table that ends.
const MAX_DEPTH: usize = 8;

/// Tags that hint at markup, in text that is otherwise plain.
const TAGS: &[&str] = &[
    "</", "<br", "<p>", "<p ", "<ul>", "<ul ", "<li>", "<li ", "<a ", "<b>", "<i>", "<em>",
    "<strong", "<span", "<code", "<div", "<sup", "<!--",
];

/// Whether a line has tags or entities of HTML. `Map<String, Long>` has none.
pub fn has_markup(text: &str) -> bool {
    let tags = text.contains('<')
        && TAGS
            .iter()
            .any(|tag| text.to_ascii_lowercase().contains(tag));
    let entity = ["&lt;", "&gt;", "&amp;", "&nbsp;", "&quot;", "&#"]
        .iter()
        .any(|entity| text.contains(entity));
    tags || entity && !text.contains('<')
}

/// The parts of a document; `first` is the number of its first line.
pub fn blocks(text: &str, first: usize) -> Vec<Block> {
    let tokenizer = Tokenizer::new(
        Sink(RefCell::new(State::new(first))),
        TokenizerOpts::default(),
    );
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    // The tokenizer stops at the end of each script, and goes on when it is asked again.
    while !queue.is_empty() {
        let _ = tokenizer.feed(&queue);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

/// The text of a fragment as one line.
pub fn text(fragment: &str) -> String {
    let lines = cell(fragment, 1).lines;
    let lines: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    lines.join(" ")
}

/// The lines of a fragment, all of them with the number of the line it stands on.
pub fn cell(fragment: &str, number: usize) -> Cell {
    let lines = blocks(fragment, number).into_iter().flat_map(lines_of);
    Cell {
        lines: lines.map(|line| Line { number, ..line }).collect(),
    }
}

fn lines_of(block: Block) -> Vec<Line> {
    match block {
        Block::Heading(line) | Block::Text(line) | Block::Code(line) => vec![line],
        Block::Table(table) => {
            let cells = table.rows.into_iter().flat_map(|row| row.cells);
            cells.flat_map(|cell| cell.lines).collect()
        }
    }
}

struct Sink(RefCell<State>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        state.line = state.first
            + usize::try_from(line)
                .unwrap_or(usize::MAX)
                .saturating_sub(1);
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct State {
    first: usize,
    line: usize,
    blocks: Vec<Block>,
    tables: Vec<OpenTable>,
    /// How many tables are open within the innermost that is followed.
    deeper: usize,
    /// The line of text that is being read, and where it began.
    open: String,
    /// Whether nothing but blanks was read of it.
    blank: bool,
    began: usize,
    bullet: bool,
    heading: bool,
    /// How many `pre` are open; their text is kept as it is.
    literal: usize,
    /// The element whose content is dropped.
    dropped: Option<String>,
}

impl State {
    fn new(first: usize) -> Self {
        Self {
            first,
            line: first,
            blocks: Vec::new(),
            tables: Vec::new(),
            deeper: 0,
            open: String::new(),
            blank: true,
            began: first,
            bullet: false,
            heading: false,
            literal: 0,
            dropped: None,
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_line();
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.blocks
    }

    fn text(&mut self, text: &str) {
        if self.dropped.is_some() {
            return;
        }
        if self.blank {
            self.began = self.line;
        }
        self.blank &= text.trim().is_empty();
        if self.literal > 0 {
            self.open.push_str(text);
            return;
        }
        for char in text.chars() {
            let blank = char.is_whitespace();
            let joins = matches!(char, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}');
            if !(joins || blank && self.open.ends_with(' ')) {
                self.open.push(if blank { ' ' } else { char });
            }
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let begins = tag.kind == TagKind::StartTag;
        if let Some(dropped) = &self.dropped {
            if !begins && dropped == name {
                self.dropped = None;
            }
            return TokenSinkResult::Continue;
        }
        match name {
            "script" | "style" | "noscript" | "title" | "textarea" | "template"
                if begins && !tag.self_closing =>
            {
                self.dropped = Some(name.to_owned());
                return match name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "noscript" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            "pre" => self.literal(begins),
            "br" if self.literal > 0 => self.open.push('\n'),
            "table" | "tr" | "td" | "th" | "caption" => self.table_tag(name, tag, begins),
            "li" => {
                self.end_line();
                self.bullet = begins;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                self.heading = begins;
            }
            "p" | "div" | "br" | "ul" | "ol" | "dl" | "dt" | "dd" | "section" | "article"
            | "hr" | "thead" | "tbody" | "body" | "nav" | "header" | "footer" | "blockquote"
            | "option" | "button" => self.end_line(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn literal(&mut self, begins: bool) {
        if begins {
            self.end_line();
            self.literal += 1;
            return;
        }
        self.literal = self.literal.saturating_sub(1);
        let text = self.take_open();
        let text = text.replace('\u{a0}', " ");
        let code = Line {
            number: self.began,
            text: text.trim_matches('\n').to_owned(),
            bullet: false,
        };
        match self.tables.last_mut() {
            Some(table) => table.code(code),
            None => self.blocks.push(Block::Code(code)),
        }
    }

    fn take_open(&mut self) -> String {
        self.blank = true;
        std::mem::take(&mut self.open)
    }

    fn table_tag(&mut self, name: &str, tag: &Tag, begins: bool) {
        self.end_line();
        match (name, begins) {
            ("table", true) if self.tables.len() >= MAX_DEPTH => self.deeper += 1,
            ("table", true) => self.tables.push(OpenTable::default()),
            ("table", false) if self.deeper > 0 => self.deeper -= 1,
            ("table", false) => self.end_table(),
            _ => {
                if let Some(table) = self.tables.last_mut() {
                    table.tag(name, tag, begins, self.line);
                }
            }
        }
    }

    /// Ends the line of text that is being read, and puts it where it belongs.
    fn end_line(&mut self) {
        if self.literal > 0 {
            return;
        }
        let text = self.take_open().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let line = Line {
            number: self.began,
            text,
            bullet: std::mem::take(&mut self.bullet),
        };
        let heading = self.heading;
        let Some(table) = self.tables.last_mut() else {
            self.blocks.push(if heading {
                Block::Heading(line)
            } else {
                Block::Text(line)
            });
            return;
        };
        table.line(line);
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        match self.tables.last_mut() {
            Some(outer) => outer.nest(table),
            None => self.blocks.extend(table.blocks()),
        }
    }
}
