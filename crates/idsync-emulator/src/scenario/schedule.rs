//! The schedule of a task, as it is configured.

use super::{hours, minutes};

/// When a task is started by itself. Hours are local to the service (UTC+8), the end is exclusive, equal hours mean all day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) enabled: bool,
    pub(crate) start_hour: u8,
    pub(crate) end_hour: u8,
    /// The unit of `interval`.
    pub(crate) period: Period,
    /// At least 1.
    pub(crate) interval: u32,
}

/// The unit of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Minute,
    Hour,
}

impl Period {
    /// The value on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "MINUTE",
            Self::Hour => "HOUR",
        }
    }
}

impl Schedule {
    /// The status of a schedule that starts nothing.
    pub(crate) const OFF: &'static str = "NOT_SCHEDULE";

    /// All day long, every so many hours.
    pub(crate) const fn every_hours(interval: u32) -> Self {
        Self {
            enabled: true,
            start_hour: 0,
            end_hour: 0,
            period: Period::Hour,
            interval,
        }
    }

    /// All day long, every so many minutes.
    pub(crate) const fn every_minutes(interval: u32) -> Self {
        Self {
            period: Period::Minute,
            ..Self::every_hours(interval)
        }
    }

    /// Hours and interval stay configured but no run is started.
    pub(crate) const fn off() -> Self {
        Self {
            enabled: false,
            start_hour: 1,
            end_hour: 6,
            period: Period::Hour,
            interval: 2,
        }
    }

    /// Milliseconds from one run to the next.
    pub(crate) fn every(self) -> i64 {
        match self.period {
            Period::Minute => minutes(self.interval.into()),
            Period::Hour => hours(self.interval.into()),
        }
    }

    pub(crate) fn status(self) -> &'static str {
        if self.enabled {
            "SCHEDULING"
        } else {
            Self::OFF
        }
    }
}
