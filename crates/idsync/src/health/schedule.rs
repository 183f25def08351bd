//! When the next run of a task is due.
//!
//! The interval counts from the last run, by hand or not. An instant inside the daily window is due as it is; any other
//! waits for the window's next opening. The window holds its first hour and not its last; one that ends before it
//! starts spans midnight, and one that ends where it starts is the whole day (the two last are inferred).

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus, SyncStatus};
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::dataarts::Task;

/// When `task` is due to run next, which may lie in the past. `None` unless it is scheduled, has run, does not run now,
/// and carries a schedule that makes sense; the schedule of a task that is not scheduled is out of date.
pub(super) fn next_due(task: &Task, offset: Offset) -> Option<Timestamp> {
    let is_scheduled = task.schedule_status == Some(ScheduleStatus::Scheduling);
    let is_waiting = !matches!(
        task.sync_status,
        Some(SyncStatus::Syncing | SyncStatus::NotSync)
    );
    if !is_scheduled || !is_waiting {
        return None;
    }
    let window = Window::of(task.schedule_start_hour, task.schedule_end_hour)?;
    let elapsed = task.sync_time?.checked_add(interval(task)?).ok()?;
    window.first_instant_from(elapsed, offset)
}

fn interval(task: &Task) -> Option<SignedDuration> {
    let minutes_per_unit = match task.schedule_period {
        Some(SchedulePeriod::Minute) => 1,
        Some(SchedulePeriod::Hour) => 60,
        _ => return None,
    };
    let units = task.schedule_interval.filter(|units| *units > 0)?;
    units
        .checked_mul(minutes_per_unit * 60)
        .map(SignedDuration::from_secs)
}

/// The hours of a day in which runs start, by the service's own clock.
#[derive(Clone, Copy)]
struct Window {
    start: i8,
    end: i8,
}

impl Window {
    /// Reads the hours of a task: none at all is the whole day, while one alone or one out of range is no window.
    fn of(start: Option<i64>, end: Option<i64>) -> Option<Self> {
        match (start, end) {
            (None, None) => Some(Self { start: 0, end: 0 }),
            (Some(start), Some(end)) => Some(Self {
                start: hour(start)?,
                end: hour(end)?,
            }),
            _ => None,
        }
    }

    fn contains(self, hour: i8) -> bool {
        match self.start.cmp(&self.end) {
            std::cmp::Ordering::Less => (self.start..self.end).contains(&hour),
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => hour >= self.start || hour < self.end,
        }
    }

    /// `instant` itself inside the window, otherwise the window's next opening.
    fn first_instant_from(self, instant: Timestamp, offset: Offset) -> Option<Timestamp> {
        let local = offset.to_datetime(instant);
        if self.contains(local.hour()) {
            return Some(instant);
        }
        offset.to_timestamp(self.next_opening(local)?).ok()
    }

    fn next_opening(self, local: DateTime) -> Option<DateTime> {
        let today = local.date().at(self.start, 0, 0, 0);
        if today > local {
            Some(today)
        } else {
            today.checked_add(1.day()).ok()
        }
    }
}

fn hour(value: i64) -> Option<i8> {
    i8::try_from(value)
        .ok()
        .filter(|hour| (0..=23).contains(hour))
}
