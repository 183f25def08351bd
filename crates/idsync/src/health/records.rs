//! Judges the records of DWS: each identity source by itself.

use std::fmt::Display;

use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use jiff::Timestamp;

use super::cluster::{Findings, IdentitySourceHealth, running, unavailable};
use super::history::{RunOutcome, SourceHistory, cause, changes, is_ended};
use super::text::{self, LONGEST_STATUS, is_plausible};
use super::{
    Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, RecordHistory, Rules, Source, Verdict,
};
use crate::dws::Record;

/// The code of DWS for a cluster version without identity sources, which is an answer.
pub(super) const NOT_SUPPORTED: &str = "DWS.5206";

/// Judges the records of one cluster.
pub(super) fn judge(
    findings: &mut Findings,
    records: &Reading<RecordHistory>,
    limits: &Rules,
    now: Timestamp,
) {
    match records {
        Reading::Unavailable(error) if error.code() == Some(NOT_SUPPORTED) => {
            let message = "the version of the cluster does not have identity sources";
            findings.note(NoteCode::SourceNotSupported, Source::Dws, message);
        }
        Reading::Unavailable(error) | Reading::Partial(_, error) => {
            findings.add(unavailable(Source::Dws, error, now));
        }
        Reading::Read(history) if history.is_empty() => {
            let message = "no records: identity sources are off in this cluster, or have never run";
            findings.note(NoteCode::NoRecords, Source::Dws, message);
        }
        Reading::NotAsked | Reading::Read(_) => {}
    }
    let Some(history) = records.value() else {
        return;
    };
    let count = history.sources.len();
    findings.health.identity_sources.reserve_exact(count);
    for (id, source) in &history.sources {
        let id = id.as_deref();
        let is_cut = history.is_cut || records.error().is_some();
        let is_at_the_edge = source.is_full || (is_cut && source.not_failed.is_none());
        let judge = SourceJudge {
            id,
            label: match count {
                1 => String::new(),
                _ => label(id, source.source_type.as_ref()) + ": ",
            },
            source,
            at_least: !source.failures.is_empty() && is_at_the_edge,
            read_at: history.read_at,
            limits,
            now,
        };
        judge.add_to(findings);
    }
}

/// The name of a source beside others.
fn label(id: Option<&str>, source_type: Option<&IdentitySourceType>) -> String {
    let kind = source_type.map_or("identity source", IdentitySourceType::as_str);
    let text = id.map_or_else(
        || format!("{kind} without an id"),
        |id| format!("{kind} {id}"),
    );
    text::plain(&text, LONGEST_STATUS)
}

/// The note of a source whose last success is too old while another one works.
pub(super) fn silent(source: &IdentitySourceHealth) -> Note {
    let message = format!(
        "{}: no longer runs, although another source works; if it was removed, ignore it with \
         CLUSTER/SOURCE:success_too_old",
        label(source.id.as_deref(), source.source_type.as_ref())
    );
    Note {
        identity_source_id: source.id.clone(),
        ..Note::new(NoteCode::IdentitySourceSilent, Source::Dws, message)
    }
}

/// One identity source and what its judgement depends on.
struct SourceJudge<'a> {
    id: Option<&'a str>,
    /// What messages begin with: the name of the source where there are several.
    label: String,
    source: &'a SourceHistory,
    /// Whether there may be more consecutive failures than were read.
    at_least: bool,
    read_at: Timestamp,
    limits: &'a Rules,
    now: Timestamp,
}

impl SourceJudge<'_> {
    fn add_to(&self, findings: &mut Findings) {
        findings.add(self.running());
        // A run of a status that is not known counts unless a later one has ended.
        let [_, ended, _] = self.source.starts();
        let unknown = self.source.newest_unknown.as_ref();
        if let Some(run) = unknown.filter(|it| it.start_time >= ended) {
            let code = ReasonCode::RecordStatusUnknown;
            findings.add(self.reason(code, not_understood(run), Some(run)));
        }
        if let Some(ended) = &self.source.newest_ended {
            self.add_ended(findings, ended);
        }
        self.add_unplaced(findings);
        if self.id.is_none() && !self.label.is_empty() {
            let message = "some records have no identity source";
            findings.add(self.reason(ReasonCode::RecordStatusUnknown, message, None));
        }
        let source = IdentitySourceHealth {
            id: self.id.map(str::to_owned),
            source_type: self.source.source_type.clone(),
            verdict: Verdict::Unknown,
            last_attempt_at: self.source.starts().into_iter().max().flatten(),
            last_success_at: self.source.last_success_at,
            last_change_at: self.source.last_change_at,
            consecutive_failures: self.source.failures.len() as u64,
            at_least: self.at_least,
            failing_since: self.source.failures.first().copied(),
        };
        let health = &mut findings.health;
        health.notes.extend(self.mass_deletion());
        health.last_attempt_at = health.last_attempt_at.max(source.last_attempt_at);
        health.last_change_at = health.last_change_at.max(source.last_change_at);
        findings.successes.push(source.last_success_at);
        health.identity_sources.push(source);
    }

    /// The reason for a run in progress.
    fn running(&self) -> Option<Reason> {
        let [_, ended, unknown] = self.source.starts();
        let run = self.source.newest_running.as_ref();
        let run = run.filter(|it| it.start_time >= ended.max(unknown))?;
        let codes = [
            ReasonCode::IdentitySourceRunning,
            ReasonCode::IdentitySourceOverrun,
        ];
        let (code, message) = running(run.start_time?, codes, self.limits, self.now);
        Some(self.reason(code, message, Some(run)))
    }

    /// Adds the reasons for the newest ended run; a run in progress does not clear them.
    fn add_ended(&self, findings: &mut Findings, ended: &Record) {
        let outcome = RunOutcome::of(ended);
        match outcome {
            RunOutcome::Failed => {
                let at_least = if self.at_least { "at least " } else { "" };
                let message = match self.source.failures.len() {
                    count @ 2.. => format!("{at_least}{count} runs in a row failed"),
                    _ => "the last run failed".into(),
                };
                self.add_failure(findings, ReasonCode::IdentitySourceFailed, message, ended);
            }
            RunOutcome::Partial => {
                let failed = ended.failed_count.unwrap_or_default();
                let total = changes(ended).saturating_add(failed);
                let message = format!("{failed} of {total} identities failed");
                self.add_failure(findings, ReasonCode::RecordsFailed, message, ended);
            }
            RunOutcome::Succeeded => findings.add(self.succeeded(ended)),
            RunOutcome::Unknown | RunOutcome::Running => {}
        }
        let is_incomplete = ended.failed_count.is_none() || ended.end_time.is_none();
        if ended.status == Some(RecordStatus::Finished) && is_incomplete {
            let code = ReasonCode::RecordStatusUnknown;
            findings.add(self.reason(code, not_understood(ended), Some(ended)));
        }
        if let Some(end) = self.time_of(ended)
            && outcome != RunOutcome::Failed
            && self.limits.is_too_old(end, self.now)
        {
            let age = text::since(end, self.now).unwrap_or_default();
            let message = format!("the last run ended {age} ago");
            findings.add(self.reason(ReasonCode::SuccessTooOld, message, Some(ended)));
        }
    }

    /// Adds a reason with the cause that the record gives.
    fn add_failure(&self, findings: &mut Findings, code: ReasonCode, what: String, run: &Record) {
        let diagnosis = cause(run).and_then(Diagnosis::of);
        let message = match &diagnosis {
            Some(diagnosis) => format!("{what}: {}", diagnosis.summary),
            None if code == ReasonCode::IdentitySourceFailed => {
                format!("{what}; the service gives no cause")
            }
            None => what,
        };
        let reason = self.reason(code, message, Some(run));
        findings.reasons.push((reason, diagnosis));
    }

    /// A success counts if no newer run has started and it is not too old.
    fn succeeded(&self, ended: &Record) -> Option<Reason> {
        let end = ended.end_time?;
        if !is_plausible(end, self.read_at) {
            let message = format!("the last run succeeded, but {}", text::implausible(end));
            return Some(self.reason(ReasonCode::TimeImplausible, message, Some(ended)));
        }
        let [running, _, unknown] = self.source.starts();
        let is_newest = running.max(unknown) < ended.start_time;
        let code = ReasonCode::IdentitySourceSucceeded;
        (is_newest && !self.limits.is_too_old(end, self.now))
            .then(|| self.reason(code, "the last run succeeded", Some(ended)))
    }

    /// Records whose start is not known count unless they ended before the newest known run.
    fn add_unplaced(&self, findings: &mut Findings) {
        let newest = self.source.newest_ended.as_ref();
        let newest = newest.and_then(|ended| ended.start_time);
        let is_older = |it: &&Record| matches!((it.end_time, newest), (Some(end), Some(newest)) if end < newest);
        let [unplaced, failed] = [&self.source.unplaced, &self.source.unplaced_failed];
        if let Some(record) = unplaced.as_ref().filter(|it| !is_older(it)) {
            let (code, message) = match record.start_time {
                Some(start) => (
                    ReasonCode::TimeImplausible,
                    format!("a run started, but {}", text::implausible(start)),
                ),
                None if record.status == Some(RecordStatus::Running) => (
                    ReasonCode::TimeImplausible,
                    "a run is in progress without a start time".into(),
                ),
                None => (
                    ReasonCode::RecordStatusUnknown,
                    "a record that may be the newest has no start time".into(),
                ),
            };
            findings.add(self.reason(code, message, Some(record)));
        }
        if let Some(record) = failed.as_ref().filter(|it| !is_older(it)) {
            let message = "a run without a known start failed".into();
            self.add_failure(findings, ReasonCode::IdentitySourceFailed, message, record);
        }
    }

    fn mass_deletion(&self) -> Option<Note> {
        let ended = self.source.newest_ended.as_ref()?;
        let limit = self.limits.mass_deletion.unwrap_or(100);
        let deleted = ended.delete_count.filter(|count| *count > limit)?;
        let end = ended.end_time.or(ended.start_time)?;
        let end = text::whole_second(end);
        let message = format!(
            "{}the run that ended at {end} deleted {deleted} identities, more than {limit}",
            self.label
        );
        Some(Note {
            identity_source_id: self.id.map(str::to_owned),
            ..Note::new(NoteCode::MassDeletion, Source::Dws, message)
        })
    }

    /// When a run ended, or else started, if the time is plausible.
    fn time_of(&self, record: &Record) -> Option<Timestamp> {
        let end = record.end_time.filter(|_| is_ended(record));
        let mut times = [end, record.start_time].into_iter().flatten();
        times.find(|time| is_plausible(*time, self.read_at))
    }

    fn reason(&self, code: ReasonCode, message: impl Display, about: Option<&Record>) -> Reason {
        let time = about.and_then(|record| self.time_of(record));
        let status = about.and_then(|record| record.status.as_ref());
        let message = format!("{}{message}", self.label);
        let reason = Reason::new(code, Source::Dws, message, time.unwrap_or(self.now));
        Reason {
            identity_source_id: self.id.map(str::to_owned),
            ..reason.with_raw_status(status.map(RecordStatus::as_str))
        }
    }
}

/// Why a record is not understood.
fn not_understood(record: &Record) -> String {
    match &record.status {
        None => "the service gives no status of the newest record".into(),
        Some(RecordStatus::Finished) if record.failed_count.is_none() => {
            "the newest ended run does not say how many identities failed".into()
        }
        Some(RecordStatus::Finished) => "the newest ended run does not say when it ended".into(),
        Some(status) => format!(
            "the newest record has a status that this version does not know: {}",
            text::plain(status.as_str(), LONGEST_STATUS)
        ),
    }
}
