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

/// What is told of a list in the description of an object.
const MEMBERS: &str = "an object has members and no listed values: none was taken";

/// What is told of listed values that the type does not have.
const UNLIKE: &str = "not all that is listed are values of its type";

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
    let (line, listed) = listed(&field.name, &parts);
    let Listed { values, doubt } = fitting(field, listed);
    remarks.extend(doubt.map(|doubt| Remark::doubt(line, format!("`{}`: {doubt}", field.name))));
    field.values = values;
    remarks
}

/// The values without those that the type of the field does not have.
fn fitting(field: &Field, listed: Listed) -> Listed {
    let kind = field.kind.as_deref().unwrap_or_default();
    let mut values = listed.values.iter();
    let none = |doubt| Listed {
        values: Vec::new(),
        doubt,
    };
    // A list of what every boolean can be tells nothing.
    if types::is_boolean(kind) && values.clone().all(|value| vocabulary::is_truth(value)) {
        return none(listed.doubt);
    }
    if types::has_members(kind) && !listed.values.is_empty() {
        return none(Some(MEMBERS));
    }
    let number = |value: &String| value.parse::<f64>().is_ok();
    let unlike = types::is_boolean(kind) || types::is_numeric(kind) && !values.all(number);
    Listed {
        doubt: listed.doubt.or(unlike.then_some(UNLIKE)),
        ..listed
    }
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
        Label::Note => values::noted(&part.lines),
        _ => Listed::default(),
    };
    let line = |part: &Part| part.lines.first().map_or(0, |line| line.number);
    // The range comes last and is the most exact; a note is the least.
    let (notes, others): (Vec<&Part>, Vec<&Part>) =
        parts.iter().partition(|part| part.label == Label::Note);
    let lists: Vec<(usize, Listed)> = others
        .into_iter()
        .rev()
        .chain(notes)
        .map(|part| (line(part), list(part)))
        .collect();
    let with_values = lists.iter().find(|(_, listed)| !listed.values.is_empty());
    let doubtful = || lists.iter().find(|(_, listed)| listed.doubt.is_some());
    with_values.or_else(doubtful).cloned().unwrap_or_default()
}
