//! The DataArts Studio task of one cluster.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::{Moment, days};
use crate::ids::uuid;

/// State and schedule of a synchronization task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) sync_status: Cow<'static, str>,
    pub(crate) schedule: Schedule,
    /// Start of the last run; `None` if it never ran.
    pub(crate) last_run: Option<Moment>,
    pub(crate) log: Option<SyncLog>,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
}

/// When a task is started by itself. Hours are local to the service (UTC+8), the end is exclusive, equal hours mean all day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) enabled: bool,
    pub(crate) start_hour: u8,
    pub(crate) end_hour: u8,
    /// `MINUTE` or `HOUR`, the unit of `interval`.
    pub(crate) period: &'static str,
    pub(crate) interval: u32,
}

impl Schedule {
    /// All day long, every so many hours.
    pub(crate) const fn every_hours(interval: u32) -> Self {
        Self {
            enabled: true,
            start_hour: 0,
            end_hour: 0,
            period: "HOUR",
            interval,
        }
    }

    /// Hours and interval stay configured but no run is started.
    pub(crate) const fn off() -> Self {
        Self {
            enabled: false,
            start_hour: 1,
            end_hour: 6,
            period: "HOUR",
            interval: 2,
        }
    }

    pub(crate) fn status(self) -> &'static str {
        if self.enabled {
            "SCHEDULING"
        } else {
            "NOT_SCHEDULE"
        }
    }
}

impl Task {
    /// A task in a given state, scheduled daily, that was configured months ago.
    pub(crate) fn new(sync_status: &'static str, last_run: Moment) -> Self {
        Self {
            sync_status: sync_status.into(),
            schedule: Schedule::every_hours(24),
            last_run: Some(last_run),
            log: None,
            created: Moment::Ago(days(210)),
            updated: Moment::Ago(days(96)),
        }
    }

    /// A task whose last run, so many milliseconds ago, ended well.
    pub(crate) fn succeeded(ago: i64) -> Self {
        Self::new("SYNC_SUCCESS", Moment::Ago(ago))
    }

    /// A task whose last run failed with this message.
    pub(crate) fn failed(ago: i64, message: &'static str) -> Self {
        let log = SyncLog {
            after_ms: 38_000,
            text: "Submitting the user job failed",
            message,
        };
        Self {
            log: Some(log),
            ..Self::new("SYNC_FAIL", Moment::Ago(ago))
        }
    }

    /// A task that is running.
    pub(crate) fn running(start: Moment) -> Self {
        Self::new("SYNCING", start)
    }

    /// A task that was created and never started.
    pub(crate) fn never_ran() -> Self {
        Self {
            last_run: None,
            schedule: Schedule::off(),
            ..Self::succeeded(0)
        }
        .status("NOT_SYNC")
    }

    pub(crate) fn status(mut self, sync_status: &'static str) -> Self {
        self.sync_status = sync_status.into();
        self
    }

    pub(crate) fn scheduled(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    pub(crate) fn created(mut self, ago: i64) -> Self {
        self.created = Moment::Ago(ago);
        self.updated = self.created;
        self
    }
}

/// The log line that a run left behind.
#[derive(Clone, Debug)]
pub(crate) struct SyncLog {
    /// Milliseconds from the start of the run to the line.
    pub(crate) after_ms: i64,
    pub(crate) text: &'static str,
    /// What the failed job reported.
    pub(crate) message: &'static str,
}

impl SyncLog {
    /// `[local time] ===> text:[JSON array of jobs]`, the shape of the reference page's example.
    pub(crate) fn render(&self, run_started: i64, salt: u64) -> String {
        let written = Timestamp::from_millisecond(run_started.saturating_add(self.after_ms))
            .unwrap_or(Timestamp::UNIX_EPOCH);
        let local = written.to_zoned(TimeZone::fixed(Offset::constant(8)));
        let jobs = json!([{
            "duration": 0.0,
            "jobId": uuid(salt, 0),
            "jobType": "",
            "message": self.message,
            "rowCount": 0,
            "rows": [],
            "schema": [],
            "status": "FAILED",
            "totalRowCount": 0,
        }]);
        format!(
            "[{}] ===> {}:{jobs}",
            local.strftime("%Y-%m-%d %H:%M:%S"),
            self.text
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_gives_the_time_in_utc_plus_eight_and_a_json_array() {
        let log = SyncLog {
            after_ms: 38_000,
            text: "Failed",
            message: "role \"x\"\n  is kept",
        };
        // 2024-03-20T02:25:16Z
        let text = log.render(1_710_901_516_000, 1);
        let (stamp, jobs) = text.split_once(" ===> Failed:").unwrap();
        assert_eq!(stamp, "[2024-03-20 10:25:54]");
        let jobs: serde_json::Value = serde_json::from_str(jobs).unwrap();
        assert_eq!(jobs[0]["message"], "role \"x\"\n  is kept");
    }
}
