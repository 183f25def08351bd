//! How a run in progress stands.

use jiff::Timestamp;

use super::{Rules, words};

/// A run in progress, told in words.
pub(super) struct Running {
    /// Whether it has gone on for longer than a run may.
    pub(super) is_overrun: bool,
    pub(super) message: String,
}

impl Running {
    /// Of a run that started at `start`; `limit` tells what the longest duration means. A run that starts in the future,
    /// by a clock that is off, is no older than one that just began.
    pub(super) fn of(
        start: Option<Timestamp>,
        limit: impl Fn(&str) -> String,
        rules: &Rules,
        now: Timestamp,
    ) -> Self {
        let elapsed = start.and_then(|start| words::since(start, now));
        let running = elapsed.map_or_else(
            || "a run is in progress".into(),
            |elapsed| format!("running for {elapsed}"),
        );
        if !start.is_some_and(|start| rules.is_overrun(start, now)) {
            return Self {
                is_overrun: false,
                message: running,
            };
        }
        let limit = limit(&words::duration(rules.longest_run()));
        Self {
            is_overrun: true,
            message: format!("{running}; {limit}"),
        }
    }
}
