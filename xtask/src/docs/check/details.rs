//! What a schema says of the values of a documented thing, beyond what the page says of them.

use serde_json::Value;

use super::constraints;
use crate::codegen::Problem;
use crate::codegen::enums::EXTENSION;
use crate::codegen::inference::{MARK, Mark, PARTS, VALUES};
use crate::codegen::node::Node;
use crate::codegen::survey::CONSTRAINTS;
use crate::docs::contract::Shape;
use crate::docs::facts::Field;

/// Constraints, values and a type that a schema states and the page does not, and marks on those that it does. `owner` is the parameter
/// or field, which can be marked in place of its schema.
pub(super) fn compare(owner: &Node<'_>, shape: &Shape<'_>, fact: &Field) -> Vec<Problem> {
    let mut shape = shape.clone();
    shape.nodes.extend(shape.node("items"));
    let covered = |part: &str| {
        Mark::of(owner).covers(part)
            || constraints::carriers(&shape, part).all(|node| Mark::of(node).covers(part))
    };
    let stated: Vec<&str> = constraints::of(fact).iter().map(|(key, _)| *key).collect();
    let keys = CONSTRAINTS.iter().filter(|key| !covered(key));
    let mut problems: Vec<Problem> = keys
        .filter(|key| !stated.contains(key))
        .map(|key| {
            let node = shape.node(key).unwrap_or_else(|| owner.clone());
            unstated(&node, &format!("`{key}` of `{}`", fact.name), key)
        })
        .collect();
    if !covered(VALUES) {
        problems.extend(values(&shape, fact));
    }
    if fact.kind.is_none() && !covered("type") {
        problems.push(unstated(owner, "the type", "type"));
    }
    problems.extend(stale(owner, &shape, fact));
    problems
}

/// Values that the page does not list, each at its line.
fn values(shape: &Shape<'_>, fact: &Field) -> Vec<Problem> {
    let foreign = listed(shape).into_iter();
    let foreign = foreign.filter(|(value, _)| !fact.values.contains(value));
    foreign
        .map(|(value, node)| {
            unstated(
                &node,
                &format!("the value `{value}` of `{}`", fact.name),
                VALUES,
            )
        })
        .collect()
}

/// The values that a schema lists, open or closed, as a page would write them.
pub(super) fn listed<'a>(shape: &Shape<'a>) -> Vec<(String, Node<'a>)> {
    let list = shape.node("enum").or_else(|| shape.node(EXTENSION));
    let items = list.map(|list| list.items()).unwrap_or_default();
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let items = items.into_iter();
    items.map(|item| (text(item.value), item)).collect()
}

/// Whether the page lists every value of the schema, which has some.
pub(super) fn are_listed(shape: &Shape<'_>, fact: &Field) -> bool {
    let values = listed(shape);
    let known = |value: &String| fact.values.contains(value);
    !values.is_empty() && values.iter().all(|(value, _)| known(value))
}

/// Parts that are marked although the page states them.
fn stale(owner: &Node<'_>, shape: &Shape<'_>, fact: &Field) -> Vec<Problem> {
    let Mark::Parts(parts) = Mark::of(owner) else {
        return Vec::new();
    };
    let constraints = constraints::of(fact);
    let is_stated = |part: &str| match part {
        "type" => fact.kind.is_some(),
        "required" => fact.required.is_some(),
        VALUES => are_listed(shape, fact),
        key => constraints.iter().any(|(known, _)| *known == key),
    };
    let parts = parts.into_iter().filter(|part| is_stated(part));
    parts
        .map(|part| {
            owner.problem(format!(
                "marks `{part}` as inferred, but the page states it: take it out of `{PARTS}`"
            ))
        })
        .collect()
}

/// A part of a documented thing that the page does not state. A mark of the thing as a whole would deny the rest.
pub(super) fn unstated(node: &Node<'_>, what: &str, part: &str) -> Problem {
    node.problem(format!(
        "the page does not state {what}: remove it, or name `{part}` in `{PARTS}` beside `{MARK}: true`, with a word why"
    ))
}
