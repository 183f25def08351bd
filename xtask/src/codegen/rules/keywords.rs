//! Rules for what may be written at all.

use crate::codegen::enums::{DESCRIPTIONS, EXTENSION};
use crate::codegen::inference::{MARK, PARTS};
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// Extensions that tools of this project read.
const EXTENSIONS: [&str; 4] = [DESCRIPTIONS, EXTENSION, MARK, PARTS];

/// Keywords of a schema that rename types or hide fields in generated clients.
const OF_SCHEMAS: [&str; 6] = [
    "deprecated",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Keywords of a parameter that change how it is sent.
const OF_PARAMETERS: [&str; 7] = [
    "allowEmptyValue",
    "allowReserved",
    "content",
    "deprecated",
    "examples",
    "explode",
    "style",
];

/// Keywords that a page can have stated of what is sent. Others bound it by more than any page does.
const OF_ARGUMENTS: [&str; 10] = [
    "$ref",
    "default",
    "enum",
    "format",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "pattern",
    "type",
];

/// Parts of a response that no page states.
const OF_RESPONSES: [&str; 2] = ["headers", "links"];

pub(super) fn known_keywords(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document).into_iter();
    let schemas = schemas.flat_map(|schema| {
        schema.refuse(
            &OF_SCHEMAS,
            "generators would rename or hide what it stands at",
        )
    });
    let parameters = survey::parameters(document).into_iter();
    let parameters = parameters.flat_map(|parameter| {
        parameter.refuse(
            &OF_PARAMETERS,
            "parameters are sent in the default way, with one `example`",
        )
    });
    let arguments = survey::parameters(document).into_iter();
    let arguments = arguments.filter_map(|parameter| parameter.get("schema"));
    let arguments = arguments.flat_map(|schema| argument_keywords(&schema));
    let responses = survey::responses(document).into_iter();
    let responses =
        responses.flat_map(|(_, response)| response.refuse(&OF_RESPONSES, "no page states them"));
    let arguments = parameters.chain(arguments);
    schemas.chain(arguments).chain(responses).collect()
}

fn argument_keywords(schema: &Node<'_>) -> Vec<Problem> {
    let members = schema.members().into_iter();
    let mut foreign: Vec<&str> = members
        .map(|(key, _)| key)
        .filter(|key| !OF_ARGUMENTS.contains(key) && !OF_SCHEMAS.contains(key))
        .collect();
    // Of text, a page states what it looks like, which is a pattern.
    if schema.text("type") != Some("integer") {
        foreign.push("format");
    }
    schema.refuse(&foreign, "no page states it of what is sent")
}

/// Some generators act on extensions of their own, so a stray one is not harmless.
pub(super) fn known_extensions(document: &Document) -> Vec<Problem> {
    extensions(&Node::root(document))
        .into_iter()
        .filter(|(key, _)| !EXTENSIONS.contains(key))
        .map(|(key, node)| {
            node.problem(format!(
                "`{key}` is no extension of these documents: remove it, or mend its name"
            ))
        })
        .collect()
}

/// Every extension below `node`; examples are data and hold none.
fn extensions<'a>(node: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut found = Vec::new();
    for (key, member) in node.members() {
        if key.starts_with("x-") {
            found.push((key, member));
        } else if !matches!(key, "example" | "examples") {
            found.extend(extensions(&member));
        }
    }
    found.extend(node.items().iter().flat_map(extensions));
    found
}
