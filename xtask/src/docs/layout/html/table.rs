//! Tables of HTML. They are followed by their tags alone, so a cell or row that is never closed ends where the next one begins.

use html5ever::tokenizer::Tag;

use super::super::super::block::{Block, Cell, Line, Row, Table};
use super::super::super::vocabulary;

/// How far a cell may span. Tables of pages have a few columns and some hundred rows.
const MAX_SPAN: usize = 100;

/// Above this number of rows, cells that span are not written out.
const MAX_ROWS: usize = 5_000;

/// A table that has not ended yet.
#[derive(Default)]
pub(super) struct OpenTable {
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

impl OpenTable {
    /// Takes a tag of a part of the table, on the line `number`.
    pub(super) fn tag(&mut self, name: &str, tag: &Tag, begins: bool, number: usize) {
        match (name, begins) {
            ("caption", _) => self.in_caption = begins,
            ("tr", true) => self.begin_row(number),
            ("td" | "th", true) => {
                if self.rows.is_empty() {
                    self.begin_row(number);
                }
                if let Some(row) = self.rows.last_mut() {
                    row.cells.push((Cell::default(), span(tag)));
                }
            }
            _ => {}
        }
    }

    fn begin_row(&mut self, number: usize) {
        self.rows.push(OpenRow {
            number,
            cells: Vec::new(),
        });
    }

    /// Takes a line of text, for the caption or the open cell.
    pub(super) fn line(&mut self, line: Line) {
        if self.in_caption {
            self.caption.push(line);
        } else if let Some(cell) = self.open_cell() {
            cell.lines.push(line);
        }
    }

    /// Takes text that stands as it was typed.
    pub(super) fn code(&mut self, code: Line) {
        self.code.push(code);
    }

    fn open_cell(&mut self) -> Option<&mut Cell> {
        let (cell, _) = self.rows.last_mut()?.cells.last_mut()?;
        Some(cell)
    }

    /// Takes the text of a table within the open cell.
    pub(super) fn nest(&mut self, inner: Self) {
        self.code.extend(inner.code);
        let rows = expanded(inner.rows).into_iter();
        let lines = rows.flat_map(|row| row.cells).flat_map(|cell| cell.lines);
        if let Some(cell) = self.open_cell() {
            cell.lines.extend(inner.caption.into_iter().chain(lines));
        }
    }

    /// The caption, the table, and the code in it. Code in a description is part of that, and no example.
    pub(super) fn blocks(self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let caption = Cell {
            lines: self.caption,
        };
        if let Some(first) = caption.lines.first() {
            blocks.push(Block::Text(Line::new(first.number, caption.text())));
        }
        let rows = expanded(self.rows);
        let describes = rows.first().is_some_and(is_head);
        let mut cells = rows.iter().flat_map(|row| &row.cells);
        if cells.any(|cell| !cell.lines.is_empty()) {
            blocks.push(Block::Table(Table { rows }));
        }
        let code = self.code.into_iter().filter(|_| !describes);
        blocks.extend(code.map(Block::Code));
        blocks
    }
}

/// Whether a row has the words of a head.
fn is_head(row: &Row) -> bool {
    let known = |cell: &&Cell| vocabulary::column(&cell.text()).is_some();
    row.cells.iter().filter(known).count() > 1
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
