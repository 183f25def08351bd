//! Random worlds: what the services say, and what can be lost of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::given::{error, now};
use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::project::ClusterIndex;
use crate::health::{ClusterObservation, Reading, RecordHistory};
use crate::{Service, WorkspaceId};

/// What the services of one project say.
#[derive(Clone, Debug)]
pub(super) struct World {
    /// Each with the workspace that lists it.
    pub(super) tasks: Vec<(WorkspaceId, Task)>,
    /// Of each DWS cluster.
    pub(super) records: BTreeMap<String, Vec<Record>>,
    /// Of each MRS cluster.
    pub(super) flags: BTreeMap<String, Option<bool>>,
    pub(super) tasks_are_lost: bool,
    /// The clusters whose own service cannot be read any further.
    pub(super) lost: Vec<String>,
    /// The clusters whose own service is not asked.
    pub(super) unasked: Vec<String>,
}

impl World {
    /// What a check sees of it.
    pub(super) fn observations(&self) -> Vec<ClusterObservation> {
        let mut index = ClusterIndex::default();
        for (workspace, task) in &self.tasks {
            index.add_task(workspace, task.clone(), now());
        }
        let clusters = index.clusters.into_values();
        clusters.map(|cluster| self.asked(cluster)).collect()
    }

    fn asked(&self, mut cluster: ClusterObservation) -> ClusterObservation {
        cluster.tasks_read_at = None;
        if let (Reading::Read(tasks), true) = (&cluster.tasks, self.tasks_are_lost) {
            cluster.tasks = Reading::Partial(tasks.clone(), error());
        }
        let id = cluster.cluster_id.clone().unwrap_or_default();
        if self.unasked.contains(&id) {
            return cluster;
        }
        let is_lost = self.lost.contains(&id);
        match cluster.service() {
            Some(Service::Dws) => {
                let records = self.records.get(&id).cloned().unwrap_or_default();
                let history = RecordHistory::of(records, now());
                cluster.with_records(if is_lost {
                    Reading::Partial(history, error())
                } else {
                    Reading::Read(history)
                })
            }
            Some(Service::Mrs) if is_lost => cluster.with_iam_sync(Reading::Unavailable(error())),
            Some(Service::Mrs) => {
                let flag = self.flags.get(&id).copied().flatten();
                cluster.with_iam_sync(Reading::Read(flag))
            }
            _ => cluster,
        }
    }

    pub(super) fn size(&self) -> usize {
        self.tasks.len() + self.records.values().map(Vec::len).sum::<usize>()
    }
}

/// A number that is read digit by digit; 0 is what is most ordinary.
struct Digits(u64);

impl Digits {
    fn next(&mut self, base: usize) -> usize {
        let base = base as u64;
        let digit = self.0 % base;
        self.0 /= base;
        usize::try_from(digit).unwrap_or_default()
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.next(values.len())]
    }

    fn word<T: From<&'static str>>(&mut self, words: &[&'static str]) -> Option<T> {
        let word = self.one_of(words);
        (!word.is_empty()).then(|| word.into())
    }

    /// A time at most 40 days ago, or none.
    fn past(&mut self) -> Option<Timestamp> {
        const MINUTES: [i64; 24] = [
            3, 0, 1, 10, 20, 34, 35, 36, 59, 61, 90, 119, 200, 800, 1500, 2900, 5000, 11_000,
            11_600, 13_000, 30_000, 43_000, 57_000, -1,
        ];
        let minutes = self.one_of(&MINUTES);
        (minutes >= 0).then(|| now() - SignedDuration::from_mins(minutes))
    }
}

fn task(number: u64) -> (WorkspaceId, Task) {
    let mut digits = Digits(number);
    let cluster = digits.next(2);
    let sync_status = digits.word(&[
        "SYNC_SUCCESS",
        "SYNC_SUCCESS",
        "SYNC_SUCCESS",
        "SYNC_SUCCESS",
        "SYNC_FAIL",
        "SYNCING",
        "NOT_SYNC",
        "UNKNOWN",
        "NEW",
        "",
    ]);
    let schedule_status = digits.word(&[
        "NOT_SCHEDULE",
        "SCHEDULING",
        "SCHEDULING",
        "NOT_SCHEDULE",
        "scheduling",
        "",
    ]);
    let sync_time = digits.past();
    let hours = digits.one_of(&[
        (Some(0), Some(0)),
        (Some(8), Some(20)),
        (Some(22), Some(6)),
        (None, None),
        (Some(24), Some(2)),
    ]);
    let task = Task {
        id: digits.word(&["t0", "t1", "t2", "t3", ""]),
        cluster_id: Some(format!("c{cluster}").as_str().into()),
        cluster_name: Some(format!("name-{cluster}").as_str().into()),
        cluster_type: Some(if cluster == 0 { "DWS" } else { "MRS" }.into()),
        schedule_status,
        schedule_period: digits.word(&["HOUR", "MINUTE", "HOUR", "DAY", ""]),
        schedule_interval: digits.one_of(&[Some(4), Some(1), Some(30), Some(24), Some(0), None]),
        schedule_start_hour: hours.0,
        schedule_end_hour: hours.1,
        sync_status,
        sync_time,
        create_time: digits.past(),
        update_time: digits.past(),
        ..Task::default()
    };
    let workspace = digits.one_of(&["w1", "w2"]);
    (workspace.parse().unwrap(), task)
}

fn record(number: u64) -> Record {
    let mut digits = Digits(number);
    let source = digits.next(2);
    let status = digits.word(&[
        "FINISHED", "FINISHED", "FINISHED", "FINISHED", "FINISHED", "FAILED", "RUNNING", "NEW", "",
    ]);
    let start_time = digits.past();
    let minutes = digits.one_of(&[Some(1), Some(0), Some(30), None]);
    let end_time = start_time.zip(minutes);
    Record {
        identity_source_id: Some(format!("s{source}").as_str().into()),
        identity_source_type: Some(if source == 0 { "ldap" } else { "oneaccess" }.into()),
        status,
        start_time,
        end_time: end_time.map(|(start, minutes)| start + SignedDuration::from_mins(minutes)),
        add_count: Some(1),
        failed_count: digits.one_of(&[Some(0), Some(0), Some(7), None]),
        fail_reason: digits.word(&["", "", "", "success", " ", "bind failed"]),
        delete_count: digits.one_of(&[None, Some(5), Some(200)]),
        ..Record::default()
    }
}

pub(super) fn worlds() -> impl Strategy<Value = World> {
    let tasks = proptest::collection::vec(any::<u64>().prop_map(task), 0..4);
    let records = proptest::collection::vec(any::<u64>().prop_map(record), 0..5);
    (tasks, records, 0..3_usize).prop_map(|(tasks, records, flag)| World {
        tasks,
        records: BTreeMap::from([("c0".to_owned(), records)]),
        flags: BTreeMap::from([("c1".to_owned(), [Some(false), Some(true), None][flag])]),
        tasks_are_lost: false,
        lost: Vec::new(),
        unasked: Vec::new(),
    })
}

/// Something that is lost of a world.
#[derive(Clone, Debug)]
pub(super) enum Loss {
    /// The last page of the tasks, from this one on.
    TasksFrom(usize),
    /// A page of records.
    RecordsFrom(usize),
    /// The flag of MRS.
    Flag,
    TaskField(usize, usize),
    RecordField(usize, usize),
}

type Clear<T> = fn(&mut T);

const TASK_FIELDS: [Clear<Task>; 13] = [
    |task| task.id = None,
    |task| task.cluster_id = None,
    |task| task.cluster_name = None,
    |task| task.cluster_type = None,
    |task| task.schedule_status = None,
    |task| task.schedule_period = None,
    |task| task.schedule_interval = None,
    |task| task.schedule_start_hour = None,
    |task| task.schedule_end_hour = None,
    |task| task.sync_status = None,
    |task| task.sync_time = None,
    |task| task.create_time = None,
    |task| task.update_time = None,
];

const RECORD_FIELDS: [Clear<Record>; 9] = [
    |record| record.identity_source_id = None,
    |record| record.identity_source_type = None,
    |record| record.start_time = None,
    |record| record.end_time = None,
    |record| record.add_count = None,
    |record| record.update_count = None,
    |record| record.delete_count = None,
    |record| record.failed_count = None,
    |record| record.status = None,
];

pub(super) fn losses() -> impl Strategy<Value = Loss> {
    prop_oneof![
        1 => (0..4_usize).prop_map(Loss::TasksFrom),
        1 => (0..5_usize).prop_map(Loss::RecordsFrom),
        1 => Just(Loss::Flag),
        5 => (0..4_usize, 0..TASK_FIELDS.len()).prop_map(|(task, field)| Loss::TaskField(task, field)),
        5 => (0..5_usize, 0..RECORD_FIELDS.len())
            .prop_map(|(record, field)| Loss::RecordField(record, field)),
    ]
}

impl Loss {
    /// The world with less evidence, and the world without what the lost evidence was about.
    pub(super) fn of(&self, world: &World) -> (World, World) {
        let (mut less, mut rest) = (world.clone(), world.clone());
        match *self {
            Self::TasksFrom(first) => {
                less.tasks.truncate(first);
                less.tasks_are_lost = true;
                rest.tasks.truncate(first);
            }
            Self::RecordsFrom(first) => {
                less.records
                    .values_mut()
                    .for_each(|records| records.truncate(first));
                less.lost.push("c0".into());
                rest.records
                    .values_mut()
                    .for_each(|records| records.truncate(first));
            }
            Self::Flag => {
                less.lost.push("c1".into());
                rest.unasked.push("c1".into());
            }
            Self::TaskField(number, field) => {
                if let Some((_, task)) = less.tasks.get_mut(number) {
                    TASK_FIELDS[field](task);
                    rest.tasks.remove(number);
                }
            }
            Self::RecordField(number, field) => {
                let records = less
                    .records
                    .values_mut()
                    .next()
                    .and_then(|records| records.get_mut(number));
                if let Some(record) = records {
                    RECORD_FIELDS[field](record);
                    rest.records
                        .values_mut()
                        .for_each(|records| drop(records.remove(number)));
                }
            }
        }
        (less, rest)
    }

    /// Whether contract allows the loss to be a mere note: the flag of a cluster that DataArts Studio judges.
    pub(super) fn is_flag(&self) -> bool {
        matches!(self, Self::Flag)
    }
}
