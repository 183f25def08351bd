//! The records of a DWS cluster, one for each run of its identity sources.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::ClusterEntry;
use crate::clock::ServiceTime;
use crate::ids::{mix, salt, uuid};
use crate::scenario::form::{RecordOrder, RunForm, SourceForm};
use crate::timeline::{DAY, MINUTE, RunRule, Timeline};

/// The status of a run in progress.
const RUNNING: &str = "RUNNING";

/// Default length of a run, in milliseconds.
const LASTS: i64 = 41_300;

/// Step that shuffles positions: a large prime.
const MIXING_STEP: u64 = 1_000_003;

/// Where a DWS cluster pulls users from.
#[derive(Clone, Debug)]
pub(crate) struct IdentitySource {
    id: String,
    kind: String,
    timeline: Timeline,
    /// Salt of the ids of its records.
    salt: u64,
}

/// The records of a cluster at one time.
#[derive(Debug)]
pub(crate) struct RecordList<'a> {
    cluster: &'a ClusterEntry,
    time: ServiceTime,
    /// Start, source and number of each run, latest first; empty if there is only one source.
    merged: Vec<(Reverse<i64>, usize, u64)>,
    run_count: u64,
    /// Number of records.
    pub(crate) len: u64,
}

impl IdentitySource {
    pub(super) fn new(form: SourceForm, name: &str, at: u64, seed: u64) -> Result<Self, String> {
        let rule = RunRule {
            first: form.first_run.unwrap_or_default().ms,
            every: form.every.map(|every| every.ms),
            then: form.then,
            limit: u64::MAX,
            lasts: LASTS,
            running: RUNNING,
        };
        if form.runs.is_empty() {
            return Err("identity_sources.runs: at least one is needed".to_owned());
        }
        let timeline = Timeline::new(form.runs, rule);
        let runs = salt(seed, &format!("runs {name}"));
        Ok(Self {
            id: uuid(salt(seed, &format!("identity source {name}")), at),
            kind: form.kind.unwrap_or_else(|| "ldap".to_owned()),
            timeline: timeline.map_err(|error| format!("identity_sources.{error}"))?,
            salt: if at == 0 { runs } else { mix(runs, at) },
        })
    }

    /// Whether its newest run has not ended.
    pub(super) fn is_running(&self, time: ServiceTime) -> bool {
        let last = self.timeline.last(time);
        last.is_some_and(|run| run.ended.is_none())
    }

    /// The record of a run. While it is in progress, it has no counts yet (inferred).
    fn record(&self, id: &str, started: i64, ended: Option<i64>, outcome: &RunForm) -> Value {
        let in_progress = RunForm {
            status: Some(RUNNING.to_owned()),
            ..RunForm::default()
        };
        let run = ended.map_or(&in_progress, |_| outcome);
        let mut body = json!({
            "id": id,
            "identity_source_id": self.id,
            "identity_source_type": self.kind,
            "start_time": started,
            "end_time": ended,
            "add_count": run.add_count,
            "update_count": run.update_count,
            "delete_count": run.delete_count,
            "failed_count": run.failed_count,
            "status": run.status.as_deref().unwrap_or("FINISHED"),
            "fail_reason": run.fail_reason,
        });
        if let Some(body) = body.as_object_mut() {
            body.extend(outcome.fields.clone());
        }
        body
    }

    /// A generated run before those of the scenario: the larger `n`, the longer ago, in steps of five minutes.
    fn generated_record(&self, n: u64, time: ServiceTime) -> Value {
        let before = i64::try_from(n).unwrap_or(i64::MAX);
        let ago = before.saturating_mul(5 * MINUTE).saturating_add(30 * DAY);
        let started = time.started_ms.saturating_sub(ago);
        let ended = Some(started.saturating_add(LASTS));
        let id = uuid(!self.salt, n);
        self.record(&id, started, ended, &RunForm::default())
    }
}

impl<'a> RecordList<'a> {
    pub(crate) fn new(cluster: &'a ClusterEntry, time: ServiceTime) -> Self {
        let sources = &cluster.sources;
        let mut merged = Vec::new();
        if sources.len() > 1 {
            for (at, source) in sources.iter().enumerate() {
                let numbers = 0..source.timeline.count(time);
                merged.extend(numbers.filter_map(|number| {
                    let run = source.timeline.nth(number, time)?;
                    Some((Reverse(run.started), at, number))
                }));
            }
            merged.sort_unstable();
        }
        let run_count = sources.iter().map(|it| it.timeline.count(time)).sum();
        Self {
            cluster,
            time,
            merged,
            run_count,
            len: cluster.record_count.unwrap_or(run_count),
        }
    }

    /// The record at a position of the list.
    pub(crate) fn get(&self, position: u64) -> Option<Value> {
        let last = self.len.checked_sub(1)?;
        // The number of newer records.
        let age = match self.cluster.form.record_order {
            RecordOrder::NewestFirst => position,
            RecordOrder::OldestFirst => last.checked_sub(position)?,
            RecordOrder::Mixed => {
                let mixed = u128::from(position) * u128::from(MIXING_STEP);
                u64::try_from(mixed % u128::from(self.len)).ok()?
            }
        };
        let sources = &self.cluster.sources;
        if let Some(n) = age.checked_sub(self.run_count) {
            return Some(sources.first()?.generated_record(n, self.time));
        }
        let (source, number) = match self.merged.get(usize::try_from(age).ok()?) {
            Some((_, source, number)) => (*source, *number),
            None => (0, self.run_count.checked_sub(age + 1)?),
        };
        let source = sources.get(source)?;
        let run = source.timeline.nth(number, self.time)?;
        let id = uuid(source.salt, number.saturating_add(1));
        Some(source.record(&id, run.started, run.ended, run.outcome))
    }
}
