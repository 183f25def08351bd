//! What all requests share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::auth::{Auth, Tokens};
use crate::clock::Clock;
use crate::faults::FaultPlan;
use crate::ids::hex32;
use crate::journal::Journal;
use crate::pauses::Pauses;
use crate::world::World;

/// How DWS is emulated to read `offset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DwsOffset {
    /// As a number of pages, which is what the reference page says.
    #[default]
    Page,
    /// As a number of records.
    Record,
}

/// How DataArts Studio is emulated to read `offset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataArtsOffset {
    /// As the position of the first item, which is what the reference page says.
    #[default]
    Exact,
    /// As a position that is rounded down to a multiple of `limit`, which is how sibling operations read it.
    Floor,
}

/// How the services behave.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Behaviour {
    pub(crate) auth: Auth,
    /// Added before each answer.
    pub(crate) latency: Duration,
    pub(crate) dws_offset: DwsOffset,
    pub(crate) dataarts_offset: DataArtsOffset,
}

pub(crate) struct State {
    pub(crate) scenario: String,
    pub(crate) behaviour: Behaviour,
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) tokens: Tokens,
    pub(crate) faults: FaultPlan,
    pub(crate) journal: Journal,
    pub(crate) pauses: Pauses,
    pub(crate) request_ids: RequestIds,
}

/// Numbers the requests, in a form that looks random.
#[derive(Debug)]
pub(crate) struct RequestIds {
    salt: u64,
    count: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new(salt: u64) -> Self {
        Self {
            salt,
            count: AtomicU64::new(0),
        }
    }

    pub(crate) fn next(&self) -> String {
        hex32(self.salt, self.count.fetch_add(1, Ordering::Relaxed))
    }
}
