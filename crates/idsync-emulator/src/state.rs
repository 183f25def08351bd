//! What all requests share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::auth::{Auth, Tokens};
use crate::calendar::Calendar;
use crate::clock::{Clock, SteadyClock};
use crate::faults::{FaultPlan, Strike};
use crate::ids::hex32;
use crate::journal::Journal;
use crate::operation::Route;
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
    pub(crate) seed: u64,
    pub(crate) behaviour: Behaviour,
    /// The clock of the services.
    pub(crate) clock: Clock,
    /// The clock that signatures and tokens are checked by.
    pub(crate) gateway_clock: SteadyClock,
    pub(crate) world: World,
    pub(crate) tokens: Tokens,
    /// Faults of the scenario.
    pub(crate) calendar: Calendar,
    /// Scripted faults.
    pub(crate) faults: FaultPlan,
    pub(crate) journal: Journal,
    pub(crate) pauses: Pauses,
    pub(crate) request_ids: RequestIds,
}

impl State {
    /// What strikes a call, if anything: a scripted fault before one of the scenario.
    pub(crate) fn strike(&self, route: &Route) -> Option<Strike> {
        let scripted = self.faults.strike(route);
        scripted.or_else(|| self.calendar.strike(route, self.clock.time()))
    }

    /// Puts clock, faults and requests back to how they were at the start. Tokens that were issued stay good.
    pub(crate) fn reset(&self) {
        self.clock.reset();
        self.journal.reset();
        self.request_ids.reset();
        self.calendar.reset();
        self.faults.reset();
    }
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

    fn reset(&self) {
        self.count.store(0, Ordering::Relaxed);
    }

    pub(crate) fn next(&self) -> String {
        hex32(self.salt, self.count.fetch_add(1, Ordering::Relaxed))
    }
}
