//! Open enums: string sets that may grow, generated so that a value nobody knew yet is data and not an error.

use std::iter;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Value, json};

use super::models::doc;

/// Marks a string schema as an open set and lists its known values.
pub const EXTENSION: &str = "x-extensible-enum";

/// Says what each value of [`EXTENSION`] means, in the same order.
pub const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Name of the case that holds every other value.
pub const OTHER: &str = "Other";

/// One open enum of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    /// Name of the schema, and of the Rust type.
    pub name: String,
    /// What the schema says of itself.
    pub description: String,
    /// The known values.
    pub values: Vec<KnownValue>,
}

/// One known value of an open enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownValue {
    /// The value as it travels.
    pub wire: String,
    /// What it means.
    pub description: String,
}

impl KnownValue {
    /// Name of the Rust variant: `SYNC_FAIL` becomes `SyncFail`.
    pub fn variant(&self) -> String {
        variant_name(&self.wire)
    }
}

/// `SYNC_FAIL` becomes `SyncFail`.
pub fn variant_name(wire: &str) -> String {
    let words = wire.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let rest = letters.map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

/// Gives each set of values that stands in a parameter a name: that of the schema with the same values, or else the
/// name of the parameter. Returns the document and the places that changed.
pub(super) fn name_parameter_enums(mut document: Value) -> (Value, Vec<String>) {
    let mut places = Vec::new();
    let pointer = "/components/schemas";
    let Some(mut schemas) = document.pointer_mut(pointer).map(Value::take) else {
        return (document, places);
    };
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let parameters = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                if let Some(name) = name_enum(parameter, &mut schemas) {
                    places.push(format!("paths.{path}.{method}.parameters.{name}"));
                }
            }
        }
    }
    if let Some(place) = document.pointer_mut(pointer) {
        *place = schemas;
    }
    (document, places)
}

/// Replaces the set of values in a parameter by a reference to a schema; returns the name of the schema.
fn name_enum(parameter: &mut Value, schemas: &mut Value) -> Option<String> {
    let schema = &parameter["schema"];
    let values = schema
        .get("enum")
        .or_else(|| schema.get(EXTENSION))?
        .clone();
    let same = |(_, schema): &(&String, &Value)| schema.get(EXTENSION) == Some(&values);
    let known = schemas.as_object()?.iter().find(same);
    let name = if let Some((name, _)) = known {
        name.clone()
    } else {
        let parameter_name = parameter["name"].as_str()?;
        let name = variant_name(parameter_name);
        schemas[&name] = json!({
            "type": "string",
            "description": format!("Value of the query parameter `{parameter_name}`."),
            EXTENSION: values,
            DESCRIPTIONS: schema[DESCRIPTIONS],
        });
        name
    };
    parameter["schema"] = json!({"$ref": format!("#/components/schemas/{name}")});
    Some(name)
}

/// The open enums of a document, in the order of their names.
pub fn open_enums(document: &Value) -> Vec<OpenEnum> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let mut found: Vec<OpenEnum> = schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| open_enum(name, schema))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn open_enum(name: &str, schema: &Value) -> Option<OpenEnum> {
    let wire = texts(schema, EXTENSION)?;
    let descriptions = texts(schema, DESCRIPTIONS).into_iter().flatten();
    let values = wire.zip(descriptions.chain(iter::repeat("")));
    Some(OpenEnum {
        name: name.to_owned(),
        description: schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        values: values
            .map(|(wire, description)| KnownValue {
                wire: wire.to_owned(),
                description: description.to_owned(),
            })
            .collect(),
    })
}

fn texts<'a>(schema: &'a Value, key: &str) -> Option<impl Iterator<Item = &'a str>> {
    Some(
        schema
            .get(key)?
            .as_array()?
            .iter()
            .filter_map(Value::as_str),
    )
}

/// The module `enums` of a generated file; nothing if there are no open enums.
pub fn module(enums: &[OpenEnum]) -> TokenStream {
    if enums.is_empty() {
        return TokenStream::new();
    }
    let items = enums.iter().map(item);
    quote! {
        /// Sets of values that may grow: a value that is not documented is kept as `Other`.
        pub mod enums {
            use crate::OtherValue;
            use crate::open_enum::open_enum;

            #(#items)*
        }
    }
}

fn item(open_enum: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open_enum.name);
    let docs = doc(&open_enum.description);
    let description = open_enum
        .description
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let variants: Vec<_> = open_enum
        .values
        .iter()
        .map(|value| format_ident!("{}", value.variant()))
        .collect();
    let wires = open_enum.values.iter().map(|value| &value.wire);
    let variant_docs = open_enum
        .values
        .iter()
        .map(|value| format!(" `{}`: {}", value.wire, value.description))
        .map(|text| text.trim_end_matches(": ").to_owned());
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that is not documented.
            Other(OtherValue),
        }
        open_enum!(#name, #description, #(#variants = #wires),*);
    }
}
