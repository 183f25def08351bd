//! A document that is damaged anywhere is either reported or still generated; nothing panics.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::path::Path;

use serde_json::{Value, json};
use xtask::codegen::services::SERVICES;
use xtask::codegen::spec::Document;
use xtask::codegen::{client, rules};

/// Every place in `value`, as a JSON pointer, below `pointer`.
fn places(pointer: &str, value: &Value, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        places(&format!("{pointer}/{key}"), child, found);
    }
}

/// Whether a place holds an example, in which anything goes.
fn is_data(pointer: &str) -> bool {
    pointer.contains("/example")
}

#[test]
fn any_node_replaced_by_anything_is_reported_or_generated() {
    let service = SERVICES
        .iter()
        .find(|service| service.module == "dws")
        .expect("a service");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sound = Document::load(&root, service.file).expect("a sound document");
    let mut pointers = Vec::new();
    places("", &sound.root, &mut pointers);
    let mut reported = 0;
    for pointer in pointers.iter().filter(|pointer| !is_data(pointer)) {
        for replacement in [json!(null), json!(7), json!([{}])] {
            let mut damaged = sound.clone();
            *damaged.root.pointer_mut(pointer).expect("a place") = replacement.clone();
            if !rules::check(service, &damaged).is_empty() {
                reported += 1;
            } else if let Err(problem) = client::client(service, &damaged) {
                let message = problem.to_string();
                assert!(
                    !message.contains("panic"),
                    "{pointer} as {replacement}: {message}"
                );
            }
        }
    }
    assert!(reported > 300, "only {reported} damages were reported");
}
