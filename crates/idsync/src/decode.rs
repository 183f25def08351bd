//! From the body of an answer to domain values.
//!
//! A body is decoded straight into domain types. Only if that fails is it decoded a second time, item by item and field
//! by field, so that what cannot be read costs no more than itself and is reported with its JSON path.

mod lenient;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, Unexpected, Visitor};

use crate::Error;
use crate::error_body::{ServiceMessage, excerpt};
use crate::items::Page;
use crate::transport::Answer;

/// An item of a list in an answer.
///
/// At least one field is read without `#[serde(default)]`: serde would else take an empty array for an item.
pub(crate) trait WireItem: DeserializeOwned {
    /// The field with the list.
    const ITEMS: &'static str;
    /// The field with the number of all items.
    const TOTAL: &'static str;
}

/// A page of any list, of which everything can be read.
#[derive(Deserialize)]
struct WirePage<T> {
    #[serde(alias = "tasks", alias = "sync_records")]
    items: Option<Vec<T>>,
    #[serde(alias = "count")]
    total: Option<i64>,
}

/// Decodes one page of a list, and names the call in the errors of its fields and items.
///
/// It is called from async code, which each dependent crate compiles anew: by a function without type parameters, so that the
/// decoder is compiled only here.
///
/// # Errors
///
/// The error that the body contains instead of a list; `Decode` if there is no list, unless the total says that it is
/// empty.
pub(crate) fn page<T: WireItem>(answer: &Answer) -> Result<Page<T>, Error> {
    let body = &answer.body;
    // Text that is checked as a whole costs less than each string by itself.
    let text = str::from_utf8(body).ok().filter(|_| is_object(body));
    match text.and_then(|text| serde_json::from_str(text).ok()) {
        Some(WirePage {
            items: Some(items),
            total,
        }) => Ok(Page::new(items, total.and_then(|it| it.try_into().ok()))),
        _ => lenient::page(answer),
    }
}

/// Decodes the flag of MRS; `None` if the answer does not tell it.
///
/// # Errors
///
/// The error that the body contains instead of the flag; `Decode` if the body is no JSON object or the flag no boolean.
pub(crate) fn flag(answer: &Answer) -> Result<Option<bool>, Error> {
    #[derive(Deserialize)]
    struct Status {
        is_synchronizing: Option<bool>,
    }
    if !is_object(&answer.body) {
        return Err(lenient::no_document("it is no object", &answer.body));
    }
    let status: Status = lenient::decode(&answer.body, "")?;
    match status.is_synchronizing {
        None => error_in(answer).map_or(Ok(None), Err),
        known => Ok(known),
    }
}

/// Whether the body begins as an object: serde would also take an array, as the fields in order.
fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

/// The error in a body with status 200, if it has an error code.
fn error_in(answer: &Answer) -> Option<Error> {
    let found = ServiceMessage::read(&answer.body);
    let code = found.code.as_ref()?;
    let message = match &found.message {
        Some(message) => excerpt(message),
        None => format!("the service answered with the error code {code} and no message"),
    };
    let mut error = Error::new(found.kind(answer.operation.service, 200), message);
    error.details().code = found.code;
    error.details().request_id = found.request_id;
    Some(error)
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z as the services write it, or RFC 3339 as this crate does. 0, null
/// and absent mean "not set".
pub(crate) fn instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    struct Instant;

    impl Visitor<'_> for Instant {
        type Value = Option<Timestamp>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("milliseconds since 1970, or a time as RFC 3339 has it")
        }

        fn visit_i64<E: de::Error>(self, milliseconds: i64) -> Result<Self::Value, E> {
            if milliseconds == 0 {
                return Ok(None);
            }
            let out_of_range = |_| {
                E::custom(format_args!(
                    "{milliseconds} milliseconds since 1970 is out of the range of times"
                ))
            };
            Timestamp::from_millisecond(milliseconds)
                .map(Some)
                .map_err(out_of_range)
        }

        fn visit_u64<E: de::Error>(self, milliseconds: u64) -> Result<Self::Value, E> {
            match milliseconds.try_into() {
                Ok(milliseconds) => self.visit_i64(milliseconds),
                Err(_) => Err(E::invalid_value(Unexpected::Unsigned(milliseconds), &self)),
            }
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            let invalid = |_| E::invalid_value(Unexpected::Str(text), &self);
            text.parse().map(Some).map_err(invalid)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Instant)
}

/// A text that the service repeats from item to item: equal texts that were read lately share their memory.
pub(crate) fn shared<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Arc<str>>, D::Error> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = Option<Arc<str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.len() > LONGEST_SHARED {
                return Ok(Some(text.into()));
            }
            let last = text.bytes().rev().take(8);
            let hash = last.fold(text.len() as u64, |hash, byte| hash << 8 ^ u64::from(byte));
            // The high bits of a product depend on all bits of the hash.
            let place = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
            let place = usize::try_from(place).unwrap_or_default() % PLACES;
            RECENT.with_borrow_mut(|recent| match &mut recent[place] {
                Some(known) if **known == *text => Ok(Some(Arc::clone(known))),
                place => Ok(Some(Arc::clone(place.insert(text.into())))),
            })
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Text)
}

const PLACES: usize = 64;

/// The longest text that is shared, in bytes.
const LONGEST_SHARED: usize = 128;

thread_local! {
    /// Texts that were read lately, each at the place that its last bytes give.
    static RECENT: RefCell<[Option<Arc<str>>; PLACES]> =
        const { RefCell::new([const { None }; PLACES]) };
}
