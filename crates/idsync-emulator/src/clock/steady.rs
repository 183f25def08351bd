//! The clock of the gateway.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Runs at the speed of real time from the instant the emulator was told to start at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SteadyClock {
    started: Timestamp,
    anchor: Instant,
}

impl SteadyClock {
    pub(crate) fn starting_at(started: Timestamp) -> Self {
        Self {
            started,
            anchor: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let elapsed =
            SignedDuration::try_from(self.anchor.elapsed()).unwrap_or(SignedDuration::MAX);
        self.started.saturating_add(elapsed).unwrap_or(self.started)
    }

    /// Milliseconds since the epoch, the unit of every time on the wire.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }
}
