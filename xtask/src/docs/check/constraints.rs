//! What a fact and a schema say of the values that something can have.

use serde_json::Value;

use crate::codegen::enums::EXTENSION;
use crate::codegen::inference::{Mark, VALUES};
use crate::codegen::node::Node;
use crate::docs::contract::Shape;
use crate::docs::facts::Field;

/// The constraints of a fact, as a schema has them.
pub(super) fn of(field: &Field) -> Vec<(&'static str, Value)> {
    let pattern = field
        .characters
        .as_ref()
        .map(|class| Value::from(format!("^[{class}]+$")));
    let default = field
        .default
        .as_ref()
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())));
    let all = [
        ("minimum", field.minimum.clone().map(Value::Number)),
        ("maximum", field.maximum.clone().map(Value::Number)),
        ("minLength", field.min_length.map(Value::from)),
        ("maxLength", field.max_length.map(Value::from)),
        ("pattern", pattern),
        ("default", default),
    ];
    all.into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

/// The numbers and the default of a fact, which the description of a field has to name.
pub(super) fn named(field: &Field) -> Vec<String> {
    let numbers = [&field.minimum, &field.maximum].into_iter().flatten();
    let lengths = [field.min_length, field.max_length].into_iter().flatten();
    let numbers = numbers.map(ToString::to_string);
    let lengths = lengths.map(|length| length.to_string());
    numbers
        .chain(lengths)
        .chain(field.default.clone())
        .collect()
}

/// The values of a fact that a schema does not list. Where the schema's own are inferred, the page names its values in words: then one
/// of the schema's values has to stand in each.
pub(super) fn missing_values<'f>(shape: &Shape<'_>, field: &'f Field) -> Vec<&'f String> {
    let known = shape.values();
    let inferred = carriers(shape, VALUES).any(|node| Mark::of(node).covers(VALUES));
    let stated = |value: &&String| {
        known.contains(&value.as_str())
            || inferred && known.iter().any(|word| mentions(value, word))
    };
    field.values.iter().filter(|value| !stated(value)).collect()
}

/// The nodes of a schema that have a part.
pub(super) fn carriers<'s, 'a>(
    shape: &'s Shape<'a>,
    part: &'s str,
) -> impl Iterator<Item = &'s Node<'a>> {
    shape.nodes.iter().filter(move |node| match part {
        VALUES => node.has("enum") || node.has(EXTENSION),
        key => node.has(key),
    })
}

/// Whether `word` stands in `text` as a word.
pub(super) fn mentions(text: &str, word: &str) -> bool {
    text.split(|char: char| !char.is_alphanumeric() && char != '-' && char != '_')
        .any(|piece| piece == word)
}
