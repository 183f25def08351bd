//! Judges the tasks of DataArts Studio.

use std::fmt::Display;

use idsync_api::dataarts_studio::enums::{ScheduleStatus, SyncStatus};
use jiff::Timestamp;

use super::cluster::{Findings, running, unavailable};
use super::rules::china;
use super::schedule::{Timetable, schedule_of};
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
        let zone = self.limits.zone.clone().unwrap_or_else(china);
        timetable.due_after(last?, &zone)
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
