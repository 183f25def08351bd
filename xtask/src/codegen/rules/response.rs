//! Rules for responses.

use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The statuses that every operation lists.
const STATUSES: [&str; 7] = ["200", "400", "401", "403", "417", "4XX", "500"];

/// The one body of every failure.
const ERROR: &str = "ErrorResponse";

/// What every client reads of a failure.
pub(super) const ERROR_FIELDS: [&str; 2] = ["error_code", "error_msg"];

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

pub(super) fn error_fields(document: &Document) -> Vec<Problem> {
    let schemas = survey::named_schemas(document).into_iter();
    let errors = schemas.filter(|(name, _)| *name == ERROR);
    errors
        .flat_map(|(_, error)| {
            let wrong = ERROR_FIELDS.iter().filter(|field| {
                let field = error.find(&["properties", field]);
                field.is_none_or(|field| field.text("type") != Some("string"))
            });
            let wrong: Vec<Problem> = wrong
                .map(|field| error.problem(format!("needs `{field}` as a string: clients read it")))
                .collect();
            wrong
        })
        .collect()
}
