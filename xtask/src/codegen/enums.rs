//! Open enums: sets of strings that may grow. A value that is not documented is data, not an error.

use std::iter;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};

use super::models::doc;

/// Marks a string schema as an open set and lists its documented values.
pub const EXTENSION: &str = "x-extensible-enum";

/// Describes each value, in the same order.
const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Names the set of values of each parameter after the schema with the same values, or else after the
/// parameter.
pub(super) fn name_parameter_enums(document: &mut Value) {
    let pointer = "/components/schemas";
    let Some(Value::Object(mut schemas)) = document.pointer_mut(pointer).map(Value::take) else {
        return;
    };
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut);
    let operations = items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if let Some(name) = name_enum(parameter, &mut schemas) {
                parameter["schema"] = json!({"$ref": format!("#/components/schemas/{name}")});
            }
        }
    }
    if let Some(place) = document.pointer_mut(pointer) {
        *place = Value::Object(schemas);
    }
}

/// The name of the schema for the set of values in a parameter, which is added if there is none.
fn name_enum(parameter: &Value, schemas: &mut Map<String, Value>) -> Option<String> {
    let schema = &parameter["schema"];
    let values = schema.get("enum").or_else(|| schema.get(EXTENSION))?;
    let mut known = schemas.iter();
    if let Some((name, _)) = known.find(|(_, schema)| schema.get(EXTENSION) == Some(values)) {
        return Some(name.clone());
    }
    let parameter_name = parameter["name"].as_str()?;
    let name = variant_name(parameter_name);
    let named = json!({
        "type": "string",
        "description": format!("Value of the query parameter `{parameter_name}`."),
        EXTENSION: values,
        DESCRIPTIONS: schema[DESCRIPTIONS],
    });
    schemas.insert(name.clone(), named);
    Some(name)
}

/// `SYNC_FAIL` becomes `SyncFail`.
fn variant_name(value: &str) -> String {
    let words = value.split(|c: char| !c.is_ascii_alphanumeric());
    let capitalized = words.filter_map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + &rest.to_ascii_lowercase())
    });
    capitalized.collect()
}

/// The open enums of a document, by name.
pub(super) fn open_enums(document: &Value) -> Vec<(&str, &Value)> {
    let schemas = document["components"]["schemas"].as_object();
    let open = schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get(EXTENSION).is_some());
    open.map(|(name, schema)| (name.as_str(), schema)).collect()
}

/// The module `enums` of a generated file; nothing if there are no open enums.
pub(super) fn module(enums: &[(&str, &Value)]) -> TokenStream {
    if enums.is_empty() {
        return TokenStream::new();
    }
    let items = enums.iter().map(|(name, schema)| item(name, schema));
    quote! {
        /// Sets of values that may grow: a value that is not documented is kept as `Other`.
        pub mod enums {
            use crate::OtherValue;
            use crate::open_enum::open_enum;

            #(#items)*
        }
    }
}

fn item(name: &str, schema: &Value) -> TokenStream {
    let name = format_ident!("{name}");
    let text = schema["description"].as_str().unwrap_or_default();
    let docs = doc(text);
    let description = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let values = texts(&schema[EXTENSION]);
    let variants: Vec<_> = values
        .iter()
        .map(|value| format_ident!("{}", variant_name(value)))
        .collect();
    let descriptions = texts(&schema[DESCRIPTIONS]);
    let descriptions = descriptions.into_iter().chain(iter::repeat(""));
    let variant_docs = values.iter().zip(descriptions);
    let variant_docs = variant_docs.map(|(value, text)| format!(" `{value}`: {text}"));
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that is not documented.
            Other(OtherValue),
        }
        open_enum!(#name, #description, #(#variants = #values),*);
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
