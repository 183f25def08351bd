//! One row of the suite, and the run of it.

use std::time::Duration;

use idsync::paging::Items;
use idsync::{ClientBuilder, Error, ErrorKind};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation, RawAnswer};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::session::Session;

/// No row may take longer, however slow the machine is.
const HANG: Duration = Duration::from_mins(1);

/// An answer, and what is to come of it.
pub(crate) struct Row {
    name: &'static str,
    kind: FaultKind,
    headers: Vec<(&'static str, String)>,
    configure: fn(ClientBuilder) -> ClientBuilder,
    lists: Outcome,
    flag: Outcome,
    /// Of each list.
    requests: u64,
    /// Of the flag.
    flag_requests: u64,
}

/// What a caller sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// One error and nothing else.
    Fails {
        kind: ErrorKind,
        status: Option<u16>,
        place: Place,
        code: Option<&'static str>,
    },
    /// So many items, and an error for each of these places.
    Reads(usize, Vec<Place>),
    /// The flag of MRS.
    Says(Option<bool>),
}

/// Where in an answer an error is, whatever the list is called there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// In no particular place.
    Nowhere,
    /// At the list as a whole.
    List,
    /// In the item of this index.
    Item(usize),
    /// At the number of all items.
    Total,
    /// At the flag.
    Flag,
}

/// A failure of this kind, about no answer.
pub(crate) fn fails(kind: ErrorKind) -> Outcome {
    Outcome::Fails {
        kind,
        status: None,
        place: Place::Nowhere,
        code: None,
    }
}

/// A failure to understand an answer with status 200.
pub(crate) fn unreadable(at: Place) -> Outcome {
    fails(ErrorKind::Decode).status(200).at(at)
}

impl Outcome {
    pub(crate) fn status(mut self, seen: u16) -> Self {
        if let Self::Fails { status, .. } = &mut self {
            *status = Some(seen);
        }
        self
    }

    pub(crate) fn at(mut self, seen: Place) -> Self {
        if let Self::Fails { place, .. } = &mut self {
            *place = seen;
        }
        self
    }

    pub(crate) fn code(mut self, seen: &'static str) -> Self {
        if let Self::Fails { code, .. } = &mut self {
            *code = Some(seen);
        }
        self
    }
}

impl Row {
    /// An answer that fails everywhere with one request, until more is said of it.
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
        Self::of(name, FaultKind::Body(body.into().into()), lists)
    }

    /// These bytes in place of an answer, after which the connection is closed.
    pub(crate) fn raw(name: &'static str, bytes: impl Into<Vec<u8>>, everywhere: Outcome) -> Self {
        let answer = RawAnswer::new(bytes.into());
        Self::of(name, FaultKind::Raw(answer), everywhere)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// What MRS makes of it, where that differs from the lists.
    pub(crate) fn flag(mut self, outcome: Outcome) -> Self {
        self.flag = outcome;
        self
    }

    /// How many requests each operation costs, where that is not 1.
    pub(crate) fn requests(self, requests: u64) -> Self {
        Self {
            requests,
            flag_requests: requests,
            ..self
        }
    }

    /// How many requests each list costs, where that is not 1.
    pub(crate) fn list_requests(self, requests: u64) -> Self {
        Self { requests, ..self }
    }

    pub(crate) fn with(mut self, configure: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.configure = configure;
        self
    }

    /// What is not as the row says.
    async fn problems(self) -> Vec<String> {
        let session = Session::with(Emulator::builder(), self.configure).await;
        for operation in [Operation::Tasks, Operation::Records, Operation::Syncing] {
            let fault = Fault::on(operation, self.kind.clone());
            let with_header =
                |fault: Fault, (name, value): &(&str, String)| fault.header(*name, value);
            let fault = self.headers.iter().fold(fault, with_header);
            session.emulator.add_fault(fault).unwrap();
        }
        let all = async { tokio::join!(tasks(&session), records(&session), flag(&session)) };
        let Ok((tasks, records, flag)) = timeout(HANG, all).await else {
            return vec![format!("{}: hangs", self.name)];
        };
        let expected = [
            (Operation::Tasks, tasks, &self.lists, self.requests),
            (Operation::Records, records, &self.lists, self.requests),
            (Operation::Syncing, flag, &self.flag, self.flag_requests),
        ];
        let counts = session.emulator.request_counts().operations;
        expected
            .into_iter()
            .flat_map(|(operation, seen, outcome, cost)| {
                let requests = counts.get(&operation).copied().unwrap_or_default();
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

/// Runs the rows side by side, and fails with all that is not as they say.
pub(crate) async fn check(rows: Vec<Row>) {
    let mut running = JoinSet::new();
    for row in rows {
        running.spawn(row.problems());
    }
    let problems = running.join_all().await.concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

async fn tasks(session: &Session) -> Outcome {
    let items = session.client.dataarts(session.workspace()).tasks().items();
    list(items, "tasks", "total").await
}

async fn records(session: &Session) -> Outcome {
    let items = session
        .client
        .dws()
        .sync_records(session.dws_cluster())
        .items();
    list(items, "sync_records", "count").await
}

async fn flag(session: &Session) -> Outcome {
    match session.syncing().await {
        Ok(flag) => Outcome::Says(flag),
        Err(error) => failure(&error, |path| match path {
            "is_synchronizing" => Place::Flag,
            _ => Place::Nowhere,
        }),
    }
}

async fn list<T>(mut items: Items<T>, list: &str, total: &str) -> Outcome {
    let place = |path: &str| place(path, list, total);
    let mut good = 0;
    let mut errors = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(_)) => good += 1,
            Ok(None) => break,
            Err(error) => errors.push(error),
        }
    }
    match (good, errors.as_slice()) {
        (0, [error]) if !matches!(error.path().map(place), Some(Place::Item(_))) => {
            failure(error, place)
        }
        _ => {
            let places = errors
                .iter()
                .map(|error| place(error.path().unwrap_or_default()));
            Outcome::Reads(good, places.collect())
        }
    }
}

fn failure(error: &Error, place: impl Fn(&str) -> Place) -> Outcome {
    Outcome::Fails {
        kind: error.kind(),
        status: error.status(),
        place: error.path().map_or(Place::Nowhere, place),
        // Known codes live as long as the program, which is what the rows need to name them.
        code: error.code().map(|code| code.to_owned().leak() as &str),
    }
}

fn place(path: &str, list: &str, total: &str) -> Place {
    let index = path
        .strip_prefix(list)
        .and_then(|rest| rest.strip_prefix('['))
        .and_then(|rest| rest.split(']').next());
    match index {
        Some(index) => Place::Item(index.parse().unwrap()),
        None if path == list => Place::List,
        None if path == total => Place::Total,
        None => Place::Nowhere,
    }
}
