//! The judgement of one cluster.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use idsync_api::dataarts_studio::enums::ClusterType;
use idsync_api::dws::enums::IdentitySourceType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::observation::service_of;
use super::rules::LONGEST_RUN;
use super::{
    ClusterObservation, Diagnosis, Note, NoteCode, Reason, ReasonCode, Rules, Source, Verdict,
    records, tasks, text,
};
use crate::{Error, Service};

/// Maximum length of an error in a message, in characters.
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
    /// The reasons for the verdict, worst first.
    pub reasons: Vec<Reason>,
    /// Findings that do not change the verdict.
    pub notes: Vec<Note>,
    /// Why the last run failed, read from the text of the worst failing reason.
    pub diagnosis: Option<Diagnosis>,
    /// When the last run started.
    pub last_attempt_at: Option<Timestamp>,
    /// The oldest of the last successes of all tasks and identity sources: the end of a run for DWS, its start for
    /// DataArts Studio, which gives no other time. Null where one of them gives none.
    pub last_success_at: Option<Timestamp>,
    /// When the last run of DWS that added, updated or deleted identities ended.
    pub last_change_at: Option<Timestamp>,
    /// When the next scheduled run is due; in the past if it is late.
    pub next_due_at: Option<Timestamp>,
    /// Number of consecutive failed runs up to the newest one of a DWS identity source: the largest of all sources.
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

/// The health of one identity source of a DWS cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IdentitySourceHealth {
    /// The id of the identity source.
    pub id: Option<String>,
    /// The type of the identity source.
    #[serde(rename = "type")]
    pub source_type: Option<IdentitySourceType>,
    /// The worst verdict of the reasons about it; unknown without any.
    pub verdict: Verdict,
    /// When the last run started.
    pub last_attempt_at: Option<Timestamp>,
    /// When the last successful run ended.
    pub last_success_at: Option<Timestamp>,
    /// When the last run that added, updated or deleted identities ended.
    pub last_change_at: Option<Timestamp>,
    /// Number of consecutive failed runs up to the newest ended one.
    pub consecutive_failures: u64,
    /// Whether `consecutive_failures` and `failing_since` reach back to the oldest record that was read.
    pub at_least: bool,
    /// When the first of the consecutive failures started.
    pub failing_since: Option<Timestamp>,
}

/// Judges one cluster: a pure function of the observation, the rules and the time.
///
/// Rules that ignore whole clusters do not apply here; [`judge`](super::judge) and the
/// [`Checker`](super::Checker) apply them.
pub fn judge_cluster(
    observation: &ClusterObservation,
    rules: &Rules,
    now: Timestamp,
) -> ClusterHealth {
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
    let mut findings = Findings {
        health,
        reasons: Vec::new(),
        successes: Vec::new(),
    };
    let limits = rules.for_cluster(observation);
    let tasks_read_at = observation.tasks_read_at.unwrap_or(now);
    tasks::judge(&mut findings, &observation.tasks, &limits, tasks_read_at);
    records::judge(&mut findings, &observation.records, &limits, now);
    judge_flag(&mut findings, observation, &limits, now);
    findings.note_disagreement();
    if let Some(why) = not_askable(observation) {
        let code = ReasonCode::ClusterNotAskable;
        findings.add(Reason::new(code, Source::DataArts, why, now));
    }
    findings.ignore(observation, rules);
    findings.into_health(now)
}

/// The findings about one cluster, source by source.
pub(super) struct Findings {
    pub(super) health: ClusterHealth,
    /// Each reason, with the cause of a run that failed.
    pub(super) reasons: Vec<(Reason, Option<Diagnosis>)>,
    /// When each task and each identity source last succeeded.
    pub(super) successes: Vec<Option<Timestamp>>,
}

impl Findings {
    pub(super) fn add(&mut self, reason: impl Into<Option<Reason>>) {
        self.reasons
            .extend(reason.into().map(|reason| (reason, None)));
    }

    pub(super) fn note(&mut self, code: NoteCode, source: Source, message: impl Into<String>) {
        self.health.notes.push(Note::new(code, source, message));
    }

    /// Different mechanisms may be in different states: both are shown, and neither overrules the other.
    fn note_disagreement(&mut self) {
        let Some(tasks_run) = self.runs(Source::DataArts) else {
            return;
        };
        for source in [Source::Dws, Source::Mrs] {
            if self.runs(source) != Some(!tasks_run) {
                continue;
            }
            let service = source.as_str().to_uppercase();
            let (running, idle) = if tasks_run {
                ("DataArts Studio", service.as_str())
            } else {
                (service.as_str(), "DataArts Studio")
            };
            let message =
                format!("{running} says that a run is in progress, {idle} says that none is");
            self.note(NoteCode::SourcesDisagree, Source::All, message);
        }
    }

    /// Whether a run is in progress, if what `source` says of it is understood in full.
    fn runs(&self, source: Source) -> Option<bool> {
        let verdicts = || {
            let reasons = self.reasons.iter().filter(|(it, _)| it.source == source);
            reasons.map(|(reason, _)| reason.verdict)
        };
        if verdicts().any(|it| matches!(it, Verdict::Running | Verdict::Stuck)) {
            return Some(true);
        }
        let mut notes = self.health.notes.iter();
        let is_idle = source == Source::Mrs && notes.any(|it| it.code == NoteCode::IamSyncIdle);
        let is_known = verdicts().next().is_some() && verdicts().all(|it| it != Verdict::Unknown);
        (is_idle || is_known).then_some(false)
    }

    /// Turns the reasons that are ignored into notes.
    fn ignore(&mut self, observation: &ClusterObservation, rules: &Rules) {
        let sources = &self.health.identity_sources;
        let ignored = self.reasons.extract_if(.., |(reason, _)| {
            let is_of = |source: &&IdentitySourceHealth| {
                reason.source == Source::Dws && source.id == reason.identity_source_id
            };
            let source = sources.iter().find(is_of);
            let source_type = source.and_then(|source| source.source_type.as_ref());
            let source_type = source_type.map(IdentitySourceType::as_str);
            let mut rules = rules.ignore.iter();
            rules.any(|rule| rule.ignores_reason(observation, reason, source_type))
        });
        let notes = ignored.map(|(it, _)| {
            let message = format!("{} is ignored by rule: {}", it.code, it.message);
            Note {
                reason: Some(it.code),
                identity_source_id: it.identity_source_id,
                ..Note::new(NoteCode::ReasonIgnored, it.source, message)
            }
        });
        self.health.notes.extend(notes);
    }

    fn into_health(mut self, now: Timestamp) -> ClusterHealth {
        if self.reasons.is_empty() {
            let message = "no source says how the last run ended";
            let code = ReasonCode::NoEvidence;
            self.add(Reason::new(code, Source::All, message, now));
        }
        // Worst first, independent of the order in which reasons were found.
        self.reasons.sort_by(|(one, _), (other, _)| {
            let order = (Reverse(one.verdict), one.source);
            (order, one).cmp(&((Reverse(other.verdict), other.source), other))
        });
        self.reasons.dedup_by(|(one, _), (other, _)| one == other);
        let mut health = self.health;
        // Room for each, and no more: thousands of clusters are kept.
        health.reasons.reserve_exact(self.reasons.len());
        for (reason, diagnosis) in self.reasons {
            health.diagnosis = health.diagnosis.or(diagnosis);
            health.reasons.push(reason);
        }
        let verdicts = health.reasons.iter().map(|reason| reason.verdict);
        health.verdict = verdicts.max().unwrap_or(Verdict::Unknown);
        let successes: Option<Vec<_>> = self.successes.into_iter().collect();
        health.last_success_at = successes.unwrap_or_default().into_iter().min();
        health.sum_up_sources();
        let notes = &mut health.notes;
        notes.sort_by(|one, other| {
            let order = (one.source, one.code, one.reason);
            (order, one).cmp(&((other.source, other.code, other.reason), other))
        });
        notes.dedup();
        notes.shrink_to_fit();
        health
    }
}

impl ClusterHealth {
    /// Sets the verdict of each identity source, and what they say of the cluster.
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
        if sources.iter().any(|it| it.verdict == Verdict::Healthy) {
            let overdue = sources.iter().filter(|it| it.verdict == Verdict::Overdue);
            self.notes.extend(overdue.map(records::silent));
        }
        let failures = |it: &IdentitySourceHealth| (it.consecutive_failures, it.at_least);
        let most = sources.iter().map(failures).max();
        self.consecutive_failures = most.map(|(count, _)| count);
        self.at_least = most.is_some_and(|(_, at_least)| at_least);
        self.failing_since = sources.iter().filter_map(|it| it.failing_since).min();
    }

    /// Whether no source that was asked answered.
    pub(super) fn is_unread(&self) -> bool {
        let is_lost =
            |code| code == ReasonCode::SourceUnavailable || code == ReasonCode::ClusterNotFound;
        let reasons = self.reasons.iter().filter(|it| is_lost(it.code));
        let notes = self.notes.iter();
        let notes = notes.filter(|it| it.code == NoteCode::SourceUnavailable);
        let lost = reasons.map(|it| it.source).chain(notes.map(|it| it.source));
        let lost: Vec<_> = lost.collect();
        let mut codes = self.reasons.iter().map(|reason| reason.code);
        codes.all(|code| is_lost(code) || code == ReasonCode::NoEvidence)
            && self.sources.iter().all(|source| lost.contains(source))
    }
}

/// Judges the flag of MRS, which only says that a run is in progress. It is optional if DataArts Studio judges the cluster.
fn judge_flag(
    findings: &mut Findings,
    observation: &ClusterObservation,
    limits: &Rules,
    now: Timestamp,
) {
    if let Some(error) = observation.iam_sync.error() {
        let reason = unavailable(Source::Mrs, error, now);
        let has_tasks = !observation.known_tasks().is_empty();
        if has_tasks && reason.code == ReasonCode::SourceUnavailable {
            findings.note(NoteCode::SourceUnavailable, Source::Mrs, reason.message);
        } else {
            findings.add(reason);
        }
    }
    match observation.iam_sync.value() {
        None => {}
        Some(Some(true)) => {
            let codes = [ReasonCode::IamSyncRunning, ReasonCode::IamSyncOverrun];
            let message = "IAM users are being copied";
            // A single reading cannot tell how long a run takes; consecutive ones can.
            let since = observation.iam_sync_since;
            let reason = match since.filter(|since| limits.is_overrun(*since, now)) {
                None => Reason::new(codes[0], Source::Mrs, message, now),
                Some(since) => {
                    let (code, how_long) = running(since, codes, limits, now);
                    Reason::new(code, Source::Mrs, format!("{message}: {how_long}"), since)
                }
            };
            findings.add(reason.with_raw_status(Some("true")));
        }
        Some(Some(false)) => {
            let message = "idle, which does not say how the last run ended";
            findings.note(NoteCode::IamSyncIdle, Source::Mrs, message);
        }
        Some(None) => {
            let message = "the service does not say whether it is synchronizing";
            findings.note(NoteCode::IamSyncUnreported, Source::Mrs, message);
        }
    }
}

/// One of two codes for a run in progress, the second if it takes too long, and the message.
pub(super) fn running(
    start: Timestamp,
    [running, overrun]: [ReasonCode; 2],
    limits: &Rules,
    now: Timestamp,
) -> (ReasonCode, String) {
    let Some(elapsed) = text::since(start, now) else {
        return (running, "a run is in progress".into());
    };
    let message = format!("running for {elapsed}");
    if !limits.is_overrun(start, now) {
        return (running, message);
    }
    let limit = text::duration(limits.longest_run.unwrap_or(LONGEST_RUN));
    (overrun, format!("{message}, longer than {limit}"))
}

/// The reason for a source that could not be read; a cluster that does not exist has a reason of its own.
pub(super) fn unavailable(source: Source, error: &Error, now: Timestamp) -> Reason {
    let (code, text) = match source {
        Source::Dws | Source::Mrs if error.is_not_found() => (
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
        (None, _) => "the task has no cluster id, so no service can be asked".into(),
        _ if services.len() > 1 => "the tasks name different services for the cluster".into(),
        _ if services.len() == 1 => return None,
        (_, None) => "the task does not say of which type the cluster is".into(),
        (_, Some(cluster_type)) => format!(
            "no service can be asked about clusters of this type: {}",
            text::plain(cluster_type.as_str(), text::LONGEST_STATUS)
        ),
    })
}
