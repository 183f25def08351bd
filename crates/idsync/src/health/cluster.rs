//! The judgement of one cluster.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use idsync_api::dataarts_studio::enums::ClusterType;
use idsync_api::dws::enums::IdentitySourceType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::observation::service_of;
use super::rules::Limits;
use super::{
    ClusterObservation, Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, Rules, Source,
    Verdict, records, tasks, text,
};
use crate::{Error, Service};

/// How much of an error's sentence a message carries, in characters.
const LONGEST_ERROR: usize = 300;

/// The health of one cluster, with the evidence. A time is null where the services do not give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The service that can be asked about the cluster, where its type names one.
    pub fn service(&self) -> Option<Service> {
        service_of(self.cluster_type.as_ref()?)
    }
}

/// How one identity source of a DWS cluster stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
/// Rules that ignore whole clusters have no bearing here; [`judge`](super::judge) and the
/// [`Checker`](super::Checker) apply them.
pub fn judge_cluster(
    observation: &ClusterObservation,
    rules: &Rules,
    now: Timestamp,
) -> ClusterHealth {
    let mut findings = Findings::new(observation);
    let limits = rules.for_cluster(observation.name());
    let tasks_read_at = observation.tasks_read_at.unwrap_or(now);
    let tasks_run = tasks::judge(&mut findings, &observation.tasks, &limits, tasks_read_at);
    let records_run = records::judge(&mut findings, &observation.records, &limits, now);
    let flag_is_set = judge_flag(&mut findings, observation, &limits, now);
    for (source, service_runs) in [(Source::Dws, records_run), (Source::Mrs, flag_is_set)] {
        findings.note_disagreement(tasks_run, source, service_runs);
    }
    if let Some(why) = not_askable(observation) {
        let code = ReasonCode::ClusterNotAskable;
        findings.add(Reason::new(code, Source::DataArts, why, now));
    }
    findings.ignore(observation, rules);
    findings.into_health(now)
}

/// What is found of one cluster, source by source.
pub(super) struct Findings {
    pub(super) health: ClusterHealth,
    pub(super) reasons: Vec<Finding>,
    /// When each task and each identity source last succeeded.
    pub(super) successes: Vec<Option<Timestamp>>,
}

/// A reason with what only the judgement of its cluster needs.
pub(super) struct Finding {
    pub(super) reason: Reason,
    /// Why the run failed.
    pub(super) diagnosis: Option<Diagnosis>,
    /// The type of the identity source, for ignore rules.
    pub(super) source_type: Option<IdentitySourceType>,
}

impl From<Reason> for Finding {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            diagnosis: None,
            source_type: None,
        }
    }
}

impl Findings {
    fn new(observation: &ClusterObservation) -> Self {
        let tasks = observation.known_tasks().iter();
        let ids: BTreeSet<_> = tasks.filter_map(|task| task.id.as_deref()).collect();
        let health = ClusterHealth {
            project_id: observation.project_id.clone(),
            cluster_id: observation.cluster_id.clone(),
            cluster_name: observation.cluster_name.clone(),
            cluster_type: observation.cluster_type.clone(),
            sources: observation.asked().map(|(source, _)| source).collect(),
            workspaces: observation.workspaces.clone(),
            tasks: ids.into_iter().map(str::to_owned).collect(),
            ..ClusterHealth::default()
        };
        Self {
            health,
            reasons: Vec::new(),
            successes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, finding: impl Into<Finding>) {
        self.reasons.push(finding.into());
    }

    pub(super) fn note(&mut self, code: NoteCode, source: Source, message: impl Into<String>) {
        self.health.notes.push(Note::new(code, source, message));
    }

    /// Different mechanisms may well be in different states: both are shown, and neither overrules the other.
    fn note_disagreement(
        &mut self,
        tasks_run: Option<bool>,
        source: Source,
        service_runs: Option<bool>,
    ) {
        let service = source.as_str().to_uppercase();
        let (running, idle) = match (tasks_run, service_runs) {
            (Some(true), Some(false)) => ("DataArts Studio", service.as_str()),
            (Some(false), Some(true)) => (service.as_str(), "DataArts Studio"),
            _ => return,
        };
        let message = format!("{running} says that a run is in progress, {idle} says that none is");
        self.note(NoteCode::SourcesDisagree, Source::All, message);
    }

    /// Turns the reasons that are ignored into notes.
    fn ignore(&mut self, observation: &ClusterObservation, rules: &Rules) {
        let ignored = self.reasons.extract_if(.., |finding| {
            let source_type = finding.source_type.as_ref();
            let source_type = source_type.map(IdentitySourceType::as_str);
            rules.ignores_reason(observation.name(), &finding.reason, source_type)
        });
        let notes = ignored.map(|finding| Note::ignored(&finding.reason));
        self.health.notes.extend(notes);
    }

    fn into_health(mut self, now: Timestamp) -> ClusterHealth {
        if self.reasons.is_empty() {
            let message = "no source says how the last run went";
            let code = ReasonCode::NoEvidence;
            self.add(Reason::new(code, Source::All, message, now));
        }
        self.reasons
            .sort_by(|one, other| one.reason.rank().cmp(&other.reason.rank()));
        self.reasons
            .dedup_by(|one, other| one.reason == other.reason);
        let Self {
            mut health,
            mut reasons,
            successes,
        } = self;
        health.diagnosis = reasons.iter_mut().find_map(|it| it.diagnosis.take());
        // To collect them would keep the room of the findings.
        health.reasons.reserve_exact(reasons.len());
        health
            .reasons
            .extend(reasons.into_iter().map(|it| it.reason));
        let verdicts = health.reasons.iter().map(|reason| reason.verdict);
        health.verdict = verdicts.max().unwrap_or(Verdict::Unknown);
        health
            .notes
            .sort_by(|one, other| one.rank().cmp(&other.rank()));
        health.notes.dedup();
        // One that grew has room for four notes or more.
        health.notes.shrink_to_fit();
        let successes: Option<Vec<_>> = successes.into_iter().collect();
        health.last_success_at = successes.unwrap_or_default().into_iter().min();
        health.sum_up_sources();
        health
    }
}

impl ClusterHealth {
    /// Gives each identity source its verdict, and the cluster the worst of what they say.
    fn sum_up_sources(&mut self) {
        for source in &mut self.identity_sources {
            let about = self.reasons.iter().filter(|reason| {
                reason.source == Source::Dws && reason.identity_source_id == source.id
            });
            let verdict = about.map(|reason| reason.verdict).max();
            source.verdict = verdict.unwrap_or(Verdict::Unknown);
        }
        let sources = &mut self.identity_sources;
        sources.sort_by(|one, other| {
            (Reverse(one.verdict), &one.id).cmp(&(Reverse(other.verdict), &other.id))
        });
        let failures = |it: &IdentitySourceHealth| (it.consecutive_failures, it.at_least);
        let most = sources.iter().map(failures).max();
        self.consecutive_failures = most.map(|(count, _)| count);
        self.at_least = most.is_some_and(|(_, at_least)| at_least);
        self.failing_since = sources.iter().filter_map(|it| it.failing_since).min();
    }

    /// Whether no source that was asked said anything.
    pub(super) fn is_unread(&self) -> bool {
        let is_lost = |code| {
            matches!(
                code,
                ReasonCode::SourceUnavailable | ReasonCode::ClusterNotFound
            )
        };
        let is_unread = |source: &Source| {
            let mut reasons = self.reasons.iter().filter(|it| it.source == *source);
            let mut notes = self.notes.iter().filter(|it| it.source == *source);
            reasons.any(|reason| is_lost(reason.code))
                || notes.any(|note| note.code == NoteCode::SourceUnavailable)
        };
        let mut codes = self.reasons.iter().map(|reason| reason.code);
        codes.all(|code| is_lost(code) || code == ReasonCode::NoEvidence)
            && self.sources.iter().all(is_unread)
    }
}

/// The flag of MRS says that a run is in progress, or nothing. Where DataArts Studio judges the cluster, it is not needed.
fn judge_flag(
    findings: &mut Findings,
    observation: &ClusterObservation,
    limits: &Limits,
    now: Timestamp,
) -> Option<bool> {
    let source = Source::Mrs;
    let flag = match &observation.iam_sync {
        Reading::NotAsked => return None,
        Reading::Unavailable(error) | Reading::Partial(_, error) => {
            let reason = unavailable(source, error, now);
            let has_tasks = !observation.known_tasks().is_empty();
            if has_tasks && reason.code == ReasonCode::SourceUnavailable {
                findings.note(NoteCode::SourceUnavailable, source, reason.message);
            } else {
                findings.add(reason);
            }
            return None;
        }
        Reading::Read(flag) => *flag,
    };
    match flag {
        Some(true) => {
            let reason = copying(observation.iam_sync_since, limits, now);
            findings.add(reason.with_raw_status(Some("true")));
        }
        Some(false) => {
            let message = "idle, which does not tell how the last run went";
            findings.note(NoteCode::IamSyncIdle, source, message);
        }
        None => {
            let message = "the service does not say whether it is synchronizing";
            findings.note(NoteCode::IamSyncUnreported, source, message);
        }
    }
    flag
}

/// A flag that was true at every look for too long is one that does not end; one look alone cannot tell.
fn copying(since: Option<Timestamp>, limits: &Limits, now: Timestamp) -> Reason {
    let source = Source::Mrs;
    if let Some(since) = since
        && let (true, message) = tasks::running(since, limits, now)
    {
        let message = format!("IAM users are being copied: {message}");
        return Reason::new(ReasonCode::IamSyncOverrun, source, message, since);
    }
    let message = "IAM users are being copied";
    Reason::new(ReasonCode::IamSyncRunning, source, message, now)
}

/// Why a source is not known; that its service knows no such cluster is a reason of its own.
pub(super) fn unavailable(source: Source, error: &Error, now: Timestamp) -> Reason {
    let (code, text) = match source {
        Source::Dws | Source::Mrs if error.is_not_found() && !error.is_gateway() => (
            ReasonCode::ClusterNotFound,
            format!("the service knows no such cluster: {error}"),
        ),
        _ => (
            ReasonCode::SourceUnavailable,
            format!("could not be read in full: {error}"),
        ),
    };
    Reason::new(code, source, text::plain(&text, LONGEST_ERROR), now)
}

/// Why the service of a cluster that has tasks cannot be asked.
fn not_askable(observation: &ClusterObservation) -> Option<String> {
    let tasks = observation.known_tasks();
    if tasks.is_empty() {
        return None;
    }
    let types = tasks.iter().filter_map(|task| task.cluster_type.as_ref());
    let types = types.chain(&observation.cluster_type);
    let services: BTreeSet<_> = types.filter_map(service_of).collect();
    Some(match (&observation.cluster_id, &observation.cluster_type) {
        (None, _) => "the task names no cluster, so no service can be asked about it".into(),
        _ if services.len() > 1 => "the tasks name different services for the cluster".into(),
        _ if services.len() == 1 => return None,
        (_, None) => "the task does not say of which type the cluster is".into(),
        (_, Some(cluster_type)) => format!(
            "the cluster type names no service that can be asked: {}",
            text::plain(cluster_type.as_str(), text::LONGEST_STATUS)
        ),
    })
}
