//! A node of a document, with its place.

use serde_json::Value;

use super::problem::{Place, Problem};
use super::spec::Document;

/// Where references may point: the prefix of every `$ref`.
pub const SCHEMAS: &str = "#/components/schemas/";

/// One node of a document.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    document: &'a Document,
    place: Place,
    /// The value of the node.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The document as a whole.
    pub fn root(document: &'a Document) -> Self {
        Self {
            document,
            place: Place::default(),
            value: &document.root,
        }
    }

    fn at(&self, key: &str, value: &'a Value) -> Self {
        Self {
            document: self.document,
            place: self.place.child(key),
            value,
        }
    }

    /// The member `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<Self> {
        Some(self.at(key, self.value.get(key)?))
    }

    /// The node at the path `keys`.
    pub fn find(&self, keys: &[&str]) -> Option<Self> {
        keys.iter()
            .try_fold(self.clone(), |node, key| node.get(key))
    }

    /// Whether this is an object with a member `key`.
    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// The text of the member `key`; none if it is missing, no text, or blank.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value
            .get(key)?
            .as_str()
            .filter(|text| !text.trim().is_empty())
    }

    /// Whether the member `key` is `true`.
    pub fn is_true(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .map(|(key, value)| (key.as_str(), self.at(key, value)))
            .collect()
    }

    /// The items of an array; none for anything else.
    pub fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten();
        items
            .enumerate()
            .map(|(index, value)| self.at(&index.to_string(), value))
            .collect()
    }

    /// Name of the schema that this node refers to by `$ref`.
    pub fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
    }

    /// A problem of this node.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem {
            file: self.document.file.clone(),
            line: self.document.line(&self.place),
            place: Some(self.place.clone()),
            message: message.into(),
        }
    }
}
