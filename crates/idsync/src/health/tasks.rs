//! What the tasks of DataArts Studio say of a cluster.

use std::collections::HashMap;

use idsync_api::dataarts_studio::enums::{ScheduleStatus, SyncStatus};
use jiff::Timestamp;

use super::cluster::{Finding, Findings, unavailable};
use super::rules::Limits;
use super::schedule::TaskSchedule;
use super::text::{self, LONGEST_STATUS, is_plausible, whole_second};
use super::{Diagnosis, NoteCode, Reading, Reason, ReasonCode, Source};
use crate::dataarts::Task;

/// Judges the tasks of one cluster, each by itself. Returns whether a run is in progress, where there is no doubt.
pub(super) fn judge(
    findings: &mut Findings,
    tasks: &Reading<Vec<Task>>,
    limits: &Limits,
    now: Timestamp,
) -> Option<bool> {
    if let Some(error) = tasks.error() {
        findings.add(unavailable(Source::DataArts, error, now));
    }
    let distinct = distinct(tasks, now);
    let has_several = distinct.len() > 1;
    for task in &distinct {
        let id = task.id.as_deref().filter(|_| has_several);
        let mut judge = TaskJudge {
            task,
            label: id.map(|id| text::plain(id, LONGEST_STATUS)),
            schedule: TaskSchedule::of(task),
            due: None,
            limits,
            now,
        };
        judge.due = judge.due();
        judge.add_to(findings);
    }
    is_running(&distinct, tasks.error().is_none())
}

/// Each task once. Workspaces of one instance list the same tasks, and a task can change between two lists: of several
/// versions with one id, those are left out that are known to be of an earlier run than another.
fn distinct(tasks: &Reading<Vec<Task>>, now: Timestamp) -> Vec<&Task> {
    let tasks = tasks.value().map_or(&[][..], Vec::as_slice);
    if let [only] = tasks {
        return vec![only];
    }
    let time = |task: &Task| task.sync_time.filter(|time| is_plausible(*time, now));
    let mut latest: HashMap<&str, Timestamp> = HashMap::new();
    for task in tasks {
        if let (Some(id), Some(time)) = (task.id.as_deref(), time(task)) {
            let known = latest.entry(id).or_insert(time);
            *known = time.max(*known);
        }
    }
    let mut distinct: Vec<&Task> = Vec::new();
    for task in tasks {
        let latest = task.id.as_deref().and_then(|id| latest.get(id));
        let is_earlier =
            matches!((time(task), latest), (Some(time), Some(latest)) if time < *latest);
        if !is_earlier && !distinct.contains(&task) {
            distinct.push(task);
        }
    }
    distinct
}

/// Running if one task is; not running if there are tasks, all are known, and the status of each says so.
fn is_running(tasks: &[&Task], is_whole: bool) -> Option<bool> {
    let mut is_idle = is_whole && !tasks.is_empty();
    for task in tasks {
        match task.sync_status {
            Some(SyncStatus::Syncing) => return Some(true),
            Some(SyncStatus::NotSync | SyncStatus::SyncSuccess | SyncStatus::SyncFail) => {}
            _ => is_idle = false,
        }
    }
    is_idle.then_some(false)
}

/// One task and all that its judgement depends on.
struct TaskJudge<'a> {
    task: &'a Task,
    /// What the task is called where there are several.
    label: Option<String>,
    schedule: TaskSchedule,
    /// When the next run is due.
    due: Option<Timestamp>,
    limits: &'a Limits,
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
            other => findings.add(self.reason(ReasonCode::TaskStatusUnknown, not_known(other))),
        }
        if let TaskSchedule::NotUnderstood(why) = &self.schedule {
            findings.add(self.reason(ReasonCode::ScheduleNotUnderstood, why.clone()));
        }
        let (last_run, health) = (self.last_run(), &mut findings.health);
        health.last_attempt_at = health.last_attempt_at.max(last_run);
        if status != Some(&SyncStatus::Syncing) {
            let due = [health.next_due_at, self.due].into_iter().flatten();
            health.next_due_at = due.min();
        }
        let has_succeeded = status == Some(&SyncStatus::SyncSuccess);
        let success = last_run.filter(|_| has_succeeded);
        findings.successes.push(success);
    }

    /// When the last run started, unless that cannot be right.
    fn last_run(&self) -> Option<Timestamp> {
        let time = self.task.sync_time;
        time.filter(|time| is_plausible(*time, self.now))
    }

    /// When the next run is due. For a task that never ran, the interval counts from its creation or last change.
    fn due(&self) -> Option<Timestamp> {
        let TaskSchedule::On(timetable) = &self.schedule else {
            return None;
        };
        let last = if self.task.sync_status == Some(SyncStatus::NotSync) {
            let changed = [self.task.create_time, self.task.update_time];
            let changed = changed.into_iter().flatten();
            changed.filter(|time| is_plausible(*time, self.now)).max()
        } else {
            self.last_run()
        };
        timetable.due_after(last?, &self.limits.schedule_zone())
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
        findings.add(Finding {
            diagnosis,
            ..self.reason(ReasonCode::TaskFailed, message).into()
        });
        if self.schedule == TaskSchedule::Off {
            let message = "no further run is scheduled; the service stops a schedule after 10 consecutive failures";
            let status = self.task.schedule_status.as_ref();
            let stopped = self.reason(ReasonCode::ScheduleStopped, message.into());
            findings.add(stopped.with_raw_status(status.map(ScheduleStatus::as_str)));
        }
    }

    fn syncing(&self, findings: &mut Findings) {
        findings.add(match self.last_run() {
            None => self.implausible("a run is in progress"),
            Some(start) => {
                let (is_overrun, message) = running(start, self.limits, self.now);
                let code = if is_overrun {
                    ReasonCode::TaskOverrun
                } else {
                    ReasonCode::TaskRunning
                };
                self.reason(code, message)
            }
        });
        let message = "while a task runs, the service does not say how its previous run ended";
        let message = self.labelled(message.into());
        findings.note(NoteCode::PreviousRunHidden, Source::DataArts, message);
    }

    fn succeeded(&self, findings: &mut Findings) {
        if self.schedule == TaskSchedule::Off {
            let message = "the task is not scheduled, so nothing runs it again";
            let message = self.labelled(message.into());
            findings.note(NoteCode::ScheduleOff, Source::DataArts, message);
        }
        let Some(last) = self.last_run() else {
            return findings.add(self.implausible("the last run succeeded"));
        };
        if let Some(missed) = self.missed() {
            return findings.add(missed);
        }
        let is_scheduled = matches!(self.schedule, TaskSchedule::On(_));
        if !is_scheduled && self.limits.is_too_old(last, self.now) {
            let age = text::since(last, self.now).unwrap_or_default();
            let message = format!("the last run succeeded {age} ago");
            findings.add(self.reason(ReasonCode::SuccessTooOld, message));
        } else if !matches!(self.schedule, TaskSchedule::NotUnderstood(_)) {
            let message = "the last run succeeded".into();
            findings.add(self.reason(ReasonCode::TaskSucceeded, message));
        }
    }

    fn never_ran(&self) -> Reason {
        if let Some(missed) = self.missed() {
            return missed;
        }
        if matches!(self.schedule, TaskSchedule::On(_)) && self.due.is_none() {
            let message =
                "the task is scheduled, but neither its creation nor its last change is known";
            return self.reason(ReasonCode::ScheduleNotUnderstood, message.into());
        }
        self.reason(ReasonCode::TaskNeverRan, "the task has never run".into())
    }

    fn implausible(&self, what: &str) -> Reason {
        let message = match self.task.sync_time {
            Some(time) => format!("{what}, but {}", text::implausible(time)),
            None => format!("{what}, but the service does not say since when"),
        };
        self.reason(ReasonCode::TimeImplausible, message)
    }

    fn labelled(&self, message: String) -> String {
        match &self.label {
            Some(id) => format!("task {id}: {message}"),
            None => message,
        }
    }

    fn reason(&self, code: ReasonCode, message: String) -> Reason {
        let status = self.task.sync_status.as_ref().map(SyncStatus::as_str);
        let time = self.last_run().unwrap_or(self.now);
        let reason = Reason::new(code, Source::DataArts, self.labelled(message), time);
        Reason {
            task_id: self.task.id.clone(),
            ..reason.with_raw_status(status)
        }
    }
}

/// How a run in progress stands: whether it takes too long, and both in words.
pub(super) fn running(start: Timestamp, limits: &Limits, now: Timestamp) -> (bool, String) {
    let message = text::since(start, now).map_or_else(
        || "a run is in progress".into(),
        |elapsed| format!("running for {elapsed}"),
    );
    if !limits.is_overrun(start, now) {
        return (false, message);
    }
    let limit = text::duration(limits.run_limit());
    (true, format!("{message}, longer than {limit}"))
}

fn not_known(status: Option<&SyncStatus>) -> String {
    match status {
        None => "the service gives no status of the task".into(),
        Some(SyncStatus::Unknown) => "the service does not know the status of the task".into(),
        Some(new) => format!(
            "the task has a status that this version does not know: {}",
            text::plain(new.as_str(), LONGEST_STATUS)
        ),
    }
}
