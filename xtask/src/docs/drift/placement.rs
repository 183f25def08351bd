//! Where a document has to be edited.

use crate::codegen::node::Node;
use crate::docs::change::{Change, Kind, Part};
use crate::docs::contract::{Contract, Shape};

/// The place of the document that a change asks to be edited: the thing itself, or what has to take it up.
pub(super) fn place<'a>(contract: &Contract<'a>, change: &Change) -> Node<'a> {
    let found = match &change.part {
        Part::Parameters(_) => parameter(contract, change),
        Part::Answer(status) => answer(contract, status, change),
        Part::Structure(name, _) => structure(contract, name, change),
        Part::Page => page(contract, change),
    };
    found.unwrap_or_else(|| contract.operation.clone())
}

fn parameter<'a>(contract: &Contract<'a>, change: &Change) -> Option<Node<'a>> {
    let Part::Parameters(location) = change.part else {
        return None;
    };
    let name = change.name.as_deref()?;
    let node = contract
        .parameter(location, name)
        .or_else(|| contract.security(name));
    node.map(|node| attribute(contract, &node, change))
        .or_else(|| contract.operation.get("parameters"))
}

fn answer<'a>(contract: &Contract<'a>, status: &str, change: &Change) -> Option<Node<'a>> {
    let responses = contract.operation.get("responses");
    let response = contract.operation.find(&["responses", status]);
    let whole = response.or(responses);
    let Some(name) = change.name.as_deref() else {
        return whole;
    };
    let found = match change.kind {
        Kind::Example => contract
            .described_status(status)
            .and_then(|status| contract.body(status))
            .and_then(|body| pointed(contract, body, name)),
        _ => contract
            .body(status)
            .and_then(|body| field(contract, &body, name, change)),
    };
    found.or(whole)
}

fn structure<'a>(contract: &Contract<'a>, structure: &str, change: &Change) -> Option<Node<'a>> {
    let shape = contract.schema(structure);
    let found = shape.and_then(|shape| match change.name.as_deref() {
        Some(name) => field(contract, &shape, name, change),
        None => shape.nodes.first().cloned(),
    });
    found.or_else(|| contract.root().find(&["components", "schemas"]))
}

/// A field, or the list that it is not in.
fn field<'a>(
    contract: &Contract<'a>,
    shape: &Shape<'a>,
    name: &str,
    change: &Change,
) -> Option<Node<'a>> {
    let node = shape.field(name);
    node.map(|node| attribute(contract, &node, change))
        .or_else(|| shape.node("properties"))
}

/// A status, or the item of the paths that the operation stands in.
fn page<'a>(contract: &Contract<'a>, change: &Change) -> Option<Node<'a>> {
    if change.kind == Kind::StatusCode {
        let responses = contract.operation.get("responses")?;
        let status = change
            .from
            .as_deref()
            .and_then(|status| responses.get(status));
        return status.or(Some(responses));
    }
    let paths = contract.root().get("paths")?.members().into_iter();
    let mut holding = paths.filter(|(_, item)| {
        let mut operations = item.members().into_iter();
        operations.any(|(_, operation)| operation.is(&contract.operation))
    });
    holding.next().map(|(_, item)| item)
}

/// The field or item of a body that a JSON pointer leads to, or the last on the way that is described.
fn pointed<'a>(contract: &Contract<'a>, body: Shape<'a>, pointer: &str) -> Option<Node<'a>> {
    let mut shape = body;
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        let Some(next) = shape.field(&key).or_else(|| shape.node("items")) else {
            break;
        };
        shape = contract.shape(next);
    }
    shape.nodes.into_iter().next()
}

/// The part of a parameter or field that a change is about.
fn attribute<'a>(contract: &Contract<'a>, node: &Node<'a>, change: &Change) -> Node<'a> {
    let schema = node.get("schema").unwrap_or_else(|| node.clone());
    let shape = contract.shape(schema.clone());
    // Answers are not bounded by their schemas: their ranges stand in words.
    let words = shape
        .node("description")
        .filter(|_| !matches!(change.part, Part::Parameters(_)));
    let found = match change.kind {
        Kind::Type => shape.node("type"),
        Kind::Mandatory => node.get("required"),
        Kind::Range => words.or_else(|| shape.node(change.key?)),
        Kind::Default => words.or_else(|| shape.node("default")),
        Kind::Enum => value(&shape, change.from.as_deref()),
        Kind::Added | Kind::Removed | Kind::Renamed | Kind::StatusCode | Kind::Example => {
            Some(node.clone())
        }
    };
    found.unwrap_or(schema)
}

/// A value of a list, or the list.
fn value<'a>(shape: &Shape<'a>, value: Option<&str>) -> Option<Node<'a>> {
    let list = shape
        .node("enum")
        .or_else(|| shape.node("x-extensible-enum"))?;
    let item = list
        .items()
        .into_iter()
        .find(|item| value.is_some() && item.value.as_str() == value);
    item.or(Some(list))
}
