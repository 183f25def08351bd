//! Lowers a document to the part of OpenAPI that the generator supports well.
//!
//! The documents are written for all languages. Each step exists because of something that the Rust
//! generator does with the original.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::enums;

/// All steps, in the order in which they run.
const STEPS: [fn(&mut Value); 6] = [
    enums::name_parameter_enums,
    keep_successes,
    remove_unused_schemas,
    unwrap_nullable_references,
    lower_parameters,
    remove_examples_and_extensions,
];

/// Runs every step on `document`.
pub fn lower(mut document: Value) -> Value {
    for step in STEPS {
        step(&mut document);
    }
    document
}

/// Removes every response but the 2xx ones.
///
/// A declared failure that arrives with another body, such as the HTML page of a load balancer, would be reported as
/// a decoding error without its status and headers. Undeclared, it is handed over whole.
fn keep_successes(document: &mut Value) {
    for operation in operations(document) {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            responses.retain(|status, _| status.starts_with('2'));
        }
    }
}

/// Removes schemas that nothing refers to any more: those of failures.
fn remove_unused_schemas(document: &mut Value) {
    let mut used = BTreeSet::new();
    collect_references(&document["paths"], document, &mut used);
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        schemas.retain(|name, _| used.contains(name));
    }
}

/// Adds the names of the schemas that `value` refers to, directly or not.
fn collect_references(value: &Value, document: &Value, used: &mut BTreeSet<String>) {
    let target = value.get("$ref").and_then(Value::as_str);
    if let Some(name) = target.and_then(|target| target.rsplit('/').next())
        && used.insert(name.to_owned())
    {
        collect_references(&document["components"]["schemas"][name], document, used);
    }
    match value {
        Value::Object(members) => {
            let children = members.values();
            children.for_each(|child| collect_references(child, document, used));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, document, used)),
        _ => {}
    }
}

/// Replaces `allOf` of one reference by the reference itself.
///
/// The wrapper is how OpenAPI 3.0 says "nullable reference"; the generator would make a type of it. Properties are
/// optional anyway, and an optional property takes null for absent.
fn unwrap_nullable_references(document: &mut Value) {
    for_each_keyword_object(document, false, &mut |object| {
        let parts = object.get("allOf").and_then(Value::as_array);
        if let Some([only]) = parts.map(Vec::as_slice)
            && let Some(reference) = only.get("$ref").cloned()
        {
            *object = Map::from_iter([("$ref".to_owned(), reference)]);
        }
    });
}

/// Removes the text limits of parameters and makes integers unsigned that are never negative.
///
/// The generator would wrap each limited text in a type of its own, with a regular expression engine behind it.
fn lower_parameters(document: &mut Value) {
    for operation in operations(document) {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let schema = parameter.get_mut("schema").and_then(Value::as_object_mut);
            let Some(schema) = schema else { continue };
            schema.retain(|key, _| !matches!(key.as_str(), "pattern" | "minLength" | "maxLength"));
            let at_least_zero = schema.get("minimum").and_then(Value::as_i64) == Some(0);
            if let Some(format) = schema.get_mut("format").filter(|_| at_least_zero) {
                *format = Value::from(format!("u{}", format.as_str().unwrap_or_default()));
            }
        }
    }
}

/// Removes examples, which the generator would print into the documentation, and extensions, which mean nothing to it.
fn remove_examples_and_extensions(document: &mut Value) {
    for_each_keyword_object(document, false, &mut |object| {
        object.retain(|key, _| {
            !matches!(key.as_str(), "example" | "examples") && !key.starts_with("x-")
        });
    });
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut);
    items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
}

/// Calls `change` for every object, from the outside in, except for those whose keys are names: there,
/// `example` is a name, not a keyword.
fn for_each_keyword_object(
    value: &mut Value,
    holds_names: bool,
    change: &mut impl FnMut(&mut Map<String, Value>),
) {
    match value {
        Value::Object(object) => {
            if !holds_names {
                change(object);
            }
            for (key, child) in object {
                let names = !holds_names && matches!(key.as_str(), "properties" | "schemas");
                for_each_keyword_object(child, names, change);
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_each_keyword_object(item, false, change)),
        _ => {}
    }
}
