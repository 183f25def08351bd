//! The formats of results: CSV and YAML hold what JSON holds.

use std::collections::BTreeMap;

use idsync_emulator::{Fault, FaultKind, Operation};
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};

use crate::idsync::Run;
use crate::schemas::assert_valid;
use crate::services::Services;

/// Each command that prints data, with its arguments for `services`.
fn commands(services: &Services) -> Vec<String> {
    vec![
        "status".to_owned(),
        "tasks".to_owned(),
        format!("records {}", services.dws()),
        format!("syncing {}", services.mrs()),
        format!("doctor --cluster dws:{}", services.dws()),
        "debug sign https://h.example/a?b=c --date 20260108T123456Z".to_owned(),
    ]
}

/// YAML as JSON.
fn from_yaml(node: &Yaml<'_>) -> Value {
    if let Some(items) = node.as_vec() {
        return items.iter().map(from_yaml).collect();
    }
    if let Some(members) = node.as_mapping() {
        let member = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
            (key.as_str().unwrap().to_owned(), from_yaml(value))
        };
        return Value::Object(members.iter().map(member).collect());
    }
    let scalar = node.as_bool().map(Value::from);
    let scalar = scalar.or_else(|| node.as_integer().map(Value::from));
    let scalar = scalar.or_else(|| node.as_str().map(Value::from));
    assert!(scalar.is_some() || node.is_null(), "{node:?}");
    scalar.unwrap_or_default()
}

fn yaml(run: &Run) -> Value {
    let documents = Yaml::load_from_str(&run.stdout).unwrap();
    assert_eq!(documents.len(), 1, "{}", run.stdout);
    from_yaml(&documents[0])
}

/// Each row as text by the name of its column.
fn csv(run: &Run) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// The expected cell for `value`.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let words = items.iter().map(|item| match item {
                Value::Object(_) if item["code"].is_null() => cell(&item["id"]),
                Value::Object(_) => cell(&item["code"]),
                other => cell(other),
            });
            words.collect::<Vec<_>>().join(" | ")
        }
        Value::Object(members) => cell(&members["class"]),
        other => return other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}

/// Without the fields that differ between two responses.
fn timeless(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            for name in ["message", "observed_at", "request_id"] {
                members.remove(name);
            }
            members
                .values_mut()
                .for_each(|value| *value = timeless(value.take()));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|value| *value = timeless(value.take())),
        _ => {}
    }
    value
}

#[test]
fn yaml_and_csv_hold_what_json_holds() {
    let services = Services::start();
    for command in commands(&services) {
        let run = |form| services.run(&format!("{command} -o {form}"), 0);
        let (from_yaml, from_json) = (timeless(yaml(&run("yaml"))), timeless(run("json").json()));
        assert_eq!(from_yaml, from_json, "{command}");
        let (rows, items) = (csv(&run("csv")), run("ndjson").lines());
        assert_eq!(rows.len(), items.len(), "{command}");
        for (row, item) in rows.iter().zip(&items) {
            let item = item.as_object().unwrap().iter();
            for (name, value) in item.filter(|(name, _)| *name != "message") {
                assert_eq!(row[name], cell(value), "{command}: {name}");
            }
        }
    }
}

#[test]
fn csv_has_a_header_without_rows_and_ends_lines_as_rfc_4180_says() {
    let services = Services::start();
    services.answer(Operation::Tasks, r#"{"total":0,"tasks":[]}"#);
    let run = services.run("tasks -o csv", 0);
    assert!(run.stdout.starts_with("id,project_id,") && run.stdout.ends_with(",update_user\r\n"));
    assert_eq!(run.stdout.lines().count(), 1);
    assert_eq!(run.stderr, "");
    let run = services.run("tasks -o yaml", 0);
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn a_report_is_one_line_of_json_or_one_line_a_cluster() {
    let services = Services::start();
    let report = services.run("status -o json", 0);
    let begin = "{\"schema\":\"idsync.status/v1\",\"observed_at\":\"";
    assert!(report.stdout.starts_with(begin), "{}", report.stdout);
    assert_eq!(report.stdout.lines().count(), 1);
    let ids = |clusters: &[Value]| -> Vec<_> {
        let ids = clusters.iter().map(|cluster| cluster["cluster_id"].clone());
        ids.collect()
    };
    let lines = services.run("status -o ndjson", 0).lines();
    let clusters = report.json()["clusters"].clone();
    assert_eq!(ids(&lines), ids(clusters.as_array().unwrap()));
}

#[test]
fn output_before_a_failed_page_is_valid() {
    let services = Services::start();
    for (form, items) in [
        ("csv", (|run: &Run| csv(run).len()) as fn(&Run) -> usize),
        ("yaml", |run| yaml(run).as_array().unwrap().len()),
        ("json", |run| run.json().as_array().unwrap().len()),
        ("table", |run| run.stdout.lines().count() - 1),
    ] {
        services.clear_faults();
        let fault = Fault::on(Operation::Tasks, FaultKind::status(500));
        services.add_fault(fault.after(1)).unwrap();
        let run = services.run(&format!("tasks --page-size 5 -o {form}"), 1);
        assert_eq!(items(&run), 5, "{}", run.stdout);
        run.says("listSecurityMemberSyncTasks");
    }
}

#[test]
fn problems_go_to_stderr_with_formats_that_have_no_place_for_them() {
    let services = Services::start();
    let run = services.run("status -o csv", 0);
    let problem = "supplier-dws: listSyncRecords failed: 429 ";
    run.says(problem);
    let error = services.run("status -o ndjson", 0).error();
    assert_eq!(
        (&error["kind"], &error["status"]),
        (&"throttled".into(), &429.into())
    );
    assert_valid("error", &[json!({"error": error})]);
    for form in ["csv", "ndjson"] {
        let run = services.run(&format!("status -q -o {form}"), 0);
        assert_eq!(run.stderr, "", "{form}");
    }
}

#[test]
fn json_escapes_characters_that_control_a_terminal() {
    let services = Services::start();
    let name = "a\u{9b}2J\u{7f}\u{202e}b";
    let tasks = json!({"total": 1, "tasks": [{"id": "a", "cluster_name": name}]});
    services.answer(Operation::Tasks, &tasks.to_string());
    for form in ["json", "ndjson"] {
        let run = services.run(&format!("tasks -o {form}"), 0);
        run.shows(r#""a\u009b2J\u007f\u202eb""#);
    }
    let run = services.run("tasks -o json", 0);
    assert_eq!(run.json()[0]["cluster_name"], name);
}
