//! Rules for sets of values: closed where clients choose, open where services may.

use std::collections::BTreeSet;

use super::schema::{has_type, words};
use crate::codegen::enums::{self, DESCRIPTIONS, EXTENSION, OTHER};
use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

pub(super) fn closed_enum(document: &Document) -> Vec<Problem> {
    let in_answers = survey::response_schemas(document);
    let why = "a new value would break clients, so use `x-extensible-enum` in a named schema";
    let mut problems: Vec<Problem> = in_answers
        .iter()
        .flat_map(|schema| schema.refuse(&["enum"], why))
        .collect();
    let parameters = survey::parameters(document);
    let inline = parameters
        .iter()
        .filter_map(|parameter| parameter.get("schema"));
    problems.extend(inline.flat_map(|schema| {
        schema.refuse(&["enum"], "give the set a name in `components.schemas`")
    }));
    let named = survey::named_schemas(document).into_iter();
    let sets = named.filter(|(_, schema)| schema.has("enum"));
    problems.extend(sets.flat_map(|(_, schema)| {
        let said = schema
            .text("description")
            .is_some_and(|text| words(text).contains("closed"));
        schema.require(
            said,
            "is a closed set: say so in its description, and why it may be one",
        )
    }));
    problems
}

pub(super) fn open_enum(document: &Document) -> Vec<Problem> {
    let named = survey::named_schemas(document);
    let mut problems = Vec::new();
    for schema in survey::schemas(document)
        .iter()
        .filter(|schema| is_open_enum(schema))
    {
        let has_name = named.iter().any(|(_, known)| known.is(schema));
        problems.extend(schema.require(
            has_name,
            "is an open enum without a name: move it to `components.schemas`",
        ));
        problems.extend(schema.require(
            has_type(schema, "string"),
            "is an open enum and must be `type: string`",
        ));
        problems.extend(schema.require(
            schema.is_true("nullable"),
            "is an open enum and must be `nullable: true`: a field that refers to it could not be null otherwise",
        ));
        let said = schema
            .text("description")
            .is_some_and(|text| words(text).contains("open set"));
        problems.extend(schema.require(said, "is an open enum: say `open set` in its description"));
        problems.extend(open_enum_values(schema));
    }
    problems
}

/// Whether a schema lists the values of an open set, or describes some.
fn is_open_enum(schema: &Node<'_>) -> bool {
    schema.has(EXTENSION) || schema.has(DESCRIPTIONS)
}

fn open_enum_values(schema: &Node<'_>) -> Vec<Problem> {
    let values = texts(schema, EXTENSION);
    let descriptions = texts(schema, DESCRIPTIONS);
    let mut problems = schema.require(!values.is_empty(), "must list its known values, as text");
    problems.extend(schema.require(
        values.len() == descriptions.iter().collect::<BTreeSet<_>>().len(),
        "needs `x-enum-descriptions` with a text of its own for each value, in the same order",
    ));
    let mut variants = BTreeSet::from([OTHER.to_owned()]);
    for value in values {
        let variant = enums::variant_name(value);
        let identifier =
            variant.starts_with(|c: char| c.is_ascii_alphabetic()) && variant != "Self";
        let right = identifier && variants.insert(variant);
        problems.extend(schema.require(
            right,
            &format!("has the value `{value}`, which gives no Rust name of its own: remove it"),
        ));
    }
    problems
}

/// The texts in the list `key`; none at all if anything else is among them, or a blank.
fn texts<'a>(schema: &Node<'a>, key: &str) -> Vec<&'a str> {
    let items = schema.get(key).map(|list| list.items()).unwrap_or_default();
    let text = |item: &Node<'a>| item.value.as_str().filter(|text| !text.trim().is_empty());
    let texts: Option<Vec<&str>> = items.iter().map(text).collect();
    texts.unwrap_or_default()
}
