//! The judgement of one cluster.

use std::cmp::Reverse;

use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::evidence::{Note, NoteCode, Reason, ReasonCode, Source};
use super::findings::Findings;
use super::{
    ClusterObservation, Diagnosis, Reading, Rules, Verdict, iam_sync, records, tasks, words,
};

/// The health of one cluster, with the evidence. A time is null where the services do not tell it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ClusterHealth {
    /// The project that the cluster belongs to, where it is known.
    pub project_id: Option<String>,
    /// The id of the cluster.
    pub cluster_id: Option<String>,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
    /// The service of the cluster.
    pub cluster_type: Option<ClusterType>,
    /// The worst verdict of the reasons; unknown where there is none.
    pub verdict: Verdict,
    /// What the verdict rests on: worst first, then DataArts Studio before the service of the cluster.
    pub reasons: Vec<Reason>,
    /// What else a reader should know of.
    pub notes: Vec<Note>,
    /// Why the last run failed, read from the log of the worst failing reason.
    pub diagnosis: Option<Diagnosis>,
    /// When a run last started.
    pub last_attempt_at: Option<Timestamp>,
    /// When a run last succeeded: its end for DWS, its start for DataArts Studio, which gives no other time.
    pub last_success_at: Option<Timestamp>,
    /// When a run of DWS that added, updated or deleted identities last ended.
    pub last_change_at: Option<Timestamp>,
    /// When the next scheduled run is due; in the past if it is late.
    pub next_due_at: Option<Timestamp>,
    /// How many of the newest runs of DWS failed one after another. Null where DWS was not asked or did not answer.
    pub consecutive_failures: Option<u64>,
    /// The ids of the tasks that push into the cluster.
    pub tasks: Vec<String>,
}

/// Judges one cluster: a pure function of what was seen, the rules, and the time.
///
/// Rules that leave whole clusters out have no bearing here; [`judge`](super::judge) and the checks apply them.
pub fn judge_cluster(
    observation: &ClusterObservation,
    rules: &Rules,
    now: Timestamp,
) -> ClusterHealth {
    let silenced = rules.silenced(
        observation.cluster_id.as_deref(),
        observation.cluster_name.as_deref(),
    );
    let tasks_read_at = observation.tasks_read_at.unwrap_or(now);
    let of_tasks = tasks::judge(&observation.tasks, rules, tasks_read_at).without(&silenced);
    let of_records = records::judge(&observation.records, rules, now).without(&silenced);
    let of_flag = iam_sync::judge(&observation.iam_sync, now).without(&silenced);
    let disagreements: Vec<_> = [("DWS", of_records.is_running), ("MRS", of_flag.is_running)]
        .into_iter()
        .filter_map(|(service, is_running)| {
            disagreement(of_tasks.is_running?, service, is_running?)
        })
        .collect();
    let mut findings = of_tasks.and(of_records).and(of_flag);
    findings.notes.extend(disagreements);
    if findings.reasons.is_empty() {
        findings.reasons = for_want_of_others(&findings.notes, words::whole_second(now));
        findings = findings.without(&silenced);
    }
    // A stable sort: reasons of one verdict stay in the order of their sources.
    findings
        .reasons
        .sort_by_key(|reason| Reverse(reason.verdict));
    assemble(observation, findings)
}

/// Different mechanisms may well be in different states: both are shown, and neither overrules the other.
fn disagreement(tasks_run: bool, service: &str, service_runs: bool) -> Option<Note> {
    let (running, idle) = match (tasks_run, service_runs) {
        (true, false) => ("DataArts Studio", service),
        (false, true) => (service, "DataArts Studio"),
        _ => return None,
    };
    let message = format!("{running} says that a run is in progress, {idle} says that none is");
    Some(Note::new(NoteCode::SourcesDisagree, Source::All, message))
}

/// That a source could not be asked is a reason only where nothing else is known.
fn for_want_of_others(notes: &[Note], observed_at: Timestamp) -> Vec<Reason> {
    let unavailable = notes
        .iter()
        .filter(|note| note.code == NoteCode::SourceUnavailable);
    unavailable
        .map(|note| {
            Reason::new(
                ReasonCode::SourceUnavailable,
                note.source,
                note.message.clone(),
                observed_at,
            )
        })
        .collect()
}

fn assemble(observation: &ClusterObservation, findings: Findings) -> ClusterHealth {
    ClusterHealth {
        project_id: observation.project_id.clone(),
        cluster_id: observation.cluster_id.clone(),
        cluster_name: observation.cluster_name.clone(),
        cluster_type: observation.cluster_type.clone(),
        verdict: findings
            .reasons
            .iter()
            .map(|reason| reason.verdict)
            .max()
            .unwrap_or(Verdict::Unknown),
        reasons: findings.reasons,
        notes: findings.notes,
        diagnosis: findings.diagnosis,
        last_attempt_at: findings.last_attempt_at,
        last_success_at: findings.last_success_at,
        last_change_at: findings.last_change_at,
        next_due_at: findings.next_due_at,
        consecutive_failures: findings.consecutive_failures,
        tasks: task_ids(&observation.tasks),
    }
}

fn task_ids(tasks: &Reading<Vec<crate::dataarts::Task>>) -> Vec<String> {
    match tasks {
        Reading::Read(tasks) => tasks::distinct(tasks)
            .into_iter()
            .filter_map(|task| task.id.clone())
            .collect(),
        Reading::NotAsked | Reading::Unavailable(_) => Vec::new(),
    }
}
