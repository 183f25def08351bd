//! Open enums: string sets that may grow, generated so that a value nobody knew yet is data and not an error.

use std::iter;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

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
    let wire = texts(schema, EXTENSION).or_else(|| texts(schema, "enum"))?;
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
