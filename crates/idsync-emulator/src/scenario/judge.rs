//! The rules of the health report, written down here once more and much shorter: what a client makes of a scenario must not
//! depend on that client.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{hours, minutes};

/// Verdicts from best to worst.
pub(crate) const VERDICTS: [&str; 8] = [
    "healthy",
    "running",
    "never_run",
    "unknown",
    "partial",
    "overdue",
    "stuck",
    "failing",
];

/// What is to be said of a cluster.
pub(crate) struct Judged {
    pub(crate) verdict: &'static str,
    pub(crate) codes: BTreeSet<&'static str>,
}

/// What a cluster's own service answered.
pub(crate) enum Service {
    Dws(Value),
    Mrs(Value),
    Unavailable,
}

/// Judges a cluster at `now`, in milliseconds since the epoch.
pub(crate) fn judge(task: &Value, service: &Service, now: i64) -> Judged {
    let mut reasons = judge_task(task, now);
    let mut codes = BTreeSet::new();
    let mut busy = None;
    match service {
        Service::Dws(records) => reasons.extend(judge_records(records, now, &mut busy, &mut codes)),
        Service::Mrs(flag) => match flag["is_synchronizing"].as_bool() {
            Some(true) => {
                busy = Some(true);
                reasons.push(("iam_sync_running", "running"));
            }
            Some(false) => {
                busy = Some(false);
                codes.insert("iam_sync_idle");
            }
            None => drop(codes.insert("iam_sync_unreported")),
        },
        Service::Unavailable => drop(codes.insert("source_unavailable")),
    }
    if busy.is_some_and(|busy| busy != (task["sync_status"] == "SYNCING")) {
        codes.insert("sources_disagree");
    }
    codes.extend(reasons.iter().map(|(code, _)| code));
    let rank = |verdict: &str| VERDICTS.iter().position(|known| *known == verdict);
    let verdict = reasons
        .iter()
        .map(|(_, verdict)| *verdict)
        .max_by_key(|verdict| rank(verdict));
    Judged {
        verdict: verdict.unwrap(),
        codes,
    }
}

type Reason = (&'static str, &'static str);

fn judge_task(task: &Value, now: i64) -> Vec<Reason> {
    let scheduled = task["schedule_status"] == "SCHEDULING";
    let age = now - task["sync_time"].as_i64().unwrap_or(0);
    match task["sync_status"].as_str().unwrap() {
        "SYNC_FAIL" if !scheduled => {
            vec![("task_failed", "failing"), ("schedule_stopped", "failing")]
        }
        "SYNC_FAIL" => vec![("task_failed", "failing")],
        "SYNCING" if age > minutes(30) => vec![("task_overrun", "stuck")],
        "SYNCING" => vec![("task_running", "running")],
        "SYNC_SUCCESS" if scheduled => {
            let interval = task["schedule_interval"].as_i64().unwrap();
            let due = match task["schedule_period"].as_str() {
                Some("HOUR") => hours(interval),
                _ => minutes(interval),
            };
            // Where runs wait for an hour of the day, that hour comes within a day.
            let is_open = task["schedule_start_hour"] == task["schedule_end_hour"];
            let due = if is_open { due } else { due + hours(24) };
            if age > due + minutes(30) {
                vec![("schedule_missed", "overdue")]
            } else {
                vec![("task_succeeded", "healthy")]
            }
        }
        "SYNC_SUCCESS" => vec![("task_succeeded", "healthy")],
        "NOT_SYNC" => vec![("task_never_ran", "never_run")],
        _ => vec![("task_status_unknown", "unknown")],
    }
}

fn judge_records(
    records: &Value,
    now: i64,
    busy: &mut Option<bool>,
    notes: &mut BTreeSet<&'static str>,
) -> Vec<Reason> {
    let start = |record: &&Value| record["start_time"].as_i64().unwrap();
    let records = records.as_array().unwrap();
    let Some(newest) = records.iter().max_by_key(start) else {
        notes.insert("no_records");
        return Vec::new();
    };
    *busy = Some(newest["status"] == "RUNNING");
    let mut reasons = match newest["status"].as_str().unwrap() {
        "FAILED" => vec![("identity_source_failed", "failing")],
        "RUNNING" if now - start(&newest) > minutes(30) => {
            vec![("identity_source_overrun", "stuck")]
        }
        "RUNNING" => vec![("identity_source_running", "running")],
        "FINISHED" if newest["failed_count"] == 0 => vec![("identity_source_succeeded", "healthy")],
        "FINISHED" => Vec::new(),
        _ => vec![("record_status_unknown", "unknown")],
    };
    let ended = records
        .iter()
        .filter(|record| !record["end_time"].is_null())
        .max_by_key(start);
    if ended.is_some_and(|record| record["failed_count"] != 0) {
        reasons.push(("records_failed", "partial"));
    }
    if ended.is_some_and(|record| record["delete_count"].as_i64().unwrap() > 100) {
        notes.insert("mass_deletion");
    }
    reasons
}
