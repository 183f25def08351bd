//! What arrived: the latest requests with their secrets masked, and counters that go on.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use crate::routes::Operation;

/// Requests remembered at a time; the oldest make room.
const CAPACITY: usize = 10_000;

/// Most characters remembered of a path, of a query and of a header value.
const TEXT_LIMIT: usize = 1_024;

/// Most bytes remembered of all headers of a request; further headers are left out.
const HEADERS_LIMIT: usize = 8 * 1_024;

/// Most bytes remembered of all requests together; the oldest make room.
const JOURNAL_LIMIT: usize = 32 * 1_024 * 1_024;

const MASK: &str = "***";

/// One request as it arrived. Texts of more than 1,024 characters are cut off.
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
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn new(parts: &Parts, operation: Option<Operation>, sequence: u64) -> Self {
        Self {
            sequence,
            method: shortened(parts.method.as_str().into()).into_owned(),
            path: shortened(parts.uri.path().into()).into_owned(),
            query: shortened(parts.uri.query().unwrap_or_default().into()).into_owned(),
            headers: masked(&parts.headers),
            operation,
            status: None,
        }
    }

    fn size(&self) -> usize {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len());
        size_of::<Self>() + self.path.len() + self.query.len() + headers.sum::<usize>()
    }
}

/// How many requests arrived since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestCounts {
    /// All requests to the emulated services, control requests not counted.
    pub total: u64,
    /// Requests for each operation that was asked for at least once.
    pub operations: BTreeMap<Operation, u64>,
    /// Requests for operations that do not exist.
    pub unknown: u64,
}

/// Names a request in the journal, to add its status later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JournalKey {
    epoch: u64,
    sequence: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    contents: Mutex<Contents>,
}

#[derive(Debug, Default)]
struct Contents {
    /// Goes up with each reset, so that answers to earlier requests are not noted at later ones.
    epoch: u64,
    counts: RequestCounts,
    seen: VecDeque<SeenRequest>,
    bytes: usize,
}

impl Journal {
    /// Notes a request when it arrives.
    pub(crate) fn arrived(&self, parts: &Parts, operation: Option<Operation>) -> JournalKey {
        let mut contents = self.lock();
        contents.counts.total += 1;
        match operation {
            Some(operation) => *contents.counts.operations.entry(operation).or_default() += 1,
            None => contents.counts.unknown += 1,
        }
        let sequence = contents.counts.total;
        let seen = SeenRequest::new(parts, operation, sequence);
        contents.bytes += seen.size();
        contents.seen.push_back(seen);
        while contents.seen.len() > CAPACITY || contents.bytes > JOURNAL_LIMIT {
            let Some(oldest) = contents.seen.pop_front() else {
                break;
            };
            contents.bytes -= oldest.size();
        }
        let epoch = contents.epoch;
        JournalKey { epoch, sequence }
    }

    /// Notes how a request was answered.
    pub(crate) fn answered(&self, key: JournalKey, status: StatusCode) {
        let mut contents = self.lock();
        if key.epoch != contents.epoch {
            return;
        }
        let mut latest_first = contents.seen.iter_mut().rev();
        if let Some(seen) = latest_first.find(|seen| seen.sequence == key.sequence) {
            seen.status = Some(status.as_u16());
        }
    }

    /// The remembered requests, oldest first.
    pub(crate) fn requests(&self) -> Vec<SeenRequest> {
        self.lock().seen.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> RequestCounts {
        self.lock().counts.clone()
    }

    /// Forgets all requests and counts from zero.
    pub(crate) fn reset(&self) {
        let mut contents = self.lock();
        *contents = Contents {
            epoch: contents.epoch + 1,
            ..Contents::default()
        };
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn masked(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut room = HEADERS_LIMIT;
    let pairs = headers.iter().map(|(name, value)| {
        let value = mask(name.as_str(), value).into_owned();
        (name.as_str().to_owned(), value)
    });
    pairs
        .take_while(|(name, value)| {
            let left = room.checked_sub(name.len() + value.len());
            room = left.unwrap_or(0);
            left.is_some()
        })
        .collect()
}

fn mask<'a>(name: &str, value: &'a HeaderValue) -> Cow<'a, str> {
    match name {
        "authorization" => mask_authorization(value).into(),
        "x-auth-token"
        | "x-security-token"
        | "x-subject-token"
        | "x-metadata-token"
        | "proxy-authorization"
        | "cookie" => MASK.into(),
        _ => shortened(String::from_utf8_lossy(value.as_bytes())),
    }
}

fn shortened(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= TEXT_LIMIT {
        return text;
    }
    text.chars().take(TEXT_LIMIT).collect()
}

/// Keeps the names of the signed headers, which are no secret, and nothing else.
fn mask_authorization(value: &HeaderValue) -> String {
    let signed = value
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("SDK-HMAC-SHA256 "))
        .and_then(|text| text.split_once("SignedHeaders="))
        .and_then(|(_, rest)| rest.split_once(','));
    match signed {
        Some((names, _)) if names.len() <= TEXT_LIMIT && names.bytes().all(is_name_byte) => {
            format!("SDK-HMAC-SHA256 Access={MASK}, SignedHeaders={names}, Signature={MASK}")
        }
        _ => MASK.to_owned(),
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b';')
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
    fn secrets_are_masked_and_the_names_of_signed_headers_are_kept() {
        let signed = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00ff";
        let journal = Journal::default();
        journal.arrived(
            &parts("/x", &[("authorization", signed), ("cookie", "c")]),
            None,
        );
        journal.arrived(&parts("/x", &[("authorization", "Basic c2VjcmV0")]), None);
        let seen = journal.requests();
        assert_eq!(
            seen[0].header("authorization"),
            Some("SDK-HMAC-SHA256 Access=***, SignedHeaders=host;x-sdk-date, Signature=***")
        );
        assert_eq!(seen[0].header("cookie"), Some("***"));
        assert_eq!(seen[1].header("authorization"), Some("***"));
    }

    #[test]
    fn the_oldest_requests_make_room_and_the_counters_go_on() {
        let journal = Journal::default();
        for _ in 0..CAPACITY + 5 {
            journal.arrived(&parts("/x", &[]), Some(Operation::Tasks));
        }
        assert_eq!(journal.requests().len(), CAPACITY);
        assert_eq!(journal.requests()[0].sequence, 6);
        let counts = journal.counts();
        assert_eq!(counts.operations[&Operation::Tasks], counts.total);
    }

    #[test]
    fn large_requests_are_cut_and_take_bounded_memory_together() {
        let journal = Journal::default();
        let long = "a".repeat(30_000);
        let large = parts(&format!("/{long}?{long}"), &[("x-1", long.as_str()); 100]);
        for _ in 0..CAPACITY {
            journal.arrived(&large, None);
        }
        let seen = journal.requests();
        assert_eq!(
            (seen[0].path.len(), seen[0].query.len()),
            (TEXT_LIMIT, TEXT_LIMIT)
        );
        assert!(seen[0].headers.len() < 9);
        let bytes: usize = seen.iter().map(SeenRequest::size).sum();
        assert!(bytes <= JOURNAL_LIMIT, "{bytes}");
        assert_eq!(journal.counts().unknown, CAPACITY as u64);
    }

    #[test]
    fn an_answer_to_a_request_from_before_a_reset_is_not_noted() {
        let journal = Journal::default();
        let key = journal.arrived(&parts("/x", &[]), None);
        journal.reset();
        journal.arrived(&parts("/y", &[]), None);
        journal.answered(key, StatusCode::OK);
        assert_eq!(journal.requests()[0].status, None);
    }
}
