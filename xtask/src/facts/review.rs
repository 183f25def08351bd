//! Which texts of the documents were compared with their pages by a person.
//!
//! Facts do not tell whether a sentence is true. So `openapi/facts/reviewed.json` keeps a hash of every text as it was at its last
//! review, and a text that changed since is reported until someone compares it with the page and accepts it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// The day of the page that the texts were compared with.
    page: Option<String>,
    /// The hash of each text, by its place.
    texts: BTreeMap<String, String>,
}

type Reviews = BTreeMap<String, Review>;

fn load(root: &Path) -> Result<Reviews, Problem> {
    load_file(root, FILE, &format!("`{ACCEPT}` writes it"))
}

/// The texts of a document that changed since their last review.
pub(super) fn check(root: &Path, document: &Document, facts: &Facts) -> Vec<Problem> {
    let mut reviews = match load(root) {
        Ok(reviews) => reviews,
        Err(problem) => return vec![problem],
    };
    let review = reviews.remove(&document.file).unwrap_or_default();
    if !review.texts.is_empty() && review.page != facts.date {
        let day = review.page.unwrap_or_default();
        let message = format!(
            "was compared with the page of {day}, which changed since: compare its texts with the page, then run `{ACCEPT}`"
        );
        return vec![Problem::of_file(&document.file, message)];
    }
    let texts = texts(document).into_iter();
    let changed = texts.filter(|(place, node)| review.texts.get(place) != Some(&hash(node)));
    let message = format!("is not reviewed: compare this text with the page, then run `{ACCEPT}`");
    let problems = changed.map(|(_, node)| node.problem(message.as_str()));
    problems.collect()
}

/// Records the texts of all documents as reviewed; returns the lines to print, one for each text that is new or changed.
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
        for (place, node) in texts(&document) {
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

/// Every text of a document, with its place. Parameters go by name, so that a new one leaves the others as they were.
fn texts(document: &Document) -> Vec<(String, Node<'_>)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), Node::root(document))];
    while let Some((place, node)) = open.pop() {
        let mut children = node.members();
        children.retain(|(key, _)| *key != "example" && *key != "value");
        let children = children
            .into_iter()
            .map(|(key, child)| (key.to_owned(), child));
        let items = node.items().into_iter().enumerate().map(|(index, item)| {
            let name = item.text("name").map(str::to_owned);
            (name.unwrap_or_else(|| index.to_string()), item)
        });
        for (key, child) in children.chain(items) {
            let is_text = matches!(key.as_str(), "title" | "summary" | "description");
            let below = format!("{place}/{key}");
            match child.value {
                Value::String(_) if is_text || place.ends_with("/x-enum-descriptions") => {
                    found.push((below, child));
                }
                Value::String(_) => {}
                _ => open.push((below, child)),
            }
        }
    }
    found.sort_by_key(|(_, node)| node.problem("").line);
    found
}

/// The hash of a text, whose lines may be broken elsewhere.
fn hash(node: &Node<'_>) -> String {
    let text = node.value.as_str().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" "));
    let hex = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
