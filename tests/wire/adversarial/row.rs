//! One row of the suite.

use std::time::Duration;

use idsync::ClientBuilder;
use idsync_emulator::{Emulator, Fault, FaultKind, Operation, RawAnswer};

use super::outcome::Outcome;
use crate::session::Session;

/// One item in both lists, and the flag.
pub(crate) const GOOD: &str = r#"{"tasks":[{"id":"a"}],"total":1,"sync_records":[{"id":"a"}],"count":1,"is_synchronizing":true}"#;

/// The operations that each row calls.
pub(crate) const OPERATIONS: [Operation; 3] =
    [Operation::Tasks, Operation::Records, Operation::Syncing];

/// A response, and what callers are expected to see.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    kind: FaultKind,
    headers: Vec<(&'static str, String)>,
    configure: fn(ClientBuilder) -> ClientBuilder,
    lists: Outcome,
    flag: Outcome,
    /// Of each list.
    pub(crate) requests: u64,
    /// Of the flag.
    flag_requests: u64,
}

impl Row {
    /// A response on which each operation fails after one request, unless a setter says otherwise.
    pub(crate) fn of(name: &'static str, kind: FaultKind, everywhere: Outcome) -> Self {
        Self {
            name,
            kind,
            headers: Vec::new(),
            configure: |client| client.timeout(Duration::from_secs(30)),
            lists: everywhere.clone(),
            flag: everywhere,
            requests: 1,
            flag_requests: 1,
        }
    }

    /// An answer with status 200 and this body.
    pub(crate) fn body(name: &'static str, body: impl Into<Vec<u8>>, lists: Outcome) -> Self {
        Self::of(name, FaultKind::body(body.into()), lists)
    }

    /// These bytes in place of a response; then the connection closes.
    pub(crate) fn raw(name: &'static str, bytes: impl Into<Vec<u8>>, everywhere: Outcome) -> Self {
        let answer = RawAnswer::new(bytes.into());
        Self::of(name, FaultKind::Raw(answer), everywhere)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The outcome of MRS, where it differs from that of the lists.
    pub(crate) fn flag(mut self, outcome: Outcome) -> Self {
        self.flag = outcome;
        self
    }

    /// The number of requests of each operation, where it is not 1.
    pub(crate) fn requests(self, requests: u64) -> Self {
        Self {
            requests,
            flag_requests: requests,
            ..self
        }
    }

    /// The number of requests of each list, where it is not 1.
    pub(crate) fn list_requests(self, requests: u64) -> Self {
        Self { requests, ..self }
    }

    pub(crate) fn with(mut self, configure: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.configure = configure;
        self
    }

    /// An emulator that gives this response, and its client.
    pub(crate) async fn session(&self) -> Session {
        let session = Session::with(Emulator::builder(), self.configure).await;
        for operation in OPERATIONS {
            let fault = Fault::on(operation, self.kind.clone());
            let with_header =
                |fault: Fault, (name, value): &(&str, String)| fault.header(*name, value);
            let fault = self.headers.iter().fold(fault, with_header);
            session.fault(fault);
        }
        session
    }

    /// The differences from the row, in what callers saw and in what arrived.
    pub(crate) fn differences(
        &self,
        session: &Session,
        [tasks, records, flag]: [Outcome; 3],
    ) -> Vec<String> {
        let expected = [
            (Operation::Tasks, tasks, &self.lists, self.requests),
            (Operation::Records, records, &self.lists, self.requests),
            (Operation::Syncing, flag, &self.flag, self.flag_requests),
        ];
        expected
            .into_iter()
            .flat_map(|(operation, seen, outcome, cost)| {
                let requests = session.count(operation);
                [
                    self.difference(operation, &seen, outcome),
                    self.difference(operation, &requests, &cost),
                ]
            })
            .flatten()
            .collect()
    }

    fn difference<T: PartialEq + std::fmt::Debug>(
        &self,
        operation: Operation,
        seen: &T,
        expected: &T,
    ) -> Option<String> {
        (seen != expected).then(|| {
            format!(
                "{}, {operation:?}: seen {seen:?}, expected {expected:?}",
                self.name
            )
        })
    }
}
