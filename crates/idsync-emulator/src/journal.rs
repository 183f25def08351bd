//! What arrived: the latest requests with their secrets masked, and counters that go on.

mod entry;
mod mask;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use http::request::Parts;
use serde::Serialize;

use entry::Entry;
pub use entry::SeenRequest;

use crate::operation::Operation;

/// Requests remembered at a time; the oldest make room.
const CAPACITY: usize = 10_000;

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

/// Names a request that was noted, to add its status later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    epoch: u64,
    sequence: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    /// Goes up with each reset, so that answers to earlier requests are not noted at later ones.
    epoch: u64,
    counts: RequestCounts,
    seen: VecDeque<Entry>,
}

impl Journal {
    /// Notes a request when it arrives.
    pub(crate) fn arrived(&self, parts: &Parts, operation: Option<Operation>) -> Note {
        let mut seen = Entry::of(parts, operation);
        let mut pages = self.lock();
        pages.counts.total += 1;
        match operation {
            Some(operation) => *pages.counts.operations.entry(operation).or_default() += 1,
            None => pages.counts.unknown += 1,
        }
        seen.sequence = pages.counts.total;
        let note = Note {
            epoch: pages.epoch,
            sequence: seen.sequence,
        };
        if pages.seen.len() == CAPACITY {
            pages.seen.pop_front();
        }
        pages.seen.push_back(seen);
        note
    }

    /// Notes how a request was answered.
    pub(crate) fn answered(&self, note: Note, status: StatusCode) {
        let mut pages = self.lock();
        if note.epoch != pages.epoch {
            return;
        }
        let Some(oldest) = pages.seen.front().map(|seen| seen.sequence) else {
            return;
        };
        let position = note
            .sequence
            .checked_sub(oldest)
            .and_then(|n| usize::try_from(n).ok());
        if let Some(seen) = position.and_then(|position| pages.seen.get_mut(position)) {
            seen.status = Some(status.as_u16());
        }
    }

    /// The remembered requests, oldest first.
    pub(crate) fn requests(&self) -> Vec<SeenRequest> {
        self.lock().seen.iter().map(Entry::spelled_out).collect()
    }

    pub(crate) fn counts(&self) -> RequestCounts {
        self.lock().counts.clone()
    }

    /// Forgets all requests and counts from zero.
    pub(crate) fn reset(&self) {
        let mut pages = self.lock();
        *pages = Pages {
            epoch: pages.epoch + 1,
            ..Pages::default()
        };
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(path: &str, headers: &[(&str, &str)]) -> Parts {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| {
                request.header(*name, *value)
            });
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn secrets_are_masked_and_the_names_of_signed_headers_stay() {
        let journal = Journal::default();
        let authorization =
            "SDK-HMAC-SHA256 Access=KEY1, SignedHeaders=host;x-sdk-date, Signature=5ec2e7";
        let headers = [
            ("Authorization", authorization),
            ("X-Auth-Token", "TOKEN1"),
            ("X-Security-Token", "TOKEN2"),
            ("workspace", "w1"),
        ];
        journal.arrived(
            &parts("/v3/projects?name=x", &headers),
            Some(Operation::Projects),
        );
        let seen = &journal.requests()[0];
        let text = format!("{seen:?}");
        for secret in ["KEY1", "5ec2e7", "TOKEN1", "TOKEN2"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(
            seen.header("authorization")
                .unwrap()
                .contains("SignedHeaders=host;x-sdk-date")
        );
        assert_eq!(seen.header("workspace"), Some("w1"));
        assert_eq!(
            (seen.path.as_str(), seen.query.as_str()),
            ("/v3/projects", "name=x")
        );
    }

    #[test]
    fn the_oldest_requests_make_room_and_are_still_counted() {
        let journal = Journal::default();
        let parts = parts("/v3/projects", &[]);
        let notes: Vec<Note> = (0..=CAPACITY)
            .map(|_| journal.arrived(&parts, None))
            .collect();
        journal.answered(notes[0], StatusCode::OK);
        journal.answered(notes[CAPACITY], StatusCode::NOT_FOUND);
        let seen = journal.requests();
        assert_eq!(seen.len(), CAPACITY);
        assert_eq!((seen[0].sequence, seen[0].status), (2, None));
        assert_eq!(seen[CAPACITY - 1].status, Some(404));
        assert_eq!(journal.counts().unknown, CAPACITY as u64 + 1);
    }

    #[test]
    fn an_answer_to_a_request_from_before_a_reset_is_not_noted() {
        let journal = Journal::default();
        let parts = parts("/v3/projects", &[]);
        let early = journal.arrived(&parts, Some(Operation::Projects));
        journal.reset();
        journal.arrived(&parts, Some(Operation::Projects));
        journal.answered(early, StatusCode::OK);
        assert_eq!(journal.requests()[0].status, None);
        assert_eq!(journal.counts().operations[&Operation::Projects], 1);
    }
}
