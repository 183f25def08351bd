//! Open enums: sets of strings in which a value that is not documented is data and not an error.

use std::fmt;
use std::marker::PhantomData;

use schemars::{Schema, json_schema};
use serde::de::{Deserializer, Error, Visitor};

/// The value of an open enum's variant `Other`.
///
/// Only this crate makes one, and only for a value that is not documented, so that two equal values are always the
/// same variant. Make an open enum with `From<&str>` or `From<String>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OtherValue(String);

impl OtherValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value)
    }

    /// The value as the service sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Implements conversion, serde and schemars for an enum with a unit variant for each documented value and the
/// variant `Other(OtherValue)`.
macro_rules! open_enum {
    ($name:ident, $description:literal, $($variant:ident = $value:literal),+ $(,)?) => {
        impl $name {
            /// The documented values, in the order of the document.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value as the service sends it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Other(value) => value.as_str(),
                }
            }

            /// Whether the value is documented.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)+
                    other => Self::Other($crate::OtherValue::new(other.to_owned())),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                value.as_str().into()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::open_enum::deserialize(deserializer)
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::open_enum::schema($description, &[$($value),+])
            }
        }
    };
}

pub(crate) use open_enum;

/// Reads an open enum from a string; copies the string only for a value that is not documented.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(ValueVisitor(PhantomData))
}

struct ValueVisitor<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for ValueVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }
}

/// The JSON Schema of an open enum: any string, with the documented values as a note.
pub(crate) fn schema(description: &str, known: &[&str]) -> Schema {
    json_schema!({
        "type": "string",
        "description": description,
        "x-extensible-enum": known,
    })
}
