//! Things that a document can state at places of which no page speaks.

use super::undocumented::existence;
use super::{Check, details};
use crate::codegen::Problem;
use crate::codegen::inference::Mark;
use crate::codegen::node::Node;
use crate::codegen::services::Service;
use crate::codegen::survey::CONSTRAINTS;

/// What else stands at a path: words.
const PATH: [&str; 2] = ["description", "summary"];

/// What stands at an operation: words, and what is held against the page elsewhere.
const OPERATION: [&str; 8] = [
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "summary",
    "tags",
];

const PARAMETER: [&str; 7] = [
    "description",
    "example",
    "examples",
    "in",
    "name",
    "required",
    "schema",
];

const RESPONSE: [&str; 4] = ["content", "description", "headers", "links"];

/// What stands at a schema, besides what limits values.
const SCHEMA: [&str; 11] = [
    "$ref",
    "allOf",
    "description",
    "enum",
    "example",
    "examples",
    "format",
    "items",
    "nullable",
    "title",
    "type",
];

/// What a named schema has, and one that stands in another does not: pages name every structure.
const NAMED: [&str; 2] = ["properties", "required"];

/// The form of every body.
const MEDIA_TYPE: &str = "application/json";

impl Check<'_> {
    pub(super) fn surplus(&self, service: &Service) -> Vec<Problem> {
        let mut problems = self.paths(service);
        problems.extend(self.anonymous());
        problems.extend(foreign(&self.contract.operation, &OPERATION));
        for (_, _, node) in self.contract.parameters() {
            problems.extend(foreign(&node, &PARAMETER));
            let schema = node.get("schema");
            let marked = Mark::of(&node) == Mark::Whole;
            problems.extend(
                schema
                    .filter(|_| !marked)
                    .iter()
                    .flat_map(|node| keywords(node, false)),
            );
        }
        for (_, response) in self.contract.responses() {
            problems.extend(response_parts(&response));
        }
        let schemas = self.contract.root().find(&["components", "schemas"]);
        let schemas = schemas.map(|schemas| schemas.members()).unwrap_or_default();
        problems.extend(schemas.iter().flat_map(|(_, node)| keywords(node, true)));
        problems
    }

    /// Paths and operations that the page is not about.
    fn paths(&self, service: &Service) -> Vec<Problem> {
        let paths = self.contract.root().get("paths");
        let paths = paths.map(|paths| paths.members()).unwrap_or_default();
        let known = [PATH[0], PATH[1], service.method];
        let ours = paths.iter().filter(|(path, _)| *path == service.path);
        let others = paths.iter().filter(|(path, _)| *path != service.path);
        let others =
            others.flat_map(|(path, item)| existence(item, &format!("the path `{path}`"), false));
        ours.flat_map(|(_, item)| foreign(item, &known))
            .chain(others)
            .collect()
    }

    /// Ways to call without credentials.
    fn anonymous(&self) -> Vec<Problem> {
        let ways = self.contract.root().get("security");
        let ways = ways
            .map(|ways| ways.items())
            .unwrap_or_default()
            .into_iter();
        let named = |way: &Node<'_>| !way.members().is_empty();
        ways.flat_map(|way| {
            way.require(
                named(&way),
                "the page does not state that credentials can be left out: name a scheme, or remove it",
            )
        })
        .collect()
    }
}

/// Headers, links and bodies of other forms.
fn response_parts(response: &Node<'_>) -> Vec<Problem> {
    if Mark::of(response) == Mark::Whole {
        return Vec::new();
    }
    let mut problems = foreign(response, &RESPONSE);
    for (key, what) in [
        ("headers", "header"),
        ("links", "link"),
        ("content", "body"),
    ] {
        let members = response.get(key).map(|node| node.members());
        let members = members.unwrap_or_default().into_iter();
        let other = members.filter(|(name, _)| *name != MEDIA_TYPE);
        problems.extend(
            other.flat_map(|(name, node)| existence(&node, &format!("the {what} `{name}`"), false)),
        );
    }
    problems
}

/// Members that no page states, unless they are marked where they stand or by the thing that they are a part of.
fn foreign(node: &Node<'_>, known: &[&str]) -> Vec<Problem> {
    let mark = Mark::of(node);
    let members = node.members().into_iter();
    let other = members.filter(|(key, _)| !known.contains(key) && !key.starts_with("x-"));
    other
        .filter(|(key, member)| !mark.covers(key) && Mark::of(member) != Mark::Whole)
        .map(|(key, member)| details::unstated(&member, &format!("`{key}`"), key))
        .collect()
}

/// Keywords of a schema, and of all that stands in it, which no page can have stated.
fn keywords(schema: &Node<'_>, named: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut open = vec![(schema.clone(), named)];
    while let Some((node, named)) = open.pop() {
        if Mark::of(&node) == Mark::Whole {
            continue;
        }
        let mut known = [&SCHEMA[..], &CONSTRAINTS].concat();
        known.extend(NAMED.iter().filter(|_| named));
        // Open objects are what there is without the keyword.
        known.extend(
            node.is_true("additionalProperties")
                .then_some("additionalProperties"),
        );
        problems.extend(foreign(&node, &known));
        let members = |key: &str| node.get(key).map(|node| node.members()).unwrap_or_default();
        let fields = members("properties").into_iter().filter(|_| named);
        open.extend(fields.map(|(_, field)| (field, false)));
        open.extend(node.get("items").map(|items| (items, false)));
        let parts = node.get("allOf").map(|parts| parts.items());
        open.extend(
            parts
                .unwrap_or_default()
                .into_iter()
                .map(|part| (part, named)),
        );
    }
    problems
}
