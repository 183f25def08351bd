//! Whether a document states what its page states, and marks everything else as inferred.

use std::path::Path;

use serde_json::Value;

use super::contract::{Contract, Shape};
use super::facts::{Facts, Field, Location};
use super::kinds;
use super::lock;
use crate::codegen::node::Node;
use crate::codegen::services::{SERVICES, Service};
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};

/// Keys of a schema that bound its values, and have to come from the page.
const BOUNDS: [&str; 6] = [
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "default",
];

/// Holds every document against the facts of its page.
///
/// # Errors
///
/// Each fact that a document lacks or states otherwise, and each statement that is neither a fact nor marked `x-inferred`.
pub fn check(root: &Path) -> Result<String, Problems> {
    let mut problems = Problems::default();
    for service in SERVICES {
        match (
            Document::load(root, service.file),
            lock::read(root, service),
        ) {
            (Ok(document), Ok(facts)) => problems.extend(compare(&document, service, &facts)),
            (document, facts) => {
                problems.extend(document.err().into_iter().chain(facts.err()).collect());
            }
        }
    }
    problems.into_result(format!(
        "{} documents state what their pages state",
        SERVICES.len()
    ))
}

/// Everything in which a document and the facts of its page differ.
pub fn compare(document: &Document, service: &Service, facts: &Facts) -> Vec<Problem> {
    let Some(contract) = Contract::of(document, service) else {
        let message = format!(
            "lacks {} {}: the operation is what the facts are about",
            facts.method, facts.path
        );
        return vec![Problem::of_file(&document.file, message)];
    };
    let check = Check { contract, facts };
    let mut problems = check.date();
    problems.extend(check.documented());
    problems.extend(check.undocumented());
    problems
}

struct Check<'a> {
    contract: Contract<'a>,
    facts: &'a Facts,
}

impl<'a> Check<'a> {
    /// The document names the day of the page that it was written from.
    fn date(&self) -> Vec<Problem> {
        let Some(date) = &self.facts.date else {
            return Vec::new();
        };
        let root = self.contract.root();
        let places = [
            root.find(&["info", "description"]),
            self.contract
                .operation
                .find(&["externalDocs", "description"]),
        ];
        let wrong = places
            .into_iter()
            .flatten()
            .filter(|node| !text(node).contains(date.as_str()));
        wrong
            .map(|node| node.problem(format!("does not name the day of the page, {date}: add it")))
            .collect()
    }

    /// Every fact is in the document.
    fn documented(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for field in &self.facts.parameters {
            problems.extend(self.parameter(field));
        }
        for response in &self.facts.responses {
            match self.contract.body(&response.status) {
                Some(body) => problems.extend(self.fields(&body, &response.fields)),
                None => problems.push(self.lacks(
                    "responses",
                    &format!("an answer {} with a body", response.status),
                )),
            }
        }
        for schema in &self.facts.schemas {
            match self.contract.schema(&schema.name) {
                Some(shape) => problems.extend(self.fields(&shape, &schema.fields)),
                None => problems.push(self.contract.root().problem(format!(
                    "lacks the schema `{}` of the page: add it",
                    schema.name
                ))),
            }
        }
        let responses = self.contract.responses();
        let missing = self
            .facts
            .status_codes
            .iter()
            .filter(|status| responses.iter().all(|(known, _)| known != status));
        problems
            .extend(missing.map(|status| self.lacks("responses", &format!("the status {status}"))));
        problems
    }

    fn lacks(&self, key: &str, what: &str) -> Problem {
        let node = self
            .contract
            .operation
            .get(key)
            .unwrap_or_else(|| self.contract.operation.clone());
        node.problem(format!("lacks {what}, which the page states: add it"))
    }

    fn parameter(&self, field: &Field) -> Vec<Problem> {
        let location = field.location.unwrap_or(Location::Unknown);
        let Some(node) = self.contract.parameter(location, &field.name) else {
            if location == Location::Header && self.contract.security(&field.name).is_some() {
                return Vec::new();
            }
            return vec![self.lacks(
                "parameters",
                &format!("the {location} parameter `{}`", field.name),
            )];
        };
        let mut problems = Vec::new();
        if let Some(required) = field.required {
            let stated = node.is_true("required");
            problems.extend(node.require(
                stated == required,
                &format!("`required` is {stated}, but the page says {required}"),
            ));
        }
        let Some(schema) = node.get("schema") else {
            problems.push(node.problem("needs a schema: add it"));
            return problems;
        };
        let shape = self.contract.shape(schema.clone());
        problems.extend(kinds::check(&node, &shape, field));
        problems.extend(values(&node, &shape, field));
        for (key, wanted) in bounds(field) {
            let stated = shape.value(key);
            if stated != Some(&wanted) {
                let stated = stated.map_or_else(|| "missing".to_owned(), Value::to_string);
                problems.push(
                    schema.problem(format!("`{key}` is {stated}, but the page says {wanted}")),
                );
            }
        }
        problems
    }

    /// The fields of an answer. Answers are not bounded by schemas, so their ranges stand in the description.
    fn fields(&self, shape: &Shape<'a>, fields: &[Field]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for field in fields {
            let Some(node) = shape.field(&field.name) else {
                let place = shape
                    .node("properties")
                    .or_else(|| shape.nodes.first().cloned());
                problems.extend(place.map(|place| {
                    place.problem(format!(
                        "lacks the field `{}`, which the page states: add it",
                        field.name
                    ))
                }));
                continue;
            };
            let inner = self.contract.shape(node.clone());
            problems.extend(kinds::check(&node, &inner, field));
            problems.extend(values(&node, &inner, field));
            let description = inner.text("description").unwrap_or_default();
            let numbers = [&field.minimum, &field.maximum];
            for number in numbers
                .into_iter()
                .flatten()
                .filter(|number| !mentions(description, &number.to_string()))
            {
                problems.push(node.problem(format!(
                    "the description does not name the bound {number} of the page: add it"
                )));
            }
        }
        problems
    }

    /// Everything in the document is a fact, or marked.
    fn undocumented(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (location, name, node) in self.contract.parameters() {
            let fact = self.facts.parameters.iter().find(|field| {
                field.location == Some(location) && field.name.eq_ignore_ascii_case(name)
            });
            let shape = node.get("schema").map(|schema| self.contract.shape(schema));
            if node.is_true("x-inferred") || shape.as_ref().is_some_and(Shape::is_inferred) {
                continue;
            }
            match (fact, shape) {
                (None, _) => problems.push(unmarked(
                    &node,
                    &format!("the {location} parameter `{name}`"),
                )),
                (Some(fact), Some(shape)) => problems.extend(unstated(&node, &shape, fact)),
                (Some(_), None) => {}
            }
        }
        for (status, response) in self.contract.responses() {
            let listed = self.facts.status_codes.iter().any(|known| known == status);
            let described = self
                .facts
                .responses
                .iter()
                .any(|known| known.status == status);
            if !listed && !described && !response.is_true("x-inferred") {
                problems.push(unmarked(&response, &format!("the answer {status}")));
            }
        }
        let schemas = self.contract.root().find(&["components", "schemas"]);
        for (name, node) in schemas.map(|schemas| schemas.members()).unwrap_or_default() {
            problems.extend(self.unstated_fields(name, &node));
        }
        problems
    }

    /// The fields of a named schema that the page does not state.
    fn unstated_fields(&self, name: &str, node: &Node<'a>) -> Vec<Problem> {
        let shape = Shape {
            nodes: vec![node.clone()],
        };
        if shape.is_inferred() {
            return Vec::new();
        }
        let statuses = self.contract.statuses_of(name);
        let answers = self
            .facts
            .responses
            .iter()
            .filter(|response| statuses.contains(&response.status.as_str()));
        let schemas = self
            .facts
            .schemas
            .iter()
            .filter(|schema| schema.name == name);
        let facts: Vec<&Field> = answers
            .flat_map(|response| &response.fields)
            .chain(schemas.flat_map(|schema| &schema.fields))
            .collect();
        let mut problems = Vec::new();
        for (field, node) in shape.fields() {
            let inner = self.contract.shape(node.clone());
            if inner.is_inferred() {
                continue;
            }
            let Some(fact) = facts.iter().find(|fact| fact.name == field) else {
                problems.push(unmarked(&node, &format!("the field `{field}`")));
                continue;
            };
            problems.extend(unstated(&node, &inner, fact));
            if shape.requires(field) && fact.required != Some(true) {
                problems.push(unmarked(&node, "that it is always there"));
            }
        }
        problems
    }
}

fn text<'a>(node: &Node<'a>) -> &'a str {
    node.value.as_str().unwrap_or_default()
}

fn unmarked(node: &Node<'_>, what: &str) -> Problem {
    node.problem(format!(
        "the page does not state {what}: remove it, or mark it `x-inferred: true` with a word why"
    ))
}

/// Bounds and values that a schema states and the page does not.
fn unstated(node: &Node<'_>, shape: &Shape<'_>, fact: &Field) -> Vec<Problem> {
    let known = bounds(fact);
    let extra = BOUNDS
        .iter()
        .filter(|key| shape.value(key).is_some() && known.iter().all(|(known, _)| known != *key));
    let mut problems: Vec<Problem> = extra
        .map(|key| unmarked(node, &format!("`{key}`")))
        .collect();
    let values = shape
        .values()
        .into_iter()
        .filter(|value| !fact.values.iter().any(|known| known == value));
    problems.extend(values.map(|value| unmarked(node, &format!("the value `{value}`"))));
    problems
}

/// The bounds of a fact, as a schema has them.
fn bounds(field: &Field) -> Vec<(&'static str, Value)> {
    let pattern = field
        .characters
        .as_ref()
        .map(|class| Value::from(format!("^[{class}]+$")));
    let default = field
        .default
        .as_ref()
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())));
    let all = [
        ("minimum", field.minimum.clone().map(Value::Number)),
        ("maximum", field.maximum.clone().map(Value::Number)),
        ("minLength", field.min_length.map(Value::from)),
        ("maxLength", field.max_length.map(Value::from)),
        ("pattern", pattern),
        ("default", default),
    ];
    all.into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

/// Every value of the page is in the schema. Where the schema is inferred, the page names its values in words: then one of the
/// schema's values has to stand in each.
fn values(node: &Node<'_>, shape: &Shape<'_>, field: &Field) -> Vec<Problem> {
    let known = shape.values();
    let stated = |value: &&String| {
        known.contains(&value.as_str())
            || shape.is_inferred() && known.iter().any(|word| mentions(value, word))
    };
    let missing = field.values.iter().filter(|value| !stated(value));
    missing
        .map(|value| {
            node.problem(format!(
                "lacks the value `{value}`, which the page states: add it"
            ))
        })
        .collect()
}

/// Whether `word` stands in `text` as a word.
fn mentions(text: &str, word: &str) -> bool {
    text.split(|char: char| !char.is_alphanumeric() && char != '-' && char != '_')
        .any(|piece| piece == word)
}
