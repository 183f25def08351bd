//! When the next run of a task is due.
//!
//! The interval counts from the last run, manual or not. A run whose interval ends inside the daily window is due then; any
//! other is due when the window opens next. The window includes its first hour and not its last; one that ends before it
//! starts spans midnight, and one that ends where it starts is the whole day (both are inferred).

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::text::{self, LONGEST_STATUS};
use crate::dataarts::Task;

/// No schedule has a longer interval.
const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(366 * 24);

/// An interval between runs, and the hours of a day in which they start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timetable {
    interval: SignedDuration,
    start: i8,
    end: i8,
}

/// The timetable of a task, if runs are scheduled; or why its schedule is not understood.
pub(super) fn schedule_of(task: &Task) -> Result<Option<Timetable>, String> {
    match &task.schedule_status {
        Some(ScheduleStatus::NotSchedule) => Ok(None),
        Some(ScheduleStatus::Scheduling) => {
            // Without hours the window is the whole day; one hour alone is not understood.
            let (start, end) = match (task.schedule_start_hour, task.schedule_end_hour) {
                (None, None) => (0, 0),
                (start, end) => (hour("start hour", start)?, hour("end hour", end)?),
            };
            let interval = interval(task)?;
            Ok(Some(Timetable {
                interval,
                start,
                end,
            }))
        }
        Some(other) => Err(format!(
            "the schedule has a status that this version does not know: {}",
            text::plain(other.as_str(), LONGEST_STATUS)
        )),
        None => Err("the service does not say whether runs are scheduled".into()),
    }
}

impl Timetable {
    /// When the run after `last` is due in `zone`; `None` beyond the range of timestamps.
    pub(super) fn due_after(self, last: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let elapsed = last.checked_add(self.interval).ok()?;
        let local = zone.to_datetime(elapsed);
        // A window that ends where it starts has 24 hours.
        let last_hour = (self.end - self.start - 1).rem_euclid(24);
        if (local.hour() - self.start).rem_euclid(24) <= last_hour {
            return Some(elapsed);
        }
        let today = local.date().at(self.start, 0, 0, 0);
        let opening = if today > local {
            today
        } else {
            today.checked_add(1.day()).ok()?
        };
        zone.to_timestamp(opening).ok()
    }
}

fn interval(task: &Task) -> Result<SignedDuration, String> {
    let period = task.schedule_period.as_ref();
    let seconds_per_unit = match period {
        Some(SchedulePeriod::Minute) => 60,
        Some(SchedulePeriod::Hour) => 3600,
        _ => return Err(not_understood("period", period)),
    };
    let units = task.schedule_interval;
    let seconds = units.and_then(|units| units.checked_mul(seconds_per_unit));
    let interval = seconds.map(SignedDuration::from_secs);
    interval
        .filter(|interval| interval.is_positive() && *interval <= LONGEST_INTERVAL)
        .ok_or_else(|| not_understood("interval", units))
}

fn hour(what: &str, value: Option<i64>) -> Result<i8, String> {
    let hour = value.and_then(|value| i8::try_from(value).ok());
    let hour = hour.filter(|hour| (0..=23).contains(hour));
    hour.ok_or_else(|| not_understood(what, value))
}

fn not_understood(what: &str, value: Option<impl ToString>) -> String {
    let value = value.map_or_else(
        || "none".into(),
        |value| text::plain(&value.to_string(), LONGEST_STATUS),
    );
    format!("the task is scheduled, but its {what} is not understood: {value}")
}
