//! What a page consists of, whatever the layout it was saved in.

/// A line of text, without markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Line in the file, from 1.
    pub number: usize,
    /// The text, trimmed.
    pub text: String,
    /// Whether it is an item of a list.
    pub bullet: bool,
}

impl Line {
    /// A line of running text.
    pub fn new(number: usize, text: impl Into<String>) -> Self {
        Self {
            number,
            text: text.into(),
            bullet: false,
        }
    }
}

/// A part of a page, in the order of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading that the layout marks as such.
    Heading(Line),
    /// Any other line between the tables.
    Text(Line),
    /// Text that stands as it was typed, mostly an example.
    Code(Line),
    /// A table.
    Table(Table),
}

/// A table, its header the first row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Every row with the line it begins at.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line in the file, from 1.
    pub number: usize,
    /// The cells, from the left.
    pub cells: Vec<Cell>,
}

/// A cell of a table: lines of text, none of them empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The lines.
    pub lines: Vec<Line>,
}

impl Cell {
    /// A cell with one line; an empty one if the text is blank.
    pub fn of(number: usize, text: &str) -> Self {
        let text = text.trim();
        let line = (!text.is_empty()).then(|| Line::new(number, text));
        Self {
            lines: line.into_iter().collect(),
        }
    }

    /// The text as one line.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join(" ")
    }
}

/// Something that was noticed while a page was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line in the file, from 1.
    pub line: usize,
    /// What it is, and what was made of it.
    pub message: String,
    /// Whether something could not be read; if not, it was read and leaves a doubt.
    pub unreadable: bool,
}

impl Remark {
    /// Something that leaves a doubt.
    pub fn doubt(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
            unreadable: false,
        }
    }

    /// Something that could not be read.
    pub fn unreadable(line: usize, message: impl Into<String>) -> Self {
        Self {
            unreadable: true,
            ..Self::doubt(line, message)
        }
    }
}
