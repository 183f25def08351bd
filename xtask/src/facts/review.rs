//! What of the documents was compared with their pages by a person.
//!
//! Facts do not tell whether a sentence is true, nor what else a document may state. So `openapi/facts/reviewed.json` keeps a hash of
//! every value outside of the examples as it was at its last review. One that is new, changed or gone is reported until a person compares
//! it with the page and accepts it.

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

/// What records a review.
const ACCEPT: &str = "cargo xtask docs check --accept";

/// The review of one document.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    /// The day of the page that the document was compared with.
    page: Option<String>,
    /// The hash of each value, by its place.
    texts: BTreeMap<String, String>,
}

type Reviews = BTreeMap<String, Review>;

fn load(root: &Path) -> Result<Reviews, Problem> {
    load_file(root, FILE, &format!("`{ACCEPT}` writes it"))
}

/// What of a document changed since its last review.
pub(super) fn check(root: &Path, document: &Document, facts: &Facts) -> Vec<Problem> {
    let mut reviews = match load(root) {
        Ok(reviews) => reviews,
        Err(problem) => return vec![problem],
    };
    let review = reviews.remove(&document.file).unwrap_or_default();
    if !review.texts.is_empty() && review.page != facts.date {
        let day = review.page.unwrap_or_default();
        let message = format!(
            "was compared with the page of {day}, which changed since: compare it with the page, then run `{ACCEPT}`"
        );
        return vec![Problem::of_file(&document.file, message)];
    }
    let message = format!("is not reviewed: compare it with the page, then run `{ACCEPT}`");
    let values = values(document);
    let gone = review
        .texts
        .keys()
        .filter(|place| values.iter().all(|(known, _)| known != *place));
    let gone = gone
        .map(|place| Problem::of_file(&document.file, format!("{place}: is gone and {message}")));
    let changed = values
        .iter()
        .filter(|(place, node)| review.texts.get(place) != Some(&hash(node)));
    changed
        .map(|(_, node)| node.problem(message.as_str()))
        .chain(gone)
        .collect()
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
    for service in SERVICES {
        let document = Document::load(root, service.file)?;
        let page = Facts::load(root, service)?.date;
        let mut review = Review {
            page,
            texts: BTreeMap::new(),
        };
        for (place, node) in values(&document) {
            let hash = hash(&node);
            let known = before
                .get(service.file)
                .and_then(|known| known.texts.get(&place));
            if known != Some(&hash) {
                lines.push(format!("{}\n", node.problem("accepted as reviewed")));
            }
            review.texts.insert(place, hash);
        }
        reviews.insert(service.file.to_owned(), review);
    }
    save_file(root, FILE, &reviews)?;
    Ok(lines.concat())
}

/// Every value of a document, with its place. Parameters go by name, so that a new one leaves the others as they were.
fn values(document: &Document) -> Vec<(String, Node<'_>)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), Node::root(document))];
    while let Some((place, node)) = open.pop() {
        let mut children: Vec<(String, Node<'_>)> = Vec::new();
        for (key, child) in node.members() {
            children.push((key.to_owned(), child));
        }
        for (index, item) in node.items().into_iter().enumerate() {
            let name = item.text("name").map(str::to_owned);
            children.push((name.unwrap_or_else(|| index.to_string()), item));
        }
        children
            .retain(|(key, _)| !["example", "examples", "x-codeSamples"].contains(&key.as_str()));
        if children.is_empty() {
            found.push((place.clone(), node));
        }
        open.extend(
            children
                .into_iter()
                .map(|(key, child)| (format!("{place}/{key}"), child)),
        );
    }
    found.sort_by_key(|(_, node)| node.problem("").line);
    found
}

/// The hash of a value; the lines of a text may be broken elsewhere.
fn hash(node: &Node<'_>) -> String {
    let text = node.value.to_string().replace("\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" "));
    let hex = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
