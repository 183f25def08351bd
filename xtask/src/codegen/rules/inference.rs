//! Rules for what the vendor's pages do not state.

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;

/// Marks what is no documented fact.
pub(super) const MARK: &str = "x-inferred";

/// The word by which a description says so.
const WORD: &str = "inferred";

pub(super) fn inference_explained(document: &Document) -> Vec<Problem> {
    let marked = nodes(document).into_iter().filter(|node| node.has(MARK));
    let message =
        "must have `x-inferred: true` and a description that says what is inferred, with that word";
    marked
        .flat_map(|node| node.require(node.is_true(MARK) && says_so(&node), message))
        .collect()
}

/// Machines look for the mark only, so the word alone is not enough.
pub(super) fn inference_marked(document: &Document) -> Vec<Problem> {
    let told = nodes(document).into_iter().filter(says_so);
    let message = "calls something inferred: add `x-inferred: true`";
    told.flat_map(|node| node.require(node.has(MARK), message))
        .collect()
}

/// Whether the description says that something is inferred; naming the mark does not.
fn says_so(node: &Node<'_>) -> bool {
    node.text("description")
        .is_some_and(|text| text.replace(MARK, "").contains(WORD))
}

/// Every node of the document.
fn nodes(document: &Document) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![Node::root(document)];
    while let Some(node) = open.pop() {
        let members = node.members().into_iter().map(|(_, child)| child);
        open.extend(members.chain(node.items()));
        found.push(node);
    }
    found
}
