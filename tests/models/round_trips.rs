//! Documented answers are read and written again without loss.

use std::fs;

use serde_json::{Map, Value};
use xtask::codegen::services::SERVICES;
use xtask::codegen::spec::Document;
use xtask::codegen::survey;

use crate::models::{Model, document, workspace};

/// The answers of the vendor's pages, with the model that reads them.
const PAGES: &[(&str, &str, &str)] = &[
    (
        "dataarts-studio.json",
        "openapi/dataarts-studio.yaml",
        "MemberSyncTaskPage",
    ),
    ("dws.json", "openapi/dws.yaml", "SyncRecordPage"),
    ("mrs.json", "openapi/mrs.yaml", "IamSyncStatus"),
];

/// `value` without the members that are null, which a model leaves out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            Value::Object(
                kept.map(|(key, member)| (key.clone(), without_nulls(member)))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

/// `value` without the members that the schema does not name, which a model ignores.
fn without_unknown(file: &str, schema: &Value, value: &Value) -> Value {
    let schema = match schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    {
        Some(name) => document(file)["components"]["schemas"][name].clone(),
        None => schema.clone(),
    };
    match value {
        Value::Object(members) => {
            let known = members
                .iter()
                .filter(|(key, _)| schema["properties"].get(key).is_some());
            let known = known.map(|(key, member)| {
                (
                    key.clone(),
                    without_unknown(file, &schema["properties"][key], member),
                )
            });
            Value::Object(known.collect::<Map<_, _>>())
        }
        Value::Array(items) => items
            .iter()
            .map(|item| without_unknown(file, &schema["items"], item))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn the_answers_on_the_pages_lose_nothing() {
    for (fixture, file, name) in PAGES {
        let text = fs::read_to_string(workspace().join("tests/fixtures/pages").join(fixture))
            .expect("a fixture");
        let page: Value = serde_json::from_str(&text).expect("JSON");
        let read = (Model::named(file, name).read_and_write)(&text).expect("readable");
        assert_eq!(read, without_nulls(&page), "{fixture}");
    }
}

#[test]
fn the_examples_of_the_documents_lose_nothing_that_is_documented() {
    let mut count = 0;
    for service in SERVICES {
        let document = Document::load(&workspace(), service.file).expect("a document");
        for (status, _, body) in survey::bodies(&document) {
            let schema = body.get("schema").expect("a schema");
            let model = Model::named(service.file, schema.reference().expect("a named schema"));
            for (name, example) in body.get("examples").expect("examples").members() {
                let value = example.get("value").expect("a value").value;
                let read = model.round_trip(value).expect("readable");
                let expected = without_nulls(&without_unknown(service.file, schema.value, value));
                assert_eq!(read, expected, "{} {status} {name}", service.file);
                count += 1;
            }
        }
    }
    assert_eq!(count, 3 + 6 + 3 + 6 + 4 + 6);
}
