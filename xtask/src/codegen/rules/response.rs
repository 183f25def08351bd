//! Rules for responses.

use serde_json::Value;

use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The statuses that every operation lists.
const STATUSES: [&str; 7] = ["200", "400", "401", "403", "417", "4XX", "500"];

/// The one body of every failure.
const ERROR: &str = "ErrorResponse";

/// The examples that every successful answer shows.
const EXAMPLES: [&str; 3] = ["full", "empty", "surprising"];

pub(super) fn response_set(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, _, operation) in survey::operations(document) {
        let responses = operation.get("responses").unwrap_or(operation);
        for status in STATUSES {
            problems.extend(responses.require(
                responses.has(status),
                &format!("lacks the response `{status}`: add it"),
            ));
        }
        let foreign = responses
            .members()
            .into_iter()
            .filter(|(status, _)| !STATUSES.contains(status));
        problems.extend(foreign.map(|(status, response)| response.problem(refusal(status))));
    }
    problems
}

fn refusal(status: &str) -> String {
    let why = match status {
        "default" => "the Rust generator fails on it; `4XX` catches the rest",
        "5XX" => {
            "an HTML page of a load balancer would hide the status in Rust and raise in Python"
        }
        _ => "list 200, 400, 401, 403, 417, 500 and 4XX only",
    };
    format!("`{status}` is not allowed: {why}, so remove it")
}

pub(super) fn response_body(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, response) in survey::responses(document) {
        problems.extend(response.require_texts(&["description"]));
        let bodies = response
            .get("content")
            .map(|content| content.members())
            .unwrap_or_default();
        let json_only = matches!(bodies.as_slice(), [("application/json", _)]);
        problems
            .extend(response.require(json_only, "must have exactly one body, `application/json`"));
        for (_, body) in bodies {
            let named = body
                .get("schema")
                .is_some_and(|schema| schema.reference().is_some());
            problems.extend(body.require(
                named,
                "must have a named schema: move it to `components.schemas` and refer to it",
            ));
        }
    }
    problems
}

pub(super) fn error_body(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (status, _, body) in survey::bodies(document) {
        let schema = body.get("schema").and_then(|schema| schema.reference());
        let right = (schema == Some(ERROR)) != status.starts_with('2');
        problems.extend(body.require(
            right,
            "must be an `ErrorResponse` if and only if it is a failure",
        ));
    }
    problems
}

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
    let mut problems = Vec::new();
    for (_, _, body) in survey::bodies(document)
        .into_iter()
        .filter(|(status, _, _)| status.starts_with('2'))
    {
        for name in EXAMPLES {
            let found = body.find(&["examples", name]).is_some();
            problems
                .extend(body.require(found, &format!("needs an example named `{name}`: add it")));
        }
        if let Some(surprising) = body.find(&["examples", "surprising", "value"]) {
            problems.extend(surprising.require(
                holds_null(surprising.value),
                "must hold a null: that is what surprises clients",
            ));
        }
    }
    problems
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(holds_null),
        Value::Object(members) => members.values().any(holds_null),
        _ => false,
    }
}
