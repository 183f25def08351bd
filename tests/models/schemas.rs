//! The JSON Schema that schemars derives from each model is that of the document.

use serde_json::{Map, Value, json};

use crate::responses::RESPONSES;

#[test]
fn each_derived_schema_is_that_of_the_document() {
    for response in RESPONSES {
        let document = response.document();
        let mut derived = (response.derived)();
        let nested = derived["$defs"].take();
        let nested = nested.as_object().into_iter().flatten();
        let root = (response.name, &derived);
        for (name, derived) in nested
            .map(|(name, schema)| (name.as_str(), schema))
            .chain([root])
        {
            let schema = &document["components"]["schemas"][name];
            assert_eq!(
                structure(derived),
                expected(schema),
                "{} {name}",
                response.service
            );
        }
    }
}

#[test]
fn the_comparison_sees_each_kind_of_difference() {
    let document = RESPONSES[1].document();
    let schema = &document["components"]["schemas"]["IdentitySourceSyncRecordVo"];
    let differences = [
        ("/properties/add_count/format", json!("int32")),
        ("/properties/add_count/type", json!("string")),
        ("/properties/add_count/minimum", json!(0)),
        ("/properties/fail_reason/nullable", json!(false)),
        ("/properties/fail_reason/enum", json!(["a"])),
        (
            "/properties/status/allOf/0/$ref",
            json!("#/components/schemas/Other"),
        ),
        (
            "/properties/new",
            json!({"type": "string", "nullable": true}),
        ),
        ("/required", json!(["id"])),
        ("/additionalProperties", json!(false)),
    ];
    for (place, value) in differences {
        let mut changed = schema.clone();
        let (parent, key) = place.rsplit_once('/').expect("a place");
        changed.pointer_mut(parent).expect("a parent")[key] = value;
        assert_ne!(expected(schema), expected(&changed), "{place}");
    }
}

/// A derived schema without its texts.
fn structure(schema: &Value) -> Value {
    without_keys(schema, &["$schema", "$defs", "title", "description"])
}

/// What schemars makes of a schema of the document: `nullable` is a second type, and names are in `$defs`.
fn expected(schema: &Value) -> Value {
    let mut plain = without_keys(
        schema,
        &[
            "description",
            "example",
            "nullable",
            "x-enum-descriptions",
            "x-inferred",
        ],
    );
    let nullable = schema["nullable"] == true;
    if let Some(target) = schema["allOf"][0]["$ref"]
        .as_str()
        .or(schema["$ref"].as_str())
    {
        let reference = json!({"$ref": target.replace("#/components/schemas", "#/$defs")});
        return if nullable {
            json!({"anyOf": [reference, {"type": "null"}]})
        } else {
            reference
        };
    }
    // An open enum is nullable only so that null passes through a reference to it.
    if nullable && schema.get("x-extensible-enum").is_none() {
        plain["type"] = json!([schema["type"], "null"]);
    }
    if let Some(items) = schema.get("items") {
        plain["items"] = expected(items);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let properties = properties
            .iter()
            .map(|(name, property)| (name.clone(), expected(property)));
        plain["properties"] = properties.collect::<Map<_, _>>().into();
    }
    plain
}

fn without_keys(schema: &Value, keys: &[&str]) -> Value {
    match schema {
        Value::Object(members) => {
            let is_property_list = members.values().all(Value::is_object);
            let kept = members
                .iter()
                .filter(|(key, _)| is_property_list || !keys.contains(&key.as_str()));
            let kept = kept.map(|(key, member)| (key.clone(), without_keys(member, keys)));
            kept.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| without_keys(item, keys)).collect(),
        other => other.clone(),
    }
}
