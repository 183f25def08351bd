//! Text copied from a browser: one cell a line.

use super::{Block, PageLine, PageRow, Unread};
use crate::facts::words::{self, Column};

/// Maximum number of lines of an example.
const MAX_CODE: usize = 1000;

/// The parts of a page in copied text.
pub(super) fn blocks(text: &str) -> (Vec<Block>, Unread) {
    let raw: Vec<&str> = text.lines().collect();
    // A browser puts tabs between the cells of a row.
    let lines = raw.iter().enumerate().flat_map(|(index, line)| {
        let cells = line.split('\t').filter(|cell| !cell.trim().is_empty());
        cells.map(move |cell| PageLine::new(index + 1, cell))
    });
    let mut reader = CopiedTextReader {
        lines: lines.collect(),
        raw,
        at: 0,
        unread: Unread::new(),
    };
    let mut blocks = Vec::new();
    while let Some(block) = reader.block() {
        blocks.push(block);
    }
    (blocks, reader.unread)
}

struct CopiedTextReader<'p> {
    raw: Vec<&'p str>,
    /// The lines that are not blank.
    lines: Vec<PageLine>,
    at: usize,
    unread: Unread,
}

impl CopiedTextReader<'_> {
    fn block(&mut self) -> Option<Block> {
        let line = self.lines.get(self.at)?.clone();
        if line.text.starts_with('{') {
            return Some(Block::Code(self.code(&line)));
        }
        let columns = self.flat_columns();
        if columns.last() == Some(&Column::Description) && columns.len() > 1 {
            return Some(Block::Table(self.flat_table(&columns)));
        }
        self.at += 1;
        Some(Block::Text(line))
    }

    fn text(&self, ahead: usize) -> &str {
        self.lines
            .get(self.at + ahead)
            .map_or("", |line| &line.text)
    }

    fn take(&mut self, count: usize) -> Vec<PageLine> {
        let lines = self.lines.iter().skip(self.at).take(count);
        self.at += count;
        lines.cloned().collect()
    }

    fn row(&mut self, cells: usize) -> PageRow {
        let lines = self.take(cells);
        PageRow {
            number: lines.first().map_or(0, |line| line.number),
            cells: lines.into_iter().map(|line| vec![line]).collect(),
        }
    }

    /// The JSON that begins on a line, or the text up to a blank line if it is none.
    fn code(&mut self, first: &PageLine) -> PageLine {
        let raw = self.raw.iter().skip(first.number - 1).take(MAX_CODE);
        let rest = raw.copied().collect::<Vec<_>>().join("\n");
        let mut values = serde_json::Deserializer::from_str(&rest).into_iter::<serde_json::Value>();
        let whole = matches!(values.next(), Some(Ok(_)));
        let json = rest.get(..values.byte_offset()).filter(|_| whole);
        let text = json.unwrap_or_else(|| rest.split("\n\n").next().unwrap_or_default());
        let last = first.number + text.trim_end().matches('\n').count();
        let left = self.lines.iter().skip(self.at);
        self.at += left.take_while(|line| line.number <= last).count();
        PageLine {
            text: text.to_owned(),
            ..first.clone()
        }
    }

    /// The columns of the head of a flat table, as far as they are known.
    fn flat_columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for line in self.lines.iter().skip(self.at) {
            match Column::of(&line.text) {
                Some(column) if !columns.contains(&column) => columns.push(column),
                _ => break,
            }
        }
        columns
    }

    /// A table whose cells stand one after the other, the last of each row with any number of lines.
    fn flat_table(&mut self, columns: &[Column]) -> Vec<PageRow> {
        let mut rows = vec![self.row(columns.len())];
        while self.at < self.lines.len() && !words::ends_table(self.text(0)) {
            let begins = self.begins_row(columns);
            let last = rows.last().filter(|_| rows.len() > 1);
            let cell = last
                .and_then(|row| row.cells.last())
                .and_then(|cell| cell.last());
            let labelled = cell.is_some_and(|line| words::label(&line.text).is_some());
            if !begins && (rows.len() == 1 || !labelled && self.is_broken_row(columns)) {
                let line = self.lines.get(self.at).map_or(0, |line| line.number);
                let message = format!("the row `{}` does not fit its columns", self.text(0));
                self.unread.push((line, message));
            }
            if begins || rows.len() == 1 {
                let mut row = self.row(columns.len() - 1);
                row.cells.push(Vec::new());
                rows.push(row);
                continue;
            }
            let line = self.take(1);
            let cell = rows.last_mut().and_then(|row| row.cells.last_mut());
            if let Some(cell) = cell {
                cell.extend(line);
            }
        }
        rows
    }

    /// Whether the lines from here are the short cells of a row.
    fn begins_row(&self, columns: &[Column]) -> bool {
        let short = columns.iter().take(columns.len() - 1);
        let mut cells = short.enumerate();
        cells.all(|(ahead, column)| column.allows(self.text(ahead)))
    }

    /// Whether a line within a description looks like a row that lacks a cell or has one of another kind.
    fn is_broken_row(&self, columns: &[Column]) -> bool {
        let (text, next) = (self.text(0), self.text(1));
        let bullet = self.lines.get(self.at).is_some_and(|line| line.bullet);
        let name = text
            .chars()
            .all(|char| char.is_ascii_lowercase() || char == '_');
        let number = text.chars().all(|char| char.is_ascii_digit());
        let cell = |column: Column| columns.contains(&column) && column.allows(next);
        let status = columns.contains(&Column::Status) && number;
        !bullet && (name || status || cell(Column::Mandatory) || cell(Column::Type))
    }
}
