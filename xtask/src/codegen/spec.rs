//! An OpenAPI document and its nodes.

use std::fs;
use std::path::Path;

use serde_json::Value;
use serde_saphyr::MergeKeyPolicy;

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
    pub fn load(root: &Path, file: &str) -> Result<Self, String> {
        let bytes = fs::read(root.join(file));
        let bytes = bytes.map_err(|error| format!("{file}: cannot be read: {error}"))?;
        Self::parse(file, &bytes)
    }

    /// Reads a document from the bytes of a file; `file` is only named in problems.
    ///
    /// # Errors
    ///
    /// As for [`Document::load`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, String> {
        // Tools disagree on what merge keys and words such as `yes` mean.
        let options = serde_saphyr::options! {
            merge_keys: MergeKeyPolicy::Error,
            strict_booleans: true,
            with_snippet: false,
        };
        let root = serde_saphyr::from_slice_with_options(bytes, options)
            .map_err(|error| format!("{file}: is not YAML: {error}"))?;
        if !Value::is_object(&root) {
            return Err(format!(
                "{file}: is not a mapping: an OpenAPI document starts with `openapi: 3.0.3`"
            ));
        }
        let file = file.to_owned();
        Ok(Self { file, root })
    }
}

/// One node of a document. Its value is null if the document does not have it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Node<'a> {
    file: &'a str,
    /// The keys from the root of the document, joined by dots.
    pub place: String,
    /// The value of the node.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The document as a whole.
    pub fn root(document: &'a Document) -> Self {
        Self {
            file: &document.file,
            place: String::new(),
            value: &document.root,
        }
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let place = format!("{}.{key}", self.place);
        Self {
            file: self.file,
            place: place.trim_start_matches('.').to_owned(),
            value,
        }
    }

    /// The member `key`.
    pub fn get(&self, key: &str) -> Self {
        self.child(key, &self.value[key])
    }

    /// The node at the path `keys`.
    pub fn find(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |node, key| node.get(key))
    }

    /// Whether the document has it.
    pub fn exists(&self) -> bool {
        !self.value.is_null()
    }

    /// The text of the member `key`; empty if it is missing or no text.
    pub fn text(&self, key: &str) -> &'a str {
        self.value[key].as_str().unwrap_or_default()
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        let members = members.map(|(key, value)| (key.as_str(), self.child(key, value)));
        members.collect()
    }

    /// The items of an array; none for anything else.
    pub fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        let items = items.map(|(index, value)| self.child(&index.to_string(), value));
        items.collect()
    }

    /// Name of the schema that this node refers to by `$ref`.
    pub fn reference(&self) -> Option<&'a str> {
        self.text("$ref").strip_prefix("#/components/schemas/")
    }

    /// A problem of this node.
    pub fn problem(&self, message: &str) -> String {
        format!("{}: {}: {message}", self.file, self.place)
    }
}
