//! Rules for what the vendor's pages do not state.

use std::collections::BTreeSet;

use crate::codegen::enums::EXTENSION;
use crate::codegen::inference::{MARK, MEANING, PARTS, VALUES};
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;

/// The word by which a description says so.
const WORD: &str = "inferred";

pub(super) fn inference_explained(document: &Document) -> Vec<Problem> {
    let marked = nodes(document).into_iter().filter(|node| node.has(MARK));
    let message =
        "must have `x-inferred: true` and a description that says what is inferred, with that word";
    marked
        .flat_map(|node| node.require(node.is_true(MARK) && says_so(&node), message))
        .collect()
}

/// Machines look for the mark only, so the word alone is not enough.
pub(super) fn inference_marked(document: &Document) -> Vec<Problem> {
    let told = nodes(document).into_iter().filter(says_so);
    let message = "calls something inferred: add `x-inferred: true`";
    told.flat_map(|node| node.require(node.has(MARK), message))
        .collect()
}

pub(super) fn inference_parts(document: &Document) -> Vec<Problem> {
    let nodes = nodes(document).into_iter();
    nodes
        .filter(|node| node.has(PARTS))
        .flat_map(parts)
        .collect()
}

/// Parts are named once each, and are there.
fn parts(node: Node<'_>) -> Vec<Problem> {
    let named: Option<Vec<&str>> = node
        .value
        .get(PARTS)
        .and_then(|parts| parts.as_array()?.iter().map(|part| part.as_str()).collect());
    let Some(named) = named.filter(|parts| node.has(MARK) && !parts.is_empty()) else {
        let message = "must be a list of what is inferred, beside `x-inferred: true`";
        return vec![node.get(PARTS).unwrap_or(node).problem(message)];
    };
    let mut seen = BTreeSet::new();
    let wrong = named
        .into_iter()
        .filter(|part| !seen.insert(*part) || !has_part(&node, part));
    let message =
        |part| format!("names `{part}`, which is named twice or does not stand here: take it out");
    wrong.map(|part| node.problem(message(part))).collect()
}

/// Whether a node, or the schema of a parameter, has this part.
fn has_part(node: &Node<'_>, part: &str) -> bool {
    let schema = node.get("schema");
    let has = |key: &str| node.has(key) || schema.as_ref().is_some_and(|schema| schema.has(key));
    match part {
        MEANING => true,
        VALUES => has("enum") || has(EXTENSION),
        key => has(key),
    }
}

/// Whether the description says that something is inferred; naming the marks does not.
fn says_so(node: &Node<'_>) -> bool {
    node.text("description")
        .is_some_and(|text| text.replace(PARTS, "").replace(MARK, "").contains(WORD))
}

/// Every node of the document.
fn nodes(document: &Document) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![Node::root(document)];
    while let Some(node) = open.pop() {
        let members = node.members().into_iter().map(|(_, child)| child);
        open.extend(members.chain(node.items()));
        found.push(node);
    }
    found
}
