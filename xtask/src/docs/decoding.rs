//! Whether the examples of a page are what the document's schemas describe.

use serde_json::{Map, Value, json};

use super::change::{Change, Kind, Part, Weight};
use super::contract::Contract;
use super::facts::{Example, Facts};

/// How much of a validator's message is told.
const MAX_MESSAGE: usize = 200;

/// What does not decode in an example, and why.
struct Failure {
    /// JSON pointer to the value; none for an example as a whole.
    pointer: Option<String>,
    reason: String,
}

impl Failure {
    fn whole(reason: impl Into<String>) -> Self {
        Self {
            pointer: None,
            reason: reason.into(),
        }
    }
}

/// A change for each example of an answer that does not decode.
pub fn changes(contract: &Contract<'_>, facts: &Facts) -> Vec<Change> {
    let answers = facts.examples.iter().filter(|example| !example.request);
    let failed = answers.filter_map(|example| Some((example, failure(contract, example)?)));
    let change = |(example, failure): (&Example, Failure)| Change {
        part: Part::Answer(status(example).to_owned()),
        name: failure.pointer,
        kind: Kind::Example,
        from: None,
        to: Some(format!(
            "an example (line {}) that does not decode: {}",
            example.line, failure.reason
        )),
        key: None,
        weight: Weight::Breaking,
    };
    failed.map(change).collect()
}

fn status(example: &Example) -> &str {
    example.status.as_deref().unwrap_or("200")
}

/// Why an example does not decode; none if it does.
fn failure(contract: &Contract<'_>, example: &Example) -> Option<Failure> {
    let Some(value) = &example.value else {
        return Some(Failure::whole("it is not JSON"));
    };
    let described = contract.described_status(status(example));
    let Some(body) = described.and_then(|status| contract.body(status)) else {
        return Some(Failure::whole("the document describes no such answer"));
    };
    let schema = body.nodes.first()?;
    let root = contract.root();
    let schemas = root
        .find(&["components", "schemas"])
        .map(|node| translated(node.value));
    let schema = json!({"allOf": [translated(schema.value)], "components": {"schemas": schemas}});
    let validator = match jsonschema::draft4::new(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            return Some(Failure::whole(format!(
                "the schema itself is wrong: {error}"
            )));
        }
    };
    let error = validator.iter_errors(value).next()?;
    let pointer = error.instance_path().to_string();
    let message = format!("{error} at `{pointer}`");
    Some(Failure {
        pointer: Some(pointer),
        reason: message.chars().take(MAX_MESSAGE).collect(),
    })
}

/// The one thing that OpenAPI 3.0 says otherwise than JSON Schema: `nullable` beside a type stands for one more type.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let rest = members.iter().filter(|(key, _)| *key != "nullable");
            let mut rest: Map<String, Value> = rest
                .map(|(key, member)| (key.clone(), translated(member)))
                .collect();
            if members.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = members.get("type")
            {
                rest.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(rest)
        }
        Value::Array(items) => items.iter().map(translated).collect(),
        other => other.clone(),
    }
}
