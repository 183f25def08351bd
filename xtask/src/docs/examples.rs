//! Examples: JSON among whatever stands around it.

use serde_json::Value;

use super::block::Line;
use super::operation::Operation;

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

/// Where a line begins with a bracket, or has a body behind its call.
fn beginning(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with(['{', '[']) {
            return Some(offset + indent);
        }
        if let Some(at) = body(line) {
            return Some(offset + at);
        }
        offset += line.len();
    }
    None
}

fn is_json(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    values.next().is_some_and(|value| value.is_ok())
}

/// Where the body begins on a line such as `POST /v1/things { "a": 1 }`, as conversions leave it that join the lines of code.
pub fn body(line: &str) -> Option<usize> {
    let calls = Operation::find(line).is_some();
    let mut brackets = line.match_indices(['{', '[']).map(|(at, _)| at);
    brackets.find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        let inside = line.get(at + 1..).unwrap_or_default();
        let opens = inside.trim_start().starts_with(['"', '{', '[', '}', ']']);
        before.ends_with(' ') && opens && (calls || is_json(line.get(*at..).unwrap_or_default()))
    })
}

fn count_lines(text: &str) -> usize {
    text.matches('\n').count()
}
