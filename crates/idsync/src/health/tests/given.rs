//! Short ways to say what was observed, and to judge it.

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus, SyncStatus};
use idsync_api::dws::enums::RecordStatus;
use jiff::{SignedDuration, Timestamp};

use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::{
    ClusterHealth, ClusterObservation, NoteCode, Reading, ReasonCode, RecordHistory, Rules,
    judge_cluster,
};
use crate::{Error, ErrorKind};

/// The time of every judgement: 14:00 by the clock of the service.
pub(super) fn now() -> Timestamp {
    at("2026-11-22T06:00:00Z")
}

pub(super) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(super) fn ago(minutes: i64, seconds: i64) -> Option<Timestamp> {
    now()
        .checked_sub(SignedDuration::from_secs(minutes * 60 + seconds))
        .ok()
}

pub(super) fn cluster() -> ClusterObservation {
    ClusterObservation::new("c1")
}

pub(super) fn error() -> Error {
    Error::new(ErrorKind::Throttled, "slow\ndown")
        .with_status(429)
        .with_request_id("5a63")
}

/// A task with this status that is not scheduled.
pub(super) fn task(status: &str, sync_time: Option<Timestamp>) -> Task {
    Task {
        id: Some("t1".into()),
        sync_status: Some(SyncStatus::from(status)),
        schedule_status: Some(ScheduleStatus::NotSchedule),
        sync_time,
        ..Task::default()
    }
}

/// A task that succeeded at a time and runs every so many hours in a window.
pub(super) fn hourly(sync_time: Timestamp, hours: i64, window: (i64, i64)) -> Task {
    Task {
        schedule_status: Some(ScheduleStatus::Scheduling),
        schedule_period: Some(SchedulePeriod::Hour),
        schedule_interval: Some(hours),
        schedule_start_hour: Some(window.0),
        schedule_end_hour: Some(window.1),
        ..task("SYNC_SUCCESS", Some(sync_time))
    }
}

/// A record with this status that started so many minutes ago and, unless it runs, took a minute.
pub(super) fn record(status: &str, minutes_ago: i64) -> Record {
    let end_time = (status != "RUNNING")
        .then(|| ago(minutes_ago - 1, 0))
        .flatten();
    Record {
        status: Some(RecordStatus::from(status)),
        start_time: ago(minutes_ago, 0),
        end_time,
        ..Record::default()
    }
}

pub(super) fn judged(observation: &ClusterObservation) -> ClusterHealth {
    judge_cluster(observation, &Rules::default(), now())
}

pub(super) fn judged_by(rules: &Rules, observation: &ClusterObservation) -> ClusterHealth {
    judge_cluster(observation, rules, now())
}

pub(super) fn judged_tasks(tasks: impl IntoIterator<Item = Task>) -> ClusterHealth {
    judged(&cluster().with_tasks(Reading::Read(tasks.into_iter().collect())))
}

pub(super) fn judged_records(records: impl IntoIterator<Item = Record>) -> ClusterHealth {
    let records: Vec<_> = records.into_iter().collect();
    judged(&cluster().with_records(Reading::Read(RecordHistory::from(records))))
}

pub(super) fn codes(health: &ClusterHealth) -> Vec<ReasonCode> {
    health.reasons.iter().map(|reason| reason.code).collect()
}

pub(super) fn notes(health: &ClusterHealth) -> Vec<NoteCode> {
    health.notes.iter().map(|note| note.code).collect()
}

/// The message of the first reason: the one that an operator sees.
pub(super) fn why(health: &ClusterHealth) -> &str {
    &health.reasons[0].message
}
