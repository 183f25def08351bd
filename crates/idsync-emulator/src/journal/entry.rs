//! A request as it is remembered, and as it is shown.

use http::Method;
use http::request::Parts;
use serde::Serialize;

use super::mask::masked;
use crate::operation::Operation;

/// One request, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeenRequest {
    /// Position since the start or the last reset, from 1.
    pub sequence: u64,
    /// Method, as received.
    pub method: String,
    /// Path, as received, still percent-encoded.
    pub path: String,
    /// Query without its question mark, as received; empty if there was none.
    pub query: String,
    /// Headers in the order in which they came, names in lower case. Keys, signatures and tokens are masked.
    pub headers: Vec<(String, String)>,
    /// Operation that was asked for; `None` for an unknown one.
    pub operation: Option<Operation>,
    /// Status of the answer; `None` while there is none, and for calls that a fault dropped.
    pub status: Option<u16>,
}

impl SeenRequest {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A request in little room and few pieces: most of them are never asked for.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sequence: u64,
    method: Method,
    path: String,
    query: String,
    /// Masked, one a line.
    headers: String,
    operation: Option<Operation>,
    pub(super) status: Option<u16>,
}

impl Entry {
    /// Its sequence number is given to it when it is put down.
    pub(super) fn of(parts: &Parts, operation: Option<Operation>) -> Self {
        Self {
            sequence: 0,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: masked(&parts.headers),
            operation,
            status: None,
        }
    }

    pub(super) fn spelled_out(&self) -> SeenRequest {
        let headers = self.headers.lines().filter_map(|line| line.split_once(':'));
        SeenRequest {
            sequence: self.sequence,
            method: self.method.as_str().to_owned(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            operation: self.operation,
            status: self.status,
        }
    }
}
