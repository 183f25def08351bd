//! `idsync schema`, the schemas in the repository, and the validity of every output.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use idsync_emulator::{FaultKind, Operation};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::idsync::Idsync;
use crate::services::{Services, demo};

const REGENERATE: &str = "for name in $(cargo run -q -p idsync-cli -- schema -q); do \
     cargo run -q -p idsync-cli -- schema $name > schemas/$name.json; done";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

fn names() -> Vec<String> {
    let run = Idsync::new("schema -q").run().exits(0);
    run.stdout.lines().map(str::to_owned).collect()
}

fn committed(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.json"))).unwrap_or_default()
}

/// The validator of the committed schema, without its room for further members and words.
fn exact(name: &str) -> Validator {
    let mut schema = serde_json::from_str(&committed(name)).unwrap();
    close(&mut schema);
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            let about = members.get("description").and_then(Value::as_str);
            if about.is_some_and(|about| about.contains("More words may be added."))
                && let Some(words) = members.remove("x-extensible-enum")
            {
                members.insert("enum".to_owned(), words);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Checks that each of `outputs` is valid by the schema.
#[track_caller]
pub(crate) fn assert_valid(name: &str, outputs: &[Value]) {
    let validator = exact(name);
    assert!(!outputs.is_empty(), "{name}");
    for output in outputs {
        let errors: Vec<_> = validator
            .iter_errors(output)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn each_committed_schema_equals_the_printed_one() {
    for name in names() {
        let printed = Idsync::new(&format!("schema {name}")).run().exits(0).stdout;
        assert!(
            committed(&name) == printed,
            "schemas/{name}.json is not what `idsync schema {name}` prints; write all of them anew with\n  {REGENERATE}"
        );
    }
}

#[test]
fn the_command_knows_every_committed_schema() {
    let files = fs::read_dir(folder()).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let expected = names().into_iter().map(|name| name + ".json");
    assert_eq!(
        files.collect::<BTreeSet<_>>(),
        expected.collect::<BTreeSet<_>>()
    );
}

#[test]
fn each_schema_is_sound_and_named_without_a_host() {
    for name in names() {
        let schema: Value = serde_json::from_str(&committed(&name)).unwrap();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        assert_eq!(schema["$id"], format!("urn:idsync:{name}:v1"));
        assert!(!committed(&name).contains("[`"), "{name}");
    }
}

#[test]
fn the_list_of_schemas_comes_in_every_form() {
    let run = Idsync::new("schema").run().exits(0);
    let listed = run.stdout.lines().skip(1);
    let first: Vec<_> = listed.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(first, names());
    let run = Idsync::new("schema -o json").run().exits(0);
    assert_eq!(run.json()[0]["id"], "urn:idsync:status:v1");
    let run = Idsync::new("schema -o csv").run().exits(0);
    assert!(
        run.stdout
            .starts_with("name,id,about\r\nstatus,urn:idsync:status:v1,")
    );
}

#[test]
fn every_output_of_the_demo_is_valid_by_its_schema() {
    for (arguments, name) in [
        ("status", "status"),
        ("tasks", "tasks"),
        ("records", "records"),
        ("syncing", "syncing"),
        ("doctor", "doctor"),
        ("doctor --assumptions", "assumptions"),
    ] {
        let run = demo(&format!("{arguments} -o json"), 0);
        assert_valid(name, &[run.json()]);
    }
    for (arguments, name) in [
        ("status", "status-line"),
        ("tasks", "task"),
        ("records", "record"),
        ("syncing", "syncing"),
        ("doctor", "doctor-line"),
    ] {
        let run = demo(&format!("{arguments} -o ndjson"), 0);
        assert_valid(name, &run.lines());
    }
}

#[test]
fn a_flag_that_is_not_reported_and_an_empty_list_are_valid() {
    let services = Services::start();
    services.answer(Operation::Syncing, "{}");
    services.answer(Operation::Tasks, r#"{"total":0,"tasks":[]}"#);
    services.answer(Operation::Records, r#"{"count":1,"sync_records":[{}]}"#);
    let schemas = ["tasks", "records", "syncing"];
    for ((_, command), name) in services.each_operation("").into_iter().zip(schemas) {
        assert_valid(name, &[command.run().exits(0).json()]);
    }
}

#[test]
fn the_steps_of_a_signature_are_valid() {
    for form in ["json", "ndjson"] {
        let run = Idsync::new(&format!("debug sign https://h.example/a -o {form}"))
            .env("HUAWEICLOUD_SDK_AK", "a")
            .env("HUAWEICLOUD_SDK_SK", "b")
            .run()
            .exits(0);
        assert_valid("signature", &run.lines());
    }
}

#[test]
fn a_report_with_problems_and_a_failed_check_are_valid() {
    let services = Services::start();
    services.break_with(&FaultKind::status(503));
    let run = services.run("status --retries 0 -o json", 1);
    assert_valid("status", &[run.json()]);
    assert_eq!(run.json()["verdict"], "unknown");
    assert_eq!(run.error()["status"], 503);
    assert_valid("error", &[json!({"error": run.error()})]);
    let run = services.run("doctor --retries 0 -o json", 1);
    assert_valid("doctor", &[run.json()]);
}

#[test]
fn each_kind_of_error_is_valid() {
    let services = Services::start();
    let error = |arguments: &str, code| {
        let run = services.run(arguments, code);
        assert_valid("error", &[json!({"error": run.error()})]);
    };
    error("tasks --wrong -o json", 2);
    error("records mrs:c1 -o ndjson", 2);
    error("tasks --sort wat -o json", 2);
    services.fail_times(Operation::Tasks, FaultKind::Html, 1);
    error("tasks -o json", 1);
    services.fail(Operation::Tasks, FaultKind::status(429));
    error("tasks --retries 0 -o ndjson", 1);
}
