//! The rows of a table of parameters or fields.

mod mending;

use super::block::{Cell, Remark, Row, Table};
use super::description;
use super::facts::{Field, Location};
use super::types;
use super::vocabulary::{self, Column};
use mending::{lost_list, mended};

/// A table whose columns are known.
#[derive(Debug)]
pub struct Rows<'a> {
    columns: Vec<Option<Column>>,
    rows: &'a [Row],
}

impl<'a> Rows<'a> {
    /// The table, if one of its first rows is a head of known words.
    pub fn of(table: &'a Table) -> Option<Self> {
        let heads = table.rows.iter().take(2).enumerate();
        let (index, columns) =
            heads
                .map(|(index, row)| (index, columns(row)))
                .find(|(_, columns)| {
                    columns.iter().flatten().count() > 1
                        && columns
                            .iter()
                            .flatten()
                            .any(|column| *column != Column::Other)
                })?;
        Some(Self {
            columns,
            rows: table.rows.get(index + 1..)?,
        })
    }

    /// Whether the table has such a column.
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// Every status that the first column for them lists, with its line.
    pub fn statuses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for row in self.rows {
            let text = self.text(row, Column::Status);
            let words = text.split(|char: char| !char.is_ascii_alphanumeric());
            found.extend(
                words
                    .filter(|word| vocabulary::is_status(word))
                    .map(|word| (row.number, word.to_owned())),
            );
        }
        found
    }

    /// The fields, each with its line, and what could not be read.
    pub fn fields(&self) -> (Vec<(usize, Field)>, Vec<Remark>) {
        let mut fields = Vec::new();
        let mut remarks = Vec::new();
        for row in self.rows {
            let name = self.text(row, Column::Name);
            if vocabulary::is_nothing(&name) {
                if row
                    .cells
                    .iter()
                    .any(|cell| !vocabulary::is_nothing(&cell.text()))
                {
                    remarks.push(Remark::unreadable(row.number, "this row has no name"));
                }
                continue;
            }
            let name = mended(row.number, name, &mut remarks);
            fields.push((row.number, self.field(row, name, &mut remarks)));
        }
        (fields, remarks)
    }

    /// Every text that refers to a table by its number, with the name of its row.
    pub fn pointers(&self) -> impl Iterator<Item = (String, String)> {
        let cells = self.rows.iter().map(|row| {
            (
                self.text(row, Column::Name),
                self.text(row, Column::Description),
            )
        });
        cells.filter(|(_, text)| text.contains("Table ") || text.contains('表'))
    }

    fn field(&self, row: &Row, name: String, remarks: &mut Vec<Remark>) -> Field {
        if vocabulary::is_array_element(&name) {
            remarks.push(Remark::doubt(
                row.number,
                "this row stands for the items of an array, not for a field",
            ));
        } else if matches!(name.as_str(), "Yes" | "No") {
            let message = format!("`{name}` is no name: is a cell of this row missing?");
            remarks.push(Remark::unreadable(row.number, message));
        } else if !vocabulary::is_name(&name) {
            remarks.push(Remark::unreadable(
                row.number,
                format!("`{name}` is not the name of a parameter or field"),
            ));
        }
        let mut field = Field {
            name,
            ..Field::default()
        };
        if self.has(Column::Mandatory) {
            field.required = self.required(row, &field.name, remarks);
        }
        if self.has(Column::Type) {
            field.kind = self.kind(row, &field.name, remarks);
        }
        if self.has(Column::Location) {
            field.location = location(&self.text(row, Column::Location));
        }
        let description = self.description(row);
        remarks.extend(lost_list(&field.name, &description));
        remarks.extend(description::read(&mut field, &description));
        field
    }

    fn required(&self, row: &Row, name: &str, remarks: &mut Vec<Remark>) -> Option<bool> {
        let text = self.text(row, Column::Mandatory);
        let first = text
            .split([' ', '(', '（', ',', '，'])
            .next()
            .unwrap_or_default();
        let known = vocabulary::mandatory(&text).or_else(|| vocabulary::mandatory(first));
        if known.is_none() {
            let message = format!(
                "`{name}`: \"{}\" says neither that it is mandatory nor that it is not",
                excerpt(&text)
            );
            remarks.push(Remark::unreadable(row.number, message));
        }
        known.flatten()
    }

    fn kind(&self, row: &Row, name: &str, remarks: &mut Vec<Remark>) -> Option<String> {
        let text = self.text(row, Column::Type);
        let words = text.split_whitespace().count();
        if vocabulary::is_nothing(&text) {
            remarks.push(Remark::unreadable(
                row.number,
                format!("`{name}` has no type"),
            ));
            return None;
        }
        if !types::is_type(&text)
            && (words > 6 || text.contains(['：', '。']) || text.ends_with('.'))
        {
            let message = format!(
                "`{name}`: \"{}\" is not a type: is a cell of this row missing?",
                excerpt(&text)
            );
            remarks.push(Remark::unreadable(row.number, message));
        }
        Some(text)
    }

    /// The description, with range and default below their labels where they have columns of their own.
    fn description(&self, row: &Row) -> Cell {
        let mut lines = Vec::new();
        let columns = [
            (Column::Description, ""),
            (Column::Range, "Range"),
            (Column::Default, "Default Value"),
        ];
        for (column, label) in columns {
            let Some(cell) = self.cell(row, column) else {
                continue;
            };
            if !label.is_empty() {
                lines.extend(Cell::of(row.number, label).lines);
            }
            lines.extend(cell.lines.iter().cloned());
        }
        Cell { lines }
    }

    fn cell<'r>(&self, row: &'r Row, column: Column) -> Option<&'r Cell> {
        let index = self
            .columns
            .iter()
            .position(|known| *known == Some(column))?;
        row.cells.get(index)
    }

    fn text(&self, row: &Row, column: Column) -> String {
        let text = self.cell(row, column).map(Cell::text).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    }
}

fn columns(row: &Row) -> Vec<Option<Column>> {
    let mut seen = Vec::new();
    let mut columns = Vec::new();
    for cell in &row.cells {
        let column = vocabulary::column(&cell.text()).filter(|column| !seen.contains(column));
        seen.extend(column);
        columns.push(column);
    }
    columns
}

fn location(text: &str) -> Option<Location> {
    let text = vocabulary::plain(text);
    let known = [
        ("path", Location::Path),
        ("uri", Location::Path),
        ("query", Location::Query),
        ("header", Location::Header),
        ("body", Location::Body),
        ("form", Location::Body),
    ];
    let found = known.iter().find(|(word, _)| text.contains(word));
    found.map(|(_, location)| *location)
}

/// The start of a text, short enough for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
