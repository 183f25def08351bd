//! Single edits of the documents: whatever they state otherwise than their pages is found.

use serde_json::{Value, json};
use xtask::codegen::SERVICES;
use xtask::codegen::spec::Document;
use xtask::facts::Facts;
use xtask::facts::check::compare;

use crate::sound;

/// The JSON pointer of a place. `get` is the operation at `path`, and parameters go by name.
fn pointer(document: &Document, path: &str, place: &str) -> String {
    let path = path.replace('/', "~1");
    let place = place.replacen("get/", &format!("paths/{path}/get/"), 1);
    let mut node = &document.root;
    let mut pointer = String::new();
    for key in place.split('/') {
        let named = |item: &Value| item["name"] == key;
        let index = node
            .as_array()
            .and_then(|items| items.iter().position(named));
        let key = index.map_or_else(|| key.to_owned(), |index| index.to_string());
        pointer = format!("{pointer}/{key}");
        node = document.root.pointer(&pointer).unwrap_or(&Value::Null);
    }
    pointer
}

/// The value without a place, or with another value at it.
fn with(root: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut root = root.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a place");
    let key = key.replace("~1", "/");
    match (
        root.pointer_mut(parent)
            .unwrap_or_else(|| panic!("{parent}")),
        value,
    ) {
        (Value::Object(members), Some(value)) => drop(members.insert(key, value)),
        (Value::Object(members), None) => drop(members.remove(&key).expect("a member")),
        (Value::Array(items), Some(value)) if key == "-" => items.push(value),
        (Value::Array(items), Some(value)) => {
            items[key.parse::<usize>().expect("an index")] = value;
        }
        (Value::Array(items), None) => drop(items.remove(key.parse().expect("an index"))),
        (other, _) => panic!("{parent} is {other}"),
    }
    root
}

#[test]
fn the_documents_state_what_their_pages_state() {
    for file in SERVICES {
        let (document, facts) = sound(file);
        assert_eq!(compare(&document, &facts), [""; 0], "{file}");
    }
}

/// A document, a place, what to put there (`-` for nothing), and what has to be found.
const EDITS: &str = r#"
dws | get/parameters/limit/schema/minimum | 2 | `minimum` of query parameter `limit` is 2, but the page says 1
dws | get/parameters/limit/schema/minimum | - | lacks `minimum` of query parameter `limit`
dws | get/parameters/limit/schema/default | 100 | is 100, but the page says 1000
dws | get/parameters/limit/schema/maximum | 9 | does not state `maximum` of query parameter `limit`: remove it, or mark it
dws | get/parameters/limit/schema/pattern | "^x$" | does not state `pattern`
dws | get/parameters/limit/schema/enum | [1, 2] | does not state the value `1`
dws | get/parameters/limit/schema/x-inferred | ["minimum"] | lacks `minimum` of query parameter `limit`, which the page states: add it, or remove its mark
dws | get/parameters/limit/name | "size" | does not state query parameter `size`
dws | get/parameters/limit/required | true | is true, but the page says false
dws | get/parameters/limit/x-inferred | true | lacks query parameter `limit`
dws | get/parameters/limit/description | "Records per page." | does not name the bound 1000
dws | get/parameters/limit | - | lacks query parameter `limit`
dws | get/parameters/- | {"name": "size", "in": "query"} | does not state query parameter `size`
dws | get/responses/417 | - | lacks the status 417
dws | get/responses/418 | {} | does not state the status 418
dws | record/properties/fail_reason | - | lacks field `fail_reason`
dws | record/properties/reason | {"type": "string"} | does not state field `reason`
dws | record/properties/add_count | {"type": "string"} | is string, but the page says Integer
dws | record/properties/add_count/description | "Added." | does not name the bound 0
dws | record/properties/start_time/format | "int32" | is integer, but the page says Long
dws | record/properties/id/maxLength | 9 | does not state `maxLength` of field `id`
dws | record/properties/id/x-inferred | true | lacks field `id`
dws | record/required | ["id"] | does not state `required` of field `id`
dws | components/schemas/Other | {"properties": {"a": {}}} | does not state structure `Other`
dws | components/schemas/RecordStatus/x-inferred | - | does not state the value `RUNNING`
dws | components/schemas/ErrorResponse/x-inferred | - | does not state the response 400
dataarts-studio | components/schemas/SyncStatus/x-extensible-enum/4 | - | lacks the value `SYNC_FAIL`
dataarts-studio | components/schemas/SyncStatus/x-extensible-enum/- | "HALF" | does not state the value `HALF`
dataarts-studio | components/schemas/SyncStatus/x-inferred | true | lacks the value `SYNC_FAIL`
dataarts-studio | components/schemas/ClusterType/x-extensible-enum/1 | "DLI" | lacks the value `DWS cluster`
dataarts-studio | components/schemas/MemberSyncTaskPage/properties/tasks/items | {"type": "object"} | is Array of object, but the page says
dataarts-studio | components/securitySchemes/IamToken/name | "X-Token" | does not state header parameter `X-Token`
dataarts-studio | components/schemas/ErrorResponse/properties/request_id/x-inferred | - | does not state field `request_id`
mrs | get/parameters/project_id/schema/maxLength | 65 | is 65, but the page says 64
mrs | get/parameters/project_id/schema/pattern | "^[a-z0-9]+$" | is a-z0-9, but the page says A-Za-z0-9
mrs | get/responses/400/x-inferred | - | does not state the status 400
"#;

#[test]
fn each_statement_that_differs_from_the_page_is_found() {
    for edit in EDITS.trim().lines() {
        let parts: Vec<&str> = edit.split(" | ").collect();
        let [name, place, value, message] = parts[..] else {
            panic!("{edit}");
        };
        let place = place.replace("record/", "components/schemas/IdentitySourceSyncRecordVo/");
        let value = (value != "-").then(|| serde_json::from_str(value).expect("JSON"));
        let (mut document, facts) = sound(&format!("openapi/{name}.yaml"));
        let pointer = pointer(&document, &facts.path, &place);
        document.root = with(&document.root, &pointer, value);
        let found = compare(&document, &facts);
        let told = found.iter().find(|problem| problem.contains(message));
        assert!(told.is_some(), "{place}: {message}: {found:#?}");
    }
}

/// Every place in `value` below `pointer`.
fn places(pointer: &str, value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, child)| (key.replace('/', "~1"), child))
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

/// Facts that a document states in words alone, or whose loss leaves it no less marked than before.
fn is_free(facts: &Value, place: &str, removed: bool) -> bool {
    let field = place.rsplit_once('/').map_or("", |(field, _)| field);
    let credential = facts.pointer(&format!("{field}/name")) == Some(&json!("X-Auth-Token"));
    let range = place.ends_with("/minimum") || place.ends_with("/maximum");
    let described = place.starts_with("/status_codes/");
    let cluster = facts
        .pointer(place)
        .is_some_and(|fact| fact.to_string().contains("cluster"));
    ["/title", "/date"].contains(&place)
        || credential
        || place.contains("/enum") && cluster
        || removed && (described || range && !place.starts_with("/parameters"))
}

#[test]
fn every_fact_that_changes_or_goes_is_found() {
    for file in SERVICES {
        let (document, known) = sound(file);
        let facts = serde_json::to_value(&known).expect("facts");
        for place in places("", &facts) {
            let other = match facts.pointer(&place).expect("a fact") {
                Value::String(text) if place.ends_with("/in") => {
                    json!(if text == "path" { "query" } else { "path" })
                }
                Value::String(text) if place.ends_with("/type") => {
                    json!(if text == "String" { "Long" } else { "String" })
                }
                Value::String(text) => json!(format!("{text}9")),
                Value::Bool(flag) => json!(!flag),
                Value::Number(number) => json!(number.as_i64().expect("a number") + 1),
                _ => continue,
            };
            for value in [Some(other), None] {
                let removed = value.is_none();
                let Ok(moved) = serde_json::from_value::<Facts>(with(&facts, &place, value)) else {
                    continue;
                };
                let found = !compare(&document, &moved).is_empty();
                assert!(
                    found || is_free(&facts, &place, removed),
                    "{file} {place} {removed}"
                );
            }
        }
    }
}
