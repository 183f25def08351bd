//! HTML, read with the tokenizer of a browser engine, which knows entities, comments, scripts and lines.
//!
//! Tables are followed by their tags alone, so a cell or row that is never closed ends where the next one begins.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::super::block::{Block, Cell, Line, Row, Table};

/// How far a cell may span. Tables of pages have a few columns and some hundred rows.
const MAX_SPAN: usize = 100;

/// Above this number of rows, cells that span are not written out.
const MAX_ROWS: usize = 5_000;

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

/// A table that has not ended yet.
#[derive(Default)]
struct OpenTable {
    rows: Vec<OpenRow>,
    caption: Vec<Line>,
    in_caption: bool,
    code: Vec<Line>,
}

#[derive(Default)]
struct OpenRow {
    number: usize,
    cells: Vec<(Cell, Span)>,
}

#[derive(Clone, Copy)]
struct Span {
    columns: usize,
    rows: usize,
}

struct State {
    first: usize,
    line: usize,
    blocks: Vec<Block>,
    tables: Vec<OpenTable>,
    /// The line of text that is being read, and where it began.
    open: String,
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
            open: String::new(),
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
        if self.open.trim().is_empty() {
            self.began = self.line;
        }
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
        let text = std::mem::take(&mut self.open);
        let text = text.replace('\u{a0}', " ");
        let code = Line {
            number: self.began,
            text: text.trim_matches('\n').to_owned(),
            bullet: false,
        };
        match self.tables.last_mut() {
            Some(table) => table.code.push(code),
            None => self.blocks.push(Block::Code(code)),
        }
    }

    fn table_tag(&mut self, name: &str, tag: &Tag, begins: bool) {
        self.end_line();
        match (name, begins) {
            ("table", true) => self.tables.push(OpenTable::default()),
            ("table", false) => self.end_table(),
            _ => {
                let number = self.line;
                let Some(table) = self.tables.last_mut() else {
                    return;
                };
                match (name, begins) {
                    ("caption", _) => table.in_caption = begins,
                    ("tr", true) => table.rows.push(OpenRow {
                        number,
                        cells: Vec::new(),
                    }),
                    ("td" | "th", true) => {
                        if table.rows.is_empty() {
                            table.rows.push(OpenRow {
                                number,
                                cells: Vec::new(),
                            });
                        }
                        if let Some(row) = table.rows.last_mut() {
                            row.cells.push((Cell::default(), span(tag)));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Ends the line of text that is being read, and puts it where it belongs.
    fn end_line(&mut self) {
        if self.literal > 0 {
            return;
        }
        let text = std::mem::take(&mut self.open).trim().to_owned();
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
        if table.in_caption {
            table.caption.push(line);
        } else if let Some((cell, _)) = table.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.lines.push(line);
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        let caption = Cell {
            lines: table.caption,
        };
        let rows = expanded(table.rows);
        if let Some(outer) = self.tables.last_mut() {
            outer.code.extend(table.code);
            let lines = rows
                .into_iter()
                .flat_map(|row| row.cells)
                .flat_map(|cell| cell.lines);
            if let Some((cell, _)) = outer.rows.last_mut().and_then(|row| row.cells.last_mut()) {
                cell.lines.extend(caption.lines.into_iter().chain(lines));
            }
            return;
        }
        if let Some(first) = caption.lines.first() {
            self.blocks
                .push(Block::Text(Line::new(first.number, caption.text())));
        }
        if rows
            .iter()
            .any(|row| row.cells.iter().any(|cell| !cell.lines.is_empty()))
        {
            self.blocks.push(Block::Table(Table { rows }));
        }
        self.blocks.extend(table.code.into_iter().map(Block::Code));
    }
}

fn span(tag: &Tag) -> Span {
    let count = |name: &str| {
        let value = tag
            .attrs
            .iter()
            .find(|attribute| &*attribute.name.local == name);
        let value = value.and_then(|attribute| attribute.value.trim().parse::<usize>().ok());
        value.unwrap_or(1).clamp(1, MAX_SPAN)
    };
    Span {
        columns: count("colspan").min(12),
        rows: count("rowspan"),
    }
}

/// The rows with every cell that spans more than one place written out.
fn expanded(rows: Vec<OpenRow>) -> Vec<Row> {
    // A table of so many rows is refused later on; it is not worth the memory.
    let spans = rows.len() <= MAX_ROWS;
    let mut hanging: Vec<Option<(Cell, usize)>> = Vec::new();
    let mut expanded = Vec::new();
    for row in rows.into_iter().filter(|row| !row.cells.is_empty()) {
        let mut cells = Vec::new();
        let mut own = row.cells.into_iter();
        loop {
            while let Some((cell, left)) = hanging.get_mut(cells.len()).and_then(Option::take) {
                if left > 1
                    && let Some(place) = hanging.get_mut(cells.len())
                {
                    *place = Some((cell.clone(), left - 1));
                }
                cells.push(cell);
            }
            let Some((cell, span)) = own.next() else {
                break;
            };
            for _ in 0..if spans { span.columns } else { 1 } {
                if spans && span.rows > 1 {
                    let place = cells.len();
                    if hanging.len() <= place {
                        hanging.resize(place + 1, None);
                    }
                    if let Some(place) = hanging.get_mut(place) {
                        *place = Some((cell.clone(), span.rows - 1));
                    }
                }
                cells.push(cell.clone());
            }
        }
        expanded.push(Row {
            number: row.number,
            cells,
        });
    }
    expanded
}
