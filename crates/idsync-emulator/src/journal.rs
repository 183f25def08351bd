//! The journal: the latest requests with their secrets masked, and counters.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use http::request::Parts;
use serde::Serialize;

use crate::routes::Operation;

/// Maximum number of requests; the oldest are removed.
const CAPACITY: usize = 10_000;

/// Headers with credentials.
const SECRETS: [&str; 7] = [
    "authorization",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
    "x-metadata-token",
    "proxy-authorization",
    "cookie",
];

/// A request that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeenRequest {
    /// Position since the start or the last reset, from 1.
    pub sequence: u64,
    /// Method.
    pub method: String,
    /// Path, still percent-encoded.
    pub path: String,
    /// Query without its question mark, still percent-encoded; empty if there was none.
    pub query: String,
    /// Headers in the order in which they were received, names in lower case. Credentials are `***`.
    pub headers: Vec<(String, String)>,
    /// Operation; `None` for an unknown one.
    pub operation: Option<Operation>,
    /// Status of the response; `None` while there is none, and for calls that a fault left without one.
    pub status: Option<u16>,
}

impl SeenRequest {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Numbers of requests since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestCounts {
    /// All requests, except control requests.
    pub total: u64,
    /// Requests by operation; operations without any are absent.
    pub operations: BTreeMap<Operation, u64>,
    /// Requests for unknown operations.
    pub unknown: u64,
}

/// Identifies a request in the journal: number of resets before it, and its sequence.
pub(crate) type JournalKey = (u64, u64);

#[derive(Debug, Default)]
pub(crate) struct Journal {
    resets: u64,
    pub(crate) counts: RequestCounts,
    /// The latest requests, oldest first.
    pub(crate) requests: VecDeque<SeenRequest>,
}

impl Journal {
    /// Adds a request before it is answered.
    pub(crate) fn add(&mut self, parts: &Parts, operation: Option<Operation>) -> JournalKey {
        self.counts.total += 1;
        match operation {
            Some(operation) => *self.counts.operations.entry(operation).or_default() += 1,
            None => self.counts.unknown += 1,
        }
        if self.requests.len() == CAPACITY {
            self.requests.pop_front();
        }
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = if SECRETS.contains(&name.as_str()) {
                "***".into()
            } else {
                String::from_utf8_lossy(value.as_bytes())
            };
            (name.to_string(), value.into_owned())
        });
        let sequence = self.counts.total;
        self.requests.push_back(SeenRequest {
            sequence,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            operation,
            status: None,
        });
        (self.resets, sequence)
    }

    /// Adds the status of the response to a request.
    pub(crate) fn set_status(&mut self, key: JournalKey, status: StatusCode) {
        let mut latest_first = self.requests.iter_mut().rev();
        let seen = latest_first.find(|seen| (self.resets, seen.sequence) == key);
        if let Some(seen) = seen {
            seen.status = Some(status.as_u16());
        }
    }

    /// Removes all requests and counts from zero.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            resets: self.resets + 1,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(target: &str, headers: &[(&str, &str)]) -> Parts {
        let request = Request::builder().uri(target);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn credentials_are_masked() {
        let mut journal = Journal::default();
        let headers = [
            ("authorization", "Basic c2VjcmV0"),
            ("cookie", "c"),
            ("a", "b"),
        ];
        journal.add(&parts("/x", &headers), None);
        let seen = &journal.requests[0];
        let values = ["authorization", "cookie", "a"].map(|name| seen.header(name));
        assert_eq!(values, [Some("***"), Some("***"), Some("b")]);
    }

    #[test]
    fn the_oldest_requests_make_room_and_the_counters_go_on() {
        let mut journal = Journal::default();
        for _ in 0..CAPACITY + 5 {
            journal.add(&parts("/x", &[]), Some(Operation::Tasks));
        }
        assert_eq!(journal.requests.len(), CAPACITY);
        assert_eq!(journal.requests[0].sequence, 6);
        let counts = &journal.counts;
        assert_eq!(counts.operations[&Operation::Tasks], counts.total);
    }

    #[test]
    fn a_response_to_a_request_from_before_a_reset_is_ignored() {
        let mut journal = Journal::default();
        let key = journal.add(&parts("/x", &[]), None);
        journal.reset();
        journal.add(&parts("/y", &[]), None);
        journal.set_status(key, StatusCode::OK);
        assert_eq!(journal.requests[0].status, None);
    }
}
