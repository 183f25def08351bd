//! Marks of what a document states and its page does not.

use serde_json::Value;

use super::node::Node;

/// Marks what is no documented fact.
pub const MARK: &str = "x-inferred";

/// Names what of a documented thing is inferred. Without it, the mark is for the thing as a whole.
pub const PARTS: &str = "x-inferred-parts";

/// The part that words alone tell: a unit, a time zone, what a value stands for.
pub const MEANING: &str = "meaning";

/// The part that a list of values is, open or closed.
pub const VALUES: &str = "values";

/// How much of a node is inferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// Nothing.
    Nothing,
    /// All of it: the page does not have it.
    Whole,
    /// These parts: [`MEANING`], [`VALUES`], or keys of the node or of its schema. The page has the rest.
    Parts(Vec<&'a str>),
}

impl<'a> Mark<'a> {
    /// The mark of a node.
    pub fn of(node: &Node<'a>) -> Self {
        if !node.is_true(MARK) {
            return Self::Nothing;
        }
        match node.value.get(PARTS) {
            None => Self::Whole,
            Some(parts) => {
                let parts = parts.as_array().into_iter().flatten();
                Self::Parts(parts.filter_map(Value::as_str).collect())
            }
        }
    }

    /// Whether this part is inferred.
    pub fn covers(&self, part: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Whole => true,
            Self::Parts(parts) => parts.contains(&part),
        }
    }
}
