//! The parts of a document that the house rules speak of.

use std::collections::BTreeSet;

use super::node::Node;
use super::spec::Document;

/// Keys of a schema that limit its values, or fill in for them.
pub const CONSTRAINTS: [&str; 14] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "default",
];

/// Methods under which a path item holds operations.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Every operation, with its path and method.
pub fn operations(document: &Document) -> Vec<(&str, &str, Node<'_>)> {
    let paths = Node::root(document)
        .get("paths")
        .map(|paths| paths.members())
        .unwrap_or_default();
    let mut operations = Vec::new();
    for (path, item) in paths {
        let members = item.members().into_iter();
        let methods = members.filter(|(key, _)| METHODS.contains(key));
        operations.extend(methods.map(|(method, operation)| (path, method, operation)));
    }
    operations
}

/// Every parameter of every operation.
pub fn parameters(document: &Document) -> Vec<Node<'_>> {
    below_operations(document, "parameters")
        .iter()
        .flat_map(Node::items)
        .collect()
}

/// Every response of every operation, with its status.
pub fn responses(document: &Document) -> Vec<(&str, Node<'_>)> {
    below_operations(document, "responses")
        .iter()
        .flat_map(Node::members)
        .collect()
}

fn below_operations<'a>(document: &'a Document, key: &str) -> Vec<Node<'a>> {
    operations(document)
        .iter()
        .filter_map(|(_, _, operation)| operation.get(key))
        .collect()
}

/// Every media type of every response, with the status and the name of the media type.
pub fn bodies(document: &Document) -> Vec<(&str, &str, Node<'_>)> {
    let mut bodies = Vec::new();
    for (status, response) in responses(document) {
        let media_types = response
            .get("content")
            .map(|content| content.members())
            .unwrap_or_default();
        bodies.extend(
            media_types
                .into_iter()
                .map(|(name, body)| (status, name, body)),
        );
    }
    bodies
}

/// Every schema that has a name.
pub fn named_schemas(document: &Document) -> Vec<(&str, Node<'_>)> {
    let schemas = Node::root(document).find(&["components", "schemas"]);
    schemas.map(|schemas| schemas.members()).unwrap_or_default()
}

/// Every schema, named or not, wherever it stands.
pub fn schemas(document: &Document) -> Vec<Node<'_>> {
    let named = named_schemas(document)
        .into_iter()
        .map(|(_, schema)| schema);
    let parameters = parameters(document);
    let bodies = bodies(document).into_iter().map(|(_, _, body)| body);
    let inline = parameters
        .into_iter()
        .chain(bodies)
        .filter_map(|node| node.get("schema"));
    named
        .chain(inline)
        .flat_map(|schema| with_subschemas(&schema))
        .collect()
}

/// Every schema that a response can bring, wherever it stands.
pub fn response_schemas(document: &Document) -> Vec<Node<'_>> {
    let bodies = bodies(document);
    let starts = bodies.iter().filter_map(|(_, _, body)| body.get("schema"));
    let mut found: Vec<Node<'_>> = starts.flat_map(|schema| with_subschemas(&schema)).collect();
    let reached = reachable(document, &found);
    let named = named_schemas(document)
        .into_iter()
        .filter(|(name, _)| reached.contains(name));
    found.extend(named.flat_map(|(_, schema)| with_subschemas(&schema)));
    found
}

/// Names of the schemas that `starts` refer to, directly or through others.
pub fn reachable<'a>(document: &'a Document, starts: &[Node<'a>]) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = starts.iter().filter_map(Node::reference).collect();
    while let Some(name) = open.pop() {
        if reached.insert(name)
            && let Some(schema) = Node::root(document).find(&["components", "schemas", name])
        {
            open.extend(with_subschemas(&schema).iter().filter_map(Node::reference));
        }
    }
    reached
}

/// A schema and all schemas inside it, references not followed.
pub fn with_subschemas<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let lists = ["allOf", "anyOf", "oneOf"]
        .iter()
        .filter_map(|key| schema.get(key));
    let single = ["items", "not", "additionalProperties"]
        .iter()
        .filter_map(|key| schema.get(key));
    let properties = schema
        .get("properties")
        .into_iter()
        .flat_map(|properties| properties.members());
    let children = lists
        .flat_map(|list| list.items())
        .chain(single)
        .chain(properties.map(|(_, property)| property));
    std::iter::once(schema.clone())
        .chain(children.flat_map(|child| with_subschemas(&child)))
        .collect()
}

/// The properties of every object schema among `schemas`, with their names.
pub fn properties<'a>(schemas: &[Node<'a>]) -> Vec<(&'a str, Node<'a>)> {
    let objects = schemas.iter().filter_map(|schema| schema.get("properties"));
    objects
        .flat_map(|properties| properties.members())
        .collect()
}
