//! Lowers a document to the part of OpenAPI that the generator supports well.
//!
//! The documents are written for all languages. Each step exists because of something that the Rust
//! generator does with the original.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The part of `document` that the generator reads: the schemas of successful responses.
///
/// Requests are generated without it. A declared failure that arrives with another body, such as the HTML page of a load
/// balancer, would be reported as a decoding error without its status and headers. Undeclared, it is handed over whole.
pub(crate) fn lower(mut document: Value) -> Value {
    let mut used = BTreeSet::new();
    for response in successes(&document) {
        collect_references(response, &document, &mut used);
    }
    let schemas = document.pointer_mut("/components/schemas");
    let mut schemas = schemas.map(Value::take).unwrap_or_default();
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
    let mut lowered = json!({
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {},
        "components": {"schemas": schemas},
    });
    unwrap_nullable_references(&mut lowered);
    remove_examples_and_extensions(&mut lowered);
    lowered
}

/// The 2xx responses of all operations.
fn successes(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let responses = operations
        .flat_map(|(_, operation)| operation["responses"].as_object().into_iter().flatten());
    responses.filter_map(|(status, response)| status.starts_with('2').then_some(response))
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

/// Removes examples, which the generator would print into the documentation, and extensions, which mean nothing to it.
fn remove_examples_and_extensions(document: &mut Value) {
    for_each_keyword_object(document, false, &mut |object| {
        object.retain(|key, _| {
            !matches!(key.as_str(), "example" | "examples") && !key.starts_with("x-")
        });
    });
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
