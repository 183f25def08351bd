//! What the records of DWS say of a cluster: each identity source is judged by itself.

use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use jiff::Timestamp;

use super::cluster::{Finding, Findings, IdentitySourceHealth, unavailable};
use super::history::{RunOutcome, SourceHistory, cause, changes, is_ended};
use super::rules::Limits;
use super::tasks::running;
use super::text::{self, LONGEST_STATUS, is_plausible};
use super::{
    Diagnosis, Note, NoteCode, Reading, Reason, ReasonCode, RecordHistory, Source, Verdict,
};
use crate::dws::Record;

/// The code of DWS for a version that lacks the function, which is an answer.
pub(super) const NOT_SUPPORTED: &str = "DWS.5206";

/// Judges the records of one cluster. Returns whether a run is in progress, where there is no doubt.
pub(super) fn judge(
    findings: &mut Findings,
    records: &Reading<RecordHistory>,
    limits: &Limits,
    now: Timestamp,
) -> Option<bool> {
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
    let history = records.value()?;
    let is_whole = records.error().is_none();
    let count = history.sources().count();
    let has_several = count > 1;
    findings.health.identity_sources.reserve_exact(count);
    for (id, source) in history.sources() {
        let label = has_several.then(|| label(id, source.source_type.as_ref()));
        let judge = SourceJudge {
            id,
            label,
            source,
            is_cut: history.is_cut() || !is_whole,
            read_at: history.read_at(),
            limits,
            now,
        };
        judge.add_to(findings);
    }
    if has_several {
        note_silent(findings);
    }
    is_running(history).filter(|is_running| is_whole || *is_running)
}

/// What the source is called beside others.
fn label(id: Option<&str>, source_type: Option<&IdentitySourceType>) -> String {
    let kind = source_type.map_or("identity source", IdentitySourceType::as_str);
    let text = id.map_or_else(
        || format!("{kind} without an id"),
        |id| format!("{kind} {id}"),
    );
    text::plain(&text, LONGEST_STATUS)
}

/// Explains each source that is too old where another one works.
fn note_silent(findings: &mut Findings) {
    let with = |code: ReasonCode| {
        let reasons = findings.reasons.iter();
        reasons.filter(move |it| it.reason.source == Source::Dws && it.reason.code == code)
    };
    if with(ReasonCode::IdentitySourceSucceeded).next().is_none() {
        return;
    }
    let silent = with(ReasonCode::SuccessTooOld).map(|finding| {
        let id = &finding.reason.identity_source_id;
        let message = format!(
            "{}: does not run any more, while another one works; if it was removed, ignore it with \
             CLUSTER/SOURCE:success_too_old",
            label(id.as_deref(), finding.source_type.as_ref())
        );
        Note {
            identity_source_id: id.clone(),
            ..Note::new(NoteCode::IdentitySourceSilent, Source::Dws, message)
        }
    });
    findings.health.notes.extend(silent.collect::<Vec<_>>());
}

/// Running if one source is; not running if the status of each newest run says so.
fn is_running(history: &RecordHistory) -> Option<bool> {
    let mut is_idle = !history.is_empty();
    for (_, source) in history.sources() {
        match source.newest.as_ref().and_then(|it| it.status.as_ref()) {
            Some(RecordStatus::Running) => return Some(true),
            Some(RecordStatus::Finished | RecordStatus::Failed) => {}
            _ => is_idle = false,
        }
    }
    is_idle.then_some(false)
}

/// One identity source and all that its judgement depends on.
struct SourceJudge<'a> {
    id: Option<&'a str>,
    /// What the source is called where there are several.
    label: Option<String>,
    source: &'a SourceHistory,
    is_cut: bool,
    read_at: Timestamp,
    limits: &'a Limits,
    now: Timestamp,
}

impl SourceJudge<'_> {
    fn add_to(&self, findings: &mut Findings) {
        findings.reasons.extend(self.of_newest());
        if let Some(ended) = &self.source.newest_ended {
            self.add_ended(findings, ended);
        }
        findings.reasons.extend(self.of_unplaced());
        findings.reasons.extend(self.of_unplaced_failed());
        if self.id.is_none() && self.label.is_some() {
            let message = "records name no identity source, while others do".into();
            findings.add(self.finding(ReasonCode::RecordStatusUnknown, message, None));
        }
        let source = self.health();
        let health = &mut findings.health;
        health.notes.extend(self.mass_deletion());
        health.last_attempt_at = health.last_attempt_at.max(source.last_attempt_at);
        health.last_change_at = health.last_change_at.max(source.last_change_at);
        findings.successes.push(source.last_success_at);
        health.identity_sources.push(source);
    }

    fn health(&self) -> IdentitySourceHealth {
        let newest = self.source.newest.as_ref();
        IdentitySourceHealth {
            id: self.id.map(str::to_owned),
            source_type: self.source.source_type.clone(),
            verdict: Verdict::Unknown,
            last_attempt_at: newest.and_then(|newest| newest.start_time),
            last_success_at: self.source.last_success_at,
            last_change_at: self.source.last_change_at,
            consecutive_failures: self.source.consecutive_failures(),
            at_least: self.source.reaches_the_edge(self.is_cut),
            failing_since: self.source.failing_since(),
        }
    }

    /// What the newest run says if it has not ended, as far as the service tells.
    fn of_newest(&self) -> Option<Finding> {
        let newest = self.source.newest.as_ref()?;
        if is_ended(newest) {
            return None;
        }
        let (code, message) = if newest.status == Some(RecordStatus::Running) {
            match running(newest.start_time?, self.limits, self.now) {
                (true, message) => (ReasonCode::IdentitySourceOverrun, message),
                (false, message) => (ReasonCode::IdentitySourceRunning, message),
            }
        } else {
            (ReasonCode::RecordStatusUnknown, not_understood(newest))
        };
        Some(self.finding(code, message, Some(newest)))
    }

    /// What the newest ended run says; one in progress does not clear it.
    fn add_ended(&self, findings: &mut Findings, ended: &Record) {
        let outcome = RunOutcome::of(ended);
        match outcome {
            RunOutcome::Failed => findings.add(self.failure(&self.failed_runs(), ended)),
            RunOutcome::Partial => findings.add(self.partial(ended)),
            RunOutcome::Succeeded => findings.reasons.extend(self.succeeded(ended)),
            RunOutcome::Unknown | RunOutcome::Running => {}
        }
        let is_incomplete = ended.failed_count.is_none() || ended.end_time.is_none();
        if ended.status == Some(RecordStatus::Finished) && is_incomplete {
            let code = ReasonCode::RecordStatusUnknown;
            findings.add(self.finding(code, not_understood(ended), Some(ended)));
        }
        if let Some(end) = self.time_of(ended)
            && outcome != RunOutcome::Failed
            && self.limits.is_too_old(end, self.now)
        {
            let age = text::since(end, self.now).unwrap_or_default();
            let message = format!("the last run ended {age} ago");
            findings.add(self.finding(ReasonCode::SuccessTooOld, message, Some(ended)));
        }
    }

    fn failed_runs(&self) -> String {
        let is_open = self.source.reaches_the_edge(self.is_cut);
        let at_least = if is_open { "at least " } else { "" };
        match self.source.consecutive_failures() {
            count @ 2.. => format!("{at_least}{count} runs in a row failed"),
            _ => "the last run failed".into(),
        }
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

    fn partial(&self, ended: &Record) -> Finding {
        let failed = ended.failed_count.unwrap_or_default();
        let total = changes(ended).saturating_add(failed);
        let diagnosis = cause(ended).and_then(Diagnosis::of);
        let mut message = format!("{failed} of {total} identities failed");
        if let Some(diagnosis) = &diagnosis {
            message = format!("{message}: {}", diagnosis.summary);
        }
        Finding {
            diagnosis,
            ..self.finding(ReasonCode::RecordsFailed, message, Some(ended))
        }
    }

    /// A success counts if no newer run has begun since, and it is not too old.
    fn succeeded(&self, ended: &Record) -> Option<Finding> {
        let end = ended.end_time?;
        if !is_plausible(end, self.read_at) {
            let message = format!("the last run succeeded, but {}", text::implausible(end));
            return Some(self.finding(ReasonCode::TimeImplausible, message, Some(ended)));
        }
        let is_newest = self.source.newest.as_ref() == Some(ended);
        let code = ReasonCode::IdentitySourceSucceeded;
        (is_newest && !self.limits.is_too_old(end, self.now))
            .then(|| self.finding(code, "the last run succeeded".into(), Some(ended)))
    }

    /// A record whose start is not known counts unless it ended before the newest known run.
    fn of_unplaced(&self) -> Option<Finding> {
        let record = self.unless_older(self.source.unplaced.as_ref()?)?;
        let is_running = record.status == Some(RecordStatus::Running);
        let (code, message) = match record.start_time {
            Some(start) => (
                ReasonCode::TimeImplausible,
                format!("a run started, but {}", text::implausible(start)),
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
        let record = self.unless_older(self.source.unplaced_failed.as_ref()?)?;
        Some(self.failure("a run without a known start failed", record))
    }

    fn unless_older<'a>(&self, unplaced: &'a Record) -> Option<&'a Record> {
        let newest = self.source.newest_ended.as_ref();
        let newest = newest.and_then(|ended| ended.start_time);
        let is_older =
            matches!((unplaced.end_time, newest), (Some(end), Some(newest)) if end < newest);
        (!is_older).then_some(unplaced)
    }

    fn mass_deletion(&self) -> Option<Note> {
        let ended = self.source.newest_ended.as_ref()?;
        let limit = self.limits.deletion_limit();
        let deleted = ended.delete_count.filter(|count| *count > limit)?;
        let end = ended.end_time.or(ended.start_time)?;
        let end = text::whole_second(end);
        let message =
            format!("the run that ended at {end} deleted {deleted} identities, more than {limit}");
        let message = self.labelled(message);
        Some(Note {
            identity_source_id: self.id.map(str::to_owned),
            ..Note::new(NoteCode::MassDeletion, Source::Dws, message)
        })
    }

    /// When a run ended, or else started, unless that cannot be right.
    fn time_of(&self, record: &Record) -> Option<Timestamp> {
        let end = record.end_time.filter(|_| is_ended(record));
        let mut times = [end, record.start_time].into_iter().flatten();
        times.find(|time| is_plausible(*time, self.read_at))
    }

    fn labelled(&self, message: String) -> String {
        match &self.label {
            Some(label) => format!("{label}: {message}"),
            None => message,
        }
    }

    fn finding(&self, code: ReasonCode, message: String, about: Option<&Record>) -> Finding {
        let time = about.and_then(|record| self.time_of(record));
        let status = about.and_then(|record| record.status.as_ref());
        let message = self.labelled(message);
        let reason = Reason::new(code, Source::Dws, message, time.unwrap_or(self.now));
        Finding {
            reason: Reason {
                identity_source_id: self.id.map(str::to_owned),
                ..reason.with_raw_status(status.map(RecordStatus::as_str))
            },
            diagnosis: None,
            source_type: self.source.source_type.clone(),
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
