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
    let responses = survey::responses(document).into_iter();
    let responses =
        responses.flat_map(|(_, response)| response.refuse(&OF_RESPONSES, "no page states them"));
    schemas.chain(parameters).chain(responses).collect()
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
