//! The document of the emulator's control paths is valid and complete.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use idsync_emulator::Emulator;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use xtask::codegen::spec::Document;

const FILE: &str = "crates/idsync-emulator/control.yaml";

/// Method, path with its query, body, and the expected status.
type Exchange = (&'static str, &'static str, &'static str, u16);

/// Every operation with every documented status.
const EXCHANGES: &[Exchange] = &[
    ("get", "/_emulator/health", "", 200),
    ("get", "/_emulator/openapi.yaml", "", 200),
    ("get", "/_emulator/state", "", 200),
    ("get", "/_emulator/state?limit=2&offset=1", "", 200),
    ("get", "/_emulator/state?colour=red", "", 400),
    ("get", "/_emulator/clock", "", 200),
    (
        "put",
        "/_emulator/clock",
        r#"{"scale":60,"running":true}"#,
        200,
    ),
    ("put", "/_emulator/clock", r#"{"scale":0}"#, 400),
    ("post", "/_emulator/clock/advance", r#"{"seconds":90}"#, 200),
    ("post", "/_emulator/clock/advance", r#"{"seconds":-1}"#, 400),
    (
        "post",
        "/_emulator/faults",
        r#"{"operation":"records","kind":"status","status":429,"times":2,"headers":{"Retry-After":"1"}}"#,
        201,
    ),
    (
        "post",
        "/_emulator/faults",
        r#"{"operation":"token","kind":"raw","body":"a","ms":1,"end":{"repeat":"b"}}"#,
        201,
    ),
    (
        "post",
        "/_emulator/faults",
        r#"{"operation":"any","kind":"explode"}"#,
        400,
    ),
    ("get", "/_emulator/faults", "", 200),
    ("delete", "/_emulator/faults", "", 200),
    ("get", "/_emulator/requests", "", 200),
    ("delete", "/_emulator/requests", "", 200),
    ("post", "/_emulator/reset", "", 200),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Errors of `example` against a schema of the document.
fn problems(document: &Document, schema: &Value, example: &Value) -> Vec<String> {
    let schemas = &document.root["components"]["schemas"];
    let schema = json!({
        "allOf": [json_schema(schema)],
        "components": {"schemas": json_schema(schemas)},
    });
    let validator = jsonschema::draft4::new(&schema).expect("a schema");
    let errors = validator.iter_errors(example);
    errors.map(|error| error.to_string()).collect()
}

/// A schema of OpenAPI 3.0 as JSON Schema, where `nullable` is a further type.
fn json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let rest = members.iter().filter(|(key, _)| *key != "nullable");
            let mut rest: Map<_, _> = rest
                .map(|(key, member)| (key.clone(), json_schema(member)))
                .collect();
            if members.get("nullable") == Some(&json!(true)) {
                rest.insert("type".to_owned(), json!([members["type"], "null"]));
            }
            Value::Object(rest)
        }
        Value::Array(items) => items.iter().map(json_schema).collect(),
        other => other.clone(),
    }
}

fn document() -> Document {
    let text = std::fs::read(workspace().join(FILE)).unwrap();
    Document::parse(FILE, &text).unwrap()
}

/// An emulator that has received a known request and an unknown one.
async fn emulator() -> Emulator {
    let emulator = Emulator::builder().start().await.unwrap();
    for path in ["/v3/projects", "/v9/x"] {
        ask(&emulator, "get", path, "").await;
    }
    emulator
}

/// Status and body of a response. With HTTP/1.0, the end of the connection ends the response.
async fn ask(emulator: &Emulator, method: &str, target: &str, body: &str) -> (u16, String) {
    let host = emulator.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{} {target} HTTP/1.0\r\nhost: {host}\r\ncontent-length: {}\r\n\r\n{body}",
        method.to_uppercase(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.parse().unwrap(), body.to_owned())
}

/// The schema of a response, with references to responses resolved.
fn schema(document: &Document, method: &str, path: &str, status: u16) -> Value {
    let answer = &document.root["paths"][path][method]["responses"][status.to_string()];
    let answer = match answer["$ref"].as_str() {
        Some(reference) => document
            .root
            .pointer(reference.trim_start_matches('#'))
            .unwrap(),
        None => answer,
    };
    answer["content"]["application/json"]["schema"].clone()
}

/// Keys with a space: an unquoted comma in a flow mapping makes the rest of a description one.
fn broken_keys(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let keys = members.keys().map(String::as_str);
            let here = keys.filter(|key| key.contains(' '));
            here.chain(members.values().flat_map(broken_keys)).collect()
        }
        Value::Array(items) => items.iter().flat_map(broken_keys).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_description_is_cut_off_by_a_comma() {
    assert_eq!(broken_keys(&document().root), Vec::<&str>::new());
}

#[tokio::test]
async fn every_answer_is_valid_against_its_schema() {
    let (emulator, document) = (emulator().await, document());
    for (method, target, body, expected) in EXCHANGES {
        let path = target.split('?').next().unwrap();
        let (status, answer) = ask(&emulator, method, target, body).await;
        assert_eq!(status, *expected, "{method} {target}: {answer}");
        if path == "/_emulator/openapi.yaml" {
            let file = std::fs::read(workspace().join(FILE)).unwrap();
            assert_eq!(answer.as_bytes(), file);
            continue;
        }
        let schema = schema(&document, method, path, status);
        assert!(schema.is_object(), "{method} {path} has no {status}");
        let answer = serde_json::from_str(&answer).unwrap();
        let problems = problems(&document, &schema, &answer);
        assert!(problems.is_empty(), "{method} {target}: {problems:?}");
    }
}

#[test]
fn every_operation_is_exchanged_with_every_status() {
    let document = document();
    let mut documented = BTreeSet::new();
    for (path, operations) in document.root["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for status in operation["responses"].as_object().unwrap().keys() {
                documented.insert((path.clone(), method.clone(), status.clone()));
            }
        }
    }
    let exchanged = EXCHANGES.iter().map(|(method, target, _, status)| {
        let path = target.split('?').next().unwrap().to_owned();
        (path, (*method).to_owned(), status.to_string())
    });
    assert_eq!(documented, exchanged.collect());
}

#[tokio::test]
async fn a_method_is_routed_if_and_only_if_it_is_documented_and_no_path_is_left_out() {
    let (emulator, document) = (emulator().await, document());
    let paths = document.root["paths"].as_object().unwrap();
    for (path, operations) in paths {
        for method in ["get", "put", "post", "delete", "patch"] {
            let (status, _) = ask(&emulator, method, path, "").await;
            let documented = operations.get(method).is_some();
            assert_eq!(status != 404, documented, "{method} {path}");
        }
    }
    let (_, refusal) = ask(&emulator, "get", "/_emulator/tea", "").await;
    let told = refusal.split([' ', ',', '"', ';']);
    let told: BTreeSet<&str> = told
        .filter(|word| word.starts_with("/_emulator/"))
        .collect();
    let documented: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(told, documented);
}

#[test]
fn every_example_of_what_is_sent_is_valid() {
    let document = document();
    let schemas = &document.root["components"]["schemas"];
    let faults = &document.root["paths"]["/_emulator/faults"]["post"]["requestBody"]["content"];
    let examples = faults["application/json"]["examples"].as_object().unwrap();
    let mut cases: Vec<(&Value, &Value)> = examples
        .values()
        .map(|example| (&schemas["Fault"], &example["value"]))
        .collect();
    for name in ["ClockChange", "Advance"] {
        cases.push((&schemas[name], &schemas[name]["example"]));
    }
    for (schema, example) in cases {
        let problems = problems(&document, schema, example);
        assert!(problems.is_empty(), "{example}: {problems:?}");
        assert!(!self::problems(&document, schema, &json!({"x": 1})).is_empty());
    }
}
