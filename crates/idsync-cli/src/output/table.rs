//! Aligned columns.

mod layout;

use std::borrow::Cow;

use anstyle::Style;

use self::layout::Layout;
use super::style::FAINT;
use super::text::plain;

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    title: Cow<'static, str>,
    numeric: bool,
    /// How readily it is left out where there is no room; 0 is never.
    dispensable: u8,
    /// Whether it stays as long as the last column has any room worth the name.
    is_telling: bool,
    /// Whether it is only there to tell rows apart, and means nothing where all have the same in it.
    is_distinguishing: bool,
}

impl Column {
    /// A column that is always shown.
    pub(crate) const fn new(title: &'static str) -> Self {
        Self::titled(Cow::Borrowed(title))
    }

    /// A column whose title is made at run time.
    pub(crate) const fn titled(title: Cow<'static, str>) -> Self {
        Self {
            title,
            numeric: false,
            dispensable: 0,
            is_telling: false,
            is_distinguishing: false,
        }
    }

    /// Sets the column to the right, as numbers are.
    pub(crate) const fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Leaves the column out where it is the same in every row.
    pub(crate) const fn distinguishing(mut self) -> Self {
        self.is_distinguishing = true;
        self
    }

    /// Lets the column be left out where the last one has little room; the one with the highest `rank` goes first.
    pub(crate) const fn dispensable(mut self, rank: u8) -> Self {
        self.dispensable = rank;
        self
    }

    /// Lets the column be left out where the last one has next to no room; the one with the highest `rank` goes first.
    pub(crate) const fn telling(mut self, rank: u8) -> Self {
        self.is_telling = true;
        self.dispensable(rank)
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
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
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

    /// The titles of the columns for which `room` is too small.
    pub(crate) fn left_out(&self, room: Option<usize>) -> Vec<&str> {
        let layout = Layout::new(self, room);
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(index, _)| !layout.shows(*index))
            .map(|(_, column)| &*column.title)
            .collect()
    }

    /// The table as text, with colours; lines have at most `room` columns if that is possible.
    pub(crate) fn render(&self, room: Option<usize>) -> String {
        let layout = Layout::new(self, room);
        let header: Vec<_> = self
            .columns
            .iter()
            .map(|column| Cell::title(&column.title))
            .collect();
        let mut text = layout.line(&self.columns, &header);
        for row in &self.rows {
            text.push_str(&layout.line(&self.columns, row));
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
