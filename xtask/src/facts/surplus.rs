//! Things that a document states at places of which no page speaks.

use super::document::{Contract, MARK, inferred_keys, is_inferred, location_of};
use crate::codegen::Problem;
use crate::codegen::node::Node;
use crate::codegen::services::Service;

/// What stands at an operation: words, and what is compared with the page.
const OPERATION: &[&str] = &[
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "responses",
    "summary",
    "tags",
];

const PARAMETER: &[&str] = &[
    "description",
    "example",
    "examples",
    "in",
    "name",
    "required",
    "schema",
];

const RESPONSE: &[&str] = &["content", "description", "headers", "links"];

/// What stands at a schema: words, and what is compared with the page.
const SCHEMA: &[&str] = &[
    "$ref",
    "allOf",
    "default",
    "description",
    "enum",
    "example",
    "examples",
    "format",
    "items",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "nullable",
    "pattern",
    "title",
    "type",
];

/// Everything that is neither compared with the page nor marked.
pub(super) fn check(contract: &Contract<'_>, service: &Service) -> Vec<Problem> {
    let mut surplus = Surplus(Vec::new());
    surplus.document(contract, service);
    surplus.operation(contract);
    surplus.0
}

struct Surplus(Vec<Problem>);

impl Surplus {
    fn document(&mut self, contract: &Contract<'_>, service: &Service) {
        let members = |key: &str| contract.root.get(key).map(|node| node.members());
        let items = |key: &str| contract.root.get(key).map(|node| node.items());
        for (path, item) in members("paths").unwrap_or_default() {
            if path == service.path {
                self.keys(&item, &["description", "summary", service.method]);
            } else {
                self.unmarked(&item, &format!("the path `{path}`"));
            }
        }
        for server in items("servers").unwrap_or_default() {
            self.unmarked(&server, "a host");
        }
        let ways = items("security").unwrap_or_default().into_iter();
        let anonymous = ways.filter(|way| way.members().is_empty());
        let message =
            "the page does not state that credentials can be left out: name a scheme, or remove it";
        self.0.extend(anonymous.map(|way| way.problem(message)));
        for (_, schema) in contract.components("schemas") {
            self.schema(&schema, true);
        }
    }

    fn operation(&mut self, contract: &Contract<'_>) {
        self.keys(&contract.operation, OPERATION);
        let mut seen = Vec::new();
        for node in contract.parameters() {
            let name = node
                .text("name")
                .or_else(|| node.text("$ref"))
                .unwrap_or_default();
            if location_of(&node).is_none() {
                self.unmarked(&node, &format!("the parameter `{name}`"));
            } else if seen.contains(&(node.text("in"), name)) {
                self.0.push(node.problem("is there twice: remove one"));
            }
            seen.push((node.text("in"), name));
            self.keys(&node, PARAMETER);
            if let Some(schema) = node.get("schema").filter(|_| !is_inferred(&node)) {
                self.schema(&schema, false);
            }
        }
        for (_, response) in contract.responses() {
            self.keys(&response, RESPONSE);
            for key in ["headers", "links", "content"] {
                let members = response
                    .get(key)
                    .map(|node| node.members())
                    .unwrap_or_default();
                let others = members
                    .into_iter()
                    .filter(|(name, _)| *name != "application/json");
                for (name, node) in others.filter(|_| !is_inferred(&response)) {
                    // The mark of a header stands where the header is described.
                    let described = contract.referenced(&node).unwrap_or(node);
                    self.unmarked(&described, &format!("`{name}` of `{key}`"));
                }
            }
        }
    }

    /// A schema with all that stands in it. Pages name every structure, so only a named schema has fields.
    fn schema(&mut self, schema: &Node<'_>, named: bool) {
        if is_inferred(schema) {
            return;
        }
        let mut known = SCHEMA.to_vec();
        if named {
            known.extend(["properties", "required"]);
        }
        if schema.is_true("additionalProperties") {
            // An open object is what there is without the keyword.
            known.push("additionalProperties");
        }
        self.keys(schema, &known);
        let fields = schema.get("properties").map(|fields| fields.members());
        for (_, field) in fields.filter(|_| named).unwrap_or_default() {
            self.schema(&field, false);
        }
        if let Some(items) = schema.get("items") {
            self.schema(&items, false);
        }
        for part in schema
            .get("allOf")
            .map(|parts| parts.items())
            .unwrap_or_default()
        {
            self.schema(&part, named);
        }
    }

    /// Keys of a mapping that no page states, unless they are marked, and marks of keys that the mapping does not have.
    fn keys(&mut self, node: &Node<'_>, known: &[&str]) {
        let marked = inferred_keys(node);
        let open = node.members().into_iter();
        let open = open.filter(|(key, _)| !known.contains(key) && !key.starts_with("x-"));
        for (key, member) in open.filter(|_| !is_inferred(node)) {
            if !marked.contains(&key) {
                self.unmarked(&member, &format!("`{key}`"));
            }
        }
        let absent = marked
            .into_iter()
            .filter(|key| !node.has(key) && !node.is_true(MARK));
        for key in absent {
            self.0.push(node.problem(format!(
                "marks `{key}` as inferred but has no such key: remove it from `{MARK}`"
            )));
        }
    }

    fn unmarked(&mut self, node: &Node<'_>, what: &str) {
        if !is_inferred(node) {
            let message = format!(
                "the page does not state {what}: remove it, or mark it `{MARK}: true` and say why"
            );
            self.0.push(node.problem(message));
        }
    }
}
