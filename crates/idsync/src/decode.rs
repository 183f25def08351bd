//! Reads an answer that does not decode as a whole, item by item, and says where it is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::excerpt;
use crate::paging::{Page, UnreadableItem};
use crate::wire::{BadField, FromWire};
use crate::{Error, ErrorKind};

/// How much of a body that is no JSON is looked at to describe it, in bytes.
const LONGEST_START: usize = 4096;

/// The names under which an operation's answer holds its list and the number of all items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageFields {
    pub(crate) items: &'static str,
    pub(crate) total: &'static str,
}

impl PageFields {
    /// The page of an answer that decoded as a whole.
    ///
    /// # Errors
    ///
    /// `Decode` if there is no list, unless the answer itself says that there is nothing: a page is never empty
    /// because of something that was not understood.
    pub(crate) fn page<W, T>(
        self,
        items: Option<Vec<W>>,
        total: Option<i64>,
    ) -> Result<Page<T>, Error>
    where
        T: FromWire<W>,
    {
        let entries = items.map(|items| {
            let convert =
                |(index, item)| T::from_wire(item).map_err(|bad| self.bad_field(index, bad));
            items.into_iter().enumerate().map(convert).collect()
        });
        self.assembled(entries, total)
    }

    /// The page of an answer that did not decode as a whole: each item on its own.
    ///
    /// # Errors
    ///
    /// `Decode` if not even the list can be found.
    pub(crate) fn page_by_item<W, T>(self, body: &[u8]) -> Result<Page<T>, Error>
    where
        W: DeserializeOwned,
        T: FromWire<W>,
    {
        let fields: BTreeMap<String, &RawValue> = decode(body)?;
        let total = fields
            .get(self.total)
            .map(|raw| decode_at::<Option<i64>>(raw, self.total));
        let (total, bad_total) = match total.transpose() {
            Ok(total) => (total.flatten(), None),
            Err(error) => (None, Some(UnreadableItem { id: None, error })),
        };
        let items: Option<Vec<&RawValue>> = match fields.get(self.items) {
            Some(raw) => decode_at(raw, self.items)?,
            None => None,
        };
        let entries = items.map(|items| {
            let each = items
                .into_iter()
                .enumerate()
                .map(|(index, raw)| self.item::<W, T>(index, raw));
            each.chain(bad_total.map(Err)).collect()
        });
        self.assembled(entries, total)
    }

    fn assembled<T>(
        self,
        entries: Option<Vec<Result<T, UnreadableItem>>>,
        total: Option<i64>,
    ) -> Result<Page<T>, Error> {
        match (entries, total) {
            (Some(entries), total) => Ok(Page::new(
                entries,
                total.and_then(|total| u64::try_from(total).ok()),
            )),
            (None, Some(0)) => Ok(Page::new(Vec::new(), Some(0))),
            (None, _) => {
                let message = format!(
                    "the list is missing or null, and `{}` does not say that it is empty",
                    self.total
                );
                Err(Error::new(ErrorKind::Decode, message).with_path(self.items))
            }
        }
    }

    fn item<W, T>(self, index: usize, raw: &RawValue) -> Result<T, UnreadableItem>
    where
        W: DeserializeOwned,
        T: FromWire<W>,
    {
        let unreadable = |mut item: UnreadableItem| {
            item.id = id_in(raw);
            item
        };
        let wire: W = decode_at(raw, &format!("{}[{index}]", self.items))
            .map_err(|error| unreadable(UnreadableItem { id: None, error }))?;
        T::from_wire(wire).map_err(|bad| unreadable(self.bad_field(index, bad)))
    }

    fn bad_field(self, index: usize, BadField { field, reason }: BadField) -> UnreadableItem {
        let error = Error::new(ErrorKind::Decode, reason)
            .with_path(format!("{}[{index}].{field}", self.items));
        UnreadableItem { id: None, error }
    }
}

/// The id of an item of which something else is wrong.
fn id_in(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: Option<String>,
    }
    serde_json::from_str::<Identified>(raw.get()).ok()?.id
}

/// Decodes a whole body.
///
/// # Errors
///
/// `Decode` with the path to what is wrong, or with the start of the body where that is no JSON.
pub(crate) fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| at(&error, "", body))?;
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(Error::new(
            ErrorKind::Decode,
            format!("{error} after the end of the document"),
        )),
    }
}

fn decode_at<'a, T: Deserialize<'a>>(raw: &'a RawValue, place: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| at(&error, place, &[]))
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
    if path.is_empty() {
        let message = match body {
            [] => "the answer is empty".to_owned(),
            body => format!(
                "the answer is not the documented JSON object ({cause}); it begins: {}",
                excerpt(&String::from_utf8_lossy(
                    &body[..body.len().min(LONGEST_START)]
                ))
            ),
        };
        return Error::new(ErrorKind::Decode, message);
    }
    Error::new(ErrorKind::Decode, cause).with_path(path)
}

/// Line and column mean little in a body that nobody sees.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ")
        .map_or(text.clone(), |(cause, _)| cause.to_owned())
}
