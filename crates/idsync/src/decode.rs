//! From the body of an answer to domain values.
//!
//! A body is decoded straight into domain types. Only if that fails is it decoded a second time, item by item and field
//! by field, so that what cannot be read costs no more than itself and is reported with its JSON path.

mod fields;
mod lenient;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) use self::fields::{instant, shared};
use crate::Error;
use crate::error_body::{ServiceMessage, excerpt};
use crate::page::Page;
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
