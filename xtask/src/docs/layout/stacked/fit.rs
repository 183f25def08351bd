//! What tells the first cells of a row from a description: a name, then "Yes" or "No", then a type.

use super::super::super::types;
use super::super::super::vocabulary::{self, Column};
use super::{Stack, filled, is_loud, is_strong};

impl Stack<'_> {
    /// Whether the lines from here on fit the columns of a row.
    pub(super) fn starts_row(&self, at: usize, described: bool) -> bool {
        let cells: Vec<&str> = filled(self.lines, at)
            .take(self.leads() + 2)
            .map(|(_, text)| text)
            .collect();
        // Between "Yes" and a description, a type may read as it likes.
        let flagged = self.columns.contains(&Column::Mandatory);
        let may_be_odd = |column: Column, cell: &str| {
            flagged && column == Column::Type && cell.split(' ').count() < 5 && !cell.ends_with('.')
        };
        if self.is_next_head(at, described) || described && is_empty_section(&cells) {
            return false;
        }
        if self.has_odd_name(&cells) {
            return true;
        }
        let mut fits = self.columns.iter().take(self.leads()).zip(&cells);
        if cells.len() < self.leads()
            || !fits.all(|(column, cell)| fits_column(*column, cell) || may_be_odd(*column, cell))
        {
            return false;
        }
        if self.columns.contains(&Column::Mandatory) || self.columns.contains(&Column::Status) {
            return true;
        }
        let position = self
            .columns
            .iter()
            .position(|column| *column == Column::Type);
        let Some(kind) = position.and_then(|position| cells.get(position)) else {
            return cells
                .first()
                .is_some_and(|name| is_strong(name) || described);
        };
        // A word with a capital is only a type where a description follows and no row does.
        let is_value = self.lists_values && cells.first().is_some_and(|name| is_loud(name));
        !is_value && types::is_type(kind)
            || described && !self.lists_values && !self.followed_by_row(&cells)
    }

    /// Whether a row begins here whose name no field can have: what follows it leaves no doubt.
    fn has_odd_name(&self, cells: &[&str]) -> bool {
        let columns = self.columns.iter().take(self.leads());
        // Behind the head nothing but a row can follow.
        let first = self.rows.is_empty() && self.columns.starts_with(&[Column::Name, Column::Type]);
        let flagged = self
            .columns
            .starts_with(&[Column::Name, Column::Mandatory, Column::Type]);
        let surely = (first || flagged)
            && columns
                .skip(1)
                .zip(cells.iter().skip(1))
                .all(|(column, cell)| match column {
                    Column::Type => types::is_type(cell),
                    column => fits_column(*column, cell),
                });
        let short = |name: &&str| {
            name.split(' ').count() < 4
                && !name.contains(['.', ',', ':', '|', '('])
                && vocabulary::label(name).is_none()
        };
        surely && cells.len() >= self.leads() && cells.first().is_some_and(short)
    }

    fn followed_by_row(&self, cells: &[&str]) -> bool {
        let mut rest = cells.iter().skip(self.leads().saturating_sub(1));
        let name = rest.next().is_some_and(|name| vocabulary::is_name(name));
        let kind = rest.next().is_none_or(|kind| types::is_type(kind));
        name && kind
    }
}

/// Whether this is a heading with nothing below it: `Request`, "N/A".
fn is_empty_section(cells: &[&str]) -> bool {
    let heading = cells.first().is_some_and(|name| {
        vocabulary::section(name).is_some() && name.starts_with(char::is_uppercase)
    });
    heading
        && cells
            .get(1)
            .is_some_and(|text| vocabulary::is_nothing(text))
}

fn fits_column(column: Column, cell: &str) -> bool {
    match column {
        Column::Name => {
            // A field may be called `range` or `date`; labels and types begin with a capital.
            let capital = cell.starts_with(|char: char| char.is_ascii_uppercase());
            let other = vocabulary::label(cell).is_some() || types::is_type(cell);
            let is_field = vocabulary::is_name(cell) && !vocabulary::is_truth(cell);
            is_field && !(capital && other) || vocabulary::is_array_element(cell)
        }
        Column::Status => cell
            .split_whitespace()
            .next()
            .is_some_and(vocabulary::is_status),
        Column::Mandatory => vocabulary::mandatory(cell).is_some(),
        Column::Type => {
            types::is_type(cell) || types::may_be_type(cell) && vocabulary::label(cell).is_none()
        }
        Column::Location
        | Column::Range
        | Column::Default
        | Column::Other
        | Column::Description => cell.chars().count() < 80,
    }
}
