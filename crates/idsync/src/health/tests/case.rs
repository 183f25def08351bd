//! Random clusters, told in a few words, and the observations that they stand for.

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus, SyncStatus};
use idsync_api::dws::enums::RecordStatus;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::given::{error, now};
use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::{ClusterObservation, Reading, RecordHistory};
use crate::{Error, ErrorKind};

/// What asking one source came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen<T> {
    NotAsked,
    Refused,
    Untried,
    Read(T),
}

#[derive(Clone, Debug)]
pub(super) struct ClusterCase {
    pub(super) tasks: Seen<Vec<TaskCase>>,
    pub(super) records: Seen<RecordsCase>,
    pub(super) flag: Seen<Option<bool>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct TaskCase {
    /// Workspaces may list the same task at different times.
    pub(super) id: u8,
    pub(super) status: Option<&'static str>,
    /// In seconds before the judgement.
    pub(super) started: Option<i64>,
    pub(super) scheduled: bool,
    pub(super) every_minutes: i64,
    /// The first hour of the day, and the first behind the last.
    pub(super) window: (i64, i64),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordsCase {
    pub(super) records: Vec<RecordCase>,
    pub(super) unreadable: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordCase {
    pub(super) status: Option<&'static str>,
    /// In seconds before the judgement.
    pub(super) started: Option<i64>,
    pub(super) ended: Option<i64>,
    pub(super) failed: Option<u64>,
    pub(super) has_cause: bool,
}

/// How the lists of a case are turned round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) by: usize,
    pub(super) reversed: bool,
}

impl Turn {
    pub(super) const NONE: Self = Self {
        by: 0,
        reversed: false,
    };

    pub(super) fn of<T>(self, mut list: Vec<T>) -> Vec<T> {
        let by = self.by % list.len().max(1);
        list.rotate_left(by);
        if self.reversed {
            list.reverse();
        }
        list
    }
}

fn before(seconds: i64) -> Timestamp {
    now()
        .checked_sub(SignedDuration::from_secs(seconds))
        .unwrap()
}

impl<T> Seen<T> {
    fn reading<U>(&self, read: impl FnOnce(&T) -> U) -> Reading<U> {
        match self {
            Self::NotAsked => Reading::NotAsked,
            Self::Refused => Reading::Unavailable(error()),
            Self::Untried => Reading::Unavailable(Error::new(ErrorKind::Cancelled, "ended")),
            Self::Read(value) => Reading::Read(read(value)),
        }
    }
}

impl ClusterCase {
    pub(super) fn is_partly_untried(&self) -> bool {
        self.tasks == Seen::Untried || self.records == Seen::Untried || self.flag == Seen::Untried
    }

    pub(super) fn observation(&self, id: usize, turn: Turn) -> ClusterObservation {
        let tasks = |tasks: &Vec<TaskCase>| turn.of(tasks.iter().map(TaskCase::task).collect());
        ClusterObservation::new(format!("c{id}"))
            .with_tasks(self.tasks.reading(tasks))
            .with_records(self.records.reading(|records| records.history(turn)))
            .with_iam_sync(self.flag.reading(|flag| *flag))
    }
}

impl TaskCase {
    fn task(&self) -> Task {
        let schedule = if self.scheduled {
            ScheduleStatus::Scheduling
        } else {
            ScheduleStatus::NotSchedule
        };
        Task {
            id: Some(format!("t{}", self.id)),
            sync_status: self.status.map(SyncStatus::from),
            sync_time: self.started.map(before),
            schedule_status: Some(schedule),
            schedule_period: Some(SchedulePeriod::Minute),
            schedule_interval: Some(self.every_minutes),
            schedule_start_hour: Some(self.window.0),
            schedule_end_hour: Some(self.window.1),
            ..Task::default()
        }
    }
}

impl RecordsCase {
    fn history(&self, turn: Turn) -> RecordHistory {
        let unreadable =
            (0..self.unreadable).map(|n| Error::new(ErrorKind::Decode, format!("at {n}")));
        RecordHistory {
            records: turn.of(self.records.iter().map(RecordCase::record).collect()),
            unreadable: turn.of(unreadable.collect()),
        }
    }
}

impl RecordCase {
    fn record(&self) -> Record {
        Record {
            status: self.status.map(RecordStatus::from),
            start_time: self.started.map(before),
            end_time: self.ended.map(before),
            failed_count: self.failed,
            fail_reason: self.has_cause.then(|| "disk is full".to_owned()),
            ..Record::default()
        }
    }
}

/// Seconds before the judgement: often at an edge of half an hour, sometimes in the future.
fn moment() -> impl Strategy<Value = i64> {
    let at_an_edge = (1..=4_i64, -1..=1_i64).prop_map(|(halves, off)| halves * 1800 + off);
    prop_oneof![
        2 => at_an_edge,
        2 => 1_700..2_000_i64,
        3 => -3_600..200_000_i64,
    ]
}

fn seen<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Seen<T>> {
    prop_oneof![
        2 => Just(Seen::NotAsked),
        1 => Just(Seen::Refused),
        1 => Just(Seen::Untried),
        6 => value.prop_map(Seen::Read),
    ]
}

fn task() -> impl Strategy<Value = TaskCase> {
    let status = prop_oneof![
        4 => Just(Some("SYNC_SUCCESS")),
        3 => Just(Some("SYNCING")),
        1 => Just(Some("SYNC_FAIL")),
        1 => Just(Some("NOT_SYNC")),
        1 => Just(Some("UNKNOWN")),
        1 => Just(Some("NEW_TO_US")),
        1 => Just(None),
    ];
    let window = (0..24_i64, 0..24_i64);
    let schedule = (any::<bool>(), 1..3_000_i64, window);
    let started = option::weighted(0.9, moment());
    (0..3_u8, status, started, schedule).prop_map(
        |(id, status, started, (scheduled, every_minutes, window))| TaskCase {
            id,
            status,
            started,
            scheduled,
            every_minutes,
            window,
        },
    )
}

fn record() -> impl Strategy<Value = RecordCase> {
    let status = prop_oneof![
        4 => Just(Some("FINISHED")),
        3 => Just(Some("RUNNING")),
        1 => Just(Some("FAILED")),
        1 => Just(Some("NEW_TO_US")),
        1 => Just(None),
    ];
    let failed = option::weighted(0.3, 0..3_u64);
    let times = (
        option::weighted(0.9, moment()),
        option::weighted(0.7, moment()),
    );
    (status, times, failed, prop::bool::weighted(0.2)).prop_map(
        |(status, (started, ended), failed, has_cause)| RecordCase {
            status,
            started,
            ended,
            failed,
            has_cause,
        },
    )
}

pub(super) fn clusters() -> impl Strategy<Value = Vec<ClusterCase>> {
    let unreadable = prop_oneof![5 => Just(0_usize), 1 => 1..3_usize];
    let records = (vec(record(), 0..4), unreadable).prop_map(|(records, unreadable)| RecordsCase {
        records,
        unreadable,
    });
    let cluster = (
        seen(vec(task(), 0..3)),
        seen(records),
        seen(any::<Option<bool>>()),
    );
    let cluster = cluster.prop_map(|(tasks, records, flag)| ClusterCase {
        tasks,
        records,
        flag,
    });
    vec(cluster, 0..3)
}

pub(super) fn turns() -> impl Strategy<Value = Turn> {
    (0..4_usize, any::<bool>()).prop_map(|(by, reversed)| Turn { by, reversed })
}
