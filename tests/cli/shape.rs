//! JSON objects with the order of their keys, which a parsed value loses.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object as it is written.
pub(crate) struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// Reads an object.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"))
    }

    /// The keys in order, separated by blanks.
    pub(crate) fn keys(&self) -> String {
        self.0
            .iter()
            .map(|(key, _)| key.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The text of the value of `key`.
    pub(crate) fn value(&self, key: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == key)
            .unwrap_or_else(|| panic!("no {key}"))
            .1
            .get()
    }

    /// The objects in the list at `key`.
    pub(crate) fn list(&self, key: &str) -> Vec<Self> {
        let items: Vec<Box<RawValue>> = serde_json::from_str(self.value(key)).unwrap();
        items.iter().map(|item| Self::read(item.get())).collect()
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}
