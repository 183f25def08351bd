//! The task of a cluster, as a file tells it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::error::Complaint;
use super::form::ThenForm;
use super::values::{Hour, Interval, Length, Offset, Status, Text, Times};
use crate::scenario::{Schedule, Script, Task, TaskRun};

/// How long a run takes unless told otherwise, in milliseconds.
const USUAL_LENGTH: i64 = 38_000;

/// A DataArts Studio task and how it goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskForm {
    /// When it was configured. Default: `210d ago`.
    created: Option<Offset>,
    /// When it is started by itself. Default: it is not, and runs at most once.
    schedule: Option<ScheduleForm>,
    /// When it runs for the first time. Default: at the start of the clock.
    #[schemars(with = "Option<Offset>")]
    first_run: Option<Spanned<Offset>>,
    /// How its runs go, one after the other. Default: it never runs.
    #[serde(default)]
    #[schemars(with = "Vec<TaskRunForm>")]
    runs: Vec<Spanned<TaskRunForm>>,
    /// What comes after the last of them. Default: `repeat`.
    #[serde(default)]
    then: ThenForm,
    /// Starts so many runs and then none, although the schedule is on: that is how a schedule is missed.
    halts_after: Option<Times>,
}

/// A schedule. The service stops it by itself after ten failures in a row.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleForm {
    /// From the start of one run to that of the next.
    every: Interval,
    /// The hour, in UTC+8, from which runs may start. Default: 0.
    start_hour: Option<Hour>,
    /// The hour, in UTC+8, before which runs may start; the same as `start_hour` means all day, an earlier one overnight.
    /// Default: 0.
    end_hour: Option<Hour>,
    /// Whether it starts anything. Default: true.
    enabled: Option<bool>,
}

/// How one run goes, or several in a row.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TaskRunForm {
    /// The status that it leaves behind, such as `SYNC_SUCCESS` or `SYNC_FAIL`; `SYNCING` never ends.
    status: Status,
    /// How long it takes. Default: `38s`.
    lasts: Option<Length>,
    /// What the log says of a run that did not end well.
    message: Option<Text>,
    /// How many runs in a row go this way. Default: 1.
    times: Option<Times>,
}

impl TaskForm {
    /// The task. `path` is where it stands in the file.
    pub(super) fn into_task(self, path: &str) -> Result<Task, Complaint> {
        let schedule = self
            .schedule
            .map_or(Schedule::off(), ScheduleForm::into_schedule);
        let created = -self.created.map_or(-Task::USUAL_AGE, |created| created.ms);
        if self.runs.is_empty() {
            return match self.first_run {
                None => Ok(Task::never_ran().scheduled(schedule).created(created)),
                Some(first) => Err(Complaint::of_value(
                    first.referenced,
                    format!("{path}.first_run"),
                    "a task without `runs` never runs; add some or leave this out",
                )),
            };
        }
        let every = schedule.enabled.then(|| schedule.every());
        let outcomes = self.runs.into_iter().enumerate().map(|(at, run)| {
            let place = run.referenced;
            let outcome = run.value.into_outcome(every);
            outcome.map_err(|(field, message)| {
                Complaint::of_value(place, format!("{path}.runs[{at}].{field}"), message)
            })
        });
        let script = Script::new(outcomes.collect::<Result<Vec<_>, _>>()?, self.then.into());
        let first = self.first_run.map_or(0, |first| first.value.ms);
        let halts_after = self.halts_after.map(|times| times.0.into());
        let task = Task::live(schedule, first, script).halting_after(halts_after);
        Ok(task.created(created))
    }
}

impl ScheduleForm {
    fn into_schedule(self) -> Schedule {
        Schedule {
            enabled: self.enabled.unwrap_or(true),
            start_hour: self.start_hour.map_or(0, |hour| hour.0),
            end_hour: self.end_hour.map_or(0, |hour| hour.0),
            ..self.every.schedule()
        }
    }
}

impl TaskRunForm {
    /// The outcome and how often it comes; else the field that is wrong, and why.
    fn into_outcome(self, every: Option<i64>) -> Result<(TaskRun, u64), (&'static str, String)> {
        let status = self.status.0;
        let endless = status == TaskRun::RUNNING;
        if endless && self.lasts.is_some() {
            return Err((
                "lasts",
                "a run that stays SYNCING never ends; leave this out".to_owned(),
            ));
        }
        if self.message.is_some() && (endless || status == TaskRun::SUCCEEDED) {
            return Err((
                "message",
                format!("a run with the status {status} has nothing to explain"),
            ));
        }
        let lasts = self.lasts.map_or(USUAL_LENGTH, |lasts| lasts.ms);
        if let Some(every) = every.filter(|every| lasts > *every) {
            return Err(("lasts", too_long(every)));
        }
        let run = TaskRun {
            sync_status: status.into(),
            lasts: (!endless).then_some(lasts),
            message: self.message.map(|text| text.0.into()),
        };
        Ok((run, self.times.map_or(1, |times| times.0.into())))
    }
}

/// Why a run does not fit between two starts.
pub(super) fn too_long(every: i64) -> String {
    let minutes = every / 60_000;
    format!("the run would not end before the next one starts, {minutes} min later")
}
