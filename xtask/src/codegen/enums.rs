//! Open enums: string sets that may grow, generated so that a value nobody knew yet is data and not an error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

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
    let wire = texts(schema, EXTENSION)?;
    let descriptions = texts(schema, DESCRIPTIONS)?;
    let values = wire.zip(descriptions);
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
    let items = enums.iter().map(tokens);
    quote! {
        /// Open sets of values: each keeps a value that it does not know, in its case `Other`.
        pub mod enums {
            use crate::open_enum::{self, OtherValue};

            #(#items)*
        }
    }
}

fn tokens(open_enum: &OpenEnum) -> TokenStream {
    let definition = definition(open_enum);
    let texts = texts_impl(open_enum);
    let serde = serde_impls(open_enum);
    let schema = schema_impl(open_enum);
    quote! { #definition #texts #serde #schema }
}

fn definition(open_enum: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open_enum.name);
    let description = open_enum.description.trim();
    let variants = open_enum.values.iter().map(|value| {
        let variant = format_ident!("{}", value.variant());
        let text = format!("`{}`: {}", value.wire, value.description);
        quote! { #[doc = #text] #variant }
    });
    quote! {
        #[doc = #description]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that is none of the above; `as_str` tells which.
            Other(OtherValue),
        }
    }
}

fn texts_impl(open_enum: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open_enum.name);
    let count = open_enum.values.len();
    let wires: Vec<&str> = open_enum
        .values
        .iter()
        .map(|value| value.wire.as_str())
        .collect();
    let variants: Vec<_> = open_enum
        .values
        .iter()
        .map(|value| format_ident!("{}", value.variant()))
        .collect();
    quote! {
        impl #name {
            /// The documented values, in the order of the document.
            pub const KNOWN: [Self; #count] = [#(Self::#variants),*];

            /// The value as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #wires,)*
                    Self::Other(value) => value.as_str(),
                }
            }

            fn known(value: &str) -> Option<Self> {
                match value {
                    #(#wires => Some(Self::#variants),)*
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                Self::known(value).unwrap_or_else(|| Self::Other(OtherValue::new(value.to_owned())))
            }
        }

        impl From<String> for #name {
            fn from(value: String) -> Self {
                Self::known(&value).unwrap_or_else(|| Self::Other(OtherValue::new(value)))
            }
        }
    }
}

fn serde_impls(open_enum: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open_enum.name);
    quote! {
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                open_enum::deserialize(deserializer)
            }
        }
    }
}

fn schema_impl(open_enum: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open_enum.name);
    let text = &open_enum.name;
    let description = open_enum.description.trim();
    quote! {
        impl ::schemars::JsonSchema for #name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #text.into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                open_enum::schema(#description, &Self::KNOWN.each_ref().map(Self::as_str))
            }
        }
    }
}
