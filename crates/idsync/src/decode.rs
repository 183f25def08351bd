//! From the body of an answer to domain values.
//!
//! A body is decoded straight into domain types. Only if that fails is it decoded a second time, item by item and field
//! by field, so that what cannot be read costs no more than itself and is reported with its JSON path.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, Unexpected, Visitor};
use serde_json::value::RawValue;

use crate::error_body::{ServiceMessage, excerpt};
use crate::items::{LostPart, Page, Unreadable};
use crate::transport::Answer;
use crate::{Error, ErrorKind};

/// How much of a body that is no JSON is looked at to describe it, in bytes.
const LONGEST_START: usize = 4096;

/// The fields of an object as they stand in the body.
type Fields<'a> = BTreeMap<String, &'a RawValue>;

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
        _ => lenient_page(answer),
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
        return Err(no_document("it is no object", &answer.body));
    }
    let status: Status = decode(&answer.body, "")?;
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

/// Decodes a page item by item, and of each item each field by itself.
fn lenient_page<T: WireItem>(answer: &Answer) -> Result<Page<T>, Error> {
    let text = String::from_utf8_lossy(&answer.body);
    let fields: Fields<'_> = decode(text.as_bytes(), "")?;
    let (total, unreadable_total) = match member::<i64>(&fields, T::TOTAL) {
        Ok(total) => (total, None),
        Err(error) => (None, Some(error)),
    };
    let list = match member::<Vec<&RawValue>>(&fields, T::ITEMS)? {
        Some(list) => list,
        None if total == Some(0) => Vec::new(),
        None => {
            let has_total = total.is_some() || unreadable_total.is_some();
            let error = (!has_total).then(|| error_in(answer)).flatten();
            return Err(error.unwrap_or_else(|| {
                let message = format!(
                    "the list is missing or null, and `{}` does not say that it is empty",
                    T::TOTAL
                );
                Error::new(ErrorKind::Decode, message).with_path(T::ITEMS)
            }));
        }
    };
    let (mut items, mut unreadable) = (Vec::new(), Vec::new());
    let mut lose = |after, part, error| {
        let error = answer.explain(error);
        unreadable.push(Unreadable { after, part, error });
    };
    for (index, raw) in list.into_iter().enumerate() {
        match item(raw, &format!("{}[{index}]", T::ITEMS)) {
            Ok((item, errors)) => {
                items.push(item);
                for error in errors {
                    lose(items.len(), LostPart::Field, error);
                }
            }
            Err(error) => {
                let mut hasher = DefaultHasher::new();
                raw.get().hash(&mut hasher);
                lose(items.len(), LostPart::Item(hasher.finish()), error);
            }
        }
    }
    if let Some(error) = unreadable_total {
        lose(usize::MAX, LostPart::OfPage, error);
    }
    if matches!(text, Cow::Owned(_)) {
        let message = "the text is not UTF-8: what cannot be read of it is replaced by U+FFFD";
        let error = Error::new(ErrorKind::Decode, message).with_path(T::ITEMS);
        lose(usize::MAX, LostPart::OfPage, error);
    }
    Ok(Page {
        items,
        unreadable,
        total: total.and_then(|total| total.try_into().ok()),
    })
}

/// The member `name`, if it is there and not null.
fn member<'a, T: Deserialize<'a>>(fields: &Fields<'a>, name: &str) -> Result<Option<T>, Error> {
    let member = fields
        .get(name)
        .map(|raw| decode(raw.get().as_bytes(), name));
    member.transpose().map(Option::flatten)
}

/// The item without the fields that cannot be read, and an error for each of these.
fn item<T: WireItem>(raw: &RawValue, place: &str) -> Result<(T, Vec<Error>), Error> {
    let raw = raw.get().as_bytes();
    match decode::<T>(raw, place) {
        Ok(item) => return Ok((item, Vec::new())),
        Err(error) if error.path() == Some(place) => return Err(error),
        Err(_) => {}
    }
    let mut fields: Fields<'_> = decode(raw, place)?;
    let mut errors = Vec::new();
    loop {
        let text = serde_json::to_string(&fields).unwrap_or_default();
        let error = match decode(text.as_bytes(), place) {
            Ok(item) => return Ok((item, errors)),
            Err(error) => error,
        };
        let inside = error.path().and_then(|path| path.strip_prefix(place));
        let mut names = inside.unwrap_or_default().split(['.', '[']);
        if names.find_map(|name| fields.remove(name)).is_none() {
            return Err(error);
        }
        errors.push(error);
    }
}

/// Decodes the part of a body that is at `place`, which is empty for the whole.
///
/// # Errors
///
/// `Decode` with the path to what is wrong, or with the start of the body where that is no JSON.
fn decode<'a, T: Deserialize<'a>>(text: &'a [u8], place: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| at(&error, place, text))?;
    deserializer.end().map(|()| value).map_err(|error| {
        let message = format!("{} after the end of the document", without_position(&error));
        Error::new(ErrorKind::Decode, message)
    })
}

fn at(error: &serde_path_to_error::Error<serde_json::Error>, place: &str, body: &[u8]) -> Error {
    let inner = error.path().to_string();
    let path = match (place, inner.as_str()) {
        (place, ".") => place.to_owned(),
        ("", inner) => inner.to_owned(),
        (place, inner) if inner.starts_with('[') => format!("{place}{inner}"),
        (place, inner) => format!("{place}.{inner}"),
    };
    let cause = without_position(error.inner());
    let is_no_document = error.inner().is_syntax() || error.inner().is_eof();
    if path.is_empty() || (place.is_empty() && is_no_document) {
        return no_document(&cause, body);
    }
    Error::new(ErrorKind::Decode, cause).with_path(path)
}

fn no_document(cause: &str, body: &[u8]) -> Error {
    if body.is_empty() {
        return Error::new(ErrorKind::Decode, "the answer is empty");
    }
    let start = String::from_utf8_lossy(&body[..body.len().min(LONGEST_START)]);
    let start = excerpt(&start);
    let message =
        format!("the answer is not the documented JSON object ({cause}); it begins: {start}");
    Error::new(ErrorKind::Decode, message)
}

/// The cause alone: line and column mean little in a body that is not shown.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        Some((cause, _)) => cause.to_owned(),
        None => text,
    }
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
