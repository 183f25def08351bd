//! Rules for what people read: words that were meant to be replaced say nothing.

use super::schema::words;
use crate::codegen::enums::DESCRIPTIONS;
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;

/// Members that hold text for people.
const TEXTS: [&str; 3] = ["description", "summary", "title"];

/// Members that hold data, in which any text may stand.
const DATA: [&str; 2] = ["example", "value"];

/// What stands where something has yet to be written, as a word of its own.
const MARKERS: [&str; 5] = ["FIXME", "TBA", "TBD", "TODO", "XXX"];

/// The same in several words.
const FILLERS: [&str; 5] = [
    "LOREM IPSUM",
    "NO DESCRIPTION",
    "TO BE ANNOUNCED",
    "TO BE DEFINED",
    "TO BE DONE",
];

pub(super) fn text_written(document: &Document) -> Vec<Problem> {
    let root = Node::root(document);
    let maintainers = root.find(&["info", "contact", "name"]);
    let texts = texts(&root).into_iter().chain(maintainers);
    let placeholders = texts.filter(|text| text.value.as_str().is_some_and(is_placeholder));
    placeholders
        .map(|text| text.problem("is a placeholder or one word alone: say what there is to say"))
        .collect()
}

/// Every text for people below `node`.
fn texts<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    for (key, member) in node.members() {
        if TEXTS.contains(&key) && member.value.is_string() {
            found.push(member);
        } else if key == DESCRIPTIONS {
            found.extend(member.items());
        } else if !DATA.contains(&key) {
            found.extend(texts(&member));
        }
    }
    found.extend(node.items().iter().flat_map(texts));
    found
}

/// A blank text is left to the rules that ask for one.
fn is_placeholder(text: &str) -> bool {
    let text = words(text).to_ascii_uppercase();
    let spoken: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '_'))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let marked = spoken.iter().any(|word| MARKERS.contains(word));
    let filled = FILLERS.iter().any(|filler| text.contains(filler));
    !text.is_empty() && (marked || filled || spoken.len() < 2)
}
