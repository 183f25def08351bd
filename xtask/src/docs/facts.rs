//! What a reference page states about one operation.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// In the body.
    Body,
    /// The page does not tell.
    Unknown,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
            Self::Unknown => "unknown",
        })
    }
}

/// A row of a table: a parameter, or a field of a body or of a structure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// Where it is sent; none for fields.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether it must be there; none if the page does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The type, as the page writes it; none if the page does not tell.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The default, as the page writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Smallest value, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// Largest value, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// Smallest length, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// Largest length, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// The only characters that are allowed, as the inside of a character class of a pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub characters: Option<String>,
    /// The values that the page lists, as it writes them.
    #[serde(rename = "enum", default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// The body of an answer with one status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status, three digits.
    pub status: String,
    /// The fields of the body.
    pub fields: Vec<Field>,
}

/// A structure that parameters or answers refer to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// An example body.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Line in the file, from 1.
    pub line: usize,
    /// The status it is an answer with; none for requests, and where the page does not tell.
    pub status: Option<String>,
    /// Whether it is sent, not received.
    pub request: bool,
    /// The body; none if it is no JSON.
    pub value: Option<Value>,
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
    /// The answers that have a body.
    pub responses: Vec<Response>,
    /// The structures.
    pub schemas: Vec<Schema>,
    /// The statuses that the page lists.
    pub status_codes: Vec<String>,
    /// The examples. They are not kept in a lock: their texts are the vendor's.
    #[serde(skip)]
    pub examples: Vec<Example>,
}

impl Facts {
    /// The facts in the form that other tools read. Lengths, maxima and the ranges of fields are not part of it.
    pub fn published(&self) -> Value {
        let parameters: Vec<Value> = self.parameters.iter().map(published_parameter).collect();
        let responses = self.responses.iter().map(|response| {
            let fields: Vec<Value> = response.fields.iter().map(published_answer).collect();
            json!({"status": response.status, "fields": fields})
        });
        let schemas = self.schemas.iter().map(|schema| {
            let fields: Vec<Value> = schema.fields.iter().map(published_field).collect();
            json!({"name": schema.name, "fields": fields})
        });
        let examples = self.examples.iter();
        json!({
            "title": self.title,
            "method": self.method,
            "path": self.path,
            "parameters": parameters,
            "responses": responses.collect::<Vec<_>>(),
            "schemas": schemas.collect::<Vec<_>>(),
            "status_codes": self.status_codes,
            "examples": examples.filter_map(|example| example.value.as_ref()).collect::<Vec<_>>(),
        })
    }
}

fn published_parameter(field: &Field) -> Value {
    json!({
        "name": field.name,
        "in": field.location.unwrap_or(Location::Unknown).to_string(),
        "required": field.required,
        "type": field.kind,
        "default": field.default,
        "minimum": field.minimum,
        "enum": field.values,
    })
}

fn published_field(field: &Field) -> Value {
    json!({"name": field.name, "type": field.kind, "required": field.required, "enum": field.values})
}

fn published_answer(field: &Field) -> Value {
    json!({"name": field.name, "type": field.kind, "enum": field.values})
}
