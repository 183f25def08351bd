//! A cluster with its ids, and its task over time.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::records::{IdentitySource, RecordList};
use crate::clock::ServiceTime;
use crate::ids::{hex32, salt, uuid};
use crate::scenario::form::{ClusterForm, ClusterType, SyncFlag, TaskForm};
use crate::timeline::{Run, RunRule, Timeline, days};

/// Default age of a task, in milliseconds.
const TASK_AGE: i64 = days(210);

/// Default time since a task was changed, in milliseconds.
const UPDATE_AGE: i64 = days(96);

/// The status of a task while it runs.
const RUNNING: &str = "SYNCING";

/// The status of a task after a run, by default.
const SUCCEEDED: &str = "SYNC_SUCCESS";

/// Default length of a run, in milliseconds.
const LASTS: i64 = 38_000;

/// The status of a task that never ran.
const NEVER_RAN: &str = "NOT_SYNC";

/// A cluster, from the scenario or generated.
#[derive(Clone, Debug)]
pub(crate) struct ClusterEntry {
    pub(crate) id: String,
    /// Its description in the scenario, without task and identity sources, and with at least one workspace.
    pub(crate) form: ClusterForm,
    /// `None` if DataArts Studio does not know the cluster.
    pub(crate) task: Option<TaskEntry>,
    /// DWS: where users are pulled from.
    pub(super) sources: Vec<IdentitySource>,
    /// DWS: number of records, if it is not that of the sources' runs.
    pub(super) record_count: Option<u64>,
}

/// The DataArts Studio task of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct TaskEntry {
    pub(super) id: String,
    pub(super) connection_id: String,
    pub(super) form: TaskForm,
    timeline: Timeline,
    /// Salt of the ids of the jobs in its log.
    salt: u64,
}

/// A task at one time.
#[derive(Debug)]
pub(crate) struct TaskState<'a> {
    pub(crate) sync_status: &'a str,
    pub(crate) schedule_status: &'static str,
    /// The newest run.
    last: Option<Run<'a>>,
}

impl ClusterEntry {
    /// Its ids follow from the seed and its name.
    ///
    /// # Errors
    ///
    /// Field and reason, for values that contradict each other.
    pub(super) fn new(mut form: ClusterForm, known: &[String], seed: u64) -> Result<Self, String> {
        if let Some(name) = form.workspaces.iter().find(|name| !known.contains(name)) {
            return Err(format!("workspaces: unknown workspace {name:?}"));
        }
        if form.workspaces.is_empty() {
            form.workspaces.extend(known.first().cloned());
        }
        let sources = form.identity_source.take().into_iter();
        let sources = sources.chain(form.identity_sources.drain(..)).zip(0..);
        let name = form.name.as_str();
        let sources = sources.map(|(source, at)| IdentitySource::new(source, name, at, seed));
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        if form.kind == ClusterType::Mrs && !sources.is_empty() {
            return Err("identity_sources: only for a DWS cluster".to_owned());
        }
        if form.kind == ClusterType::Dws && form.is_synchronizing.is_some() {
            return Err("is_synchronizing: only for an MRS cluster".to_owned());
        }
        let task = form.task.take();
        let task = task.map(|task| TaskEntry::new(task, name, seed));
        Ok(Self {
            id: uuid(salt(seed, &format!("cluster {name}")), 0),
            task: task.transpose()?,
            sources,
            record_count: None,
            form,
        })
    }

    /// The flag that MRS reports; `None` if it is absent.
    pub(crate) fn is_synchronizing(&self, time: ServiceTime) -> Option<bool> {
        match self.form.is_synchronizing.unwrap_or(SyncFlag::WithTask) {
            SyncFlag::Always => Some(true),
            SyncFlag::Never => Some(false),
            SyncFlag::Unreported => None,
            SyncFlag::WithTask => {
                let task = self.task.as_ref();
                Some(task.is_some_and(|task| task.state(time).sync_status == RUNNING))
            }
        }
    }

    /// The cluster at a time, for tests to compare with. `running` tells whether its own service has a run in progress.
    pub(super) fn summary(&self, time: ServiceTime) -> Value {
        let task = self.task.as_ref().map(|task| {
            let state = task.state(time);
            json!({
                "id": task.id,
                "sync_status": state.sync_status,
                "schedule_status": state.schedule_status,
                "sync_time": state.last_run(),
            })
        });
        let mut summary = json!({
            "cluster_id": self.id,
            "cluster_name": self.form.name,
            "cluster_type": self.form.kind,
            "task": task,
            "running": self.is_synchronizing(time),
            "verdict": self.form.verdict,
        });
        if self.form.kind == ClusterType::Dws {
            summary["running"] = self.sources.iter().any(|it| it.is_running(time)).into();
            summary["records"] = RecordList::new(self, time).len().into();
        }
        summary
    }
}

impl TaskEntry {
    fn new(mut form: TaskForm, name: &str, seed: u64) -> Result<Self, String> {
        if form.schedule.start_hour > 23 || form.schedule.end_hour > 23 {
            return Err("task.schedule: hours are from 0 to 23".to_owned());
        }
        let runs = std::mem::take(&mut form.runs);
        if runs.is_empty() && form.first_run.is_some() {
            return Err("task.first_run: a task without `runs` never runs".to_owned());
        }
        let timeline = Timeline::new(runs, run_rule(&form));
        let timeline = timeline.map_err(|error| format!("task.{error}"))?;
        Ok(Self {
            id: hex32(salt(seed, &format!("task {name}")), 0),
            connection_id: hex32(salt(seed, &format!("connection {name}")), 0),
            form,
            timeline,
            salt: salt(seed, &format!("runs {name}")),
        })
    }

    /// The task at a time.
    pub(crate) fn state(&self, time: ServiceTime) -> TaskState<'_> {
        let last = self.timeline.last(time);
        TaskState {
            sync_status: match &last {
                None => NEVER_RAN,
                Some(run) if run.ended.is_none() => RUNNING,
                Some(run) => run.outcome.status.as_deref().unwrap_or(SUCCEEDED),
            },
            schedule_status: if self.form.schedule.is_enabled() {
                "SCHEDULING"
            } else {
                "NOT_SCHEDULE"
            },
            last,
        }
    }

    /// When it was created, in milliseconds since the epoch.
    pub(crate) fn created(&self, time: ServiceTime) -> i64 {
        let created = self.form.created.map_or(-TASK_AGE, |created| created.ms);
        time.started_ms.saturating_add(created)
    }

    /// When it was last changed, in milliseconds since the epoch.
    pub(crate) fn updated(&self, time: ServiceTime) -> i64 {
        let updated = self.form.created.map_or(-UPDATE_AGE, |created| created.ms);
        time.started_ms.saturating_add(updated)
    }

    /// The log of the last run if it failed: `[local time] ===> text:[JSON array of jobs]`, as in the example of the reference page.
    pub(super) fn log(&self, state: &TaskState<'_>) -> Option<String> {
        let last = state.last.as_ref()?;
        let message = last.outcome.message.as_ref()?;
        let written = Timestamp::from_millisecond(last.ended?).ok()?;
        let local = written.to_zoned(TimeZone::fixed(Offset::constant(8)));
        let jobs = json!([{
            "duration": 0.0,
            "jobId": uuid(self.salt, 0),
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

fn run_rule(form: &TaskForm) -> RunRule {
    let schedule = form.schedule;
    let of_schedule = schedule.is_enabled().then_some(schedule.every);
    RunRule {
        first: form.first_run.unwrap_or_default().ms,
        every: form.every.or(of_schedule).map(|every| every.ms),
        then: form.then,
        limit: form.halts_after.map_or(u64::MAX, |runs| runs.get().into()),
        lasts: LASTS,
        running: RUNNING,
    }
}

impl TaskState<'_> {
    /// The start of the last run in milliseconds since the epoch.
    pub(crate) fn last_run(&self) -> Option<i64> {
        self.last.as_ref().map(|run| run.started)
    }
}
