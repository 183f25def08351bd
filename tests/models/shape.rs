//! One form for what an OpenAPI schema and a JSON Schema say, so that the two can be compared.
//!
//! A keyword that is not understood is an error: nothing is left out of the comparison by accident.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a schema says, in a form of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The description, with every stretch of white space as one space.
    pub(crate) description: Option<String>,
    /// Whether null is allowed.
    pub(crate) nullable: bool,
    /// What else is allowed.
    pub(crate) kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Integer {
        format: String,
    },
    Text {
        known: Vec<String>,
    },
    Closed(Vec<String>),
    Array(Box<Shape>),
    Object {
        properties: BTreeMap<String, Shape>,
        required: Vec<String>,
    },
    Reference(String),
}

/// The shape of a schema of an OpenAPI 3.0 document.
pub(crate) fn of_openapi(schema: &Value) -> Result<Shape, String> {
    const NOT_COMPARED: [&str; 4] = [
        "example",
        "x-enum-descriptions",
        "x-inferred",
        "x-inferred-parts",
    ];
    let rest = without(schema, &NOT_COMPARED)?;
    let nullable = rest.get("nullable").is_some_and(|value| value == true);
    let inner = without(&rest, &["nullable"])?;
    if inner.get("x-extensible-enum").is_some() {
        // Nullable only so that null passes through a reference; in Rust each field says so itself.
        return plain(&inner, "#/components/schemas/", of_openapi);
    }
    if let Some(wrapped) = inner.get("allOf") {
        let [only] = wrapped.as_array().map(Vec::as_slice).unwrap_or_default() else {
            return Err(format!("allOf of more than one: {schema}"));
        };
        only_keys(&inner, &["allOf", "description", "type"])?;
        return Ok(Shape {
            description: description(&inner),
            nullable,
            kind: reference(only, "#/components/schemas/")?,
        });
    }
    Ok(Shape {
        nullable,
        ..plain(&inner, "#/components/schemas/", of_openapi)?
    })
}

/// The shape of a JSON Schema that schemars made.
pub(crate) fn of_json_schema(schema: &Value) -> Result<Shape, String> {
    let mut rest = without(schema, &["$schema", "title", "$defs"])?;
    if let Some(alternatives) = rest.get("anyOf").cloned() {
        only_keys(&rest, &["anyOf", "description"])?;
        let [first, second] = alternatives
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
        else {
            return Err(format!("anyOf of other than two: {schema}"));
        };
        if *second != serde_json::json!({"type": "null"}) {
            return Err(format!("anyOf of other than something and null: {schema}"));
        }
        return Ok(Shape {
            description: description(&rest),
            nullable: true,
            kind: reference(first, "#/$defs/")?,
        });
    }
    let nullable = take_null(&mut rest);
    Ok(Shape {
        nullable,
        ..plain(&rest, "#/$defs/", of_json_schema)?
    })
}

/// Turns `type: [x, "null"]` into `type: x`; tells whether it was there.
fn take_null(schema: &mut Value) -> bool {
    let kind = match schema["type"].as_array().map(Vec::as_slice) {
        Some([kind, null]) if null == "null" => kind.clone(),
        _ => return false,
    };
    schema["type"] = kind;
    true
}

/// What the two dialects have in common.
fn plain(
    schema: &Value,
    prefix: &str,
    nested: fn(&Value) -> Result<Shape, String>,
) -> Result<Shape, String> {
    let (kind, keys): (Kind, &[&str]) = match schema["type"].as_str() {
        None => (reference(schema, prefix)?, &["$ref"]),
        Some("boolean") => (Kind::Boolean, &[]),
        Some("integer") => (
            Kind::Integer {
                format: text(&schema["format"])?,
            },
            &["format"],
        ),
        Some("string") if schema.get("enum").is_some() => {
            (Kind::Closed(texts(&schema["enum"])?), &["enum"])
        }
        Some("string") => (
            Kind::Text {
                known: texts(&schema["x-extensible-enum"])?,
            },
            &["x-extensible-enum"],
        ),
        Some("array") => (Kind::Array(Box::new(nested(&schema["items"])?)), &["items"]),
        Some("object") => (object(schema, nested)?, &["properties", "required"]),
        Some(other) => return Err(format!("unknown type {other}: {schema}")),
    };
    only_keys(schema, &[keys, &["type", "description"]].concat())?;
    Ok(Shape {
        description: description(schema),
        nullable: false,
        kind,
    })
}

fn object(schema: &Value, nested: fn(&Value) -> Result<Shape, String>) -> Result<Kind, String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties = properties.map(|(name, property)| Ok((name.clone(), nested(property)?)));
    Ok(Kind::Object {
        properties: properties.collect::<Result<_, String>>()?,
        required: texts(&schema["required"])?,
    })
}

fn reference(schema: &Value, prefix: &str) -> Result<Kind, String> {
    only_keys(schema, &["$ref", "description"])?;
    let target = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix(prefix));
    target
        .map(|name| Kind::Reference(name.to_owned()))
        .ok_or_else(|| format!("no reference: {schema}"))
}

fn description(schema: &Value) -> Option<String> {
    let text = schema["description"].as_str()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn text(value: &Value) -> Result<String, String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| format!("no text: {value}"))
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let mut texts: Vec<String> = value
        .as_array()
        .into_iter()
        .flatten()
        .map(text)
        .collect::<Result<_, _>>()?;
    texts.sort();
    Ok(texts)
}

fn without(schema: &Value, keys: &[&str]) -> Result<Value, String> {
    let mut members = schema
        .as_object()
        .ok_or_else(|| format!("no schema: {schema}"))?
        .clone();
    members.retain(|key, _| !keys.contains(&key.as_str()));
    Ok(Value::Object(members))
}

fn only_keys(schema: &Value, known: &[&str]) -> Result<(), String> {
    let keys = schema.as_object().into_iter().flatten().map(|(key, _)| key);
    let unknown: Vec<&String> = keys.filter(|key| !known.contains(&key.as_str())).collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(format!("{unknown:?} is not compared: {schema}"))
    }
}
