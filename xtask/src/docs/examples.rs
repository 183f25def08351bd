//! Examples: JSON among whatever stands around it.

use serde_json::Value;

use super::block::Line;

/// The JSON objects and arrays in `code`, each with its line; none for a value where an example begins that is no JSON. Outside of the
/// sections for examples, only what is JSON counts.
pub fn read(code: &Line, in_examples: bool) -> Vec<(usize, Option<Value>)> {
    let mut found = Vec::new();
    let mut rest = code.text.as_str();
    let mut number = code.number;
    while let Some(start) = beginning(rest) {
        number += count_lines(rest.get(..start).unwrap_or_default());
        rest = rest.get(start..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else {
            if in_examples {
                found.push((number, None));
            }
            break;
        };
        let end = values.byte_offset();
        found.push((number, Some(value)));
        number += count_lines(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    found
}

/// Where a line begins with a bracket.
fn beginning(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with(['{', '[']) {
            return Some(offset + indent);
        }
        offset += line.len();
    }
    None
}

fn count_lines(text: &str) -> usize {
    text.matches('\n').count()
}
