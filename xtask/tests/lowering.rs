//! What each lowering step does to a document, and what it leaves alone.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use serde_json::{Value, json};
use xtask::codegen::lower::lower;

/// A document with one operation and the given schemas.
fn document(operation: &Value, schemas: &Value) -> Value {
    json!({"paths": {"/a": {"get": operation}}, "components": {"schemas": schemas}})
}

/// The schemas of a document whose operation refers to each of them.
fn lowered_schemas(schemas: &Value) -> Value {
    let names = schemas.as_object().expect("schemas").keys();
    let references: Vec<_> = names
        .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
        .collect();
    let operation = json!({"responses": {"200": references}});
    lower(document(&operation, schemas))["components"]["schemas"].clone()
}

#[test]
fn only_schemas_of_successes_stay() {
    let [success, failure] =
        ["A", "C"].map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let operation = json!({"responses": {"201": success, "400": failure, "4XX": failure}});
    let object = json!({"type": "object"});
    let part = json!({"items": {"$ref": "#/components/schemas/B"}});
    let schemas = json!({"A": part, "B": object, "C": object});
    let lowered = lower(document(&operation, &schemas));
    assert_eq!(
        lowered["components"]["schemas"],
        json!({"A": part, "B": object})
    );
    assert_eq!(lowered["paths"], json!({}));
}

#[test]
fn a_nullable_reference_becomes_a_reference() {
    let reference = json!({"$ref": "#/components/schemas/B"});
    let property = json!({"nullable": true, "description": "b", "allOf": [reference]});
    assert_eq!(
        lowered_schemas(&json!({"A": {"properties": {"b": property}}})),
        json!({"A": {"properties": {"b": reference}}})
    );
}

#[test]
fn examples_and_extensions_go() {
    let schema = json!({"type": "string", "example": "a", "x-extensible-enum": ["a"]});
    assert_eq!(
        lowered_schemas(&json!({"A": schema})),
        json!({"A": {"type": "string"}})
    );
}

#[test]
fn names_that_look_like_keywords_stay() {
    let text = json!({"type": "string"});
    let properties = json!({"example": text, "x-y": text, "responses": {"type": "object"}, "parameters": {"pattern": "a"}});
    let schemas = json!({"example": {"type": "object", "properties": properties}, "x-b": text});
    assert_eq!(lowered_schemas(&schemas), schemas);
}
