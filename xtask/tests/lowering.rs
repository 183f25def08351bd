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

fn lowered_operation(operation: &Value) -> Value {
    lower(document(operation, &json!({})))["paths"]["/a"]["get"].clone()
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
fn schemas_of_failures_only_go() {
    let failure = json!({"$ref": "#/components/schemas/B"});
    let operation = json!({"responses": {"400": failure}});
    let lowered = lower(document(&operation, &json!({"B": {"type": "object"}})));
    assert_eq!(lowered["components"]["schemas"], json!({}));
}

#[test]
fn a_parameter_that_is_never_negative_becomes_unsigned() {
    let schema = json!({"type": "integer", "format": "int32", "minimum": 0});
    let lowered = lowered_operation(&json!({"parameters": [{"schema": schema}]}));
    assert_eq!(lowered["parameters"][0]["schema"]["format"], "uint32");
}

#[test]
fn only_successful_responses_stay() {
    let responses = json!({"200": {"description": "ok"}, "400": {}, "4XX": {}, "500": {}});
    assert_eq!(
        lowered_operation(&json!({"responses": responses})),
        json!({"responses": {"200": {"description": "ok"}}})
    );
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
fn parameters_lose_their_text_constraints_and_keep_the_others() {
    let schema =
        json!({"type": "string", "pattern": "a", "minLength": 1, "maxLength": 2, "minimum": 0});
    assert_eq!(
        lowered_operation(&json!({"parameters": [{"schema": schema}]})),
        json!({"parameters": [{"schema": {"type": "string", "minimum": 0}}]})
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

#[test]
fn a_set_of_values_in_a_parameter_becomes_the_schema_with_the_same_values_or_one_of_its_own() {
    let operation = json!({"parameters": [
        {"name": "status", "schema": {"type": "string", "enum": ["ON", "OFF"]}},
        {"name": "order_by", "schema": {"type": "string", "enum": ["NAME"]}},
    ]});
    let schemas = json!({"State": {"type": "string", "x-extensible-enum": ["ON", "OFF"]}});
    let lowered = lower(document(&operation, &schemas));
    let parameters = &lowered["paths"]["/a"]["get"]["parameters"];
    assert_eq!(
        parameters[0]["schema"]["$ref"],
        "#/components/schemas/State"
    );
    assert_eq!(
        parameters[1]["schema"]["$ref"],
        "#/components/schemas/OrderBy"
    );
    let order = &lowered["components"]["schemas"]["OrderBy"];
    assert_eq!(order["type"], "string");
}
