//! Aligned columns.

mod layout;

use anstyle::Style;

use self::layout::Layout;
use super::style::FAINT;
use super::text::plain;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    numeric: bool,
    /// How readily it is left out where there is no room; 0 is never.
    dispensable: u8,
}

impl Column {
    /// A column that is always shown.
    pub(crate) const fn new(title: &'static str) -> Self {
        Self {
            title,
            numeric: false,
            dispensable: 0,
        }
    }

    /// A column of numbers, set to the right.
    pub(crate) const fn numeric(title: &'static str) -> Self {
        Self {
            numeric: true,
            ..Self::new(title)
        }
    }

    /// Lets the column be left out where there is no room; the one with the highest `rank` goes first.
    pub(crate) const fn dispensable(self, rank: u8) -> Self {
        Self {
            dispensable: rank,
            ..self
        }
    }
}

/// One value in a table, made fit for a screen.
#[derive(Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A value in a colour.
    pub(crate) fn styled(text: &str, style: Style) -> Self {
        Self {
            text: plain(text),
            style,
        }
    }

    /// What stands where a value is absent.
    pub(crate) fn or_none(text: Option<&str>) -> Self {
        text.map_or_else(|| Self::styled(super::time::NONE, FAINT), Self::from)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::styled(text, Style::new())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// Rows of cells under the titles of their columns. The last column takes the room that is left.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [Column],
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: &'static [Column]) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row with one cell for each column.
    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, with colours; lines have at most `room` columns if that is possible.
    pub(crate) fn render(&self, room: Option<usize>) -> String {
        let layout = Layout::new(self, room);
        let header: Vec<_> = self
            .columns
            .iter()
            .map(|column| Cell::title(column.title))
            .collect();
        let mut text = layout.line(self.columns, &header);
        for row in &self.rows {
            text.push_str(&layout.line(self.columns, row));
        }
        text
    }
}

impl Cell {
    /// A title keeps its leading blanks.
    fn title(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            style: FAINT,
        }
    }
}

#[cfg(test)]
mod tests;
