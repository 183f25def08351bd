//! The JSON Schema of every model says what the document says.

use serde_json::{Value, json};

use crate::models::{MODELS, Model};
use crate::shape::{of_json_schema, of_openapi};

#[test]
fn the_schema_derived_from_each_model_is_the_schema_of_the_document() {
    for model in MODELS {
        let derived = (model.derived)();
        assert_eq!(
            of_json_schema(&derived),
            of_openapi(&model.schema()),
            "{} {}: {derived:#}",
            model.file,
            model.name
        );
    }
}

/// Puts `value` at `pointer` of the schema of a DWS record.
fn changed(pointer: &str, key: &str, value: Value) -> Value {
    let mut schema = Model::named("openapi/dws.yaml", "IdentitySourceSyncRecordVo").schema();
    schema.pointer_mut(pointer).expect("a place in the schema")[key] = value;
    schema
}

fn removed(pointer: &str, key: &str) -> Value {
    let mut schema = changed("", "", Value::Null);
    schema.as_object_mut().expect("an object").remove("");
    schema
        .pointer_mut(pointer)
        .and_then(Value::as_object_mut)
        .expect("an object")
        .remove(key)
        .expect("a member");
    schema
}

#[test]
fn the_comparison_sees_every_kind_of_difference() {
    let derived = (Model::named("openapi/dws.yaml", "IdentitySourceSyncRecordVo").derived)();
    let differences = [
        changed("/properties/add_count", "format", json!("int32")),
        changed("/properties/add_count", "type", json!("string")),
        changed("/properties/add_count", "minimum", json!(0)),
        changed(
            "/properties/add_count",
            "description",
            json!("Something else."),
        ),
        changed("/properties/fail_reason", "nullable", json!(false)),
        changed("/properties/fail_reason", "enum", json!(["a"])),
        changed("/properties/fail_reason", "x-extensible-enum", json!(["a"])),
        changed(
            "/properties/status/allOf/0",
            "$ref",
            json!("#/components/schemas/Other"),
        ),
        changed("/properties/status", "nullable", json!(false)),
        changed(
            "/properties",
            "operator",
            json!({"type": "string", "nullable": true}),
        ),
        changed("", "required", json!(["id"])),
        changed("", "additionalProperties", json!(false)),
        removed("/properties", "end_time"),
        removed("", "description"),
    ];
    for schema in differences {
        assert_ne!(of_json_schema(&derived), of_openapi(&schema), "{schema:#}");
    }
}

#[test]
fn the_comparison_sees_a_changed_set_of_values() {
    for (name, key) in [
        ("RecordStatus", "x-extensible-enum"),
        ("IdentitySourceType", "x-extensible-enum"),
    ] {
        let model = Model::named("openapi/dws.yaml", name);
        let mut schema = model.schema();
        schema[key]
            .as_array_mut()
            .expect("values")
            .push(json!("NEW"));
        assert_ne!(of_json_schema(&(model.derived)()), of_openapi(&schema));
    }
    let model = Model::named("openapi/dataarts-studio.yaml", "TaskOrderBy");
    let mut schema = model.schema();
    schema["enum"].as_array_mut().expect("values").pop();
    assert_ne!(of_json_schema(&(model.derived)()), of_openapi(&schema));
}

#[test]
fn a_keyword_that_is_not_understood_is_an_error() {
    for schema in [
        json!({"type": "string", "contentEncoding": "base64"}),
        json!({"type": "number"}),
        json!(true),
    ] {
        assert!(of_openapi(&schema).is_err(), "{schema}");
        assert!(of_json_schema(&schema).is_err(), "{schema}");
    }
}
