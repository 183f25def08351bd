//! One cluster with the ids that the services know it by, and its task as it goes over time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::records::{IdentitySource, RecordList};
use crate::clock::ServiceTime;
use crate::ids::{hex32, salt, uuid};
use crate::scenario::form::{
    ClusterForm, ClusterType, RecordOrder, ScheduleForm, SyncFlag, TaskForm, TaskRun, Then, Verdict,
};
use crate::scenario::values::Name;
use crate::timeline::{Rhythm, Run, Step, Timeline, days, hours, minutes};

/// Consecutive failures after which the service stops a schedule (user guide).
const FAILURES_TO_STOP: u64 = 10;

/// How long ago a task was configured unless a scenario says otherwise, in milliseconds.
const USUAL_AGE: i64 = days(210);

/// How long ago it was changed, in milliseconds.
const USUAL_UPDATE: i64 = days(96);

/// Milliseconds that a run of a task takes unless a scenario says otherwise.
const USUAL_LENGTH: i64 = 38_000;

/// The status of a task while it runs.
const RUNNING: &str = "SYNCING";

/// The status of a task whose last run failed.
const FAILED: &str = "SYNC_FAIL";

/// The status of a task that never ran.
const NEVER_RAN: &str = "NOT_SYNC";

/// A cluster of the scenario, or a generated one.
#[derive(Clone, Debug)]
pub(crate) struct ClusterEntry {
    pub(crate) cluster_id: String,
    pub(crate) name: String,
    pub(crate) kind: ClusterType,
    /// `None` if DataArts Studio does not know the cluster.
    pub(crate) task: Option<TaskEntry>,
    /// Positions of the workspaces that list the task.
    pub(crate) workspaces: Vec<usize>,
    /// DWS: where users are pulled from.
    pub(crate) sources: Vec<IdentitySource>,
    pub(crate) record_order: RecordOrder,
    /// DWS: how many records there are, if it is not as many as the sources had runs.
    pub(crate) record_count: Option<u64>,
    flag: SyncFlag,
    verdict: Option<Verdict>,
    pub(crate) is_generated: bool,
}

/// The DataArts Studio task of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct TaskEntry {
    pub(crate) id: String,
    connection_id: String,
    /// Milliseconds before or after the start of the clock.
    created: i64,
    updated: i64,
    schedule: Schedule,
    /// `None` if it never runs.
    timeline: Option<Timeline<TaskRun>>,
    /// How many runs there are when ten in a row have failed.
    stopped_after: Option<u64>,
    /// Start of the ids of the jobs in its log.
    salt: u64,
    fields: BTreeMap<String, Value>,
    without: Vec<String>,
}

/// When a task is started by itself, as it is configured.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    is_enabled: bool,
    /// Start and exclusive end, in the service's zone.
    hours: (u8, u8),
    /// Milliseconds; whole minutes.
    every: i64,
}

/// A task at one moment.
#[derive(Debug)]
pub(crate) struct TaskState<'a> {
    pub(crate) sync_status: &'a str,
    pub(crate) schedule_status: &'static str,
    /// The last run.
    last: Option<Run<'a, TaskRun>>,
}

impl ClusterEntry {
    /// The cluster of a scenario, with ids that follow from the seed and its name.
    ///
    /// # Errors
    ///
    /// Field and reason, for values that do not go together.
    pub(crate) fn new(form: &ClusterForm, known: &[Name], seed: u64) -> Result<Self, String> {
        let name = &form.name.0;
        let named = form.workspaces.as_deref().unwrap_or_default();
        let positions = named.iter().map(|name| {
            let position = known.iter().position(|known| known == name);
            position.ok_or_else(|| format!("workspaces: no workspace is named {:?}", name.0))
        });
        let workspaces = positions.collect::<Result<Vec<_>, _>>()?;
        let sources: Vec<_> = form
            .identity_source
            .iter()
            .chain(&form.identity_sources)
            .collect();
        match form.kind {
            ClusterType::Mrs if !sources.is_empty() => {
                return Err("identity_sources: only a DWS cluster has some".to_owned());
            }
            ClusterType::Dws if form.is_synchronizing.is_some() => {
                return Err("is_synchronizing: only an MRS cluster has this flag".to_owned());
            }
            _ => {}
        }
        let sources = sources.iter().zip(0..);
        let sources = sources.map(|(form, at)| IdentitySource::new(form, name, at, seed));
        let task = form.task.as_ref();
        Ok(Self {
            cluster_id: uuid(salt(seed, &format!("cluster {name}")), 0),
            name: name.clone(),
            kind: form.kind,
            task: task
                .map(|task| TaskEntry::new(task, name, seed))
                .transpose()?,
            workspaces: if workspaces.is_empty() {
                vec![0]
            } else {
                workspaces
            },
            sources: sources.collect::<Result<_, _>>()?,
            record_order: form.record_order,
            record_count: None,
            flag: form.is_synchronizing.unwrap_or(SyncFlag::WithTask),
            verdict: form.verdict,
            is_generated: false,
        })
    }

    /// The answer of MRS; `None` leaves the field out.
    pub(crate) fn is_synchronizing(&self, time: ServiceTime) -> Option<bool> {
        match self.flag {
            SyncFlag::Always => Some(true),
            SyncFlag::Never => Some(false),
            SyncFlag::Unreported => None,
            SyncFlag::WithTask => Some(self.has_running_task(time)),
        }
    }

    /// The cluster as it is now, for those who test against it.
    pub(super) fn summary(&self, time: ServiceTime) -> Value {
        let mut summary = json!({
            "cluster_id": self.cluster_id,
            "cluster_name": self.name,
            "cluster_type": self.kind,
            "task": self.task.as_ref().map(|task| task.summary(time)),
            "running": self.is_running(time),
            "verdict": self.verdict(time),
        });
        if self.kind == ClusterType::Dws {
            summary["records"] = RecordList::new(self, time).len().into();
        }
        summary
    }

    /// Whether its own service has a run in progress; `None` if it does not say.
    fn is_running(&self, time: ServiceTime) -> Option<bool> {
        match self.kind {
            ClusterType::Dws => Some(self.sources.iter().any(|it| it.is_running(time))),
            ClusterType::Mrs => self.is_synchronizing(time),
        }
    }

    fn has_running_task(&self, time: ServiceTime) -> bool {
        let task = self.task.as_ref();
        task.is_some_and(|task| task.state(time).sync_status == RUNNING)
    }

    /// The verdict that a health check has to give: of a generated cluster now, of others at the start of the clock.
    pub(super) fn verdict(&self, time: ServiceTime) -> Option<Verdict> {
        let verdict = self.verdict?;
        let hides_last_run = match verdict {
            Verdict::Healthy => self.has_running_task(time) || self.is_running(time) == Some(true),
            Verdict::Failing => self.has_running_task(time),
            _ => false,
        };
        if self.is_generated && hides_last_run {
            return Some(Verdict::Running);
        }
        Some(verdict)
    }
}

impl TaskEntry {
    fn new(form: &TaskForm, name: &str, seed: u64) -> Result<Self, String> {
        let schedule = Schedule::new(form.schedule.as_ref());
        let mut task = Self {
            id: hex32(salt(seed, &format!("task {name}")), 0),
            connection_id: hex32(salt(seed, &format!("connection {name}")), 0),
            created: form.created.map_or(-USUAL_AGE, |created| created.ms),
            updated: form.created.map_or(-USUAL_UPDATE, |created| created.ms),
            schedule,
            timeline: None,
            stopped_after: None,
            salt: salt(seed, &format!("runs {name}")),
            fields: form.fields.clone(),
            without: form.without.clone(),
        };
        if form.runs.is_empty() {
            return match form.first_run {
                None => Ok(task),
                Some(_) => Err("task.first_run: a task without `runs` never runs".to_owned()),
            };
        }
        let rhythm = Rhythm {
            first: form.first_run.map_or(0, |first| first.ms),
            every: form
                .every
                .map(|every| every.ms)
                .or(schedule.is_enabled.then_some(schedule.every)),
            hours: if form.every.is_some() {
                (0, 0)
            } else {
                schedule.hours
            },
            repeats: form.then == Then::Repeat,
        };
        let steps = form.runs.iter().map(TaskRun::step).collect();
        let timeline = Timeline::new(steps, rhythm).map_err(|error| format!("task: {error}"))?;
        let failed = |step: &Step<TaskRun>| step.outcome.status == FAILED;
        let stopped = timeline.first_in_a_row(FAILURES_TO_STOP, failed);
        task.stopped_after = stopped.map(|number| number + 1);
        let halts_after = form.halts_after.map(|runs| u64::from(runs.get()));
        let timeline = timeline
            .limited_to(task.stopped_after)
            .limited_to(halts_after);
        task.timeline = Some(timeline);
        Ok(task)
    }

    /// The task at a moment.
    pub(crate) fn state(&self, time: ServiceTime) -> TaskState<'_> {
        let timeline = self.timeline.as_ref();
        let last = timeline.and_then(|timeline| timeline.runs(time).last());
        let is_over = last.as_ref().is_some_and(|run| run.ended.is_some());
        let number = last.as_ref().map(|run| run.number + 1);
        let is_stopped = is_over && number == self.stopped_after;
        TaskState {
            sync_status: match &last {
                None => NEVER_RAN,
                Some(run) if is_over => &run.outcome.status,
                Some(_) => RUNNING,
            },
            schedule_status: if self.schedule.is_enabled && !is_stopped {
                "SCHEDULING"
            } else {
                "NOT_SCHEDULE"
            },
            last,
        }
    }

    fn summary(&self, time: ServiceTime) -> Value {
        let state = self.state(time);
        json!({
            "id": self.id,
            "sync_status": state.sync_status,
            "schedule_status": state.schedule_status,
            "sync_time": state.last_run(),
        })
    }

    /// When it was created and last changed, in milliseconds since the epoch.
    pub(crate) fn configured(&self, time: ServiceTime) -> [i64; 2] {
        [self.created, self.updated].map(|at| time.started_ms.saturating_add(at))
    }

    /// The fields of its wire form, with those of its cluster. Times are milliseconds since the epoch.
    pub(super) fn body(&self, of_cluster: Value, time: ServiceTime) -> Value {
        let state = self.state(time);
        let [created, updated] = self.configured(time);
        let is_hours = self.schedule.every % hours(1) == 0;
        let (period, unit) = if is_hours {
            ("HOUR", hours(1))
        } else {
            ("MINUTE", minutes(1))
        };
        let mut body = json!({
            "id": self.id,
            "data_connection_id": self.connection_id,
            "create_time": created,
            "update_time": updated,
            "schedule_start_hour": self.schedule.hours.0,
            "schedule_end_hour": self.schedule.hours.1,
            "schedule_period": period,
            "schedule_interval": self.schedule.every / unit,
            "schedule_status": state.schedule_status,
            "sync_status": state.sync_status,
            "sync_time": state.last_run(),
            "sync_msg": state.log(self.salt),
        });
        if let (Some(body), Value::Object(of_cluster)) = (body.as_object_mut(), of_cluster) {
            body.extend(of_cluster);
        }
        override_fields(&mut body, &self.fields, &self.without);
        body
    }
}

/// Gives fields other values and leaves some out.
pub(super) fn override_fields(
    body: &mut Value,
    fields: &BTreeMap<String, Value>,
    without: &[String],
) {
    if let Some(body) = body.as_object_mut() {
        body.extend(fields.clone());
        body.retain(|name, _| !without.contains(name));
    }
}

impl Schedule {
    /// Without one, hours and interval stay configured but no run is started.
    fn new(form: Option<&ScheduleForm>) -> Self {
        let off = Self {
            is_enabled: false,
            hours: (1, 6),
            every: hours(2),
        };
        form.map_or(off, |form| Self {
            is_enabled: form.enabled.unwrap_or(true),
            hours: (form.start_hour.0, form.end_hour.0),
            every: form.every.ms,
        })
    }
}

impl TaskRun {
    fn step(&self) -> Step<Self> {
        let lasts = self.lasts.map_or(USUAL_LENGTH, |lasts| lasts.ms);
        Step {
            lasts: (self.status != RUNNING).then_some(lasts),
            times: self.times.map_or(1, |times| times.get().into()),
            at: self.at.map(|at| at.ms),
            outcome: self.clone(),
        }
    }
}

impl TaskState<'_> {
    /// The start of the last run in milliseconds since the epoch.
    pub(crate) fn last_run(&self) -> Option<i64> {
        self.last.as_ref().map(|run| run.started)
    }

    /// The log line of the last run: `[local time] ===> text:[JSON array of jobs]`, the shape of the reference page's example.
    fn log(&self, salt: u64) -> Option<String> {
        let last = self.last.as_ref()?;
        let message = last.outcome.message.as_ref()?;
        let written = Timestamp::from_millisecond(last.ended?).ok()?;
        let local = written.to_zoned(TimeZone::fixed(Offset::constant(8)));
        let jobs = json!([{
            "duration": 0.0,
            "jobId": uuid(salt, 0),
            "jobType": "",
            "message": message,
            "rowCount": 0,
            "rows": [],
            "schema": [],
            "status": "FAILED",
            "totalRowCount": 0,
        }]);
        let local = local.strftime("%Y-%m-%d %H:%M:%S");
        Some(format!(
            "[{local}] ===> Submitting the user job failed:{jobs}"
        ))
    }
}
