//! Lowers a document to the part of OpenAPI that the generator turns into good Rust.
//!
//! The documents are written for readers and for every language; each step here exists because of something that the
//! Rust generator does with the original.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::enums;

/// A lowered document and what was done to it.
#[derive(Debug)]
pub struct Lowering {
    /// The document.
    pub document: Value,
    /// What each step did, as `step: place`.
    pub changes: Vec<String>,
}

/// A named, pure change to a document: returns the new document and the places that it changed.
type Step = (&'static str, fn(Value) -> (Value, Vec<String>));

/// All steps, in the order in which they run.
const STEPS: &[Step] = &[
    ("name-parameter-enums", enums::name_parameter_enums),
    ("remove-failure-responses", remove_failure_responses),
    ("remove-unused-schemas", remove_unused_schemas),
    ("unwrap-nullable-references", unwrap_nullable_references),
    ("remove-identifier-patterns", remove_identifier_patterns),
    ("unsign-positive-integers", unsign_positive_integers),
    ("remove-examples", remove_examples),
    ("remove-extensions", remove_extensions),
];

/// Runs every step on `document`.
pub fn lower(document: Value) -> Lowering {
    let start = Lowering {
        document,
        changes: Vec::new(),
    };
    STEPS.iter().fold(start, |mut lowering, (name, step)| {
        let (document, places) = step(lowering.document);
        lowering.document = document;
        lowering
            .changes
            .extend(places.iter().map(|place| format!("{name}: {place}")));
        lowering
    })
}

/// Removes every response but the 2xx ones.
///
/// A declared failure that arrives with another body, such as the HTML page of a load balancer, would be reported as
/// a decoding error without its status and headers. Undeclared, it is handed over whole.
fn remove_failure_responses(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |path, object| {
        if !is_part_of_operation(path, "responses") || path.len() > OPERATION_PART {
            return Vec::new();
        }
        take_keys(object, |key| !key.starts_with('2'))
    })
}

/// Removes schemas that nothing refers to any more: those of failures.
fn remove_unused_schemas(mut document: Value) -> (Value, Vec<String>) {
    let mut used = BTreeSet::new();
    collect_references(&document["paths"], &document, &mut used);
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return (document, Vec::new());
    };
    let removed = take_keys(schemas, |name| !used.contains(name));
    let places = removed
        .iter()
        .map(|name| format!("components.schemas.{name}"));
    let places = places.collect();
    (document, places)
}

/// Adds the names of the schemas that `value` refers to, directly or not.
fn collect_references(value: &Value, document: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = target.and_then(|target| target.rsplit('/').next())
                && used.insert(name.to_owned())
            {
                collect_references(&document["components"]["schemas"][name], document, used);
            }
            for member in members.values() {
                collect_references(member, document, used);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_references(item, document, used);
            }
        }
        _ => {}
    }
}

/// Replaces `allOf` of one reference by the reference itself.
///
/// The wrapper is how OpenAPI 3.0 says "nullable reference"; the generator would make a type of it. Properties are
/// optional anyway, and an optional property takes null for absent.
fn unwrap_nullable_references(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |_, object| {
        let reference = match object
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) => only.get("$ref").cloned(),
            _ => None,
        };
        let Some(reference) = reference else {
            return Vec::new();
        };
        object.clear();
        object.insert("$ref".to_owned(), reference);
        vec!["allOf".to_owned()]
    })
}

/// Removes the text constraints of parameters.
///
/// The generator would wrap each parameter in a type of its own, with a regular expression engine behind it. Callers
/// of the facade pass validated identifiers instead.
fn remove_identifier_patterns(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |path, object| {
        if !is_part_of_operation(path, "parameters") {
            return Vec::new();
        }
        take_keys(object, |key| {
            matches!(key, "pattern" | "minLength" | "maxLength")
        })
    })
}

/// Gives parameters that must not be negative an unsigned format, which becomes an unsigned Rust type.
fn unsign_positive_integers(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |path, object| {
        let at_least_zero = object.get("minimum").and_then(Value::as_i64) == Some(0);
        match object.get_mut("format") {
            Some(format) if is_part_of_operation(path, "parameters") && at_least_zero => {
                *format = Value::from(format!("u{}", format.as_str().unwrap_or("int64")));
                vec!["format".to_owned()]
            }
            _ => Vec::new(),
        }
    })
}

/// Removes examples: the generator would print them into the documentation of every type.
fn remove_examples(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |path, object| {
        take_keywords(path, object, |key| matches!(key, "example" | "examples"))
    })
}

/// Removes extensions: their meaning is not the generator's, and open enums are generated by us.
fn remove_extensions(document: Value) -> (Value, Vec<String>) {
    rewrite(document, |path, object| {
        take_keywords(path, object, |key| key.starts_with("x-"))
    })
}

/// How long the path to a part of an operation is: `paths`, template, method, part.
const OPERATION_PART: usize = 4;

/// Whether `path` leads to the part `part` of an operation, or into it.
fn is_part_of_operation(path: &[String], part: &str) -> bool {
    path.first().is_some_and(|key| key == "paths")
        && path.get(OPERATION_PART - 1).is_some_and(|key| key == part)
}

/// Whether the members at `path` are named by the document, so that none of them is a keyword.
fn holds_names(path: &[String]) -> bool {
    match path {
        [parent, key] => parent == "components" && key == "schemas",
        [.., parent, key] => key == "properties" && parent != "properties",
        _ => false,
    }
}

/// Removes the keywords that `unwanted` picks and returns them.
fn take_keywords(
    path: &[String],
    object: &mut Map<String, Value>,
    unwanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    if holds_names(path) {
        return Vec::new();
    }
    take_keys(object, unwanted)
}

/// Removes the members whose keys `unwanted` picks and returns the keys.
fn take_keys(object: &mut Map<String, Value>, unwanted: impl Fn(&str) -> bool) -> Vec<String> {
    let keys: Vec<String> = object.keys().filter(|key| unwanted(key)).cloned().collect();
    object.retain(|key, _| !unwanted(key));
    keys
}

/// Hands every object of the document, from the outside in, to `change`, which returns the keys it changed.
fn rewrite(
    mut document: Value,
    change: impl Fn(&[String], &mut Map<String, Value>) -> Vec<String>,
) -> (Value, Vec<String>) {
    let mut places = Vec::new();
    visit(&mut document, &mut Vec::new(), &mut |path, object| {
        for key in change(path, object) {
            let place: Vec<&str> = path
                .iter()
                .map(String::as_str)
                .chain([key.as_str()])
                .collect();
            places.push(place.join("."));
        }
    });
    (document, places)
}

fn visit(
    value: &mut Value,
    path: &mut Vec<String>,
    change: &mut impl FnMut(&[String], &mut Map<String, Value>),
) {
    if let Value::Object(object) = value {
        change(path, object);
    }
    for (key, child) in children(value) {
        path.push(key);
        visit(child, path, change);
        path.pop();
    }
}

fn children(value: &mut Value) -> Vec<(String, &mut Value)> {
    match value {
        Value::Object(object) => object
            .iter_mut()
            .map(|(key, child)| (key.clone(), child))
            .collect(),
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    }
}
