//! The judgement of one cluster.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use idsync_api::dataarts_studio::enums::ClusterType;
use idsync_api::dws::enums::IdentitySourceType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::findings::{Finding, Findings};
use super::observation::service_of;
use super::{
    ClusterObservation, Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, Rules, Source,
    Verdict, records, tasks, words,
};

/// The health of one cluster, with the evidence. A time is null where the services do not give it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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
    /// The worst verdict of the reasons.
    pub verdict: Verdict,
    /// What the verdict rests on, worst first.
    pub reasons: Vec<Reason>,
    /// What else a reader should know.
    pub notes: Vec<Note>,
    /// Why the last run failed, read from the log of the worst failing reason.
    pub diagnosis: Option<Diagnosis>,
    /// When a run last started.
    pub last_attempt_at: Option<Timestamp>,
    /// The oldest of the last successes of all tasks and identity sources: the end of a run for DWS, its start for
    /// DataArts Studio, which gives no other time. Null where one of them gives none.
    pub last_success_at: Option<Timestamp>,
    /// When a run of DWS that added, updated or deleted identities last ended.
    pub last_change_at: Option<Timestamp>,
    /// When the next scheduled run is due; in the past if it is late.
    pub next_due_at: Option<Timestamp>,
    /// How many of the newest runs of one DWS identity source failed one after another: the largest of all sources.
    pub consecutive_failures: Option<u64>,
    /// Whether `consecutive_failures` and `failing_since` reach back to the oldest record that was read, so that there may
    /// be more failures before it.
    #[serde(default)]
    pub at_least: bool,
    /// When the first of the consecutive failures of a DWS identity source started: the earliest of all sources.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// The identity sources of DWS, worst first.
    #[serde(default)]
    pub identity_sources: Vec<IdentitySourceHealth>,
    /// Which services were asked about the cluster.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// The workspaces that list a task for the cluster.
    #[serde(default)]
    pub workspaces: Vec<String>,
    /// The ids of the tasks that push into the cluster.
    pub tasks: Vec<String>,
}

impl ClusterHealth {
    /// Whether no source that was asked said anything.
    pub(super) fn is_unread(&self) -> bool {
        let is_lost = |code| {
            matches!(
                code,
                ReasonCode::SourceUnavailable | ReasonCode::ClusterNotFound
            )
        };
        let mut reasons = self.reasons.iter();
        let says_nothing =
            reasons.all(|reason| is_lost(reason.code) || reason.code == ReasonCode::NoEvidence);
        let is_unread = |source: &Source| {
            let mut reasons = self.reasons.iter();
            let mut notes = self.notes.iter();
            reasons.any(|reason| reason.source == *source && is_lost(reason.code))
                || notes
                    .any(|note| note.source == *source && note.code == NoteCode::SourceUnavailable)
        };
        says_nothing && self.sources.iter().all(is_unread)
    }
}

/// How one identity source of a DWS cluster stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IdentitySourceHealth {
    /// The id of the identity source.
    pub id: Option<String>,
    /// What the identity source is.
    #[serde(rename = "type")]
    pub source_type: Option<IdentitySourceType>,
    /// The worst verdict of the reasons that are about it; unknown where there is none.
    pub verdict: Verdict,
    /// When a run last started.
    pub last_attempt_at: Option<Timestamp>,
    /// When a run that succeeded last ended.
    pub last_success_at: Option<Timestamp>,
    /// When a run that added, updated or deleted identities last ended.
    pub last_change_at: Option<Timestamp>,
    /// How many of the newest ended runs failed one after another.
    pub consecutive_failures: u64,
    /// Whether `consecutive_failures` and `failing_since` reach back to the oldest record that was read.
    pub at_least: bool,
    /// When the first of the consecutive failures started.
    pub failing_since: Option<Timestamp>,
}

/// Judges one cluster: a pure function of what was seen, the rules, and the time.
///
/// Rules that leave whole clusters out have no bearing here; [`judge`](super::judge) and the
/// [`Checker`](super::Checker) apply them.
pub fn judge_cluster(
    observation: &ClusterObservation,
    rules: &Rules,
    now: Timestamp,
) -> ClusterHealth {
    let limits = rules.for_cluster(observation.name());
    let tasks_read_at = observation.tasks_read_at.unwrap_or(now);
    let of_tasks = tasks::judge(&observation.tasks, &limits, tasks_read_at);
    let of_records = records::judge(&observation.records, &limits, now);
    let of_flag = judge_flag(observation, now);
    let disagreements: Vec<_> = [(Source::Dws, &of_records), (Source::Mrs, &of_flag)]
        .into_iter()
        .filter_map(|(source, own)| disagreement(of_tasks.is_running?, source, own.is_running?))
        .collect();
    let mut findings = of_tasks.and(of_records).and(of_flag);
    findings.notes.extend(disagreements);
    let unaskable = not_askable(observation, now);
    findings.reasons.extend(unaskable.map(Finding::from));
    assemble(observation, findings, rules, now)
}

/// The flag of MRS says that a run is in progress, or nothing. Where DataArts Studio judges the cluster, it is not needed.
fn judge_flag(observation: &ClusterObservation, now: Timestamp) -> Findings {
    let note =
        |code, message: &str| Findings::default().noting(Note::new(code, Source::Mrs, message));
    match &observation.iam_sync {
        Reading::NotAsked => Findings::default(),
        Reading::Unavailable(error) | Reading::Partial(_, error) => {
            let found = Findings::unavailable(Source::Mrs, error, now);
            let has_tasks = observation
                .tasks
                .value()
                .is_some_and(|tasks| !tasks.is_empty());
            let mut reasons = found.reasons.iter().map(|finding| &finding.reason);
            match reasons.next() {
                Some(reason) if has_tasks && reason.code == ReasonCode::SourceUnavailable => {
                    note(NoteCode::SourceUnavailable, &reason.message)
                }
                _ => found,
            }
        }
        Reading::Read(Some(true)) => {
            let message = "IAM users are being copied";
            let reason = Reason::new(ReasonCode::IamSyncRunning, Source::Mrs, message, now);
            Findings {
                reasons: vec![reason.with_raw_status(Some("true")).into()],
                is_running: Some(true),
                ..Findings::default()
            }
        }
        Reading::Read(Some(false)) => Findings {
            is_running: Some(false),
            ..note(
                NoteCode::IamSyncIdle,
                "idle, which does not tell how the last run went",
            )
        },
        Reading::Read(None) => note(
            NoteCode::IamSyncUnreported,
            "the service does not say whether it is synchronizing",
        ),
    }
}

/// Different mechanisms may well be in different states: both are shown, and neither overrules the other.
fn disagreement(tasks_run: bool, source: Source, service_runs: bool) -> Option<Note> {
    let service = source.as_str().to_uppercase();
    let (running, idle) = match (tasks_run, service_runs) {
        (true, false) => ("DataArts Studio", service.as_str()),
        (false, true) => (service.as_str(), "DataArts Studio"),
        _ => return None,
    };
    let message = format!("{running} says that a run is in progress, {idle} says that none is");
    Some(Note::new(NoteCode::SourcesDisagree, Source::All, message))
}

/// Why the service of a cluster that has tasks cannot be asked.
fn not_askable(observation: &ClusterObservation, now: Timestamp) -> Option<Reason> {
    let tasks = observation
        .tasks
        .value()
        .filter(|tasks| !tasks.is_empty())?;
    let of_tasks = tasks.iter().filter_map(|task| task.cluster_type.as_ref());
    let services: BTreeSet<_> = of_tasks
        .chain(&observation.cluster_type)
        .filter_map(service_of)
        .collect();
    let message = match (&observation.cluster_id, &observation.cluster_type) {
        (None, _) => "the task names no cluster, so no service can be asked about it".into(),
        _ if services.len() > 1 => "the tasks name different services for the cluster".into(),
        _ if services.len() == 1 => return None,
        (_, None) => "the task does not say of which type the cluster is".into(),
        (_, Some(cluster_type)) => format!(
            "the cluster type names no service that can be asked: {}",
            words::plain(cluster_type.as_str(), words::LONGEST_STATUS)
        ),
    };
    let code = ReasonCode::ClusterNotAskable;
    Some(Reason::new(code, Source::DataArts, message, now))
}

fn assemble(
    observation: &ClusterObservation,
    mut findings: Findings,
    rules: &Rules,
    now: Timestamp,
) -> ClusterHealth {
    silence(observation, &mut findings, rules);
    if findings.reasons.is_empty() {
        let message = "no source says how the last run went";
        let reason = Reason::new(ReasonCode::NoEvidence, Source::All, message, now);
        findings.reasons.push(reason.into());
    }
    findings
        .reasons
        .sort_by(|one, other| rank(&one.reason).cmp(&rank(&other.reason)));
    findings
        .reasons
        .dedup_by(|one, other| one.reason == other.reason);
    findings
        .notes
        .sort_by(|one, other| note_rank(one).cmp(&note_rank(other)));
    findings.notes.dedup();
    let mut explained = findings
        .reasons
        .iter()
        .filter_map(|finding| finding.diagnosis.clone());
    let diagnosis = explained.next();
    let reasons: Vec<_> = findings
        .reasons
        .into_iter()
        .map(|finding| finding.reason)
        .collect();
    let identity_sources = with_verdicts(findings.identity_sources, &reasons);
    let successes: Option<Vec<_>> = findings.successes.into_iter().collect();
    let worst = identity_sources
        .iter()
        .max_by_key(|source| (source.consecutive_failures, source.at_least));
    ClusterHealth {
        project_id: observation.project_id.clone(),
        cluster_id: observation.cluster_id.clone(),
        cluster_name: observation.cluster_name.clone(),
        cluster_type: observation.cluster_type.clone(),
        verdict: worst_of(&reasons),
        diagnosis,
        last_attempt_at: findings.last_attempt_at,
        last_success_at: successes.and_then(|times| times.into_iter().min()),
        last_change_at: findings.last_change_at,
        next_due_at: findings.next_due_at,
        consecutive_failures: worst.map(|source| source.consecutive_failures),
        at_least: worst.is_some_and(|source| source.at_least),
        failing_since: identity_sources
            .iter()
            .filter_map(|source| source.failing_since)
            .min(),
        identity_sources,
        sources: asked(observation),
        workspaces: observation.workspaces.clone(),
        tasks: task_ids(observation, now),
        reasons,
        notes: findings.notes,
    }
}

/// Turns the reasons that do not count into notes.
fn silence(observation: &ClusterObservation, findings: &mut Findings, rules: &Rules) {
    let is_silenced = |finding: &mut Finding| {
        let source_type = finding.source_type.as_deref();
        rules.silence(observation.name(), &finding.reason, source_type)
    };
    let ignored: Vec<_> = findings.reasons.extract_if(.., is_silenced).collect();
    let ignored = ignored.iter().map(|finding| Note::ignored(&finding.reason));
    findings.notes.extend(ignored);
}

/// The worst verdict that is said; unknown where none is.
pub(super) fn worst_of(reasons: &[Reason]) -> Verdict {
    let verdicts = reasons.iter().map(|reason| reason.verdict);
    verdicts.max().unwrap_or(Verdict::Unknown)
}

fn with_verdicts(
    mut sources: Vec<IdentitySourceHealth>,
    reasons: &[Reason],
) -> Vec<IdentitySourceHealth> {
    for source in &mut sources {
        let about = reasons.iter().filter(|reason| {
            reason.source == Source::Dws && reason.identity_source_id == source.id
        });
        let verdict = about.map(|reason| reason.verdict).max();
        source.verdict = verdict.unwrap_or(Verdict::Unknown);
    }
    sources.sort_by(|one, other| {
        (Reverse(one.verdict), &one.id).cmp(&(Reverse(other.verdict), &other.id))
    });
    sources
}

/// What reasons are sorted by: worst first, and the same whatever order they were found in.
fn rank(reason: &Reason) -> impl Ord + '_ {
    (
        (Reverse(reason.verdict), reason.source, reason.code),
        (&reason.task_id, &reason.identity_source_id),
        (&reason.message, reason.observed_at, &reason.raw_status),
    )
}

fn note_rank(note: &Note) -> impl Ord + '_ {
    (
        note.source,
        note.code,
        note.reason,
        &note.identity_source_id,
        &note.message,
    )
}

fn asked(observation: &ClusterObservation) -> Vec<Source> {
    let readings = [
        (
            Source::DataArts,
            matches!(observation.tasks, Reading::NotAsked),
        ),
        (
            Source::Dws,
            matches!(observation.records, Reading::NotAsked),
        ),
        (
            Source::Mrs,
            matches!(observation.iam_sync, Reading::NotAsked),
        ),
    ];
    let asked = readings.into_iter().filter(|(_, is_unasked)| !is_unasked);
    asked.map(|(source, _)| source).collect()
}

fn task_ids(observation: &ClusterObservation, now: Timestamp) -> Vec<String> {
    let tasks = tasks::distinct(&observation.tasks, now).into_iter();
    let ids: BTreeSet<_> = tasks.filter_map(|task| task.id.as_deref()).collect();
    ids.into_iter().map(str::to_owned).collect()
}
