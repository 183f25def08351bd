//! What the models make of the values that a service can send.

use std::fs;

use serde_json::{Map, Value, json};

use crate::responses::{RESPONSES, ResponseModel, workspace};

/// The documented examples of a response, from the document and from the vendor's page.
fn examples(response: &ResponseModel) -> Vec<Value> {
    let document = response.document();
    let paths = document["paths"].as_object().expect("paths");
    let operation = &paths.values().next().expect("a path")["get"];
    let media_type = &operation["responses"]["200"]["content"]["application/json"];
    let examples = media_type["examples"]
        .as_object()
        .expect("examples")
        .values();
    let page = format!("tests/fixtures/pages/{}.json", response.service);
    let page = fs::read_to_string(workspace().join(page)).expect("a fixture");
    let page = serde_json::from_str(&page).expect("JSON");
    examples
        .map(|example| example["value"].clone())
        .chain([page])
        .collect()
}

/// `value` without the members that are null, which a model leaves out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            let kept = kept.map(|(key, member)| (key.clone(), without_nulls(member)));
            kept.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// A response with one item that has `value` for its member `field`.
fn with(field: &str, value: &Value) -> (&'static ResponseModel, String) {
    let response = match field {
        "is_synchronizing" => return (&RESPONSES[2], json!({field: value}).to_string()),
        "sync_time" | "sync_status" | "cluster_name" => &RESPONSES[0],
        _ => &RESPONSES[1],
    };
    let list = if response.service == "dws" {
        "sync_records"
    } else {
        "tasks"
    };
    (response, json!({list: [{field: value}]}).to_string())
}

#[test]
fn documented_examples_are_read_and_written_without_loss() {
    for response in &RESPONSES {
        for example in examples(response) {
            let read = response.round_trip(&example).expect("readable");
            assert_eq!(read, without_nulls(&example), "{}", response.service);
        }
    }
}

#[test]
fn every_field_may_be_null_and_new_fields_are_ignored() {
    for response in &RESPONSES {
        let document = response.document();
        let schema = &document["components"]["schemas"][response.name];
        let fields = schema["properties"].as_object().expect("properties").keys();
        let mut value: Value = fields
            .map(|field| (field.clone(), Value::Null))
            .collect::<Map<_, _>>()
            .into();
        value["not_documented"] = json!({"deep": [1, null]});
        assert_eq!(response.round_trip(&value).expect("readable"), json!({}));
    }
}

#[test]
fn integers_keep_all_64_bits_and_are_never_rounded() {
    for value in [i64::MIN, 9_007_199_254_740_993, i64::MAX] {
        for field in ["sync_time", "add_count"] {
            let (response, text) = with(field, &json!(value));
            let read = (response.read_and_write)(&text).expect("readable");
            assert_eq!(read.to_string(), text);
        }
    }
    for value in [json!(u64::MAX), json!(1.5), json!("1"), json!(true)] {
        let (response, text) = with("start_time", &value);
        assert!((response.read_and_write)(&text).is_err(), "{text}");
    }
}

#[test]
fn a_value_that_is_not_documented_is_kept_in_an_open_enum() {
    for value in ["SYNC_FAIL", "NEW_VALUE", "", "sync_fail", "Other", "值"] {
        for field in ["sync_status", "status"] {
            let (response, text) = with(field, &json!(value));
            let read = (response.read_and_write)(&text).expect("readable");
            assert_eq!(read.to_string(), text);
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    let cases = [
        ("is_synchronizing", json!("false")),
        ("is_synchronizing", json!({})),
        ("cluster_name", json!(1)),
        ("cluster_name", json!(["a"])),
        ("sync_status", json!(1)),
    ];
    for (field, value) in cases {
        let (response, text) = with(field, &value);
        assert!((response.read_and_write)(&text).is_err(), "{text}");
    }
    for text in [
        "[]",
        "null",
        r#"{"tasks":{}}"#,
        r#"{"tasks":[[]]}"#,
        r#"{"total":1,"total":1}"#,
    ] {
        assert!((RESPONSES[0].read_and_write)(text).is_err(), "{text}");
    }
}
