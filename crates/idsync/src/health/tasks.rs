//! Judges the tasks of DataArts Studio.
//!
//! The interval of a schedule counts from the last run, manual or not. A run whose interval ends inside the daily window is
//! due then; any other is due when the window opens next. The window includes its first hour and not its last; one that ends
//! before it starts spans midnight, and one that ends where it starts is the whole day (both are inferred).

use std::fmt::Display;

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus, SyncStatus};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::cluster::{Findings, running, unavailable};
use super::rules::china;
use super::text::{self, LONGEST_STATUS, is_plausible, whole_second};
use super::{Diagnosis, NoteCode, Reading, Reason, ReasonCode, Rules, Source};
use crate::dataarts::Task;

/// Judges the tasks of one cluster, each by itself.
pub(super) fn judge(
    findings: &mut Findings,
    tasks: &Reading<Vec<Task>>,
    limits: &Rules,
    now: Timestamp,
) {
    if let Some(error) = tasks.error() {
        findings.add(unavailable(Source::DataArts, error, now));
    }
    let has_several = findings.health.tasks.len() > 1;
    let tasks = tasks.value().map_or(&[][..], Vec::as_slice);
    for task in tasks {
        if is_outdated(task, tasks, now) {
            continue;
        }
        let id = task.id.as_deref().filter(|_| has_several);
        let id = id.map(|id| text::plain(id, LONGEST_STATUS));
        let last_run = task.sync_time.filter(|time| is_plausible(*time, now));
        let mut judge = TaskJudge {
            task,
            last_run,
            label: id.map_or_else(String::new, |id| format!("task {id}: ")),
            schedule: schedule_of(task),
            due: None,
            limits,
            now,
        };
        judge.due = judge.due();
        judge.add_to(findings);
    }
}

/// Whether another version of the task is known to be of a later run: a task can change between the lists of two
/// workspaces that share it.
fn is_outdated(task: &Task, tasks: &[Task], now: Timestamp) -> bool {
    let time = |task: &Task| task.sync_time.filter(|time| is_plausible(*time, now));
    let (mut versions, own) = (tasks.iter(), time(task));
    own.is_some() && versions.any(|it| it.id.is_some() && it.id == task.id && time(it) > own)
}

/// One task and what its judgement depends on.
struct TaskJudge<'a> {
    task: &'a Task,
    /// What messages begin with: the name of the task if there are several.
    label: String,
    /// When the last run started, if the time is plausible.
    last_run: Option<Timestamp>,
    /// None where runs are not scheduled.
    schedule: Result<Option<Timetable>, String>,
    /// When the next run is due.
    due: Option<Timestamp>,
    limits: &'a Rules,
    now: Timestamp,
}

impl TaskJudge<'_> {
    fn add_to(&self, findings: &mut Findings) {
        let status = self.task.sync_status.as_ref();
        match status {
            Some(SyncStatus::SyncFail) => self.failed(findings),
            Some(SyncStatus::Syncing) => self.syncing(findings),
            Some(SyncStatus::SyncSuccess) => self.succeeded(findings),
            Some(SyncStatus::NotSync) => findings.add(self.never_ran()),
            other => {
                let message = match other {
                    None => "the service gives no status of the task".into(),
                    Some(SyncStatus::Unknown) => {
                        "the service does not know the status of the task".into()
                    }
                    Some(new) => format!(
                        "the task has a status that this version does not know: {}",
                        text::plain(new.as_str(), LONGEST_STATUS)
                    ),
                };
                findings.add(self.reason(ReasonCode::TaskStatusUnknown, message));
            }
        }
        if let Err(why) = &self.schedule {
            findings.add(self.reason(ReasonCode::ScheduleNotUnderstood, why));
        }
        let health = &mut findings.health;
        health.last_attempt_at = health.last_attempt_at.max(self.last_run);
        if status != Some(&SyncStatus::Syncing) {
            let due = [health.next_due_at, self.due].into_iter().flatten();
            health.next_due_at = due.min();
        }
        let has_succeeded = status == Some(&SyncStatus::SyncSuccess);
        let success = self.last_run.filter(|_| has_succeeded);
        findings.successes.push(success);
    }

    /// When the next run is due. For a task that never ran, the interval counts from its creation or last change.
    fn due(&self) -> Option<Timestamp> {
        let timetable = self.schedule.as_ref().ok()?.as_ref()?;
        let last = if self.task.sync_status == Some(SyncStatus::NotSync) {
            let changed = [self.task.create_time, self.task.update_time];
            let changed = changed.into_iter().flatten();
            changed.filter(|time| is_plausible(*time, self.now)).max()
        } else {
            self.last_run
        };
        let elapsed = last?.checked_add(timetable.interval).ok()?;
        let zone = self.limits.zone.clone().unwrap_or_else(china);
        let (local, start) = (zone.to_datetime(elapsed), timetable.start);
        // A window that ends where it starts has 24 hours.
        let last_hour = (timetable.end - start - 1).rem_euclid(24);
        if (local.hour() - start).rem_euclid(24) <= last_hour {
            return Some(elapsed);
        }
        let today = local.date().at(start, 0, 0, 0);
        let opening = if today > local {
            today
        } else {
            today.checked_add(1.day()).ok()?
        };
        zone.to_timestamp(opening).ok()
    }

    fn missed(&self) -> Option<Reason> {
        let due = self.due?;
        self.limits.is_missed(due, self.now).then(|| {
            let message = format!("was due at {}", whole_second(due));
            self.reason(ReasonCode::ScheduleMissed, message)
        })
    }

    fn failed(&self, findings: &mut Findings) {
        let diagnosis = self.task.sync_msg.as_deref().and_then(Diagnosis::of);
        let message = match &diagnosis {
            Some(diagnosis) => diagnosis.summary.clone(),
            None => "the last run failed; the service gives no cause".into(),
        };
        let reason = self.reason(ReasonCode::TaskFailed, message);
        findings.reasons.push((reason, diagnosis));
        if self.schedule == Ok(None) {
            let message = "no further run is scheduled; the service stops a schedule after 10 consecutive failures";
            let status = self.task.schedule_status.as_ref();
            let stopped = self.reason(ReasonCode::ScheduleStopped, message);
            findings.add(stopped.with_raw_status(status.map(ScheduleStatus::as_str)));
        }
    }

    fn syncing(&self, findings: &mut Findings) {
        findings.add(match self.last_run {
            None => self.implausible("a run is in progress"),
            Some(start) => {
                let codes = [ReasonCode::TaskRunning, ReasonCode::TaskOverrun];
                let (code, message) = running(start, codes, self.limits, self.now);
                self.reason(code, message)
            }
        });
        let message = "while a task runs, the service does not say how its previous run ended";
        let message = format!("{}{message}", self.label);
        findings.note(NoteCode::PreviousRunHidden, Source::DataArts, message);
    }

    fn succeeded(&self, findings: &mut Findings) {
        if self.schedule == Ok(None) {
            let message = "the task is not scheduled, so nothing runs it again";
            let message = format!("{}{message}", self.label);
            findings.note(NoteCode::ScheduleOff, Source::DataArts, message);
        }
        let Some(last) = self.last_run else {
            return findings.add(self.implausible("the last run succeeded"));
        };
        if let Some(missed) = self.missed() {
            return findings.add(missed);
        }
        let is_scheduled = matches!(self.schedule, Ok(Some(_)));
        if !is_scheduled && self.limits.is_too_old(last, self.now) {
            let age = text::since(last, self.now).unwrap_or_default();
            let message = format!("the last run succeeded {age} ago");
            findings.add(self.reason(ReasonCode::SuccessTooOld, message));
        } else if self.schedule.is_ok() {
            findings.add(self.reason(ReasonCode::TaskSucceeded, "the last run succeeded"));
        }
    }

    fn never_ran(&self) -> Reason {
        if let Some(missed) = self.missed() {
            return missed;
        }
        if matches!(self.schedule, Ok(Some(_))) && self.due.is_none() {
            let message =
                "the task is scheduled, but neither its creation nor its last change is known";
            return self.reason(ReasonCode::ScheduleNotUnderstood, message);
        }
        self.reason(ReasonCode::TaskNeverRan, "the task has never run")
    }

    fn implausible(&self, what: &str) -> Reason {
        let message = match self.task.sync_time {
            Some(time) => format!("{what}, but {}", text::implausible(time)),
            None => format!("{what}, but the service does not say since when"),
        };
        self.reason(ReasonCode::TimeImplausible, message)
    }

    fn reason(&self, code: ReasonCode, message: impl Display) -> Reason {
        let status = self.task.sync_status.as_ref().map(SyncStatus::as_str);
        let time = self.last_run.unwrap_or(self.now);
        let message = format!("{}{message}", self.label);
        let reason = Reason::new(code, Source::DataArts, message, time);
        Reason {
            task_id: self.task.id.clone(),
            ..reason.with_raw_status(status)
        }
    }
}

/// No schedule has a longer interval.
const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(366 * 24);

/// An interval between runs, and the hours of a day in which they start.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Timetable {
    interval: SignedDuration,
    start: i8,
    end: i8,
}

/// The timetable of a task, if runs are scheduled; or why its schedule is not understood.
fn schedule_of(task: &Task) -> Result<Option<Timetable>, String> {
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
