//! The two clocks of the emulator: that of the services, which can be sped up, stopped and moved, and that of the gateway, which
//! checks signatures and tokens and always runs at the speed of time, because callers sign by the time of their own machine.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::EmulatorError;

/// Most seconds that pass at the emulated services in one second of real time: a day passes in less than a second.
pub const MAX_TIME_SCALE: f64 = 100_000.0;

/// A moment of the services' time, and the one at which that time began. Milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceTime {
    pub(crate) started_ms: i64,
    pub(crate) now_ms: i64,
}

/// What the services' clock shows at the start, and how it runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClockSettings {
    /// `None` starts at the time of the machine.
    pub(crate) start: Option<Timestamp>,
    /// Seconds that pass in one second of real time.
    pub(crate) scale: f64,
    pub(crate) running: bool,
}

/// A change of the clock; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockChange {
    pub(crate) now: Option<Timestamp>,
    pub(crate) scale: Option<f64>,
    pub(crate) running: Option<bool>,
}

/// What the clock shows, and how it runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct ClockReading {
    pub(crate) now: Timestamp,
    pub(crate) scale: f64,
    pub(crate) running: bool,
}

/// The clock of the services.
#[derive(Debug)]
pub(crate) struct Clock {
    settings: ClockSettings,
    dial: Mutex<Dial>,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self {
            start: None,
            scale: 1.0,
            running: true,
        }
    }
}

impl Clock {
    /// # Errors
    ///
    /// If the scale is out of range.
    pub(crate) fn new(settings: ClockSettings) -> Result<Self, EmulatorError> {
        check_scale(settings.scale)?;
        let dial = Mutex::new(Dial::new(settings));
        Ok(Self { settings, dial })
    }

    pub(crate) fn read(&self) -> ClockReading {
        let dial = self.dial();
        ClockReading {
            now: dial.now(Instant::now()),
            scale: dial.scale,
            running: dial.running,
        }
    }

    pub(crate) fn time(&self) -> ServiceTime {
        let dial = self.dial();
        ServiceTime {
            started_ms: dial.started.as_millisecond(),
            now_ms: dial.now(Instant::now()).as_millisecond(),
        }
    }

    /// Changes all that is asked for, or nothing.
    ///
    /// # Errors
    ///
    /// For a scale out of range, and for a time before the start.
    pub(crate) fn change(&self, change: ClockChange) -> Result<(), EmulatorError> {
        if change == ClockChange::default() {
            let message = "give at least one of `now`, `scale` and `running`";
            return Err(EmulatorError::new(message));
        }
        change.scale.map_or(Ok(()), check_scale)?;
        let mut dial = self.dial();
        if let Some(now) = change.now
            && now < dial.started
        {
            let message = format!("`now` is not before {}, the start; not {now}", dial.started);
            return Err(EmulatorError::new(message));
        }
        dial.change(change, Instant::now());
        Ok(())
    }

    /// Moves the clock forwards.
    pub(crate) fn advance(&self, by: Duration) {
        let mut dial = self.dial();
        let at = Instant::now();
        dial.shown = later(dial.now(at), by);
        dial.since = at;
    }

    /// Starts again with the first settings.
    pub(crate) fn reset(&self) {
        *self.dial() = Dial::new(self.settings);
    }

    fn dial(&self) -> MutexGuard<'_, Dial> {
        self.dial.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a clock showed at one instant, and how it runs from there.
#[derive(Clone, Copy, Debug)]
struct Dial {
    started: Timestamp,
    /// What it showed at `since`.
    shown: Timestamp,
    since: Instant,
    scale: f64,
    running: bool,
}

impl Dial {
    fn new(settings: ClockSettings) -> Self {
        let started = settings.start.unwrap_or_else(Timestamp::now);
        Self {
            started,
            shown: started,
            since: Instant::now(),
            scale: settings.scale,
            running: settings.running,
        }
    }

    fn now(&self, at: Instant) -> Timestamp {
        if !self.running {
            return self.shown;
        }
        let elapsed = at.saturating_duration_since(self.since).as_secs_f64() * self.scale;
        later(
            self.shown,
            Duration::try_from_secs_f64(elapsed).unwrap_or(Duration::MAX),
        )
    }

    fn change(&mut self, change: ClockChange, at: Instant) {
        self.shown = change.now.unwrap_or_else(|| self.now(at));
        self.since = at;
        self.scale = change.scale.unwrap_or(self.scale);
        self.running = change.running.unwrap_or(self.running);
    }
}

/// A time so much later, or the last one that there is.
fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn check_scale(scale: f64) -> Result<(), EmulatorError> {
    if scale > 0.0 && scale <= MAX_TIME_SCALE {
        return Ok(());
    }
    Err(EmulatorError::new(format!(
        "`scale` is above 0 and at most {MAX_TIME_SCALE}, not {scale}; use `running: false` to stop the clock"
    )))
}

/// The clock of the gateway: it runs at the speed of real time from the instant the emulator was started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GatewayClock {
    started: Timestamp,
    since: Instant,
}

impl GatewayClock {
    pub(crate) fn starting_at(started: Timestamp) -> Self {
        Self {
            started,
            since: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        later(self.started, self.since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "2026-05-01T10:00:00Z";

    fn dial(scale: f64, running: bool) -> Dial {
        Dial::new(ClockSettings {
            start: START.parse().ok(),
            scale,
            running,
        })
    }

    fn shown(dial: &Dial, seconds: u64) -> String {
        dial.now(dial.since + Duration::from_secs(seconds))
            .to_string()
    }

    #[test]
    fn a_running_clock_counts_real_time_by_its_scale_and_a_stopped_one_not_at_all() {
        assert_eq!(shown(&dial(1.0, true), 5), "2026-05-01T10:00:05Z");
        assert_eq!(shown(&dial(3_600.0, true), 5), "2026-05-01T15:00:00Z");
        assert_eq!(shown(&dial(60.0, false), 5), START);
    }

    #[test]
    fn a_change_keeps_the_time_that_has_passed_before_it() {
        let mut dial = dial(60.0, true);
        let stop = ClockChange {
            running: Some(false),
            ..ClockChange::default()
        };
        dial.change(stop, dial.since + Duration::from_secs(2));
        assert_eq!(shown(&dial, 100), "2026-05-01T10:02:00Z");
    }

    #[test]
    fn scales_that_stop_reverse_or_race_the_clock_are_refused() {
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 100_001.0] {
            assert!(check_scale(scale).is_err(), "{scale}");
        }
    }
}
