//! The clock of the services, which can be scaled, stopped and set.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Largest time scale: a day passes in less than a second.
pub const MAX_TIME_SCALE: f64 = 100_000.0;

/// The start of the services' clock and its time now, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceTime {
    pub(crate) started_ms: i64,
    pub(crate) now_ms: i64,
}

/// The clock of the services at the start. Signatures and tokens are checked by the time of the machine, whatever this clock shows.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClockSettings {
    /// Its time at the start. With a fixed start and a stopped clock, every run gives the same responses. Default: the time of the
    /// machine.
    pub(crate) start: Option<Timestamp>,
    /// Seconds that pass in one second of real time, above 0 and at most 100,000. Default: 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100_000))]
    pub(crate) scale: Option<f64>,
    /// Whether it runs. Default: true.
    pub(crate) running: Option<bool>,
}

/// A change of the clock; `None` keeps a value.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClockChange {
    pub(crate) now: Option<Timestamp>,
    pub(crate) scale: Option<f64>,
    pub(crate) running: Option<bool>,
}

/// Time, scale and state of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct ClockState {
    pub(crate) now: Timestamp,
    scale: f64,
    running: bool,
}

/// A clock, and what it showed when it was last set.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    settings: ClockSettings,
    started: Timestamp,
    since: Instant,
    /// State at `since`.
    state: ClockState,
}

impl Clock {
    /// # Errors
    ///
    /// If the scale is out of range.
    pub(crate) fn new(settings: ClockSettings) -> Result<Self, String> {
        check_scale(settings.scale)?;
        let started = settings.start.unwrap_or_else(Timestamp::now);
        Ok(Self {
            settings,
            started,
            since: Instant::now(),
            state: ClockState {
                now: started,
                scale: settings.scale.unwrap_or(1.0),
                running: settings.running.unwrap_or(true),
            },
        })
    }

    pub(crate) fn state(&self) -> ClockState {
        self.state_at(Instant::now())
    }

    pub(crate) fn time(&self) -> ServiceTime {
        ServiceTime {
            started_ms: self.started.as_millisecond(),
            now_ms: self.state().now.as_millisecond(),
        }
    }

    /// Applies the whole change or none of it.
    ///
    /// # Errors
    ///
    /// For a scale out of range, or a time before the start.
    pub(crate) fn change(&mut self, change: ClockChange) -> Result<(), String> {
        check_scale(change.scale)?;
        if change.now.is_some_and(|now| now < self.started) {
            return Err(format!(
                "`now` must not be before the start, {}",
                self.started
            ));
        }
        self.set(change, Instant::now());
        Ok(())
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: Duration) {
        let at = Instant::now();
        let change = ClockChange {
            now: self.state_at(at).now.saturating_add(by).ok(),
            ..ClockChange::default()
        };
        self.set(change, at);
    }

    /// Returns to the initial settings.
    pub(crate) fn reset(&mut self) {
        if let Ok(clock) = Self::new(self.settings) {
            *self = clock;
        }
    }

    fn state_at(&self, at: Instant) -> ClockState {
        if !self.state.running {
            return self.state;
        }
        let elapsed = at.saturating_duration_since(self.since).as_secs_f64();
        let elapsed = Duration::try_from_secs_f64(elapsed * self.state.scale);
        let now = self.state.now;
        let now = now.saturating_add(elapsed.unwrap_or(Duration::MAX));
        ClockState {
            now: now.unwrap_or(Timestamp::MAX),
            ..self.state
        }
    }

    fn set(&mut self, change: ClockChange, at: Instant) {
        let state = self.state_at(at);
        self.since = at;
        self.state = ClockState {
            now: change.now.unwrap_or(state.now),
            scale: change.scale.unwrap_or(state.scale),
            running: change.running.unwrap_or(state.running),
        };
    }
}

fn check_scale(scale: Option<f64>) -> Result<(), String> {
    match scale {
        Some(scale) if !(scale > 0.0 && scale <= MAX_TIME_SCALE) => Err(format!(
            "`scale` must be above 0 and at most {MAX_TIME_SCALE}, not {scale}; `running: false` stops the clock"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "2026-05-01T10:00:00Z";

    fn clock(scale: f64, running: bool) -> Clock {
        let settings = ClockSettings {
            start: START.parse().ok(),
            scale: Some(scale),
            running: Some(running),
        };
        Clock::new(settings).unwrap()
    }

    fn shown(clock: &Clock, seconds: u64) -> String {
        let at = clock.since + Duration::from_secs(seconds);
        clock.state_at(at).now.to_string()
    }

    #[test]
    fn a_running_clock_counts_real_time_by_its_scale_and_a_stopped_one_not_at_all() {
        assert_eq!(shown(&clock(1.0, true), 5), "2026-05-01T10:00:05Z");
        assert_eq!(shown(&clock(3_600.0, true), 5), "2026-05-01T15:00:00Z");
        assert_eq!(shown(&clock(60.0, false), 5), START);
    }

    #[test]
    fn a_change_keeps_the_time_that_has_passed_before_it() {
        let mut clock = clock(60.0, true);
        let stop = ClockChange {
            running: Some(false),
            ..ClockChange::default()
        };
        clock.set(stop, clock.since + Duration::from_secs(2));
        assert_eq!(shown(&clock, 100), "2026-05-01T10:02:00Z");
    }

    #[test]
    fn scales_that_stop_reverse_or_race_the_clock_are_refused() {
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 100_001.0] {
            assert!(check_scale(Some(scale)).is_err(), "{scale}");
        }
    }
}
