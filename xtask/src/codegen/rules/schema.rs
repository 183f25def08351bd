//! Rules for schemas: loose in what the services send, strict in what clients send.

use serde_json::Value;

use crate::codegen::node::Node;
use crate::codegen::problem::Problem;
use crate::codegen::spec::Document;
use crate::codegen::survey;

/// The types that a schema can have; fractions do not occur in these services.
const TYPES: [&str; 5] = ["array", "boolean", "integer", "object", "string"];

/// How a document says the unit of a time.
const TIME_UNIT: &str = "milliseconds since the Unix epoch";

pub(super) fn has_type(schema: &Node<'_>, name: &str) -> bool {
    schema.text("type") == Some(name)
}

pub(super) fn schema_described(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let properties = survey::properties(&schemas)
        .into_iter()
        .map(|(_, property)| property);
    let named = survey::named_schemas(document)
        .into_iter()
        .map(|(_, schema)| schema);
    named
        .chain(properties)
        .flat_map(|schema| schema.require_texts(&["description"]))
        .collect()
}

pub(super) fn schema_type(document: &Document) -> Vec<Problem> {
    let message = "must have a `type`: array, boolean, integer, object or string";
    let schemas = survey::schemas(document);
    let own = schemas.iter().filter(|schema| !schema.has("$ref"));
    own.flat_map(|schema| {
        schema.require(
            schema
                .text("type")
                .is_some_and(|name| TYPES.contains(&name)),
            message,
        )
    })
    .collect()
}

pub(super) fn named_object(document: &Document) -> Vec<Problem> {
    let named = survey::named_schemas(document);
    let objects = survey::schemas(document)
        .into_iter()
        .filter(|schema| has_type(schema, "object"));
    let message = "is an object without a name: move it to `components.schemas` and refer to it";
    objects
        .flat_map(|object| {
            object.require(named.iter().any(|(_, known)| known.is(&object)), message)
        })
        .collect()
}

pub(super) fn object_fields(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document).into_iter();
    let objects = schemas.filter(|schema| has_type(schema, "object"));
    let message = "is an object and needs `properties`: say what it holds";
    objects
        .flat_map(|object| {
            let properties = object.get("properties");
            let some = properties.is_some_and(|properties| !properties.members().is_empty());
            object.require(some, message)
        })
        .collect()
}

pub(super) fn integer_format(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for schema in survey::schemas(document)
        .into_iter()
        .filter(|schema| has_type(schema, "integer"))
    {
        let right = matches!(schema.text("format"), Some("int32" | "int64"));
        problems.extend(schema.require(
            right,
            "needs `format: int32` or `format: int64`: Java overflows without it",
        ));
    }
    for schema in survey::response_schemas(document)
        .into_iter()
        .filter(|schema| has_type(schema, "integer"))
    {
        let right = schema.text("format") != Some("int32");
        problems.extend(schema.require(
            right,
            "must be `format: int64`: the services promise no narrower type in answers",
        ));
    }
    problems
}

pub(super) fn time_unit(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let mut problems = Vec::new();
    for (_, property) in survey::properties(&schemas)
        .into_iter()
        .filter(|(name, _)| name.ends_with("_time"))
    {
        let stated = property
            .text("description")
            .is_some_and(|text| words(text).contains(TIME_UNIT));
        let right = property.text("format") == Some("int64") && stated;
        problems.extend(property.require(
            right,
            "is a time: make it int64 and say `milliseconds since the Unix epoch`",
        ));
    }
    for schema in schemas
        .iter()
        .filter(|schema| schema.text("format") == Some("date-time"))
    {
        problems.push(schema.problem("must not be a `date-time`: no service sends RFC 3339"));
    }
    problems
}

/// `text` with every stretch of white space as one space.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn no_alternatives(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let why = "generators make unusable types of it, so describe one shape";
    let mut problems: Vec<Problem> = schemas
        .iter()
        .flat_map(|schema| schema.refuse(&["anyOf", "oneOf", "not"], why))
        .collect();
    for all_of in schemas.iter().filter_map(|schema| schema.get("allOf")) {
        let wraps_one = matches!(all_of.items().as_slice(), [only] if only.reference().is_some());
        problems.extend(all_of.require(
            wraps_one,
            "must hold one `$ref` and nothing else: it is only how a reference is made nullable",
        ));
    }
    problems
}

pub(super) fn reference_alone(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let message = "has a `$ref` and more beside it, which tools ignore: wrap the `$ref` in `allOf`";
    let alone = |schema: &Node<'_>| !schema.has("$ref") || schema.members().len() == 1;
    schemas
        .iter()
        .flat_map(|schema| schema.require(alone(schema), message))
        .collect()
}

pub(super) fn nullable_response(document: &Document) -> Vec<Problem> {
    let schemas = survey::response_schemas(document);
    let properties = survey::properties(&schemas);
    let message = "must be `nullable: true`: no service promises a value in an answer";
    properties
        .iter()
        .flat_map(|(_, property)| property.require(property.is_true("nullable"), message))
        .collect()
}

/// Null is for fields: a whole answer or an item of a list is never null, and an argument is left out instead.
pub(super) fn null_in_fields(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document).into_iter();
    let whole = schemas.filter(|schema| {
        schema.has("enum") || (has_type(schema, "object") && !schema.has("allOf"))
    });
    let why = "only fields of answers can be null";
    whole
        .flat_map(|schema| schema.refuse(&["nullable"], why))
        .collect()
}

pub(super) fn loose_response(document: &Document) -> Vec<Problem> {
    let why = "say it in words, since a client must not refuse an answer over it";
    let mut problems = Vec::new();
    for schema in survey::response_schemas(document) {
        problems.extend(schema.refuse(&["required"], why));
        problems.extend(schema.refuse(&survey::CONSTRAINTS, why));
        let open = schema.value.get("additionalProperties") != Some(&Value::Bool(false));
        problems.extend(schema.require(
            open,
            "must not forbid further properties: services add some",
        ));
        // Rules of their own hold the formats of integers and times.
        let format = schema
            .text("format")
            .filter(|format| *format != "date-time");
        if let Some(format) = format.filter(|_| !has_type(&schema, "integer")) {
            problems.push(schema.problem(format!("must not have `format: {format}`: {why}")));
        }
    }
    problems
}

pub(super) fn property_name(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let properties = survey::properties(&schemas);
    let misnamed = properties.iter().filter(|(name, _)| !is_snake(name));
    misnamed
        .map(|(_, property)| property.problem("must be named as on the wire, in snake_case"))
        .collect()
}

fn is_snake(name: &str) -> bool {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    plain && name.starts_with(|c: char| c.is_ascii_lowercase())
}

pub(super) fn array_items(document: &Document) -> Vec<Problem> {
    let schemas = survey::schemas(document);
    let arrays = schemas.iter().filter(|schema| has_type(schema, "array"));
    arrays
        .flat_map(|array| {
            array.require(
                array.has("items"),
                "is an array and needs `items`: say of what",
            )
        })
        .collect()
}
