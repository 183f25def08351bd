//! Rules for operations.

use std::collections::BTreeSet;

use super::schema::words;
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// A document describes the operation that its service is known for, and no other.
pub(super) fn of_service(service: &Service, document: &Document) -> Vec<Problem> {
    let operations = survey::operations(document);
    let mut problems: Vec<Problem> = operations
        .iter()
        .filter(|(path, method, _)| (*path, *method) != (service.path, service.method))
        .map(|(_, _, operation)| {
            operation.problem("is not one of the operations of this project: remove it")
        })
        .collect();
    let own = operations
        .iter()
        .find(|(path, method, _)| (*path, *method) == (service.path, service.method));
    match own {
        Some((_, _, operation)) => problems.extend(operation.require(
            operation.text("operationId") == Some(service.operation),
            &format!(
                "must have the operationId `{}`: clients call it by that name",
                service.operation
            ),
        )),
        None => problems.push(Node::root(document).problem(format!(
            "lacks the operation `{} {}`: write it below `paths`",
            service.method, service.path
        ))),
    }
    problems.extend(path_items(document));
    problems
}

fn path_items(document: &Document) -> Vec<Problem> {
    let paths = Node::root(document)
        .get("paths")
        .map(|paths| paths.members())
        .unwrap_or_default();
    let why = "write it at the operation, where readers and generators look";
    let keys = ["$ref", "parameters", "servers", "summary", "description"];
    paths
        .iter()
        .flat_map(|(_, item)| item.refuse(&keys, why))
        .collect()
}

pub(super) fn operation_id(document: &Document) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (_, _, operation) in survey::operations(document) {
        let id = operation.text("operationId").unwrap_or_default();
        let place = operation.get("operationId").unwrap_or(operation);
        problems.extend(place.require(
            is_lower_camel(id),
            "must be a lowerCamelCase `operationId`: methods are named after it",
        ));
        problems.extend(place.require(
            seen.insert(id),
            "is the `operationId` of two operations: rename one",
        ));
    }
    problems
}

fn is_lower_camel(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

pub(super) fn one_tag(document: &Document) -> Vec<Problem> {
    let declared = Node::root(document)
        .get("tags")
        .map(|tags| tags.items())
        .unwrap_or_default();
    let declared: Vec<&str> = declared.iter().filter_map(|tag| tag.text("name")).collect();
    let mut problems = Vec::new();
    for (_, _, operation) in survey::operations(document) {
        let tags = operation
            .get("tags")
            .map(|tags| tags.items())
            .unwrap_or_default();
        let right = match tags.as_slice() {
            [only] => only
                .value
                .as_str()
                .is_some_and(|name| declared.contains(&name)),
            _ => false,
        };
        problems.extend(operation.require(
            right,
            "must have exactly one tag, declared in the root's `tags`",
        ));
    }
    problems
}

/// A tag without operations makes an empty class or an empty chapter.
pub(super) fn tags_used(document: &Document) -> Vec<Problem> {
    let operations = survey::operations(document);
    let used: BTreeSet<&str> = operations
        .iter()
        .filter_map(|(_, _, operation)| operation.get("tags"))
        .flat_map(|tags| tags.items())
        .filter_map(|tag| tag.value.as_str())
        .collect();
    let declared = Node::root(document).get("tags");
    let declared = declared.map(|tags| tags.items()).unwrap_or_default();
    declared
        .iter()
        .flat_map(|tag| {
            let right = tag.text("name").is_none_or(|name| used.contains(name));
            tag.require(right, "is a tag of no operation: remove it")
        })
        .collect()
}

pub(super) fn operation_described(document: &Document) -> Vec<Problem> {
    let operations = survey::operations(document);
    let described = operations
        .iter()
        .flat_map(|(_, _, operation)| operation.require_texts(&["summary", "description"]));
    described.collect()
}

/// Whoever reads a list wants to know in which order, and the pages rarely say.
pub(super) fn order_stated(document: &Document) -> Vec<Problem> {
    let lists = survey::response_schemas(document)
        .iter()
        .any(|schema| schema.text("type") == Some("array"));
    if !lists {
        return Vec::new();
    }
    let operations = survey::operations(document);
    operations
        .iter()
        .flat_map(|(_, _, operation)| {
            let text = words(operation.text("description").unwrap_or_default());
            operation.require(
                text.contains("order") && text.contains("not documented"),
                "answers with a list: say in `description` that its order is `not documented`",
            )
        })
        .collect()
}
