//! Every example of every document is valid against its schema.

use serde_json::{Map, Value, json};
use xtask::codegen;
use xtask::codegen::node::Node;
use xtask::codegen::spec::Document;
use xtask::codegen::survey;

use crate::documents::workspace;

/// A schema of OpenAPI 3.0, with all it refers to, as JSON Schema.
fn json_schema(document: &Document, schema: &Value) -> Value {
    let schemas = &document.root["components"]["schemas"];
    json!({"allOf": [translated(schema)], "components": {"schemas": translated(schemas)}})
}

/// The one thing that OpenAPI 3.0 says differently: `nullable` beside a type stands for one more type.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let rest = members.iter().filter(|(key, _)| *key != "nullable");
            let mut rest: Map<_, _> = rest
                .map(|(key, member)| (key.clone(), translated(member)))
                .collect();
            if members.get("nullable") == Some(&json!(true)) {
                rest.insert("type".to_owned(), json!([members["type"], "null"]));
            }
            Value::Object(rest)
        }
        Value::Array(items) => items.iter().map(translated).collect(),
        other => other.clone(),
    }
}

pub(crate) fn problems(document: &Document, schema: &Value, example: &Value) -> Vec<String> {
    let validator = jsonschema::draft4::new(&json_schema(document, schema)).expect("a schema");
    validator
        .iter_errors(example)
        .map(|error| error.to_string())
        .collect()
}

/// Every example with its schema: of parameters, of answers, and of schemas themselves.
fn examples(document: &Document) -> Vec<(Node<'_>, Value)> {
    let mut found = Vec::new();
    let schemas = survey::schemas(document)
        .into_iter()
        .map(|schema| (schema.clone(), schema.value.clone()));
    let parameters = survey::parameters(document).into_iter();
    let parameters =
        parameters.map(|parameter| (parameter.clone(), parameter.value["schema"].clone()));
    for (node, schema) in schemas.chain(parameters) {
        found.extend(node.get("example").map(|example| (example, schema)));
    }
    for (_, _, body) in survey::bodies(document) {
        let examples = body
            .get("examples")
            .map(|examples| examples.members())
            .unwrap_or_default();
        let values = examples
            .into_iter()
            .filter_map(|(_, example)| example.get("value"));
        found.extend(values.map(|value| (value, body.value["schema"].clone())));
    }
    found
}

#[test]
fn every_example_is_valid_against_its_schema() {
    let mut count = 0;
    for (_, document) in codegen::load(&workspace()).expect("sound documents") {
        for (node, schema) in examples(&document) {
            let problems = problems(&document, &schema, node.value);
            assert!(problems.is_empty(), "{}", node.problem(problems.join("; ")));
            count += 1;
        }
    }
    assert!(count > 50, "only {count} examples were found");
}

#[test]
fn a_null_is_valid_in_every_field_of_every_answer() {
    for (service, document) in codegen::load(&workspace()).expect("sound documents") {
        for (name, schema) in survey::named_schemas(&document) {
            for (field, _) in survey::properties(std::slice::from_ref(&schema)) {
                let problems = problems(&document, schema.value, &json!({field: null}));
                assert!(
                    problems.is_empty(),
                    "{} {name}.{field}: {problems:?}",
                    service.file
                );
            }
        }
    }
}

#[test]
fn an_example_of_the_wrong_type_is_found() {
    for (service, document) in codegen::load(&workspace()).expect("sound documents") {
        let answers = survey::bodies(&document)
            .into_iter()
            .filter(|(status, ..)| *status == "200");
        for (_, _, body) in answers {
            let schema = &body.value["schema"];
            for wrong in [
                json!([]),
                json!(null),
                json!({"count": "1", "total": "1", "is_synchronizing": "no"}),
            ] {
                assert!(
                    !problems(&document, schema, &wrong).is_empty(),
                    "{} as {wrong}",
                    service.file
                );
            }
        }
    }
}
