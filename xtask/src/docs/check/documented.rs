//! Every fact is in the document.

use serde_json::Value;

use super::{Check, constraints};
use crate::codegen::Problem;
use crate::codegen::node::Node;
use crate::docs::contract::Shape;
use crate::docs::facts::{Field, Location};
use crate::docs::kinds;

impl<'a> Check<'a> {
    pub(super) fn documented(&self) -> Vec<Problem> {
        let parameters = self.facts.parameters.iter();
        let mut problems: Vec<Problem> = parameters
            .flat_map(|field| self.documented_parameter(field))
            .collect();
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
        problems.extend(self.statuses());
        problems
    }

    fn statuses(&self) -> Vec<Problem> {
        let responses = self.contract.responses();
        let listed = self.facts.status_codes.iter();
        let missing = listed.filter(|status| responses.iter().all(|(known, _)| known != status));
        missing
            .map(|status| self.lacks("responses", &format!("the status {status}")))
            .collect()
    }

    fn lacks(&self, key: &str, what: &str) -> Problem {
        let node = self
            .contract
            .operation
            .get(key)
            .unwrap_or_else(|| self.contract.operation.clone());
        node.problem(format!("lacks {what}, which the page states: add it"))
    }

    fn documented_parameter(&self, field: &Field) -> Vec<Problem> {
        let location = field.location.unwrap_or(Location::Unknown);
        if let Some(node) = self.contract.parameter(location, &field.name) {
            return self.stated(&node, field);
        }
        let scheme = self.contract.security(&field.name);
        if let Some(scheme) = scheme.filter(|_| location == Location::Header) {
            return credential(&scheme, field);
        }
        let what = format!("the {location} parameter `{}`", field.name);
        vec![self.lacks("parameters", &what)]
    }

    /// Whether a parameter is what the page says of it.
    fn stated(&self, node: &Node<'a>, field: &Field) -> Vec<Problem> {
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
        problems.extend(unnamed(node, node.text("description"), field));
        let shape = self.contract.shape(schema.clone());
        problems.extend(kinds::check(node, &shape, field));
        problems.extend(values(node, &shape, field));
        for (key, wanted) in constraints::of(field) {
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

    fn fields(&self, shape: &Shape<'a>, fields: &[Field]) -> Vec<Problem> {
        fields
            .iter()
            .flat_map(|field| self.documented_field(shape, field))
            .collect()
    }

    /// A field of an answer. Answers are not bounded by schemas, so its ranges stand in the description.
    fn documented_field(&self, shape: &Shape<'a>, field: &Field) -> Vec<Problem> {
        let Some(node) = shape.field(&field.name) else {
            let place = shape
                .node("properties")
                .or_else(|| shape.nodes.first().cloned());
            let name = &field.name;
            let message = format!("lacks the field `{name}`, which the page states: add it");
            return place
                .map(|place| place.problem(message))
                .into_iter()
                .collect();
        };
        let inner = self.contract.shape(node.clone());
        let mut problems = kinds::check(&node, &inner, field);
        problems.extend(values(&node, &inner, field));
        if field.required == Some(true) && !shape.requires(&field.name) {
            problems.push(
                node.problem("is not in `required`, but the page says that it must be there"),
            );
        }
        problems.extend(unnamed(&node, inner.text("description"), field));
        problems
    }
}

/// A header that is a credential stands among the security schemes, whose header is text that one of several schemes sends.
fn credential(scheme: &Node<'_>, field: &Field) -> Vec<Problem> {
    let text = field.kind.as_deref().is_none_or(|kind| kind == "String");
    scheme.require(text, "is text, but the page writes another type")
}

/// The description names the numbers and the default of the page, as readers do not look at the schema, and must not be told others.
fn unnamed(node: &Node<'_>, description: Option<&str>, field: &Field) -> Vec<Problem> {
    let description = description.unwrap_or_default();
    let unnamed = constraints::named(field).into_iter();
    unnamed
        .filter(|bound| !constraints::mentions(description, bound))
        .map(|bound| {
            let at = node.get("description").unwrap_or_else(|| node.clone());
            at.problem(format!(
                "the description does not name the bound {bound} of the page: add it"
            ))
        })
        .collect()
}

/// Every value of the page is in the schema.
fn values(node: &Node<'_>, shape: &Shape<'_>, field: &Field) -> Vec<Problem> {
    let missing = constraints::missing_values(shape, field).into_iter();
    missing
        .map(|value| {
            node.problem(format!(
                "lacks the value `{value}`, which the page states: add it"
            ))
        })
        .collect()
}
