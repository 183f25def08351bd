//! A cluster with its ids and its task over time, from the scenario or generated.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::records::{IdentitySource, RecordList};
use crate::clock::ServiceTime;
use crate::ids::{hex32, mix, salt, uuid};
use crate::scenario::form::{ClusterForm, ClusterType, SyncFlag, TaskForm, TimeSpan};
use crate::scenario::read;
use crate::timeline::{DAY, MINUTE, Run, RunRule, Timeline};

/// Default age of a task, in milliseconds.
const TASK_AGE: i64 = 210 * DAY;

/// Default time since a task was changed, in milliseconds.
const UPDATE_AGE: i64 = 96 * DAY;

/// The status of a task while it runs.
const RUNNING: &str = "SYNCING";

/// Default length of a run, in milliseconds.
const LASTS: i64 = 38_000;

/// A cluster, from the scenario or generated.
#[derive(Clone, Debug)]
pub(crate) struct ClusterEntry {
    pub(crate) id: String,
    /// Its description in the scenario, without task and identity sources, and with at least one workspace.
    pub(crate) form: ClusterForm,
    /// Position of the workspace that its task was created in: the first that lists it.
    pub(super) home: usize,
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

/// A task at one time. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(crate) struct TaskState<'a> {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) sync_status: &'a str,
    pub(crate) schedule_status: &'static str,
    /// The newest run.
    last: Option<Run<'a>>,
    /// Its start.
    pub(crate) last_run: Option<i64>,
}

impl ClusterEntry {
    /// Its ids follow from the seed and its name.
    ///
    /// # Errors
    ///
    /// Field and reason, for values that contradict each other.
    pub(super) fn new(mut form: ClusterForm, known: &[String], seed: u64) -> Result<Self, String> {
        let position = |name: &String| known.iter().position(|it| it == name);
        if let Some(name) = form.workspaces.iter().find(|it| position(it).is_none()) {
            return Err(format!("workspaces: unknown workspace {name:?}"));
        }
        let home = form.workspaces.first().and_then(position).unwrap_or(0);
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
            home,
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
                "sync_time": state.last_run,
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
            summary["records"] = RecordList::new(self, time).len.into();
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
        let schedule = form.schedule;
        let of_schedule = schedule.enabled.unwrap_or(true).then_some(schedule.every);
        let rule = RunRule {
            first: form.first_run.unwrap_or_default().ms,
            every: form.every.or(of_schedule).map(|every| every.ms),
            then: form.then,
            limit: form.halts_after.map_or(u64::MAX, |runs| runs.get().into()),
            lasts: LASTS,
            running: RUNNING,
        };
        let timeline = Timeline::new(runs, rule).map_err(|error| format!("task.{error}"))?;
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
        let since_start = |age: i64| {
            let after = self.form.created.map_or(-age, |created| created.ms);
            time.started_ms.saturating_add(after)
        };
        TaskState {
            created: since_start(TASK_AGE),
            updated: since_start(UPDATE_AGE),
            sync_status: match &last {
                None => "NOT_SYNC",
                Some(run) if run.ended.is_none() => RUNNING,
                Some(run) => run.outcome.status.as_deref().unwrap_or("SYNC_SUCCESS"),
            },
            schedule_status: if self.form.schedule.enabled.unwrap_or(true) {
                "SCHEDULING"
            } else {
                "NOT_SCHEDULE"
            },
            last_run: last.as_ref().map(|run| run.started),
            last,
        }
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

/// Generates `count` clusters from the seed, each with a task in the first workspace: half DWS, half MRS.
///
/// # Errors
///
/// None, as long as the templates are valid.
pub(super) fn generated(
    count: u32,
    workspaces: &[String],
    seed: u64,
) -> Result<Vec<ClusterEntry>, String> {
    let templates = read(include_str!("fleet.yaml"))?.clusters;
    let clusters = (0..count).map(|n| {
        let form = generated_form(&templates, n, mix(salt(seed, "fleet"), n.into()));
        ClusterEntry::new(form.ok_or("no template")?, workspaces, seed)
    });
    clusters.collect()
}

fn generated_form(templates: &[ClusterForm], n: u32, salt: u64) -> Option<ClusterForm> {
    let random = |purpose, bound: u64| i64::try_from(mix(salt, purpose) % bound).unwrap_or(0);
    let earlier = |at: TimeSpan, by: i64| TimeSpan {
        ms: at.ms - by * MINUTE,
    };
    let (kind, suffix) = if n.is_multiple_of(2) {
        (ClusterType::Dws, "dws")
    } else {
        (ClusterType::Mrs, "mrs")
    };
    let verdict = verdict(random(4, 1_000), kind);
    let mut templates = templates.iter();
    let mut form = templates
        .find(|it| it.verdict.as_deref() == Some(verdict))?
        .clone();
    form.name = format!("fleet-{n:06}-{suffix}");
    form.kind = kind;
    if let Some(task) = &mut form.task {
        task.first_run = task.first_run.map(|at| earlier(at, random(1, 600)));
    }
    form.identity_source = form.identity_source.filter(|_| kind == ClusterType::Dws);
    if let Some(source) = &mut form.identity_source {
        source.first_run = source.first_run.map(|at| earlier(at, random(2, 240)));
    }
    Some(form)
}

/// The verdict for a random number below 1,000. About 9 % of the clusters are not healthy.
fn verdict(random: i64, kind: ClusterType) -> &'static str {
    match random {
        0..30 => "failing",
        30..50 => "running",
        50..60 => "never_run",
        60..65 => "stuck",
        65..75 => "overdue",
        75..80 => "unknown",
        80..100 if kind == ClusterType::Dws => "partial",
        _ => "healthy",
    }
}
