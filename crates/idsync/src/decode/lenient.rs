//! Decodes what does not decode as a whole: each item, and each of its fields, by itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{WireItem, error_in};
use crate::error_body::excerpt;
use crate::items::{LostPart, Page, Unreadable};
use crate::transport::Answer;
use crate::{Error, ErrorKind};

/// How much of a body that is no JSON is looked at to describe it, in bytes.
const LONGEST_START: usize = 4096;

/// The fields of an object as they stand in the body.
type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// Decodes a page item by item. See [`page`](super::page).
pub(super) fn page<T: WireItem>(answer: &Answer) -> Result<Page<T>, Error> {
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
pub(super) fn decode<'a, T: Deserialize<'a>>(text: &'a [u8], place: &str) -> Result<T, Error> {
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

pub(super) fn no_document(cause: &str, body: &[u8]) -> Error {
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
