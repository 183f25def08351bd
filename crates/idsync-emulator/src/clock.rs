//! The time as the emulator sees it: that of the services, which can be sped up, stopped and moved, and that of the gateway,
//! by which signatures and tokens are checked and which nothing moves. Callers sign by the time of their own machine: if the
//! gateway followed a clock that was moved by a day, it would have to refuse them all.

mod steady;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

pub(crate) use steady::SteadyClock;

/// How far the clock runs from its start, where it stays: a hundred years.
const REACH: SignedDuration = SignedDuration::from_hours(24 * 36_525);

/// Most seconds that pass at the emulated services in one second of real time: a day passes in less than a second.
pub const MAX_TIME_SCALE: f64 = 100_000.0;

/// A moment of the services' time, and the one at which that time began. Milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) started_ms: i64,
    pub(crate) now_ms: i64,
}

/// What the services' clock shows at the start, and how it runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pace {
    /// `None` starts at the time of the machine.
    pub(crate) start: Option<Timestamp>,
    /// Seconds that pass in one second of real time.
    pub(crate) scale: f64,
    pub(crate) running: bool,
}

/// A change of the clock; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Adjustment {
    pub(crate) now: Option<Timestamp>,
    pub(crate) scale: Option<f64>,
    pub(crate) running: Option<bool>,
}

/// What the clock shows, and how it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) now: Timestamp,
    pub(crate) scale: f64,
    pub(crate) running: bool,
}

/// The clock of the services.
#[derive(Debug)]
pub(crate) struct Clock {
    pace: Pace,
    setting: Mutex<Setting>,
}

impl Default for Pace {
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
    /// [`InvalidTime`] if the scale is out of range.
    pub(crate) fn new(pace: Pace) -> Result<Self, InvalidTime> {
        check_scale(pace.scale)?;
        let setting = Mutex::new(Setting::of(pace));
        Ok(Self { pace, setting })
    }

    pub(crate) fn read(&self) -> Reading {
        self.setting().read(Instant::now())
    }

    pub(crate) fn time(&self) -> Time {
        let setting = self.setting();
        Time {
            started_ms: setting.started.as_millisecond(),
            now_ms: setting.now(Instant::now()).as_millisecond(),
        }
    }

    /// Changes all that is asked for, or nothing.
    ///
    /// # Errors
    ///
    /// [`InvalidTime`] for a scale out of range, and for a time before the start or a hundred years after it.
    pub(crate) fn adjust(&self, adjustment: Adjustment) -> Result<(), InvalidTime> {
        adjustment.scale.map_or(Ok(()), check_scale)?;
        let mut setting = self.setting();
        if let Some(now) = adjustment.now {
            setting.check_reach(now)?;
        }
        setting.adjust(adjustment, Instant::now());
        Ok(())
    }

    /// Moves the clock forwards, at most to the end of its reach.
    pub(crate) fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let mut setting = self.setting();
        let at = Instant::now();
        let now = setting.bounded(setting.now(at).saturating_add(by).ok());
        let adjustment = Adjustment {
            now: Some(now),
            ..Adjustment::default()
        };
        setting.adjust(adjustment, at);
    }

    /// Starts anew, as if nothing had happened since.
    pub(crate) fn reset(&self) {
        *self.setting() = Setting::of(self.pace);
    }

    fn setting(&self) -> MutexGuard<'_, Setting> {
        self.setting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set at one instant, and what it shows at later ones.
#[derive(Clone, Copy, Debug)]
struct Setting {
    started: Timestamp,
    /// What it showed at `since`.
    shown: Timestamp,
    since: Instant,
    scale: f64,
    running: bool,
}

impl Setting {
    fn of(pace: Pace) -> Self {
        let started = pace.start.unwrap_or_else(Timestamp::now);
        Self {
            started,
            shown: started,
            since: Instant::now(),
            scale: pace.scale,
            running: pace.running,
        }
    }

    fn now(&self, at: Instant) -> Timestamp {
        if !self.running {
            return self.shown;
        }
        let elapsed = scaled(at.saturating_duration_since(self.since), self.scale);
        self.bounded(self.shown.saturating_add(elapsed).ok())
    }

    fn read(&self, at: Instant) -> Reading {
        Reading {
            now: self.now(at),
            scale: self.scale,
            running: self.running,
        }
    }

    fn adjust(&mut self, adjustment: Adjustment, at: Instant) {
        self.shown = adjustment.now.unwrap_or_else(|| self.now(at));
        self.since = at;
        self.scale = adjustment.scale.unwrap_or(self.scale);
        self.running = adjustment.running.unwrap_or(self.running);
    }

    fn last(&self) -> Timestamp {
        let last = self.started.saturating_add(REACH);
        last.unwrap_or(Timestamp::MAX)
    }

    fn bounded(&self, time: Option<Timestamp>) -> Timestamp {
        time.unwrap_or(Timestamp::MAX).min(self.last())
    }

    fn check_reach(&self, now: Timestamp) -> Result<(), InvalidTime> {
        let (first, last) = (self.started, self.last());
        if (first..=last).contains(&now) {
            return Ok(());
        }
        Err(InvalidTime::new(format!(
            "`now` is a time from {first}, when the emulator's clock began, to {last}; not {now}"
        )))
    }
}

/// Real time as the clock counts it. A product is exact to a microsecond for years.
fn scaled(elapsed: Duration, scale: f64) -> SignedDuration {
    let seconds = (elapsed.as_secs_f64() * scale).min(REACH.as_secs_f64());
    SignedDuration::try_from_secs_f64(seconds).unwrap_or(REACH)
}

fn check_scale(scale: f64) -> Result<(), InvalidTime> {
    if scale > 0.0 && scale <= MAX_TIME_SCALE {
        return Ok(());
    }
    Err(InvalidTime::new(format!(
        "`scale` is above 0 and at most {MAX_TIME_SCALE}, not {scale}; a clock that stands still is stopped, not slow"
    )))
}

/// A time or a pace that the emulator's clock can not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTime {
    message: String,
}

impl InvalidTime {
    fn new(message: String) -> Self {
        Self { message }
    }
}

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidTime {}

#[cfg(test)]
mod tests;
