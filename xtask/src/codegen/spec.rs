//! An OpenAPI document and its nodes.

use std::fs;
use std::path::Path;

use serde_json::Value;
use serde_saphyr::MergeKeyPolicy;

use super::problem::Problem;

/// One document, as JSON.
#[derive(Clone, Debug)]
pub struct Document {
    /// File, below the root of the workspace.
    pub file: String,
    /// The document.
    pub root: Value,
}

impl Document {
    /// Reads the file `file` below `root`.
    ///
    /// # Errors
    ///
    /// The file is not one YAML mapping.
    pub fn load(root: &Path, file: &str) -> Result<Self, Problem> {
        let bytes = fs::read(root.join(file));
        let bytes =
            bytes.map_err(|error| Problem::of_file(file, format!("cannot be read: {error}")))?;
        Self::parse(file, &bytes)
    }

    /// Reads a document from the bytes of a file; `file` is only named in problems.
    ///
    /// # Errors
    ///
    /// As for [`Document::load`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Problem> {
        // Tools disagree on what merge keys and words such as `yes` mean.
        let options = serde_saphyr::options! {
            merge_keys: MergeKeyPolicy::Error,
            strict_booleans: true,
            with_snippet: false,
        };
        let root = serde_saphyr::from_slice_with_options(bytes, options)
            .map_err(|error| Problem::of_file(file, format!("is not YAML: {error}")))?;
        if !Value::is_object(&root) {
            let message = "is not a mapping: an OpenAPI document starts with `openapi: 3.0.3`";
            return Err(Problem::of_file(file, message));
        }
        let file = file.to_owned();
        Ok(Self { file, root })
    }
}

/// Where references may point: the prefix of every `$ref`.
pub const SCHEMAS: &str = "#/components/schemas/";

/// One node of a document.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    document: &'a Document,
    /// The keys from the root of the document, joined by dots.
    place: String,
    /// The value of the node.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The document as a whole.
    pub fn root(document: &'a Document) -> Self {
        Self {
            document,
            place: String::new(),
            value: &document.root,
        }
    }

    fn at(&self, key: &str, value: &'a Value) -> Self {
        let parent = if self.place.is_empty() {
            String::new()
        } else {
            format!("{}.", self.place)
        };
        Self {
            document: self.document,
            place: parent + key,
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
            line: None,
            place: Some(self.place.clone()),
            message: message.into(),
        }
    }
}
