//! What the examples of a page show of a structure.

use serde_json::Value;

use super::Structure;
use crate::docs::facts::{Example, Field};

/// How many fields of the structure the examples show below the field `name`; none if they show nothing there.
pub(super) fn likeness(structure: &Structure, name: &str, examples: &[Example]) -> Option<usize> {
    let values = examples.iter().filter_map(|example| example.value.as_ref());
    let objects: Vec<&serde_json::Map<String, Value>> =
        values.flat_map(|value| below(value, name)).collect();
    let is_shown = |field: &Field| {
        objects
            .iter()
            .any(|object| object.contains_key(&field.name))
    };
    let fields = structure.fields.iter();
    let shown = fields.filter(|(_, field)| is_shown(field)).count();
    (!objects.is_empty()).then_some(shown)
}

/// Every object that stands below a member `name`, alone or in an array.
fn below<'a>(value: &'a Value, name: &str) -> Vec<&'a serde_json::Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| below(item, name)).collect(),
        Value::Object(members) => {
            let mut found = Vec::new();
            for (key, member) in members {
                found.extend(below(member, name));
                if key == name {
                    match member {
                        Value::Object(object) => found.push(object),
                        Value::Array(items) => {
                            found.extend(items.iter().filter_map(Value::as_object));
                        }
                        _ => {}
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    }
}
