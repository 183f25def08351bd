//! What a caller sees of a response.

use idsync::list::Items;
use idsync::{Error, ErrorKind};

use crate::session::Session;

/// What a caller sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// One error and nothing else.
    Fails {
        kind: ErrorKind,
        status: Option<u16>,
        place: Place,
    },
    /// So many items, and an error for each of these places.
    Reads(usize, Vec<Place>),
    /// The flag of MRS.
    Says(Option<bool>),
}

/// Where in a response an error is, for both lists.
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

/// A failure of this kind, without a response.
pub(crate) fn fails(kind: ErrorKind) -> Outcome {
    Outcome::Fails {
        kind,
        status: None,
        place: Place::Nowhere,
    }
}

/// A response with status 200 that cannot be read.
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
}

/// What callers of the three operations see.
pub(crate) async fn outcomes(session: &Session) -> [Outcome; 3] {
    tokio::join!(tasks(session), records(session), flag(session)).into()
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
