//! Items as a table: in the columns that suit them, or in those that were chosen.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::field::{Field, Kind, Value};
use super::listed::Listed;
use super::selection::Selection;
use super::table::{Cell, Column, Table};
use super::text::LIST;
use super::{style, time};

/// A table in the making.
pub(super) struct View<T: 'static> {
    table: Table,
    chosen: Option<Vec<&'static Field<T>>>,
    zone: TimeZone,
}

impl<T: Listed> View<T> {
    /// No row yet. Absolute times are told in `zone`.
    pub(super) fn new(selection: &Selection<T>, zone: TimeZone) -> Self {
        let chosen = selection.columns().map(<[_]>::to_vec);
        let columns = match &chosen {
            Some(fields) => fields.iter().map(|field| column(field)).collect(),
            None => T::COLUMNS.to_vec(),
        };
        Self {
            table: Table::new(columns),
            chosen,
            zone,
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, item: &T, now: Timestamp) {
        let row = match &self.chosen {
            Some(fields) => fields
                .iter()
                .map(|field| cell(&field.of(item), &self.zone))
                .collect(),
            None => item.row(now),
        };
        self.table.push(row);
    }

    /// Whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Which of the columns that were chosen have no room, in one sentence; others are left out without a word.
    pub(super) fn complaint(&self, room: Option<usize>) -> Option<String> {
        let missing = self.table.left_out(room);
        let is_missed = self.chosen.is_some() && !missing.is_empty();
        is_missed.then(|| {
            let names = missing.join(", ").to_lowercase();
            format!("no room on this screen for {names}")
        })
    }

    /// The table as text, with colours; lines have at most `room` columns if that is possible.
    pub(super) fn render(&self, room: Option<usize>) -> String {
        self.table.render(room)
    }
}

fn column<T>(field: &Field<T>) -> Column {
    let column = Column::titled(field.name.to_uppercase().into());
    match field.kind() {
        Kind::Number => column.numeric(),
        Kind::Text | Kind::Texts | Kind::Time | Kind::Verdict => column,
    }
}

/// The value itself, where the columns that suit an item would tell what it means.
fn cell(value: &Value<'_>, zone: &TimeZone) -> Cell {
    let known = |text: Option<String>| Cell::or_none(text.as_deref());
    match value {
        Value::Text(text) => Cell::or_none(*text),
        Value::Texts(texts) => known((!texts.is_empty()).then(|| texts.join(LIST))),
        Value::Number(number) => known(number.map(|number| number.to_string())),
        Value::Time(time) => known(time.map(|time| time::absolute(time, zone))),
        Value::Verdict(verdict) => Cell::styled(verdict.as_str(), style::verdict(*verdict)),
    }
}
