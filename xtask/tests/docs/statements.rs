//! Every single fact, mark and constraint: whichever of them is changed, taken away or added, `docs check` or a house rule finds it.

use serde_json::{Value, json};
use xtask::codegen::rules;
use xtask::codegen::services::{SERVICES, Service};
use xtask::codegen::spec::Document;
use xtask::docs::facts::Facts;
use xtask::docs::{check, lock};
use xtask::workspace_root;

/// Every place in `value` below `pointer`, as a JSON pointer.
fn places(pointer: &str, value: &Value) -> Vec<String> {
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
    let below = children.into_iter().flat_map(|(key, child)| {
        let place = format!("{pointer}/{key}");
        let below = places(&place, child);
        std::iter::once(place).chain(below)
    });
    below.collect()
}

fn without(root: &Value, pointer: &str) -> Value {
    let mut root = root.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a place");
    let key = key.replace("~1", "/").replace("~0", "~");
    match root.pointer_mut(parent).expect("a parent") {
        Value::Object(members) => drop(members.remove(&key)),
        Value::Array(items) => drop(items.remove(key.parse().expect("an index"))),
        _ => panic!("{parent} has nothing below it"),
    }
    root
}

fn sound(service: &Service) -> (Document, Facts) {
    let root = workspace_root();
    let document = Document::load(&root, service.file).expect("a document");
    let facts = lock::read(&root, service).expect("a lock");
    (document, facts)
}

/// What is found in a document with this content; only `docs check` looks, unless `by_rules` lets the house rules look too.
fn is_found(
    service: &Service,
    sound: &Document,
    root: Value,
    facts: &Facts,
    by_rules: bool,
) -> bool {
    let mut document = sound.clone();
    document.root = root;
    !check::compare(&document, service, facts).is_empty()
        || by_rules && !rules::check(service, &document).is_empty()
}

/// Another fact of the same form; none for what only holds facts.
fn changed(place: &str, fact: &Value) -> Option<Value> {
    match fact {
        Value::String(text) if place.ends_with("/in") => {
            Some(json!(if text == "path" { "query" } else { "path" }))
        }
        Value::String(text) if place.ends_with("/type") => {
            Some(json!(if text == "String" { "Long" } else { "String" }))
        }
        Value::String(text) => Some(json!(format!("{text}9"))),
        Value::Bool(flag) => Some(json!(!flag)),
        Value::Number(number) => Some(json!(number.as_i64()? + 1)),
        _ => None,
    }
}

/// Facts that a document does not state, or states in words or by inference alone.
fn is_in_words(facts: &Value, place: &str) -> bool {
    let credential = |field: &str| {
        let name = facts.pointer(&format!("{field}/name"));
        name.is_some_and(|name| name == "X-Auth-Token") && !place.ends_with("/type")
    };
    place == "/title"
        || place.contains("/enum")
            && facts
                .pointer(place)
                .is_some_and(|fact| fact.to_string().contains("cluster"))
        || place
            .rsplit_once('/')
            .is_some_and(|(field, _)| credential(field))
}

#[test]
fn every_fact_that_changes_is_found() {
    for service in SERVICES {
        let (document, facts) = sound(service);
        let facts = serde_json::to_value(&facts).expect("facts");
        for place in places("", &facts) {
            let Some(other) = changed(&place, &facts.pointer(&place).expect("a fact").clone())
            else {
                continue;
            };
            let mut moved = facts.clone();
            *moved.pointer_mut(&place).expect("a fact") = other;
            let Ok(moved) = serde_json::from_value(moved) else {
                continue;
            };
            let root = document.root.clone();
            assert!(
                is_in_words(&facts, &place) || is_found(service, &document, root, &moved, false),
                "{} {place}",
                service.file
            );
        }
    }
}

#[test]
fn every_fact_that_goes_is_found() {
    // Bounds of fields stand in words; the statuses that have a body are also known by that.
    let told_otherwise = |place: &str| {
        place == "/date"
            || place.starts_with("/status_codes/")
            || !place.starts_with("/parameters")
                && (place.ends_with("/minimum") || place.ends_with("/maximum"))
            || place.starts_with("/parameters") && place.ends_with("/type")
    };
    for service in SERVICES {
        let (document, facts) = sound(service);
        let facts = serde_json::to_value(&facts).expect("facts");
        for place in places("", &facts) {
            let Ok(fewer) = serde_json::from_value(without(&facts, &place)) else {
                continue;
            };
            let root = document.root.clone();
            assert!(
                is_in_words(&facts, &place)
                    || told_otherwise(&place)
                    || is_found(service, &document, root, &fewer, false),
                "{} {place}",
                service.file
            );
        }
    }
}

#[test]
fn every_mark_that_goes_is_found() {
    for service in SERVICES {
        let (document, facts) = sound(service);
        let marks = places("", &document.root);
        let marks = marks.iter().filter(|place| place.contains("/x-inferred"));
        let mut count = 0;
        for place in marks {
            let root = without(&document.root, place);
            assert!(
                is_found(service, &document, root, &facts, true),
                "{} {place}",
                service.file
            );
            count += 1;
        }
        assert!(count > 10, "{}: {count} marks", service.file);
    }
}

#[test]
fn every_constraint_that_comes_without_a_mark_is_found() {
    let constraints = [
        ("minimum", json!(3)),
        ("exclusiveMaximum", json!(true)),
        ("multipleOf", json!(2)),
        ("maxLength", json!(9)),
        ("pattern", json!("^x$")),
        ("minItems", json!(1)),
        ("uniqueItems", json!(true)),
        ("default", json!(7)),
        ("enum", json!(["NEW"])),
        ("x-extensible-enum", json!(["NEW"])),
    ];
    for service in SERVICES {
        let (document, facts) = sound(service);
        let places = places("", &document.root);
        let schemas = places.iter().filter(|place| is_schema(place));
        for place in schemas {
            for (key, value) in &constraints {
                let mut root = document.root.clone();
                let schema = root.pointer_mut(place).expect("a schema");
                if schema.get(key).is_some() {
                    continue;
                }
                schema[key] = value.clone();
                assert!(
                    is_found(service, &document, root, &facts, true),
                    "{} {place} {key}",
                    service.file
                );
            }
        }
    }
}

/// Whether this is the schema of a parameter or of a field.
fn is_schema(place: &str) -> bool {
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    let of_parameter = key == "schema" && place.contains("/parameters/");
    !place.contains("/example") && (of_parameter || parent.ends_with("/properties"))
}
