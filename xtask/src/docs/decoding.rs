//! Whether the examples of a page are what the document's schemas describe.

use serde_json::{Map, Value, json};

use super::change::{Change, Kind, Part};
use super::contract::Contract;
use super::facts::{Example, Facts};
use crate::codegen::node::Node;

/// How much of a validator's message is told.
const MAX_MESSAGE: usize = 200;

/// A change for each example of an answer that does not decode.
pub fn changes(contract: &Contract<'_>, facts: &Facts) -> Vec<Change> {
    let answers = facts.examples.iter().filter(|example| !example.request);
    let failed = answers.filter_map(|example| Some((example, problem(contract, example)?)));
    let change = |(example, problem): (&Example, String)| Change {
        part: Part::Answer(status(example).to_owned()),
        name: None,
        kind: Kind::Example,
        from: None,
        to: Some(format!(
            "an example (line {}) that does not decode: {problem}",
            example.line
        )),
    };
    failed.map(change).collect()
}

fn status(example: &Example) -> &str {
    example.status.as_deref().unwrap_or("200")
}

/// Why an example does not decode; none if it does.
fn problem(contract: &Contract<'_>, example: &Example) -> Option<String> {
    let Some(value) = &example.value else {
        return Some("it is not JSON".to_owned());
    };
    let body = contract.body(status(example))?;
    let schema = body.nodes.first()?;
    let root = contract.root();
    let schemas = root
        .find(&["components", "schemas"])
        .map(|node| translated(node.value));
    let schema = json!({"allOf": [translated(schema.value)], "components": {"schemas": schemas}});
    let validator = match jsonschema::draft4::new(&schema) {
        Ok(validator) => validator,
        Err(error) => return Some(format!("the schema itself is wrong: {error}")),
    };
    let error = validator.iter_errors(value).next()?;
    let message: String = format!("{} at `{}`", error, error.instance_path())
        .chars()
        .take(MAX_MESSAGE)
        .collect();
    Some(message)
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

/// The place of the document that a change asks to be edited.
pub fn place<'a>(contract: &Contract<'a>, change: &Change) -> Node<'a> {
    let operation = &contract.operation;
    let found = match &change.part {
        Part::Parameters(location) => {
            let name = change.name.as_deref().unwrap_or_default();
            let node = contract
                .parameter(*location, name)
                .or_else(|| contract.security(name));
            node.map(|node| attribute(contract, &node, change))
                .or_else(|| operation.get("parameters"))
        }
        Part::Answer(status) => {
            let shape = contract.body(status);
            let fields = shape.as_ref().and_then(|shape| shape.node("properties"));
            let field = shape
                .as_ref()
                .zip(change.name.as_deref())
                .and_then(|(shape, name)| shape.field(name));
            let field = field.map(|node| attribute(contract, &node, change));
            field
                .or(fields)
                .or_else(|| operation.find(&["responses", status]))
        }
        Part::Structure(name, _) => {
            let shape = contract.schema(name);
            let field = shape
                .as_ref()
                .zip(change.name.as_deref())
                .and_then(|(shape, name)| shape.field(name));
            let whole = shape.as_ref().and_then(|shape| match change.name {
                Some(_) => shape.node("properties"),
                None => shape.nodes.first().cloned(),
            });
            let field = field.map(|node| attribute(contract, &node, change));
            field
                .or(whole)
                .or_else(|| contract.root().find(&["components", "schemas"]))
        }
        Part::Page => {
            let status = change
                .from
                .as_deref()
                .and_then(|status| operation.find(&["responses", status]));
            status.or_else(|| operation.get("responses"))
        }
    };
    found.unwrap_or_else(|| operation.clone())
}

/// The part of a parameter or field that a change is about.
fn attribute<'a>(contract: &Contract<'a>, node: &Node<'a>, change: &Change) -> Node<'a> {
    let schema = node.get("schema").unwrap_or_else(|| node.clone());
    let shape = contract.shape(schema.clone());
    let key = |key: &str| shape.node(key);
    let found = match change.kind {
        Kind::Type => key("type"),
        Kind::Mandatory => node.get("required"),
        Kind::Range => ["minimum", "maximum", "minLength", "maxLength"]
            .iter()
            .find_map(|name| key(name)),
        Kind::Default => key("default"),
        Kind::Enum => key("enum").or_else(|| key("x-extensible-enum")),
        Kind::Added | Kind::Removed | Kind::Renamed | Kind::StatusCode | Kind::Example => {
            Some(node.clone())
        }
    };
    found.unwrap_or(schema)
}
