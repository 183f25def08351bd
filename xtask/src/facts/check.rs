//! Whether a document states what its page states, and marks everything else as inferred.

use std::path::Path;

use super::diff::{PageChange, Part, changes, parts, text};
use super::document::{Contract, MARK, mentions};
use super::{Facts, review};
use crate::codegen::SERVICES;
use crate::codegen::spec::Document;

/// Compares every document with the facts of its page, and its values with those that were reviewed.
///
/// # Errors
///
/// The first file that cannot be read; else each fact that a document lacks or states otherwise, each statement that is neither a fact
/// nor marked `x-inferred`, each mark on a fact, and each value that changed since its last review.
pub fn check(root: &Path) -> Result<String, String> {
    let mut problems = Vec::new();
    for file in SERVICES {
        let facts = Facts::load(root, file)?;
        problems.extend(compare(&Document::load(root, file)?, &facts));
    }
    problems.extend(review::check(root)?);
    if problems.is_empty() {
        let count = SERVICES.len();
        return Ok(format!("{count} documents state what their pages state"));
    }
    Err(problems.join("\n"))
}

/// All differences between a document and the facts of its page.
pub fn compare(document: &Document, facts: &Facts) -> Vec<String> {
    let Facts { method, path, .. } = facts;
    let Some(contract) = Contract::of(document, path).filter(|_| method == "GET") else {
        let file = &document.file;
        return vec![format!(
            "{file}: lacks the operation of the page, {method} {path}: add it"
        )];
    };
    let differences = changes(facts, &contract.facts(facts)).into_iter();
    let problems = differences.filter(|change| !is_fine(change)).map(|change| {
        let node = contract.place(&change);
        node.problem(&difference(&change))
    });
    let mut problems: Vec<String> = problems.collect();
    problems.extend(unnamed(&contract, facts));
    problems
}

/// Whether a difference is allowed: a wider type, or a bound of a response that stands in words.
fn is_fine(change: &PageChange) -> bool {
    let sides = (change.from.as_deref(), change.to.as_deref());
    let received = !matches!(change.part, Part::Parameters(_));
    match change.kind {
        "type" => sides == (Some("Integer"), Some("Long")),
        "range" | "default" => received && change.to.is_none(),
        _ => false,
    }
}

/// The message for a difference.
fn difference(change: &PageChange) -> String {
    let subject = change.subject();
    let (page, own) = (change.from.as_deref(), change.to.as_deref());
    let value = own.or(page).unwrap_or_default();
    let what = match change.kind {
        "added" | "removed" => subject,
        "status_code" => format!("the status {value}"),
        "enum" => format!("the value `{value}` of {subject}"),
        _ => format!("`{}` of {subject}", change.key),
    };
    match (change.kind, page, own) {
        ("removed", ..) | (_, Some(_), None) => {
            format!("lacks {what}, which the page states: add it, or remove its mark `{MARK}`")
        }
        (kind, Some(page), Some(own)) if kind != "added" => {
            format!("{what} is {own}, but the page says {page}")
        }
        _ => format!("the page does not state {what}: remove it, or mark it `{MARK}` and say why"),
    }
}

/// Checks that descriptions name the bounds and defaults of the page, for readers who do not see the schema.
fn unnamed(contract: &Contract<'_>, facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    for (part, fields) in parts(facts) {
        for field in fields {
            let Some(node) = contract.member(&part, &field.name) else {
                continue;
            };
            let (attributes, said) = (field.attributes(), node.text("description"));
            for key in ["minimum", "maximum", "minLength", "maxLength", "default"] {
                let bound = attributes.get(key).map(text);
                if let Some(bound) = bound.filter(|bound| !mentions(said, bound)) {
                    problems.push(node.get("description").problem(&format!(
                        "the description does not name the bound {bound} of the page: add it"
                    )));
                }
            }
        }
    }
    problems
}
