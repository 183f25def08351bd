//! Which values of the documents a person has compared with the pages.
//!
//! Facts do not cover sentences. `openapi/facts/reviewed.json` therefore holds a hash of every value, except those of examples, from its last
//! review. A value that is new, changed or removed is reported until a person compares it with the page and
//! accepts it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Facts, load_file, save_file};
use crate::codegen::node::Node;
use crate::codegen::services::SERVICES;
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};

const FILE: &str = "openapi/facts/reviewed.json";

/// The document without a reference page.
const UNPAGED: &str = "openapi/iam.yaml";

/// Command that records a review.
const ACCEPT: &str = "cargo xtask docs check --accept";

/// The review of one document.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    /// Date of the page that the document was compared with.
    page: Option<String>,
    /// The hash of each value, by its place.
    texts: BTreeMap<String, String>,
}

type Reviews = BTreeMap<String, Review>;

fn load(root: &Path) -> Result<Reviews, Problem> {
    load_file(root, FILE, &format!("`{ACCEPT}` writes it"))
}

/// The documents, each with the date of its page if it has one.
fn documents(root: &Path) -> Result<Vec<(Document, Option<String>)>, Problem> {
    let mut documents = vec![(Document::load(root, UNPAGED)?, None)];
    for service in SERVICES {
        let page = Facts::load(root, service)?.date;
        documents.push((Document::load(root, service.file)?, page));
    }
    Ok(documents)
}

/// What changed in the documents since their last review.
///
/// # Errors
///
/// A document, the facts of its page, or the reviews cannot be read.
pub(super) fn check(root: &Path) -> Result<Vec<Problem>, Problem> {
    let mut reviews = load(root)?;
    let documents = documents(root)?.into_iter();
    let problems = documents.flat_map(|(document, page)| {
        let review = reviews.remove(&document.file).unwrap_or_default();
        changes(&document, page.as_deref(), &review)
    });
    Ok(problems.collect())
}

fn changes(document: &Document, page: Option<&str>, review: &Review) -> Vec<Problem> {
    if !review.texts.is_empty() && review.page.as_deref() != page {
        let day = review.page.as_deref().unwrap_or_default();
        let message = format!(
            "was compared with the page of {day}, which changed since: compare it with the page, then run `{ACCEPT}`"
        );
        return vec![Problem::of_file(&document.file, message)];
    }
    let message = format!("is not reviewed: compare it with the page, then run `{ACCEPT}`");
    let values = values(document);
    let mut gone = review.texts.clone();
    let mut problems = Vec::new();
    for (place, node) in &values {
        if gone.remove(place).as_ref() != Some(&hash(node)) {
            problems.push(node.problem(message.as_str()));
        }
    }
    let gone = gone.into_keys();
    problems.extend(
        gone.map(|place| {
            Problem::of_file(&document.file, format!("{place}: is gone and {message}"))
        }),
    );
    problems
}

/// Records all documents as reviewed; returns the lines to print, one for each value that is new or changed.
///
/// # Errors
///
/// A document or its facts cannot be read, or the file cannot be written.
pub fn accept(root: &Path) -> Result<String, Problems> {
    let before = load(root).unwrap_or_default();
    let mut reviews = Reviews::new();
    let mut lines = Vec::new();
    for (document, page) in documents(root)? {
        let known = before.get(&document.file);
        let mut texts = BTreeMap::new();
        for (place, node) in values(&document) {
            let hash = hash(&node);
            if known.and_then(|known| known.texts.get(&place)) != Some(&hash) {
                lines.push(format!("{}\n", node.problem("accepted as reviewed")));
            }
            texts.insert(place, hash);
        }
        reviews.insert(document.file, Review { page, texts });
    }
    save_file(root, FILE, &reviews)?;
    Ok(lines.concat())
}

/// Every value of a document, with its place. Parameters go by name, so that a new one leaves the others as they were.
fn values(document: &Document) -> Vec<(String, Node<'_>)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), Node::root(document))];
    while let Some((place, node)) = open.pop() {
        let members = node.members().into_iter();
        let members = members.map(|(key, child)| (key.to_owned(), child));
        let items = node.items().into_iter().enumerate().map(|(index, item)| {
            let name = item.text("name").map(str::to_owned);
            (name.unwrap_or_else(|| index.to_string()), item)
        });
        let mut children: Vec<_> = members.chain(items).collect();
        // What examples show is invented; their summaries are not.
        children.retain(|(key, _)| !["example", "value", "x-codeSamples"].contains(&key.as_str()));
        let children = children.into_iter();
        open.extend(children.map(|(key, child)| (format!("{place}/{key}"), child)));
        if node.members().is_empty() && node.items().is_empty() {
            found.push((place, node));
        }
    }
    found.sort_by_key(|(_, node)| node.problem("").line);
    found
}

/// The hash of a value. Line breaks in a text make no difference.
fn hash(node: &Node<'_>) -> String {
    let text = node.value.to_string().replace("\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" "));
    let hex = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
