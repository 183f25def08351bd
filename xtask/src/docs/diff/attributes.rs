//! Everything of a row but its name.

use super::ways::Way;
use super::{ranges, retyping, weight};
use crate::docs::change::{Change, Kind, Part, Weight};
use crate::docs::facts::Field;

/// Notes on what differs in one row.
struct Notes<'a> {
    part: &'a Part,
    name: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Notes<'_> {
    fn note(&mut self, kind: Kind, sides: [Option<String>; 2], weight: Weight) {
        let [from, to] = sides;
        if from != to {
            self.changes.push(Change {
                part: self.part.clone(),
                name: Some(self.name.to_owned()),
                kind,
                from,
                to,
                key: None,
                weight,
            });
        }
    }
}

/// Notes what differs between a row, then and now.
pub(super) fn compare(
    part: &Part,
    way: Way,
    (old, new): (&Field, &Field),
    changes: &mut Vec<Change>,
) {
    let name = &old.name;
    let mut notes = Notes {
        part,
        name,
        changes,
    };
    let kinds = [old, new].map(|field| field.kind.clone());
    notes.note(Kind::Type, kinds, weight::of_type(way, old, new));
    let flags = [old, new].map(|field| field.required.map(|required| required.to_string()));
    notes.note(Kind::Mandatory, flags, weight::of_flag(way, old, new));
    let old = &retyping::undone(old, new);
    range(&mut notes, way, old, new);
    let defaults = [old, new].map(|field| field.default.clone());
    notes.note(Kind::Default, defaults, weight::of_default(way));
    values(&mut notes, way, old, new);
}

fn range(notes: &mut Notes<'_>, way: Way, old: &Field, new: &Field) {
    let Some(key) = ranges::key(old, new) else {
        return;
    };
    let words = [old, new].map(ranges::words);
    notes.note(Kind::Range, words, weight::of_range(way, old, new));
    if let Some(change) = notes.changes.last_mut() {
        change.key = Some(key);
    }
}

fn values(notes: &mut Notes<'_>, way: Way, old: &Field, new: &Field) {
    for value in only(old, new) {
        notes.note(Kind::Enum, [Some(value), None], weight::of_lost_value(way));
    }
    for value in only(new, old) {
        let weight = weight::of_new_value(way, old);
        notes.note(Kind::Enum, [None, Some(value)], weight);
    }
}

/// The values that only the one row lists.
fn only(one: &Field, other: &Field) -> Vec<String> {
    let values = one.values.iter();
    values
        .filter(|value| !other.values.contains(value))
        .cloned()
        .collect()
}
