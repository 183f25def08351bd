//! What the generated open enums share.

use std::fmt;
use std::marker::PhantomData;

use schemars::{Schema, json_schema};
use serde::de::{Deserializer, Error, Visitor};

/// The value of an open enum's case `Other`.
///
/// Only this crate makes one, and only for a value that is not among the known ones: a known value can thus never hide in `Other`,
/// and two equal values are always the same case. Make an open enum with `From<&str>` or `From<String>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OtherValue(String);

impl OtherValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value)
    }

    /// The value as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads an open enum from a string; copies the string only for a value that is not known.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str> + From<String>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str> + From<String>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<T, E> {
        Ok(T::from(value))
    }
}

/// The JSON Schema of an open enum: any string, with the known values as a note.
pub(crate) fn schema(description: &str, known: &[&str]) -> Schema {
    json_schema!({
        "type": "string",
        "description": description,
        "x-extensible-enum": known,
    })
}
