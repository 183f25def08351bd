//! Descriptions taken apart: range, default and listed values.

mod defaults;
mod limits;
mod parts;

use super::block::{Cell, Remark};
use super::facts::Field;
use super::types;
use super::values::{self, Listed};
use super::vocabulary::{self, Label};
use parts::{Part, parts};

/// Adds to `field` what `cell` states, and returns what of it could not be told for sure.
pub fn read(field: &mut Field, cell: &Cell) -> Vec<Remark> {
    let parts = parts(cell);
    let number = cell.lines.first().map_or(0, |line| line.number);
    let mut remarks = Vec::new();
    for part in &parts {
        match part.label {
            Label::Default => defaults::labelled(field, part),
            label if label.is_bound() => limits::labelled(field, part),
            Label::Definition | Label::Constraints | Label::Range => {
                if limits::in_words(field, part) {
                    remarks.push(Remark::doubt(
                        part.lines.first().map_or(number, |line| line.number),
                        format!(
                            "`{}` has bounds that depend on something else: none was taken",
                            field.name
                        ),
                    ));
                }
                defaults::in_words(field, part);
            }
            _ => {}
        }
    }
    let (line, Listed { values, doubt }) = listed(&field.name, &parts);
    remarks.extend(doubt.map(|doubt| Remark::doubt(line, format!("`{}`: {doubt}", field.name))));
    // A list of what every boolean can be tells nothing.
    let told_by_type = field.kind.as_deref().is_some_and(types::is_boolean)
        && values.iter().all(|value| vocabulary::is_truth(value));
    if !told_by_type {
        field.values = values;
    }
    remarks
}

/// The values that the parts list, with the line of the part.
fn listed(name: &str, parts: &[Part]) -> (usize, Listed) {
    let list = |part: &Part| match part.label {
        Label::Values => values::announced(&part.lines, name),
        Label::Range => values::list(
            &part.lines,
            name,
            part.lines.iter().all(|line| !line.bullet),
        ),
        Label::Definition => values::list(&part.lines, name, false),
        _ => Listed::default(),
    };
    let line = |part: &Part| part.lines.first().map_or(0, |line| line.number);
    // The range comes last and is the most exact.
    let lists: Vec<(usize, Listed)> = parts
        .iter()
        .rev()
        .map(|part| (line(part), list(part)))
        .collect();
    let with_values = lists.iter().find(|(_, listed)| !listed.values.is_empty());
    let doubtful = || lists.iter().find(|(_, listed)| listed.doubt.is_some());
    with_values.or_else(doubtful).cloned().unwrap_or_default()
}
