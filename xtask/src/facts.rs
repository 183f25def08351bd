//! What a reference page states about one operation.
//!
//! A saved [`page`](crate::page) becomes facts ([`read`](mod@read)). The facts that a document was written from are kept in
//! `openapi/facts`; the document is compared with them ([`check`](mod@check)), and so are pages that are saved later ([`diff`]).

pub mod check;
pub mod command;
pub mod description;
pub mod diff;
pub mod document;
pub mod read;
pub mod review;
pub mod words;

use std::fmt::Display;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::codegen;

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// A row of a table: a parameter, or a field of a body or of a structure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// Where the parameter is sent; none for fields.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether it is mandatory; none if the page does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The type, as the page writes it; none if the page does not say.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The default, as the page writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Smallest value, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// Largest value, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// Smallest length, in characters.
    #[serde(rename = "minLength", skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// Largest length, in characters.
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// The only characters that are allowed, as the inside of a character class of a pattern.
    #[serde(rename = "pattern", skip_serializing_if = "Option::is_none")]
    pub characters: Option<String>,
    /// The values that the page lists, as it writes them.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Field {
    /// The attributes as JSON; those that the page does not state are missing.
    pub fn attributes(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(attributes)) => attributes,
            _ => Map::new(),
        }
    }
}

/// The body of a response with one status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status, three digits.
    pub status: String,
    /// The fields of the body.
    pub fields: Vec<Field>,
}

/// A structure that responses refer to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// Everything that a page states about its operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Title of the page.
    pub title: String,
    /// HTTP method, upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// The day the vendor last changed the page, as `2025-11-17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The parameters.
    pub parameters: Vec<Field>,
    /// The responses that have a body.
    pub responses: Vec<Response>,
    /// The structures.
    pub schemas: Vec<Schema>,
    /// The statuses that the page lists.
    pub status_codes: Vec<String>,
}

impl Facts {
    /// Reads the facts of a document.
    ///
    /// # Errors
    ///
    /// The file is missing, or holds something else.
    pub fn load(root: &Path, document: &str) -> Result<Self, String> {
        let remedy = "`cargo xtask docs diff PAGE --update` writes it";
        load_file(root, &file(document), remedy)
    }

    /// The facts as JSON, as they stand in `openapi/facts`.
    fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// The file with the facts of a document, below the root of the workspace.
pub fn file(document: &str) -> String {
    format!("openapi/facts/{}.json", codegen::name(document))
}

/// Reads a file of the workspace; `remedy` is added to the error.
fn load_file<T: DeserializeOwned>(root: &Path, file: &str, remedy: &str) -> Result<T, String> {
    let failed = |error: &dyn Display| format!("{file}: cannot be read: {error}; {remedy}");
    let text = fs::read_to_string(root.join(file)).map_err(|error| failed(&error))?;
    serde_json::from_str(&text).map_err(|error| failed(&error))
}

/// Writes a file of the workspace.
fn save_file(root: &Path, file: &str, content: &impl Serialize) -> Result<(), String> {
    let failed = |error: &dyn Display| format!("{file}: cannot be written: {error}");
    let text = serde_json::to_string_pretty(content).map_err(|error| failed(&error))?;
    fs::write(root.join(file), text + "\n").map_err(|error| failed(&error))
}
