//! Rules for the values in examples, as far as schemas do not hold them.

use serde_json::Value;

use super::examples::{answer_schemas, open_fields, shown};
use super::response::ERROR_FIELDS;
use crate::codegen::enums::EXTENSION;
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// Thirteen digits: milliseconds from the year 2001 to 2286.
const MILLISECONDS: std::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// Whoever copies an example sends it, so it shows a value that is listed; only `surprising` shows others.
pub(super) fn listed_values(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, schema) in survey::named_schemas(document) {
        problems.extend(unlisted(&schema, &schema));
    }
    for parameter in survey::parameters(document) {
        let name = parameter
            .get("schema")
            .and_then(|schema| schema.reference());
        let set = name.and_then(|name| Node::root(document).find(&["components", "schemas", name]));
        problems.extend(set.iter().flat_map(|set| unlisted(&parameter, set)));
    }
    for (body, full) in shown(document, "full") {
        for (field, listed) in open_fields(document, &answer_schemas(document, &body)) {
            let values = members_named(&full, &|name| name == field);
            problems.extend(values.iter().flat_map(|value| one_of(value, &listed)));
        }
    }
    problems
}

/// The `example` of `holder`, if `set` does not list it.
fn unlisted(holder: &Node<'_>, set: &Node<'_>) -> Vec<Problem> {
    let (Some(example), Some(values)) = (holder.get("example"), set.get(EXTENSION)) else {
        return Vec::new();
    };
    let values = values.items();
    let listed: Vec<&str> = values
        .iter()
        .filter_map(|item| item.value.as_str())
        .collect();
    one_of(&example, &listed)
}

fn one_of(value: &Node<'_>, listed: &[&str]) -> Vec<Problem> {
    let right = value
        .value
        .as_str()
        .is_none_or(|text| listed.contains(&text));
    value.require(
        right,
        &format!("must be a value that its set lists: {}", listed.join(", ")),
    )
}

/// An example in seconds would teach a unit that the services do not use.
pub(super) fn example_times(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, _, body) in survey::bodies(document) {
        for time in members_named(&body, &|name| name.ends_with("_time")) {
            let right = time
                .value
                .as_i64()
                .is_none_or(|time| time == 0 || MILLISECONDS.contains(&time));
            problems.extend(time.require(
                right,
                "must be in milliseconds since the Unix epoch, which has 13 digits today",
            ));
        }
    }
    problems
}

/// An example of a failure shows what clients read of it.
pub(super) fn error_example(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (status, _, body) in survey::bodies(document) {
        let examples = body.get("examples").filter(|_| !status.starts_with('2'));
        let examples = examples
            .map(|examples| examples.members())
            .unwrap_or_default();
        for (_, example) in examples {
            let value = example.get("value").unwrap_or(example);
            let complete = ERROR_FIELDS.iter().all(|field| value.text(field).is_some());
            problems.extend(value.require(
                complete,
                "must show `error_code` and `error_msg` with text: clients read both",
            ));
        }
    }
    problems
}

/// Every member below `node` that `right` says yes to, by its name.
fn members_named<'a>(node: &Node<'a>, right: &dyn Fn(&str) -> bool) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    for (name, member) in node.members() {
        found.extend(members_named(&member, right));
        if right(name) && !matches!(member.value, Value::Object(_)) {
            found.push(member);
        }
    }
    found.extend(
        node.items()
            .iter()
            .flat_map(|item| members_named(item, right)),
    );
    found
}
