//! The DataArts Studio task of one cluster.

use std::borrow::Cow;

use super::{Course, Hours, Lasting, Moment, Rhythm, Schedule, Script, SyncLog, days};
use crate::clock::Time;

/// Consecutive failures after which the service stops a schedule (user guide).
const FAILURES_TO_STOP: u64 = 10;

/// A synchronization task, and how it goes over time.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) schedule: Schedule,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    progress: Progress,
}

#[derive(Clone, Debug)]
enum Progress {
    /// Stays in one state.
    Held {
        sync_status: &'static str,
        /// Start of the last run; `None` if it never ran.
        last_run: Option<Moment>,
        log: Option<SyncLog>,
    },
    /// Runs by itself.
    Live {
        course: Course<TaskRun>,
        /// How many runs there are when ten in a row have failed.
        stopped_after: Option<u64>,
    },
}

/// How one run of a task goes.
#[derive(Clone, Debug)]
pub(crate) struct TaskRun {
    /// The status that it leaves behind.
    pub(crate) sync_status: Cow<'static, str>,
    /// Milliseconds; `None` if it never ends.
    pub(crate) lasts: Option<i64>,
    /// What the failed job reports in the log.
    pub(crate) message: Option<Cow<'static, str>>,
}

/// A task at one moment. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(crate) struct TaskState<'a> {
    pub(crate) sync_status: &'a str,
    pub(crate) schedule_status: &'static str,
    /// Start of the last run.
    pub(crate) last_run: Option<i64>,
    /// The log line of the last run, and when it was written.
    pub(crate) log: Option<(Cow<'a, SyncLog>, i64)>,
}

impl TaskState<'_> {
    pub(crate) fn is_running(&self) -> bool {
        self.sync_status == TaskRun::RUNNING
    }
}

impl TaskRun {
    /// The status of a task while it runs.
    pub(crate) const RUNNING: &'static str = "SYNCING";
    /// The status of a task whose last run ended well.
    pub(crate) const SUCCEEDED: &'static str = "SYNC_SUCCESS";
    /// The status of a task whose last run failed.
    pub(crate) const FAILED: &'static str = "SYNC_FAIL";
    /// The status of a task that never ran.
    const NEVER_RAN: &'static str = "NOT_SYNC";

    /// Ends with a status after so many milliseconds.
    pub(crate) fn ending(sync_status: &'static str, lasts: i64) -> Self {
        Self {
            sync_status: sync_status.into(),
            lasts: Some(lasts),
            message: None,
        }
    }

    /// Ends in an error that the log tells.
    pub(crate) fn failing(lasts: i64, message: &'static str) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::ending(Self::FAILED, lasts)
        }
    }

    /// Goes on for good.
    pub(crate) fn endless() -> Self {
        Self {
            lasts: None,
            ..Self::ending(Self::RUNNING, 0)
        }
    }
}

impl Lasting for TaskRun {
    fn lasts(&self) -> Option<i64> {
        self.lasts
    }
}

impl Task {
    /// How long ago a task was configured unless told otherwise, in milliseconds.
    pub(crate) const USUAL_AGE: i64 = days(210);

    /// A task that runs by itself from `first` on, in milliseconds after the start of the clock: once, and again on its schedule
    /// if that is on. It was configured months ago.
    pub(crate) fn live(schedule: Schedule, first: i64, script: Script<TaskRun>) -> Self {
        let rhythm = Rhythm {
            first,
            every: schedule.enabled.then(|| schedule.every()),
            hours: Hours {
                start: schedule.start_hour,
                end: schedule.end_hour,
            },
        };
        let failed = |run: &TaskRun| run.sync_status == TaskRun::FAILED;
        let stopped_after = script
            .first_in_a_row(FAILURES_TO_STOP, failed)
            .map(|n| n + 1);
        let mut course = Course::new(rhythm, script);
        course.limit_to(stopped_after);
        Self {
            schedule,
            progress: Progress::Live {
                course,
                stopped_after,
            },
            ..Self::never_ran()
        }
    }

    /// Starts so many runs, and then none although the schedule is on.
    pub(crate) fn halting_after(mut self, runs: Option<u64>) -> Self {
        if let Progress::Live { course, .. } = &mut self.progress {
            course.limit_to(runs);
        }
        self
    }

    /// A task in a given state, scheduled daily, that was configured months ago.
    pub(crate) fn new(sync_status: &'static str, last_run: Moment) -> Self {
        Self::held(sync_status, Some(last_run), None)
    }

    fn held(sync_status: &'static str, last_run: Option<Moment>, log: Option<SyncLog>) -> Self {
        Self {
            schedule: Schedule::every_hours(24),
            progress: Progress::Held {
                sync_status,
                last_run,
                log,
            },
            created: Moment::Ago(Self::USUAL_AGE),
            updated: Moment::Ago(days(96)),
        }
    }

    /// A task whose last run, so many milliseconds ago, ended well.
    pub(crate) fn succeeded(ago: i64) -> Self {
        Self::new(TaskRun::SUCCEEDED, Moment::Ago(ago))
    }

    /// A task whose last run failed with this message.
    pub(crate) fn failed(ago: i64, message: &'static str) -> Self {
        let log = SyncLog::of_failure(message.into());
        Self::held(TaskRun::FAILED, Some(Moment::Ago(ago)), Some(log))
    }

    /// A task that is running.
    pub(crate) fn running(start: Moment) -> Self {
        Self::new(TaskRun::RUNNING, start)
    }

    /// A task that was created and never started.
    pub(crate) fn never_ran() -> Self {
        Self::held(TaskRun::NEVER_RAN, None, None).scheduled(Schedule::off())
    }

    pub(crate) fn status(mut self, status: &'static str) -> Self {
        if let Progress::Held { sync_status, .. } = &mut self.progress {
            *sync_status = status;
        }
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

    /// What the service tells of it at a moment.
    pub(crate) fn state(&self, time: Time) -> TaskState<'_> {
        match &self.progress {
            Progress::Held {
                sync_status,
                last_run,
                log,
            } => self.held_state(sync_status, *last_run, log.as_ref(), time),
            Progress::Live {
                course,
                stopped_after,
            } => self.live_state(course, *stopped_after, time),
        }
    }

    fn held_state<'a>(
        &self,
        sync_status: &'a str,
        last_run: Option<Moment>,
        log: Option<&'a SyncLog>,
        time: Time,
    ) -> TaskState<'a> {
        let last_run = last_run.map(|run| run.at(time));
        let written = |started: i64| started.saturating_add(SyncLog::AFTER_MS);
        TaskState {
            sync_status,
            schedule_status: self.schedule.status(),
            last_run,
            log: log.map(Cow::Borrowed).zip(last_run.map(written)),
        }
    }

    fn live_state<'a>(
        &self,
        course: &'a Course<TaskRun>,
        stopped_after: Option<u64>,
        time: Time,
    ) -> TaskState<'a> {
        let Some(last) = course.runs(time).last() else {
            return self.held_state(TaskRun::NEVER_RAN, None, None, time);
        };
        let over = last.ended.is_some();
        let is_stopped = over && stopped_after == Some(last.number + 1);
        let message = last.outcome.message.clone();
        TaskState {
            sync_status: if over {
                &last.outcome.sync_status
            } else {
                TaskRun::RUNNING
            },
            schedule_status: if is_stopped {
                Schedule::OFF
            } else {
                self.schedule.status()
            },
            last_run: Some(last.started),
            log: message
                .map(|message| Cow::Owned(SyncLog::of_failure(message)))
                .zip(last.ended),
        }
    }
}

#[cfg(test)]
mod tests;
