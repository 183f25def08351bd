//! Lowers a document to the part of OpenAPI that the generator supports well.
//!
//! The documents are written for all languages. Each step exists because of something that the Rust
//! generator does with the original.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The part of `document` that the generator reads: the schemas of these responses, and those that they refer to.
///
/// Requests are generated without it. A declared failure that arrives with another body, such as the HTML page of a load
/// balancer, would be reported as a decoding error without its status and headers. Undeclared, it is handed over whole.
pub(crate) fn lower(document: &Value, responses: impl Iterator<Item = String>) -> Value {
    let schemas = &document["components"]["schemas"];
    let mut used = BTreeSet::new();
    responses.for_each(|name| use_schema(&name, schemas, &mut used));
    let used = used.into_iter().map(|name| {
        let mut schema = schemas[&name].clone();
        simplify(&mut schema, false);
        (name, schema)
    });
    json!({
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {},
        "components": {"schemas": used.collect::<Map<_, _>>()},
    })
}

/// Adds the name of a schema and of those that it refers to, directly or not.
fn use_schema(name: &str, schemas: &Value, used: &mut BTreeSet<String>) {
    if used.insert(name.to_owned()) {
        use_references(&schemas[name], schemas, used);
    }
}

fn use_references(value: &Value, schemas: &Value, used: &mut BTreeSet<String>) {
    let target = value["$ref"].as_str();
    if let Some(name) = target.and_then(|target| target.rsplit('/').next()) {
        use_schema(name, schemas, used);
    }
    let members = value.as_object().into_iter().flat_map(Map::values);
    let children = members.chain(value.as_array().into_iter().flatten());
    children.for_each(|child| use_references(child, schemas, used));
}

/// Removes what the generator takes otherwise than it is meant; an object that `holds_names` has no keywords.
///
/// - `allOf` of one reference is how OpenAPI 3.0 says "nullable reference"; the generator would make a type of it. Properties
///   are optional anyway, and an optional property takes null for absent.
/// - Examples would be printed into the documentation, and extensions mean nothing.
fn simplify(value: &mut Value, holds_names: bool) {
    if let Value::Array(items) = value {
        for item in items.iter_mut() {
            simplify(item, false);
        }
    }
    let Value::Object(object) = value else { return };
    if !holds_names {
        let parts = object.get("allOf").and_then(Value::as_array);
        if let Some([only]) = parts.map(Vec::as_slice)
            && let Some(reference) = only.get("$ref").cloned()
        {
            *object = Map::from_iter([("$ref".to_owned(), reference)]);
        }
        object.retain(|key, _| {
            !matches!(key.as_str(), "example" | "examples") && !key.starts_with("x-")
        });
    }
    for (key, child) in object {
        simplify(child, !holds_names && key == "properties");
    }
}
