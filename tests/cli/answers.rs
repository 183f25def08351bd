//! Responses from the reference pages, and hostile ones.

use idsync_emulator::{FaultKind, Operation};
use serde_json::{Value, json};

use crate::services::{READING, Services};

/// The examples of the pages, in the order of [`READING`].
const PAGES: [&str; 3] = [
    include_str!("../fixtures/pages/dataarts-studio.json"),
    include_str!("../fixtures/pages/dws.json"),
    include_str!("../fixtures/pages/mrs.json"),
];

/// Fields in which the services write milliseconds and the command writes RFC 3339.
const TIMES: &str = "sync_time create_time update_time start_time end_time";

/// The output for `value` at `key` of a response.
fn printed(key: &str, value: &Value) -> Value {
    match value.as_i64() {
        Some(time) if TIMES.contains(key) => {
            let time = jiff::Timestamp::from_millisecond(time).unwrap();
            json!(time.to_string())
        }
        _ => value.clone(),
    }
}

#[test]
fn every_field_of_the_pages_examples_is_printed() {
    let services = Services::start();
    for (operation, page) in READING.into_iter().zip(PAGES) {
        services.answer(operation, page);
    }
    for ((operation, command), page) in services.each_operation("").into_iter().zip(PAGES) {
        let page: Value = serde_json::from_str(page).unwrap();
        let output = command.run().exits(0).json();
        let (shown, got) = match operation {
            Operation::Tasks => (&page["tasks"][0], &output[0]),
            Operation::Records => (&page["sync_records"][0], &output[0]),
            _ => (&page, &output),
        };
        for (key, value) in shown.as_object().unwrap() {
            assert_eq!(got.get(key), Some(&printed(key, value)), "{key}");
        }
    }
}

#[test]
fn text_of_a_service_cannot_control_the_terminal() {
    let services = Services::start();
    let tasks = r#"{"total":1,"tasks":[{"id":"a","cluster_name":"x\u001b[2J\ny","sync_msg":"\u001b]0;t\u0007"}]}"#;
    services.answer(Operation::Tasks, tasks);
    let stdout = services.run("tasks --color always", 0).stdout;
    let is_safe = !stdout.contains("\u{1b}[2J") && !stdout.contains("\u{1b}]0");
    assert!(is_safe, "{stdout:?}");
    assert_eq!(stdout.lines().count(), 2);
    services.clear_faults();
    let refusal = r#"{"error_code":"X\u001b[2J","error_msg":"\u001b[2Jgone"}"#;
    services.break_with(&FaultKind::status_with(400, refusal));
    let stderr = services.run("tasks", 1).stderr;
    assert!(stderr.contains("gone"), "{stderr:?}");
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}
