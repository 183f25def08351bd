//! Types of pages beside types of documents.

use super::contract::Shape;
use super::facts::Field;
use super::types;
use crate::codegen::Problem;
use crate::codegen::node::Node;

/// A problem if the schema is not of the type that the page writes.
pub fn check(node: &Node<'_>, shape: &Shape<'_>, field: &Field) -> Vec<Problem> {
    let Some(written) = &field.kind else {
        return Vec::new();
    };
    match fits(shape, written) {
        None => vec![node.problem(format!("the page writes the type `{written}`, which is not known here: teach it to `docs check`"))],
        Some(false) => vec![node.problem(format!("has another type than the page, which writes `{written}`"))],
        Some(true) => Vec::new(),
    }
}

/// Whether the schema is of the type; none if the type is not known.
fn fits(shape: &Shape<'_>, written: &str) -> Option<bool> {
    let stated = shape.text("type");
    let lower = written.to_lowercase();
    if lower.starts_with("array") || lower.starts_with("list") {
        let items = shape.node("items");
        let of = types::reference(written);
        let right = match (of, items) {
            (Some(name), Some(items)) => items.reference() == Some(name),
            (None, items) => items.is_some(),
            (Some(_), None) => false,
        };
        return Some(stated == Some("array") && right);
    }
    if let Some(name) = types::reference(written) {
        let object = lower.ends_with("object");
        return object.then(|| shape.is_named(name));
    }
    let format = shape.text("format");
    match lower.as_str() {
        // A schema of text has a format only where the page speaks of one.
        "string" => Some(stated == Some("string") && format.is_none()),
        "integer" | "int" => Some(stated == Some("integer")),
        "long" => Some(stated == Some("integer") && format == Some("int64")),
        "boolean" | "bool" => Some(stated == Some("boolean")),
        "float" | "double" | "number" => Some(stated == Some("number")),
        "object" => Some(stated == Some("object")),
        _ => None,
    }
}
