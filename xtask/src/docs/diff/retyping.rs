//! What follows from another type alone.
//!
//! Pages state bounds and values in words, and the type decides what the words mean: "greater than 0" is at least 1 for whole numbers,
//! a list of true and false tells nothing for a Boolean. A row that only has another type must be reported as that and nothing else.

use serde_json::Number;

use crate::docs::bounds;
use crate::docs::facts::Field;
use crate::docs::{types, vocabulary};

/// A question to a type.
type Test = fn(&str) -> bool;

/// The old row as its words would be read with the type of the new one.
pub(super) fn undone(old: &Field, new: &Field) -> Field {
    let mut seen = old.clone();
    if old.kind == new.kind {
        return seen;
    }
    if only_one(old, new, types::is_boolean) {
        truths(&mut seen, new);
    }
    if only_one(old, new, types::has_members) {
        members(&mut seen, new);
    }
    // Before the values, of which lengths are made.
    if only_one(old, new, types::is_text) {
        lengths(&mut seen, new);
    }
    if only_one(old, new, types::is_numeric) {
        values(&mut seen, new);
    } else if only_one(old, new, types::is_fractional) {
        fractions(&mut seen, new);
    }
    seen
}

/// Whether one of the rows has such a type and the other does not.
fn only_one(old: &Field, new: &Field, test: Test) -> bool {
    let has = |field: &Field| field.kind.as_deref().is_some_and(test);
    has(old) != has(new)
}

/// A Boolean lists no truths, though the page may.
fn truths(seen: &mut Field, new: &Field) {
    let are_truths = |field: &Field| field.values.iter().all(|value| vocabulary::is_truth(value));
    if seen.values.is_empty() != new.values.is_empty() && are_truths(seen) && are_truths(new) {
        seen.values.clone_from(&new.values);
    }
}

/// An object lists no values, though the page may.
fn members(seen: &mut Field, new: &Field) {
    if seen.values.is_empty() != new.values.is_empty() {
        seen.values.clone_from(&new.values);
    }
}

/// Numbers that bound a number can mean all sorts of things where the value is none: there they may not have been read.
fn values(seen: &mut Field, new: &Field) {
    let are_bounded = |field: &Field| field.minimum.is_some() || field.maximum.is_some();
    if are_bounded(seen) != are_bounded(new) {
        seen.minimum.clone_from(&new.minimum);
        seen.maximum.clone_from(&new.maximum);
    }
}

/// "More than 0" begins with 1 where numbers are whole, and with 0 where they are not.
fn fractions(seen: &mut Field, new: &Field) {
    let step = if new.kind.as_deref().is_some_and(types::is_fractional) {
        1.0
    } else {
        -1.0
    };
    let moved = |bound: &Option<Number>, step: f64| {
        let value = bound.as_ref().and_then(Number::as_f64);
        value.and_then(|value| bounds::number(value + step))
    };
    if moved(&new.minimum, step) == seen.minimum {
        seen.minimum.clone_from(&new.minimum);
    }
    if moved(&new.maximum, -step) == seen.maximum {
        seen.maximum.clone_from(&new.maximum);
    }
}

/// The "minimum" of a text is that of its length.
fn lengths(seen: &mut Field, new: &Field) {
    let shape = |field: &Field| {
        let number = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_u64);
        let least = number(&field.minimum).or(field.min_length);
        (least, number(&field.maximum).or(field.max_length))
    };
    if shape(seen) == shape(new) {
        seen.minimum.clone_from(&new.minimum);
        seen.maximum.clone_from(&new.maximum);
        seen.min_length = new.min_length;
        seen.max_length = new.max_length;
    }
}
