//! Rules for references and what they point to.

use serde_json::Value;

use crate::codegen::node::{Node, SCHEMAS};
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

pub(super) fn local_references(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, target) in references(&Node::root(document)) {
        let local = target
            .as_str()
            .is_some_and(|target| target.starts_with(SCHEMAS));
        problems.extend(node.require(
            local,
            "must be a `$ref` that starts with `#/components/schemas/`: each document stands alone, and only schemas are shared",
        ));
    }
    problems
}

pub(super) fn known_references(document: &Document) -> Vec<Problem> {
    let schemas = survey::named_schemas(document);
    let mut problems = Vec::new();
    for (node, _) in references(&Node::root(document)) {
        let Some(name) = node.reference() else {
            continue;
        };
        if !schemas.iter().any(|(known, _)| *known == name) {
            problems.push(node.problem(format!(
                "refers to the schema `{name}`, which does not exist: add it or mend the name"
            )));
        }
    }
    problems
}

/// Every node that is a reference, with its target; examples are data and hold none.
fn references<'a>(node: &Node<'a>) -> Vec<(Node<'a>, &'a Value)> {
    let own = node.value.get("$ref").map(|target| (node.clone(), target));
    let members = node
        .members()
        .into_iter()
        .filter(|(key, _)| !matches!(*key, "example" | "examples"));
    let children = members.map(|(_, child)| child).chain(node.items());
    own.into_iter()
        .chain(children.flat_map(|child| references(&child)))
        .collect()
}

pub(super) fn used_schemas(document: &Document) -> Vec<Problem> {
    let parameters = survey::parameters(document);
    let bodies = survey::bodies(document)
        .into_iter()
        .map(|(_, _, body)| body);
    let starts = parameters
        .into_iter()
        .chain(bodies)
        .filter_map(|node| node.get("schema"));
    let starts: Vec<Node<'_>> = starts
        .flat_map(|schema| survey::with_subschemas(&schema))
        .collect();
    let used = survey::reachable(document, &starts);
    let unused = survey::named_schemas(document)
        .into_iter()
        .filter(|(name, _)| !used.contains(name));
    unused
        .map(|(_, schema)| schema.problem("is used nowhere: remove it"))
        .collect()
}
