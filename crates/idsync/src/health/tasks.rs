//! What the tasks of DataArts Studio say of a cluster.

use std::cmp::Reverse;
use std::collections::HashSet;

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus, SyncStatus};
use jiff::Timestamp;

use super::evidence::{Reason, ReasonCode, Source};
use super::findings::Findings;
use super::running::Running;
use super::{Diagnosis, Reading, Rules, schedule, words};
use crate::dataarts::Task;

/// How much of a status that this version does not know a message carries, in characters.
const LONGEST_STATUS: usize = 64;

/// Judges the tasks of one cluster, each by itself.
pub(super) fn judge(tasks: &Reading<Vec<Task>>, rules: &Rules, now: Timestamp) -> Findings {
    match tasks {
        Reading::NotAsked => Findings::default(),
        Reading::Unavailable(error) => Findings::unavailable(Source::DataArts, error, now),
        Reading::Read(tasks) => judge_each(&distinct(tasks), rules, now),
    }
}

/// The tasks by id, each once: workspaces of one instance share theirs. Of several with one id, that of the latest run
/// counts, so that the order in which they come never does.
pub(super) fn distinct(tasks: &[Task]) -> Vec<&Task> {
    let mut sorted: Vec<_> = tasks.iter().collect();
    sorted.sort_by(|one, other| rank(one).cmp(&rank(other)));
    let mut seen = HashSet::new();
    sorted.retain(|task| task.id.as_ref().is_none_or(|id| seen.insert(id)));
    sorted
}

/// Everything about a task that a judgement depends on.
fn rank(task: &Task) -> impl Ord + '_ {
    (
        (
            task.id.is_none(),
            task.id.as_deref(),
            Reverse(task.sync_time),
        ),
        task.sync_status.as_ref().map(SyncStatus::as_str),
        task.schedule_status.as_ref().map(ScheduleStatus::as_str),
        task.schedule_period.as_ref().map(SchedulePeriod::as_str),
        (
            task.schedule_interval,
            task.schedule_start_hour,
            task.schedule_end_hour,
        ),
        task.sync_msg.as_deref(),
    )
}

fn judge_each(tasks: &[&Task], rules: &Rules, now: Timestamp) -> Findings {
    let findings = tasks
        .iter()
        .map(|task| judge_one(task, rules, now))
        .fold(Findings::default(), Findings::and);
    Findings {
        is_running: is_running(tasks),
        ..findings
    }
}

fn judge_one(task: &Task, rules: &Rules, now: Timestamp) -> Findings {
    let diagnosis = (task.sync_status == Some(SyncStatus::SyncFail))
        .then(|| task.sync_msg.as_deref().and_then(Diagnosis::of))
        .flatten();
    let has_succeeded = task.sync_status == Some(SyncStatus::SyncSuccess);
    Findings {
        reasons: reasons(task, diagnosis.as_ref(), rules, now),
        diagnosis,
        last_attempt_at: task.sync_time,
        last_success_at: task.sync_time.filter(|_| has_succeeded),
        next_due_at: schedule::next_due(task, rules.offset()),
        ..Findings::default()
    }
}

fn reasons(
    task: &Task,
    diagnosis: Option<&Diagnosis>,
    rules: &Rules,
    now: Timestamp,
) -> Vec<Reason> {
    let observed_at = task.sync_time.unwrap_or_else(|| words::whole_second(now));
    let status = task.sync_status.as_ref().map(SyncStatus::as_str);
    let reason = |code, message| {
        Reason::new(code, Source::DataArts, message, observed_at).with_raw_status(status)
    };
    match &task.sync_status {
        Some(SyncStatus::SyncFail) => {
            let failed = reason(ReasonCode::TaskFailed, failure(diagnosis));
            std::iter::once(failed)
                .chain(stopped(task, observed_at))
                .collect()
        }
        Some(SyncStatus::Syncing) => {
            let (code, message) = progress(task.sync_time, rules, now);
            vec![reason(code, message)]
        }
        Some(SyncStatus::SyncSuccess) => {
            let (code, message) = success(task, rules, now);
            vec![reason(code, message)]
        }
        Some(SyncStatus::NotSync) => vec![reason(
            ReasonCode::TaskNeverRan,
            "the task has never run".into(),
        )],
        other => vec![reason(
            ReasonCode::TaskStatusUnknown,
            no_status(other.as_ref()),
        )],
    }
}

fn failure(diagnosis: Option<&Diagnosis>) -> String {
    diagnosis.map_or_else(
        || "the last run failed; the service gives no cause".into(),
        |diagnosis| diagnosis.summary.clone(),
    )
}

fn stopped(task: &Task, observed_at: Timestamp) -> Option<Reason> {
    let status = task
        .schedule_status
        .as_ref()
        .filter(|status| **status == ScheduleStatus::NotSchedule)?;
    let message =
        "no further run is scheduled; the service stops a schedule after 10 failures in a row";
    let reason = Reason::new(
        ReasonCode::ScheduleStopped,
        Source::DataArts,
        message,
        observed_at,
    );
    Some(reason.with_raw_status(Some(status.as_str())))
}

fn progress(start: Option<Timestamp>, rules: &Rules, now: Timestamp) -> (ReasonCode, String) {
    let limit = |limit: &str| format!("the service stops a run at {limit}");
    let running = Running::of(start, limit, rules, now);
    let code = if running.is_overrun {
        ReasonCode::TaskOverrun
    } else {
        ReasonCode::TaskRunning
    };
    (code, running.message)
}

fn success(task: &Task, rules: &Rules, now: Timestamp) -> (ReasonCode, String) {
    match schedule::next_due(task, rules.offset()) {
        Some(due) if rules.is_missed(due, now) => {
            let message = format!(
                "was due at {}",
                words::time_of_day(due, now, rules.offset())
            );
            (ReasonCode::ScheduleMissed, message)
        }
        _ => (ReasonCode::TaskSucceeded, "the last run succeeded".into()),
    }
}

fn no_status(status: Option<&SyncStatus>) -> String {
    match status {
        None => "the service gives no status of the task".into(),
        Some(SyncStatus::Unknown) => {
            "the service itself does not know the status of the task".into()
        }
        Some(new) => format!(
            "the task has a status this version does not know: {}",
            words::plain(new.as_str(), LONGEST_STATUS)
        ),
    }
}

/// Running if one task is; not running if there are tasks and the status of each says so.
fn is_running(tasks: &[&Task]) -> Option<bool> {
    let is_syncing = |task: &&Task| task.sync_status == Some(SyncStatus::Syncing);
    let is_known = |task: &&Task| {
        matches!(
            task.sync_status,
            Some(SyncStatus::NotSync | SyncStatus::SyncSuccess | SyncStatus::SyncFail)
        )
    };
    if tasks.iter().any(is_syncing) {
        return Some(true);
    }
    (!tasks.is_empty() && tasks.iter().all(is_known)).then_some(false)
}
