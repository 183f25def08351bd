//! Which values of the documents were compared with the pages by a person.
//!
//! Facts do not cover sentences. `openapi/facts/reviewed.json` therefore holds a hash of every value, except those of examples, from its last
//! review. A value that is new, changed or removed is reported until a person compares it with the page and
//! accepts it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Facts, load_file, save_file};
use crate::codegen::SERVICES;
use crate::codegen::spec::Document;

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

/// The documents as they are now, by file.
fn current(root: &Path) -> Result<Reviews, String> {
    let mut current = Reviews::new();
    for file in SERVICES.into_iter().chain([UNPAGED]) {
        let document = Document::load(root, file)?;
        let facts = (file != UNPAGED).then(|| Facts::load(root, file));
        let page = facts.transpose()?.and_then(|facts| facts.date);
        let mut texts = BTreeMap::new();
        collect(String::new(), &document.root, &mut texts);
        current.insert(document.file, Review { page, texts });
    }
    Ok(current)
}

/// What changed in the documents since their last review.
///
/// # Errors
///
/// A document, the facts of its page, or the reviews cannot be read.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let reviews = load_file(root, FILE, &format!("`{ACCEPT}` writes it"))?;
    let message = format!("is not reviewed: compare it with the page, then run `{ACCEPT}`");
    Ok(changes(&reviews, &current(root)?, &message))
}

/// The values that differ from their review, each with `message`.
fn changes(reviews: &Reviews, current: &Reviews, message: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (file, now) in current {
        let unknown = Review::default();
        let known = reviews.get(file).unwrap_or(&unknown);
        if !known.texts.is_empty() && known.page != now.page {
            let day = known.page.as_deref().unwrap_or_default();
            problems.push(format!(
                "{file}: was compared with the page of {day}, which changed since; {message}"
            ));
            continue;
        }
        let places: BTreeSet<&String> = known.texts.keys().chain(now.texts.keys()).collect();
        let differ = |place: &&String| known.texts.get(*place) != now.texts.get(*place);
        let places = places.into_iter().filter(differ);
        problems.extend(places.map(|place| format!("{file}: {place}: {message}")));
    }
    problems
}

/// Records all documents as reviewed; returns the lines to print, one for each value that is new, changed or gone.
///
/// # Errors
///
/// A document or its facts cannot be read, or the file cannot be written.
pub fn accept(root: &Path) -> Result<String, String> {
    let before = load_file(root, FILE, "").unwrap_or_default();
    let current = current(root)?;
    save_file(root, FILE, &current)?;
    Ok(changes(&before, &current, "accepted as reviewed").join("\n"))
}

/// Adds the hash of every value below a node. Parameters go by name, so that a new one leaves the others as they were.
fn collect(place: String, node: &Value, texts: &mut BTreeMap<String, String>) {
    let mut add = |key: &str, child| collect(format!("{place}/{key}"), child, texts);
    match node {
        Value::Object(members) if !members.is_empty() => {
            // What examples show is invented; their summaries are not.
            let is_stated = |key: &str| !["example", "value", "x-codeSamples"].contains(&key);
            let members = members.iter().filter(|(key, _)| is_stated(key));
            members.for_each(|(key, child)| add(key, child));
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                let index = index.to_string();
                let name = item["name"].as_str().filter(|name| !name.is_empty());
                add(name.unwrap_or(&index), item);
            }
        }
        _ => {
            texts.insert(place, hash(node));
        }
    }
}

/// The hash of a value. Line breaks in a text make no difference.
fn hash(value: &Value) -> String {
    let text = value.to_string().replace("\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" "));
    let hex = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    hex.collect::<Vec<_>>().concat()
}
