//! Open enums: sets of strings that may grow. A value that is not documented is data, not an error.

use std::collections::BTreeMap;
use std::iter;

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Value, json};

use super::models::doc;
use super::operations::operations;

/// Marks a string schema as an open set and lists its documented values.
pub(crate) const EXTENSION: &str = "x-extensible-enum";

/// Describes each value, in the same order.
const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Open enums by name.
pub(super) type OpenEnums = BTreeMap<String, Value>;

/// The open enums of a document: its open sets of values, and those sets of its parameters that no schema has.
pub(super) fn open_enums(document: &Value) -> OpenEnums {
    let schemas = document["components"]["schemas"].as_object();
    let mut enums: OpenEnums = schemas.cloned().unwrap_or_default().into_iter().collect();
    enums.retain(|_, schema| schema.get(EXTENSION).is_some());
    let parameters = operations(document).map(|(.., it)| it["parameters"].as_array());
    for parameter in parameters.flatten().flatten() {
        let (schema, name) = (&parameter["schema"], parameter["name"].as_str());
        if let (Some(values), Some(name), None) = (values(schema), name, name_of(schema, &enums)) {
            let named = json!({
                "description": format!("Value of the query parameter `{name}`."),
                EXTENSION: values,
                DESCRIPTIONS: schema[DESCRIPTIONS],
            });
            enums.insert(name.to_upper_camel_case(), named);
        }
    }
    enums
}

/// The values that a schema lists.
pub(super) fn values(schema: &Value) -> Option<&Value> {
    schema.get("enum").or_else(|| schema.get(EXTENSION))
}

/// The name of the enum with the values that a schema lists.
pub(super) fn name_of<'e>(schema: &Value, enums: &'e OpenEnums) -> Option<&'e str> {
    let values = values(schema)?;
    let mut same = enums
        .iter()
        .filter(|(_, other)| other[EXTENSION] == *values);
    same.next().map(|(name, _)| name.as_str())
}

/// The module `enums` of a generated file; nothing if there are no open enums.
pub(super) fn module(enums: &OpenEnums) -> TokenStream {
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
        .map(|value| format_ident!("{}", value.to_upper_camel_case()))
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
