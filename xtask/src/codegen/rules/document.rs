//! Rules for a document as a whole.

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The version that every tool we know of understands.
const OPENAPI: &str = "3.0.3";

/// The licence of the workspace, which is that of the documents, and where its text is.
const LICENSE: [(&str, &str); 2] = [
    ("name", "MIT OR Apache-2.0"),
    ("url", "https://opensource.org/license/mit"),
];

pub(super) fn openapi_version(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let version = root.get("openapi").unwrap_or_else(|| root.clone());
    version.require(
        root.text("openapi") == Some(OPENAPI),
        "must be `3.0.3`: the Rust generator refuses 3.1, and every other one takes 3.0.3",
    )
}

pub(super) fn info_complete(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let Some(info) = root.get("info") else {
        return vec![
            root.problem("needs `info`: add title, version, description, contact and license"),
        ];
    };
    let mut problems = info.require_texts(&["title", "version", "description"]);
    for key in ["contact", "license"] {
        match info.get(key) {
            Some(part) => problems.extend(part.require_texts(&["name"])),
            None => problems.push(info.problem(format!("needs `{key}` with a `name`: add it"))),
        }
    }
    for key in ["title", "version"] {
        let plain = info
            .text(key)
            .is_none_or(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        problems.extend(info.get(key).unwrap_or_else(|| info.clone()).require(
            plain,
            "must be plain ASCII: generators make identifiers and headers of it",
        ));
    }
    problems.extend(info.require(
        info.text("version").is_none_or(is_version),
        "must have a `version` of three numbers, as in 1.2.0: breaking changes show in the first",
    ));
    problems
}

/// Whether `text` is three numbers with dots between them.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let number = |part: &&str| {
        let plain = part.parse::<u32>().map(|number| number.to_string());
        plain.is_ok_and(|plain| plain == **part)
    };
    parts.len() == 3 && parts.iter().all(number)
}

/// Whoever builds on a document relies on what it says of its licence.
pub(super) fn license_known(document: &Document) -> Vec<Problem> {
    let license = Node::root(document).find(&["info", "license"]);
    let parts = LICENSE.iter().filter_map(|(key, expected)| {
        let part = license.as_ref()?.get(key)?;
        let right = part.value.as_str() == Some(expected);
        Some(part.require(
            right,
            &format!("must be `{expected}`, the licence of this project"),
        ))
    });
    parts.flatten().collect()
}

pub(super) fn wide_integers(document: &Document) -> Vec<Problem> {
    let schemas = survey::response_schemas(document);
    let wide = schemas
        .iter()
        .any(|schema| schema.text("format") == Some("int64"));
    let root = Node::root(document);
    let info = root.get("info").unwrap_or(root);
    let told = info
        .text("description")
        .is_some_and(|text| text.contains("2^53"));
    info.require(
        told || !wide,
        "has 64-bit integers: say in `description` whether they pass 2^53, above which JavaScript rounds them",
    )
}

pub(super) fn tags_described(document: &Document) -> Vec<Problem> {
    let tags = Node::root(document)
        .get("tags")
        .map(|tags| tags.items())
        .unwrap_or_default();
    tags.iter()
        .flat_map(|tag| tag.require_texts(&["name", "description"]))
        .collect()
}

pub(super) fn component_kinds(document: &Document) -> Vec<Problem> {
    let kinds = Node::root(document)
        .get("components")
        .map(|components| components.members())
        .unwrap_or_default();
    let foreign = kinds
        .iter()
        .filter(|(kind, _)| !matches!(*kind, "schemas" | "securitySchemes"));
    foreign
        .map(|(kind, node)| {
            node.problem(format!(
                "`{kind}` are not shared: write them where they are used"
            ))
        })
        .collect()
}
