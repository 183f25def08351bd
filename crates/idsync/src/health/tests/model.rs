//! The table of reasons once more, as plainly as it can be written, for the judgement to be held against.

use super::case::{ClusterCase, RecordCase, RecordsCase, Seen, TaskCase};
use crate::health::Verdict::{
    self, Failing, Healthy, NeverRun, Overdue, Partial, Running, Stuck, Unknown,
};

const HALF_AN_HOUR: i64 = 30 * 60;

/// The seconds from midnight to the judgement, by the clock of the service: it is 14:00 there.
const NOW: i64 = 14 * 3600;

/// The verdict on a cluster: the worst that any source says, or unknown.
pub(super) fn verdict(cluster: &ClusterCase) -> Verdict {
    let mut said = Vec::new();
    match &cluster.tasks {
        Seen::Untried => said.push(Unknown),
        Seen::Read(tasks) => said.extend(once_each(tasks).into_iter().map(of_task)),
        Seen::NotAsked | Seen::Refused => {}
    }
    match &cluster.records {
        Seen::Untried => said.push(Unknown),
        Seen::Read(records) => said.extend(of_records(records)),
        Seen::NotAsked | Seen::Refused => {}
    }
    match &cluster.flag {
        Seen::Untried => said.push(Unknown),
        Seen::Read(Some(true)) => said.push(Running),
        Seen::Read(_) | Seen::NotAsked | Seen::Refused => {}
    }
    worst(said)
}

pub(super) fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().max().unwrap_or(Unknown)
}

/// Of the tasks with one id only the one that ran last.
fn once_each(tasks: &[TaskCase]) -> Vec<&TaskCase> {
    let runs_later = |one: &TaskCase, other: &TaskCase| match (one.started, other.started) {
        (Some(one), Some(other)) => one < other,
        (one, other) => one.is_some() && other.is_none(),
    };
    let is_last = |task: &&TaskCase| {
        let mut others = tasks.iter().filter(|other| other.id == task.id);
        !others.any(|other| runs_later(other, task))
    };
    tasks.iter().filter(is_last).collect()
}

/// Whether two tasks with one id ran last at the same time, so that which one counts is not told.
pub(super) fn is_ambiguous(cluster: &ClusterCase) -> bool {
    let Seen::Read(tasks) = &cluster.tasks else {
        return false;
    };
    let last = once_each(tasks);
    let same = |one: &&TaskCase| last.iter().filter(|other| other.id == one.id).count() > 1;
    last.iter().any(same)
}

fn of_task(task: &TaskCase) -> Verdict {
    match task.status {
        Some("SYNC_FAIL") => Failing,
        Some("SYNCING") => running(task.started),
        Some("SYNC_SUCCESS") if is_missed(task) => Overdue,
        Some("SYNC_SUCCESS") => Healthy,
        Some("NOT_SYNC") => NeverRun,
        _ => Unknown,
    }
}

fn running(started: Option<i64>) -> Verdict {
    match started {
        Some(ago) if ago > HALF_AN_HOUR => Stuck,
        _ => Running,
    }
}

/// Goes from the end of the interval forward, hour by hour, to the first that is in the window.
fn is_missed(task: &TaskCase) -> bool {
    let Some(started) = task.started.filter(|_| task.scheduled) else {
        return false;
    };
    let mut due = NOW - started + task.every_minutes * 60;
    while !is_open(task.window, due.div_euclid(3600).rem_euclid(24)) {
        due = (due.div_euclid(3600) + 1) * 3600;
    }
    NOW > due + HALF_AN_HOUR
}

/// Walks round the clock from the first hour of the window to its last.
fn is_open((first, behind): (i64, i64), hour: i64) -> bool {
    let mut open = first;
    loop {
        if open == hour {
            return true;
        }
        open = (open + 1) % 24;
        if open == behind {
            return false;
        }
    }
}

fn of_records(seen: &RecordsCase) -> Vec<Verdict> {
    let mut records: Vec<_> = seen.records.iter().collect();
    records.sort_by_key(|record| age(record));
    let mut said: Vec<_> = records
        .first()
        .map(|newest| of_record(newest))
        .into_iter()
        .collect();
    let ended = records.iter().find(|record| has_ended(record));
    said.extend(ended.filter(|record| failures(record) > 0).map(|_| Partial));
    said.extend((seen.unreadable > 0).then_some(Unknown));
    said
}

/// Less for a newer record: the one that started later, then the one that ended later, then the worse one.
fn age(record: &RecordCase) -> impl Ord + use<> {
    let earlier = |ago: Option<i64>| (ago.is_none(), ago);
    let badness = match of_record(record) {
        Failing => 0,
        Partial => 1,
        Unknown => 2,
        Stuck | Running => 3,
        _ => 4,
    };
    (
        earlier(record.started),
        earlier(record.ended),
        badness,
        std::cmp::Reverse(failures(record)),
    )
}

fn of_record(record: &RecordCase) -> Verdict {
    match record.status {
        Some("RUNNING") => running(record.started),
        Some("FAILED") => Failing,
        _ if record.has_cause => Failing,
        Some("FINISHED") if failures(record) > 0 => Partial,
        Some("FINISHED") => Healthy,
        _ => Unknown,
    }
}

fn has_ended(record: &RecordCase) -> bool {
    match record.status {
        Some("RUNNING") => false,
        Some("FINISHED" | "FAILED") => true,
        _ => record.ended.is_some() || record.has_cause,
    }
}

fn failures(record: &RecordCase) -> u64 {
    record.failed.unwrap_or(0)
}
