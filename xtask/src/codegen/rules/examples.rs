//! Rules for examples: a reader and a test learn from them what an answer can look like.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::codegen::enums::EXTENSION;
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The examples that every successful answer shows.
const EXAMPLES: [&str; 3] = ["full", "empty", "surprising"];

pub(super) fn response_example(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, _, body) in survey::bodies(document) {
        let examples = body
            .get("examples")
            .map(|examples| examples.members())
            .unwrap_or_default();
        problems.extend(body.require(
            !examples.is_empty(),
            "needs `examples`: show at least one answer",
        ));
        problems.extend(body.refuse(&["example"], "readers look among the named `examples`"));
        for (_, example) in examples {
            problems.extend(example.require_texts(&["summary"]));
            problems.extend(example.require(
                example.has("value"),
                "needs a `value`: show the answer itself",
            ));
        }
    }
    problems
}

pub(super) fn success_examples(document: &Document) -> Vec<Problem> {
    let bodies = successes(document).into_iter();
    bodies
        .flat_map(|body| {
            let missing = EXAMPLES
                .iter()
                .filter(|name| body.find(&["examples", name]).is_none());
            let missing: Vec<Problem> = missing
                .map(|name| body.problem(format!("needs an example named `{name}`: add it")))
                .collect();
            missing
        })
        .collect()
}

/// The full example has a value in every field that its schemas describe.
pub(super) fn full_example(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (body, full) in shown(document, "full") {
        let mut given = BTreeSet::new();
        names(full.value, &mut given);
        for (field, _) in survey::properties(&answer_schemas(document, &body)) {
            problems.extend(full.require(
                given.contains(field),
                &format!("must show a value in every field, and lacks `{field}`: add it"),
            ));
        }
    }
    problems
}

/// The empty example has nothing but zeros, nulls and empty lists.
pub(super) fn empty_example(document: &Document) -> Vec<Problem> {
    let shown = shown(document, "empty").into_iter();
    shown
        .flat_map(|(_, empty)| {
            empty.require(
                is_empty(empty.value),
                "must hold nothing but zeros, nulls and empty lists",
            )
        })
        .collect()
}

/// The surprising example holds a null and, where a set of values is open, one that is not listed.
pub(super) fn surprising_example(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (body, surprising) in shown(document, "surprising") {
        problems.extend(surprising.require(
            any(surprising.value, &Value::is_null),
            "must hold a null: that is what surprises clients",
        ));
        let open = open_fields(document, &answer_schemas(document, &body));
        let new = |value: &Value| {
            open.iter().any(|(field, listed)| {
                let text = value.get(field).and_then(Value::as_str);
                text.is_some_and(|text| !listed.contains(&text))
            })
        };
        problems.extend(surprising.require(
            open.is_empty() || any(surprising.value, &new),
            "must hold a value that its open set does not list: services add some",
        ));
    }
    problems
}

fn successes(document: &Document) -> Vec<Node<'_>> {
    let bodies = survey::bodies(document).into_iter();
    bodies
        .filter(|(status, _, _)| status.starts_with('2'))
        .map(|(_, _, body)| body)
        .collect()
}

/// The example `name` of every successful answer, with the body that it is of.
pub(super) fn shown<'a>(document: &'a Document, name: &str) -> Vec<(Node<'a>, Node<'a>)> {
    let bodies = successes(document).into_iter();
    bodies
        .filter_map(|body| {
            let example = body.find(&["examples", name, "value"])?;
            Some((body, example))
        })
        .collect()
}

/// Every schema that the answer `body` is made of.
pub(super) fn answer_schemas<'a>(document: &'a Document, body: &Node<'a>) -> Vec<Node<'a>> {
    let start: Vec<Node<'a>> = body.get("schema").into_iter().collect();
    let reached = survey::reachable(document, &start);
    let named = survey::named_schemas(document).into_iter();
    named
        .filter(|(name, _)| reached.contains(name))
        .map(|(_, schema)| schema)
        .collect()
}

/// The fields among `schemas` whose values form an open set, with the values that are listed.
pub(super) fn open_fields<'a>(
    document: &'a Document,
    schemas: &[Node<'a>],
) -> Vec<(&'a str, Vec<&'a str>)> {
    let fields = survey::properties(schemas).into_iter();
    fields
        .filter_map(|(field, property)| {
            let name = survey::with_subschemas(&property)
                .iter()
                .find_map(Node::reference)?;
            let values = Node::root(document).find(&["components", "schemas", name, EXTENSION])?;
            let values = values.items().into_iter();
            let listed = values.filter_map(|item| item.value.as_str()).collect();
            Some((field, listed))
        })
        .collect()
}

/// Every key anywhere in `value` that stands for more than null.
fn names<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(members) => {
            for (key, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                found.insert(key);
                names(member, found);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        Value::Bool(_) | Value::String(_) => false,
    }
}

/// Whether `right` is true of `value` or of anything in it.
fn any(value: &Value, right: &dyn Fn(&Value) -> bool) -> bool {
    let below = match value {
        Value::Array(items) => items.iter().any(|item| any(item, right)),
        Value::Object(members) => members.values().any(|member| any(member, right)),
        _ => false,
    };
    below || right(value)
}
