//! From the body of an answer to domain values.
//!
//! A body is decoded straight into domain types. Only if that fails is it decoded a second time, item by item and field
//! by field, so that what cannot be read costs no more than itself and is reported with its JSON path.

mod fields;
mod lenient;
#[cfg(test)]
mod tests;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

pub(crate) use self::fields::{instant, shared};
pub(crate) use self::lenient::decode;
use crate::error_body::{ServiceMessage, excerpt};
use crate::page::Page;
use crate::transport::Answer;
use crate::{Error, ErrorKind, Service};

/// An item of a list in an answer.
pub(crate) trait WireItem: DeserializeOwned {
    /// The service that lists it.
    const SERVICE: Service;
    /// The field with the list.
    const ITEMS: &'static str;
    /// The field with the number of all items.
    const TOTAL: &'static str;
}

/// Decodes one page of a list, and names the call in its errors.
///
/// # Errors
///
/// Those of [`page`].
pub(crate) fn answered_page<T: WireItem>(answer: &Answer) -> Result<Page<T>, Error> {
    page(answer.body()).map(|page| page.explain(|error| answer.explain(error)))
}

/// Decodes one page of a list.
///
/// # Errors
///
/// The error that the body tells instead of a list; `Decode` if there is no list, unless the total says that it is
/// empty.
pub(crate) fn page<T: WireItem>(body: &[u8]) -> Result<Page<T>, Error> {
    match decode_document(body, WholePage::new()) {
        Ok((Some(items), total)) => Ok(Page::new(items, total.and_then(|it| it.try_into().ok()))),
        Ok((None, Some(0))) => Ok(Page::new(Vec::new(), Some(0))),
        Ok((None, total)) => Err(no_list::<T>(body, total.is_some())),
        Err(_) => lenient::page(body),
    }
}

/// Decodes the flag of MRS; `None` if the answer does not tell it.
///
/// # Errors
///
/// The error that the body tells instead of the flag; `Decode` if the body is no JSON object or the flag no boolean.
pub(crate) fn flag(body: &[u8]) -> Result<Option<bool>, Error> {
    #[derive(Deserialize)]
    struct Answer {
        is_synchronizing: Option<bool>,
    }
    let answer: Object<Answer> = decode(body)?;
    match answer.0.is_synchronizing {
        None => told_error(Service::Mrs, body).map_or(Ok(None), Err),
        told => Ok(told),
    }
}

/// What is wrong with an answer that has no list.
fn no_list<T: WireItem>(body: &[u8], has_total: bool) -> Error {
    let told = (!has_total).then(|| told_error(T::SERVICE, body)).flatten();
    told.unwrap_or_else(|| {
        let message = format!(
            "the list is missing or null, and `{}` does not say that it is empty",
            T::TOTAL
        );
        Error::new(ErrorKind::Decode, message).with_path(T::ITEMS)
    })
}

/// The error that a body tells although the status is 200, if it has an error code.
fn told_error(service: Service, body: &[u8]) -> Option<Error> {
    let told = ServiceMessage::read(body);
    let code = told.code.clone()?;
    let message = match &told.message {
        Some(message) => excerpt(message),
        None => "the service answered with an error code and no message".to_owned(),
    };
    let kind = told.kind(service, 200);
    let error = Error::new(kind, message).with_code(code);
    Some(match told.request_id {
        Some(id) => error.with_request_id(id),
        None => error,
    })
}

fn decode_document<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// Decodes a page of which everything can be read: the items, if there is a list, and the total.
struct WholePage<T>(PhantomData<T>);

impl<T> WholePage<T> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: WireItem> DeserializeSeed<'de> for WholePage<T> {
    type Value = (Option<Vec<T>>, Option<i64>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: WireItem> Visitor<'de> for WholePage<T> {
    type Value = (Option<Vec<T>>, Option<i64>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut items, mut total) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == T::ITEMS && items.is_none() {
                items = Some(map.next_value::<Option<ItemList<T>>>()?);
            } else if key == T::TOTAL && total.is_none() {
                total = Some(map.next_value::<Option<i64>>()?);
            } else if key == T::ITEMS || key == T::TOTAL {
                return Err(A::Error::custom("a field came twice"));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok((items.flatten().map(|list| list.0), total.flatten()))
    }
}

/// The items of a list, each from an object.
struct ItemList<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ItemList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemListVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ItemListVisitor<T> {
            type Value = ItemList<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(Object(item)) = seq.next_element()? {
                    items.push(item);
                }
                Ok(ItemList(items))
            }
        }

        deserializer.deserialize_seq(ItemListVisitor(PhantomData))
    }
}

/// Reads its content from a JSON object and from nothing else: serde would also take a list, as the fields in order.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(ObjectOnly(deserializer)).map(Self)
    }
}

struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
