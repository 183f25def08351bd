//! Short ways to state what was observed, and to judge it.

use jiff::{SignedDuration, Timestamp};

use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::rules::china;
use crate::health::{
    ClusterHealth, ClusterObservation, NoteCode, Reading, ReasonCode, RecordHistory, Rules,
    judge_cluster,
};
use crate::{Error, ErrorKind};

/// The time of every judgement: 14:00 in China.
pub(super) fn now() -> Timestamp {
    at("2026-11-22T06:00:00Z")
}

pub(super) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(super) fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(super) const DAY: i64 = 24 * 60;

/// Rules with the time zone known.
pub(super) fn in_china() -> Rules {
    Rules {
        zone: Some(china()),
        ..Rules::new()
    }
}

pub(super) fn error() -> Error {
    Error::new(ErrorKind::Throttled, "slow\ndown").with_status(429)
}

/// A cluster of MRS.
pub(super) fn cluster() -> ClusterObservation {
    ClusterObservation::new("c1").with_type("MRS".into())
}

/// A cluster of MRS with this name.
pub(super) fn named(name: &str) -> ClusterObservation {
    ClusterObservation {
        cluster_name: Some(name.into()),
        ..cluster()
    }
}

/// A task with this status whose last run started so many minutes ago, and that is not scheduled.
pub(super) fn task(status: &str, minutes_ago: i64) -> Task {
    Task {
        id: Some("t1".into()),
        cluster_id: Some("c1".into()),
        cluster_type: Some("MRS".into()),
        sync_status: Some(status.into()),
        schedule_status: Some("NOT_SCHEDULE".into()),
        sync_time: Some(ago(minutes_ago)),
        ..Task::default()
    }
}

/// A task that runs every so many hours in a window.
pub(super) fn hourly(status: &str, last: Timestamp, hours: i64, window: (i64, i64)) -> Task {
    Task {
        schedule_status: Some("SCHEDULING".into()),
        schedule_period: Some("HOUR".into()),
        schedule_interval: Some(hours),
        schedule_start_hour: Some(window.0),
        schedule_end_hour: Some(window.1),
        sync_time: Some(last),
        ..task(status, 0)
    }
}

/// A record of the source `s1` with this status that started so many minutes ago and, unless it runs, took a minute.
pub(super) fn record(status: &str, minutes_ago: i64) -> Record {
    let has_ended = status != "RUNNING";
    Record {
        identity_source_id: Some("s1".into()),
        identity_source_type: Some("ldap".into()),
        status: Some(status.into()),
        start_time: Some(ago(minutes_ago)),
        end_time: has_ended.then(|| ago(minutes_ago - 1)),
        failed_count: has_ended.then_some(0),
        ..Record::default()
    }
}

pub(super) fn of_source(id: &str, record: Record) -> Record {
    Record {
        identity_source_id: Some(id.into()),
        ..record
    }
}

pub(super) fn history(records: impl IntoIterator<Item = Record>) -> Reading<RecordHistory> {
    Reading::Read(RecordHistory::of(records, now()))
}

pub(super) fn judged(observation: &ClusterObservation) -> ClusterHealth {
    judged_by(&Rules::default(), observation)
}

pub(super) fn judged_by(rules: &Rules, observation: &ClusterObservation) -> ClusterHealth {
    judge_cluster(observation, rules, now())
}

pub(super) fn judged_tasks(tasks: impl IntoIterator<Item = Task>) -> ClusterHealth {
    judged(&cluster().with_tasks(Reading::Read(tasks.into_iter().collect())))
}

pub(super) fn judged_records(records: impl IntoIterator<Item = Record>) -> ClusterHealth {
    let cluster = ClusterObservation::new("c1").with_type("DWS".into());
    judged(&cluster.with_records(history(records)))
}

pub(super) fn codes(health: &ClusterHealth) -> Vec<&'static str> {
    let reasons = health.reasons.iter();
    reasons
        .map(|reason| ReasonCode::as_str(reason.code))
        .collect()
}

pub(super) fn notes(health: &ClusterHealth) -> Vec<&'static str> {
    let notes = health.notes.iter();
    notes.map(|note| NoteCode::as_str(note.code)).collect()
}
