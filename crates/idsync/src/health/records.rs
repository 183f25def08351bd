//! What the records of DWS say of a cluster: each identity source is judged by itself.

use std::collections::HashSet;

use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use jiff::Timestamp;

use super::cluster::IdentitySourceHealth;
use super::findings::{Finding, Findings, running};
use super::history::{Outcome, SourceHistory, cause, changes, is_ended};
use super::rules::ClusterRules;
use super::words::{self, LONGEST_STATUS, is_plausible};
use super::{
    Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, RecordHistory, Source, Verdict,
};
use crate::dws::Record;

/// The code of DWS for a version that lacks the function.
const NOT_SUPPORTED: &str = "DWS.5206";

/// Judges the records of one cluster.
pub(super) fn judge(
    records: &Reading<RecordHistory>,
    rules: &ClusterRules,
    now: Timestamp,
) -> Findings {
    let mut findings = match records {
        Reading::Unavailable(error) if error.code() == Some(NOT_SUPPORTED) => {
            let message = "the version of the cluster does not have identity sources";
            return Findings::default().noting(Note::new(
                NoteCode::SourceNotSupported,
                Source::Dws,
                message,
            ));
        }
        Reading::Unavailable(error) | Reading::Partial(_, error) => {
            Findings::unavailable(Source::Dws, error, now)
        }
        Reading::NotAsked | Reading::Read(_) => Findings::default(),
    };
    let Some(history) = records.value() else {
        return findings;
    };
    let is_whole = records.error().is_none();
    if history.is_empty() && is_whole {
        let message = "no records: identity sources are off in this cluster, or have never run";
        return findings.noting(Note::new(NoteCode::NoRecords, Source::Dws, message));
    }
    let count = history.sources().count();
    let judged = history.sources().map(|(id, source)| SourceJudge {
        id,
        label: (count > 1).then(|| label(id, source.source_type.as_ref())),
        source,
        is_cut: history.is_cut() || !is_whole,
        read_at: history.read_at(),
        rules,
        now,
    });
    let judged: Vec<_> = judged.collect();
    for judge in &judged {
        judge.add_to(&mut findings);
    }
    if count > 1 {
        add_unnamed(&judged, &mut findings);
        add_silent(&judged, &mut findings);
    }
    findings.is_running = is_running(&judged).filter(|is_running| is_whole || *is_running);
    findings
}

/// What the source is called beside others.
fn label(id: Option<&str>, source_type: Option<&IdentitySourceType>) -> String {
    let kind = source_type.map_or("identity source", IdentitySourceType::as_str);
    let text = id.map_or_else(
        || format!("{kind} without an id"),
        |id| format!("{kind} {id}"),
    );
    words::plain(&text, LONGEST_STATUS)
}

/// Beside sources that are named, a record that names none cannot be attributed.
fn add_unnamed(judged: &[SourceJudge<'_>], findings: &mut Findings) {
    if let Some(unnamed) = judged.iter().find(|judge| judge.id.is_none()) {
        let message = "records name no identity source, while others do";
        findings.reasons.push(unnamed.finding(
            ReasonCode::RecordStatusUnknown,
            message.into(),
            None,
        ));
    }
}

/// Explains a source that is too old where another one works.
fn add_silent(judged: &[SourceJudge<'_>], findings: &mut Findings) {
    let with = |code: ReasonCode| -> HashSet<Option<String>> {
        let reasons = findings.reasons.iter().map(|finding| &finding.reason);
        let reasons = reasons.filter(|reason| reason.code == code);
        reasons
            .map(|reason| reason.identity_source_id.clone())
            .collect()
    };
    let silent = with(ReasonCode::SuccessTooOld);
    if with(ReasonCode::IdentitySourceSucceeded).is_empty() {
        return;
    }
    for judge in judged {
        if silent.contains(&judge.id.map(str::to_owned)) {
            let message = judge.labelled(
                "does not run any more, while another one works; if it was removed, ignore it with \
                 CLUSTER/SOURCE:success_too_old"
                    .into(),
            );
            let mut note = Note::new(NoteCode::IdentitySourceSilent, Source::Dws, message);
            note.identity_source_id = judge.id.map(str::to_owned);
            findings.notes.push(note);
        }
    }
}

/// Running if one source is; not running if the status of each newest run says so.
fn is_running(judged: &[SourceJudge<'_>]) -> Option<bool> {
    let newest = judged.iter().map(|judge| judge.source.newest.as_ref());
    let states: Vec<_> = newest
        .map(|newest| match newest?.status {
            Some(RecordStatus::Running) => Some(true),
            Some(RecordStatus::Finished | RecordStatus::Failed) => Some(false),
            _ => None,
        })
        .collect();
    if states.contains(&Some(true)) {
        return Some(true);
    }
    (!states.is_empty() && states.iter().all(|state| *state == Some(false))).then_some(false)
}

/// One identity source and all that its judgement depends on.
struct SourceJudge<'a> {
    id: Option<&'a str>,
    /// What the source is called where there are several.
    label: Option<String>,
    source: &'a SourceHistory,
    is_cut: bool,
    read_at: Timestamp,
    rules: &'a ClusterRules,
    now: Timestamp,
}

impl SourceJudge<'_> {
    fn add_to(&self, findings: &mut Findings) {
        findings.reasons.extend(self.of_newest());
        findings.reasons.extend(self.of_newest_ended());
        findings.reasons.extend(self.of_unplaced());
        findings.reasons.extend(self.of_unplaced_failed());
        findings.notes.extend(self.mass_deletion());
        let health = self.health();
        findings.last_attempt_at = findings.last_attempt_at.max(health.last_attempt_at);
        findings.last_change_at = findings.last_change_at.max(health.last_change_at);
        findings.successes.push(health.last_success_at);
        findings.identity_sources.push(health);
    }

    fn health(&self) -> IdentitySourceHealth {
        let newest = self.source.newest.as_ref();
        let failures = self.failures();
        IdentitySourceHealth {
            id: self.id.map(str::to_owned),
            source_type: self.source.source_type.clone(),
            verdict: Verdict::Unknown,
            last_attempt_at: newest.and_then(|newest| newest.start_time),
            last_success_at: self.source.last_success_at,
            last_change_at: self.source.last_change_at,
            consecutive_failures: failures,
            at_least: self.source.reaches_the_edge(self.is_cut),
            failing_since: self.source.failing_since(),
        }
    }

    fn failures(&self) -> u64 {
        self.source.consecutive_failures()
    }

    /// What the newest run says if it has not ended, as far as the service tells.
    fn of_newest(&self) -> Option<Finding> {
        let newest = self.source.newest.as_ref()?;
        if is_ended(newest) {
            return None;
        }
        if newest.status != Some(RecordStatus::Running) {
            let code = ReasonCode::RecordStatusUnknown;
            return Some(self.finding(code, not_understood(newest), Some(newest)));
        }
        let (is_overrun, message) = running(newest.start_time?, self.rules, self.now);
        let code = if is_overrun {
            ReasonCode::IdentitySourceOverrun
        } else {
            ReasonCode::IdentitySourceRunning
        };
        Some(self.finding(code, message, Some(newest)))
    }

    /// What the newest ended run says; one in progress does not clear it.
    fn of_newest_ended(&self) -> Vec<Finding> {
        let Some(ended) = self.source.newest_ended.as_ref() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        match Outcome::of(ended) {
            Outcome::Failed => found.push(self.failed(ended)),
            Outcome::Partial => found.push(self.partial(ended)),
            Outcome::Succeeded => found.extend(self.succeeded(ended)),
            Outcome::Unknown | Outcome::Running => {}
        }
        if ended.status == Some(RecordStatus::Finished) && is_incomplete(ended) {
            let code = ReasonCode::RecordStatusUnknown;
            found.push(self.finding(code, not_understood(ended), Some(ended)));
        }
        if Outcome::of(ended) != Outcome::Failed {
            found.extend(self.too_old(ended));
        }
        found
    }

    fn partial(&self, ended: &Record) -> Finding {
        let failed = ended.failed_count.unwrap_or_default();
        let total = changes(ended).saturating_add(failed);
        let diagnosis = cause(ended).and_then(Diagnosis::of);
        let message = match &diagnosis {
            Some(diagnosis) => {
                format!(
                    "{failed} of {total} identities failed: {}",
                    diagnosis.summary
                )
            }
            None => format!("{failed} of {total} identities failed"),
        };
        Finding {
            diagnosis,
            ..self.finding(ReasonCode::RecordsFailed, message, Some(ended))
        }
    }

    /// A success counts if no newer run has begun since, and it is not too old.
    fn succeeded(&self, ended: &Record) -> Option<Finding> {
        let end = ended.end_time?;
        if !is_plausible(end, self.read_at) {
            let message = format!("the last run succeeded, but {}", words::implausible(end));
            return Some(self.finding(ReasonCode::TimeImplausible, message, Some(ended)));
        }
        let is_newest = self.source.newest.as_ref() == Some(ended);
        let code = ReasonCode::IdentitySourceSucceeded;
        (is_newest && !self.rules.is_too_old(end, self.now))
            .then(|| self.finding(code, "the last run succeeded".into(), Some(ended)))
    }

    fn too_old(&self, ended: &Record) -> Option<Finding> {
        let age = self.age_of(ended)?;
        let message = format!("the last run ended {age} ago");
        Some(self.finding(ReasonCode::SuccessTooOld, message, Some(ended)))
    }

    /// How long ago a run that worked ended, if that is too long.
    fn age_of(&self, ended: &Record) -> Option<String> {
        let end = ended
            .end_time
            .filter(|end| is_plausible(*end, self.read_at));
        let end = end.or(ended.start_time)?;
        let is_too_old = self.rules.is_too_old(end, self.now);
        is_too_old.then(|| words::since(end, self.now)).flatten()
    }

    fn failed(&self, ended: &Record) -> Finding {
        let at_least = if self.source.reaches_the_edge(self.is_cut) {
            "at least "
        } else {
            ""
        };
        let runs = match self.failures() {
            count @ 2.. => format!("{at_least}{count} runs in a row failed"),
            _ => "the last run failed".into(),
        };
        self.failure(&runs, ended)
    }

    fn failure(&self, runs: &str, record: &Record) -> Finding {
        let diagnosis = cause(record).and_then(Diagnosis::of);
        let message = match &diagnosis {
            Some(diagnosis) => format!("{runs}: {}", diagnosis.summary),
            None => format!("{runs}; the service gives no cause"),
        };
        Finding {
            diagnosis,
            ..self.finding(ReasonCode::IdentitySourceFailed, message, Some(record))
        }
    }

    /// A record whose start is not known counts unless it ended before the newest known run.
    fn of_unplaced(&self) -> Option<Finding> {
        let record = self.source.unplaced.as_ref()?;
        if self.is_older(record) {
            return None;
        }
        let is_running = record.status == Some(RecordStatus::Running);
        let (code, message) = match record.start_time {
            Some(start) => (
                ReasonCode::TimeImplausible,
                format!("a run started, but {}", words::implausible(start)),
            ),
            None if is_running => (
                ReasonCode::TimeImplausible,
                "a run is in progress without a start time".into(),
            ),
            None => (
                ReasonCode::RecordStatusUnknown,
                "a record that may be the newest has no start time".into(),
            ),
        };
        Some(self.finding(code, message, Some(record)))
    }

    fn of_unplaced_failed(&self) -> Option<Finding> {
        let record = self.source.unplaced_failed.as_ref()?;
        (!self.is_older(record)).then(|| self.failure("a run without a known start failed", record))
    }

    fn is_older(&self, unplaced: &Record) -> bool {
        let newest = self.source.newest_ended.as_ref();
        let newest = newest.and_then(|ended| ended.start_time);
        matches!((unplaced.end_time, newest), (Some(end), Some(newest)) if end < newest)
    }

    fn mass_deletion(&self) -> Option<Note> {
        let ended = self.source.newest_ended.as_ref()?;
        let limit = self.rules.mass_deletion;
        let deleted = ended.delete_count.filter(|count| *count > limit)?;
        let end = ended.end_time.or(ended.start_time)?;
        let end = words::whole_second(end);
        let message =
            format!("the run that ended at {end} deleted {deleted} identities, more than {limit}");
        let mut note = Note::new(NoteCode::MassDeletion, Source::Dws, self.labelled(message));
        note.identity_source_id = self.id.map(str::to_owned);
        Some(note)
    }

    fn labelled(&self, message: String) -> String {
        match &self.label {
            Some(label) => format!("{label}: {message}"),
            None => message,
        }
    }

    fn finding(&self, code: ReasonCode, message: String, about: Option<&Record>) -> Finding {
        let time = about.and_then(|record| match record.status {
            Some(RecordStatus::Finished | RecordStatus::Failed) => {
                record.end_time.or(record.start_time)
            }
            _ => record.start_time,
        });
        let time = time.filter(|time| is_plausible(*time, self.read_at));
        let status = about.and_then(|record| record.status.as_ref());
        let reason = Reason {
            identity_source_id: self.id.map(str::to_owned),
            ..Reason::new(
                code,
                Source::Dws,
                self.labelled(message),
                time.unwrap_or(self.now),
            )
            .with_raw_status(status.map(RecordStatus::as_str))
        };
        let source_type = self.source.source_type.as_ref();
        Finding {
            reason,
            diagnosis: None,
            source_type: source_type.map(|source_type| source_type.as_str().to_owned()),
        }
    }
}

/// Whether an ended run lacks a field that its judgement needs.
fn is_incomplete(ended: &Record) -> bool {
    ended.failed_count.is_none() || ended.end_time.is_none()
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
            words::plain(status.as_str(), LONGEST_STATUS)
        ),
    }
}
