//! What the tasks of DataArts Studio say of a cluster.

use std::collections::HashMap;

use idsync_api::dataarts_studio::enums::SyncStatus;
use jiff::Timestamp;

use super::findings::{Finding, Findings, running};
use super::rules::ClusterRules;
use super::schedule::Schedule;
use super::words::{self, LONGEST_STATUS, is_plausible, whole_second};
use super::{Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, Source};
use crate::dataarts::Task;

/// Judges the tasks of one cluster, each by itself.
pub(super) fn judge(tasks: &Reading<Vec<Task>>, rules: &ClusterRules, now: Timestamp) -> Findings {
    let findings = match tasks.error() {
        Some(error) => Findings::unavailable(Source::DataArts, error, now),
        None => Findings::default(),
    };
    let distinct = distinct(tasks, now);
    let judged = distinct.iter().map(|task| {
        let label = (distinct.len() > 1).then(|| {
            task.id
                .as_deref()
                .map(|id| words::plain(id, LONGEST_STATUS))
        });
        TaskJudge {
            task,
            label: label.flatten(),
            schedule: Schedule::of(task),
            rules,
            now,
        }
        .findings()
    });
    let mut findings = judged.fold(findings, Findings::and);
    findings.is_running = is_running(&distinct, tasks.error().is_none());
    findings
}

/// Each task once. Workspaces of one instance list the same tasks, and a task can change between two lists: of several
/// versions with one id, those are left out that are known to be of an earlier run than another.
pub(super) fn distinct(tasks: &Reading<Vec<Task>>, now: Timestamp) -> Vec<&Task> {
    let tasks = tasks.value().map_or(&[][..], Vec::as_slice);
    let time = |task: &Task| task.sync_time.filter(|time| is_plausible(*time, now));
    let mut latest: HashMap<&str, Timestamp> = HashMap::new();
    for task in tasks {
        if let (Some(id), Some(time)) = (task.id.as_deref(), time(task)) {
            let known = latest.entry(id).or_insert(time);
            *known = time.max(*known);
        }
    }
    let is_earlier = |task: &Task| {
        let latest = task.id.as_deref().and_then(|id| latest.get(id));
        matches!((time(task), latest), (Some(time), Some(latest)) if time < *latest)
    };
    let mut distinct: Vec<&Task> = Vec::new();
    for task in tasks {
        if !is_earlier(task) && !distinct.contains(&task) {
            distinct.push(task);
        }
    }
    distinct
}

/// Running if one task is; not running if there are tasks, all are known, and the status of each says so.
fn is_running(tasks: &[&Task], is_whole: bool) -> Option<bool> {
    let is_syncing = |task: &&Task| task.sync_status == Some(SyncStatus::Syncing);
    let is_idle = |task: &&Task| {
        matches!(
            task.sync_status,
            Some(SyncStatus::NotSync | SyncStatus::SyncSuccess | SyncStatus::SyncFail)
        )
    };
    if tasks.iter().any(is_syncing) {
        return Some(true);
    }
    (is_whole && !tasks.is_empty() && tasks.iter().all(is_idle)).then_some(false)
}

/// One task and all that its judgement depends on.
struct TaskJudge<'a> {
    task: &'a Task,
    /// What the task is called where there are several.
    label: Option<String>,
    schedule: Schedule,
    rules: &'a ClusterRules,
    now: Timestamp,
}

impl TaskJudge<'_> {
    fn findings(&self) -> Findings {
        let status = self.task.sync_status.as_ref();
        let mut reasons = match status {
            Some(SyncStatus::SyncFail) => self.failed(),
            Some(SyncStatus::Syncing) => vec![self.progress()],
            Some(SyncStatus::SyncSuccess) => self.success(),
            Some(SyncStatus::NotSync) => vec![self.never_ran()],
            other => vec![self.finding(ReasonCode::TaskStatusUnknown, no_status(other))],
        };
        if let Schedule::NotUnderstood(why) = &self.schedule {
            reasons.push(self.finding(ReasonCode::ScheduleNotUnderstood, why.clone()));
        }
        let has_succeeded = status == Some(&SyncStatus::SyncSuccess);
        Findings {
            reasons,
            notes: self.note(status).into_iter().collect(),
            last_attempt_at: self.last_run(),
            successes: vec![self.last_run().filter(|_| has_succeeded)],
            next_due_at: self.due().filter(|_| status != Some(&SyncStatus::Syncing)),
            ..Findings::default()
        }
    }

    /// When the last run started, unless that cannot be right.
    fn last_run(&self) -> Option<Timestamp> {
        let time = self.task.sync_time;
        time.filter(|time| is_plausible(*time, self.now))
    }

    /// When the next run is due. For a task that never ran, the interval counts from its creation or last change.
    fn due(&self) -> Option<Timestamp> {
        let Schedule::On(timetable) = &self.schedule else {
            return None;
        };
        let last = match self.task.sync_status {
            Some(SyncStatus::NotSync) => {
                let changed = [self.task.create_time, self.task.update_time];
                let changed = changed.into_iter().flatten();
                changed.filter(|time| is_plausible(*time, self.now)).max()
            }
            _ => self.last_run(),
        };
        timetable.due_after(last?, &self.rules.zone)
    }

    fn missed(&self) -> Option<Finding> {
        let due = self.due()?;
        self.rules.is_missed(due, self.now).then(|| {
            let message = format!("was due at {}", whole_second(due));
            self.finding(ReasonCode::ScheduleMissed, message)
        })
    }

    fn failed(&self) -> Vec<Finding> {
        let diagnosis = self.task.sync_msg.as_deref().and_then(Diagnosis::of);
        let message = diagnosis.as_ref().map_or_else(
            || "the last run failed; the service gives no cause".into(),
            |diagnosis| diagnosis.summary.clone(),
        );
        let failed = Finding {
            diagnosis,
            ..self.finding(ReasonCode::TaskFailed, message)
        };
        let stopped = (self.schedule == Schedule::Off).then(|| {
            let message =
                "no further run is scheduled; the service stops a schedule after 10 consecutive failures";
            let status = self.task.schedule_status.as_ref();
            let mut finding = self.finding(ReasonCode::ScheduleStopped, message.into());
            finding.reason.raw_status = status.map(|status| status.as_str().to_owned());
            finding
        });
        std::iter::once(failed).chain(stopped).collect()
    }

    fn progress(&self) -> Finding {
        let Some(start) = self.last_run() else {
            return self.implausible("a run is in progress");
        };
        let (is_overrun, message) = running(start, self.rules, self.now);
        let code = if is_overrun {
            ReasonCode::TaskOverrun
        } else {
            ReasonCode::TaskRunning
        };
        self.finding(code, message)
    }

    fn success(&self) -> Vec<Finding> {
        let Some(last) = self.last_run() else {
            return vec![self.implausible("the last run succeeded")];
        };
        let is_scheduled = matches!(self.schedule, Schedule::On(_));
        if !is_scheduled && self.rules.is_too_old(last, self.now) {
            let age = words::since(last, self.now).unwrap_or_default();
            let message = format!("the last run succeeded {age} ago");
            return vec![self.finding(ReasonCode::SuccessTooOld, message)];
        }
        let is_understood = !matches!(self.schedule, Schedule::NotUnderstood(_));
        let succeeded = is_understood
            .then(|| self.finding(ReasonCode::TaskSucceeded, "the last run succeeded".into()));
        self.missed().or(succeeded).into_iter().collect()
    }

    fn never_ran(&self) -> Finding {
        if let Some(missed) = self.missed() {
            return missed;
        }
        if matches!(self.schedule, Schedule::On(_)) && self.due().is_none() {
            let message =
                "the task is scheduled, but neither its creation nor its last change is known";
            return self.finding(ReasonCode::ScheduleNotUnderstood, message.into());
        }
        self.finding(ReasonCode::TaskNeverRan, "the task has never run".into())
    }

    fn implausible(&self, what: &str) -> Finding {
        let message = match self.task.sync_time {
            Some(time) => format!("{what}, but {}", words::implausible(time)),
            None => format!("{what}, but the service does not say since when"),
        };
        self.finding(ReasonCode::TimeImplausible, message)
    }

    fn note(&self, status: Option<&SyncStatus>) -> Option<Note> {
        let (code, message) = match status {
            Some(SyncStatus::Syncing) => (
                NoteCode::PreviousRunHidden,
                "while a task runs, the service does not say how its previous run ended",
            ),
            Some(SyncStatus::SyncSuccess) if self.schedule == Schedule::Off => (
                NoteCode::ScheduleOff,
                "the task is not scheduled, so nothing runs it again",
            ),
            _ => return None,
        };
        Some(Note::new(
            code,
            Source::DataArts,
            self.labelled(message.into()),
        ))
    }

    fn labelled(&self, message: String) -> String {
        match &self.label {
            Some(id) => format!("task {id}: {message}"),
            None => message,
        }
    }

    fn finding(&self, code: ReasonCode, message: String) -> Finding {
        let status = self.task.sync_status.as_ref().map(SyncStatus::as_str);
        let time = self.last_run().unwrap_or(self.now);
        let reason = Reason::new(code, Source::DataArts, self.labelled(message), time);
        Reason {
            task_id: self.task.id.as_deref().map(str::to_owned),
            ..reason.with_raw_status(status)
        }
        .into()
    }
}

fn no_status(status: Option<&SyncStatus>) -> String {
    match status {
        None => "the service gives no status of the task".into(),
        Some(SyncStatus::Unknown) => "the service does not know the status of the task".into(),
        Some(new) => format!(
            "the task has a status that this version does not know: {}",
            words::plain(new.as_str(), LONGEST_STATUS)
        ),
    }
}
