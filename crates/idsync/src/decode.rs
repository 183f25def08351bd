//! Reads an answer that does not decode as a whole, item by item, and says where it is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error_body::excerpt;
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
        let outline = Outline::of(body);
        let fields: BTreeMap<String, &RawValue> = decode(outline.text.as_bytes())?;
        let total = fields
            .get(self.total)
            .map(|raw| decode_at::<Option<i64>>(outline.original(raw), self.total));
        let (total, bad_total) = match total.transpose() {
            Ok(total) => (total.flatten(), None),
            Err(error) => (None, Some(UnreadableItem { id: None, error })),
        };
        let items: Option<Vec<&RawValue>> = match fields.get(self.items) {
            Some(raw) => decode_at(raw.get().as_bytes(), self.items)?,
            None => None,
        };
        let entries = items.map(|items| {
            let each = items
                .into_iter()
                .enumerate()
                .map(|(index, raw)| self.item::<W, T>(index, outline.original(raw)));
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

    fn item<W, T>(self, index: usize, raw: &[u8]) -> Result<T, UnreadableItem>
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

/// A body in which the values can be found although parts of it may be no UTF-8.
struct Outline<'a> {
    body: &'a [u8],
    /// The body with a `?` for each byte that is no UTF-8, so that every value is where it is in the body.
    text: Cow<'a, str>,
}

impl<'a> Outline<'a> {
    fn of(body: &'a [u8]) -> Self {
        let text = match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(with_stand_ins(body)),
        };
        Self { body, text }
    }

    /// The bytes of a value that was found in the outline, as they arrived.
    fn original(&self, value: &RawValue) -> &'a [u8] {
        let (text, value) = (self.text.as_ptr().addr(), value.get());
        let start = value.as_ptr().addr().checked_sub(text);
        start
            .and_then(|start| self.body.get(start..start + value.len()))
            .unwrap_or_default()
    }
}

fn with_stand_ins(body: &[u8]) -> String {
    body.utf8_chunks()
        .fold(String::with_capacity(body.len()), |mut text, chunk| {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '?'));
            text
        })
}

/// The id of an item of which something else is wrong.
fn id_in(raw: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: Option<String>,
    }
    serde_json::from_slice::<Identified>(raw).ok()?.id
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

fn decode_at<'a, T: Deserialize<'a>>(raw: &'a [u8], place: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(raw);
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
    let no_document = error.inner().is_syntax() || error.inner().is_eof();
    if path.is_empty() || (place.is_empty() && no_document) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: PageFields = PageFields {
        items: "items",
        total: "total",
    };

    #[derive(Debug, PartialEq, Deserialize)]
    struct Item {
        id: String,
    }

    impl FromWire<Item> for Item {
        fn from_wire(wire: Item) -> Result<Self, BadField> {
            Ok(wire)
        }
    }

    /// The ids of the items of a page, and the paths of those that cannot be read.
    fn read(body: &[u8]) -> Result<Vec<Result<String, String>>, Error> {
        let page = FIELDS.page_by_item::<Item, Item>(body)?;
        let path = |error: &Error| error.path().unwrap_or_default().to_owned();
        Ok(page
            .into_entries()
            .map(|entry| entry.map(|item| item.id).map_err(|error| path(&error)))
            .collect())
    }

    #[test]
    fn bytes_that_are_no_text_cost_the_item_whose_field_they_are_in() {
        let body = b"{\"x\xff\":\"\xfe\xfe\",\"items\":[{\"id\":\"\xc3\xa4\"},{\"id\":\"\xc3\"},{\"id\":\"c\",\"x\":\"\xff\"}]}";
        assert_eq!(
            read(body).unwrap(),
            [
                Ok("\u{e4}".into()),
                Err("items[1].id".into()),
                Ok("c".into())
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_between_the_values_cost_the_page() {
        for body in [
            &b"{\"items\":[{\"id\":\"a\"}\xff]}"[..],
            b"\xff\xfe{\0}\0",
            b"\xff",
        ] {
            assert_eq!(read(body).unwrap_err().kind(), ErrorKind::Decode);
        }
    }
}
