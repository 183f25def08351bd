//! Generated clusters, each with a task in the first workspace: half of them DWS, half of them MRS.

use std::num::NonZeroU32;

use super::ClusterEntry;
use crate::ids::{mix, salt};
use crate::scenario::form::{
    ClusterForm, ClusterType, RecordRun, ScheduleForm, SourceForm, TaskForm, TaskRun, Verdict,
};
use crate::scenario::values::{Hour, Interval, Length, Name, Offset};
use crate::timeline::{days, hours, minutes};

/// Records of each generated DWS cluster at the start, unless a scenario says otherwise.
pub(super) const RECORDS: u32 = 3;

/// Milliseconds from one run of a generated identity source to the next.
const SOURCE_EVERY: i64 = hours(6);

/// The log message of the tasks that fail.
const TIMEOUT: &str = "timeout: the connection to the cluster was not answered within 60 s";

/// The generated cluster of a number. Its verdict follows from the seed: about ninety in a thousand are not simply healthy.
///
/// # Errors
///
/// None: its values go together.
pub(super) fn cluster(n: u32, records: u32, seed: u64) -> Result<ClusterEntry, String> {
    let salt = mix(salt(seed, "fleet"), n.into());
    let below = |purpose, bound: u32| i64::try_from(mix(salt, purpose) % u64::from(bound));
    let below = |purpose, bound| below(purpose, bound).unwrap_or(0);
    let (kind, suffix) = if n.is_multiple_of(2) {
        (ClusterType::Dws, "dws")
    } else {
        (ClusterType::Mrs, "mrs")
    };
    let has_records = kind == ClusterType::Dws && records > 0;
    let verdict = match below(4, 1_000) {
        0..=29 => Verdict::Failing,
        30..=49 => Verdict::Running,
        50..=59 => Verdict::NeverRun,
        60..=64 => Verdict::Stuck,
        65..=74 => Verdict::Overdue,
        75..=79 => Verdict::Unknown,
        80..=99 if has_records => Verdict::Partial,
        _ => Verdict::Healthy,
    };
    // Tasks ran last 45 minutes to 11 hours before the start of the clock, identity sources one to five hours.
    let task_ran = minutes(45 + below(1, 600));
    let source_ran = minutes(60 + below(2, 240));
    let form = ClusterForm {
        name: Name(format!("fleet-{n:06}-{suffix}")),
        kind,
        workspaces: None,
        verdict: Some(verdict),
        task: Some(TaskForm {
            // The later the number, the younger the task.
            created: Some(Offset {
                ms: (minutes(n.into()) - days(700)).min(-days(2)),
            }),
            ..task(verdict, task_ran)
        }),
        identity_source: has_records.then(|| source(verdict, source_ran, records)),
        identity_sources: Vec::new(),
        record_order: crate::scenario::form::RecordOrder::NewestFirst,
        is_synchronizing: None,
    };
    let mut cluster = ClusterEntry::new(&form, &[], seed)?;
    cluster.is_generated = true;
    Ok(cluster)
}

/// A daily task, unless its verdict needs another one.
fn task(verdict: Verdict, ran: i64) -> TaskForm {
    if verdict == Verdict::NeverRun {
        return TaskForm::default();
    }
    let (status, every, ran) = match verdict {
        Verdict::Failing => ("SYNC_FAIL", days(1), ran),
        Verdict::Stuck => ("SYNCING", days(1), ran),
        Verdict::Unknown => ("UNKNOWN", days(1), ran),
        Verdict::Overdue => ("SYNC_SUCCESS", days(1), ran + hours(26)),
        // Always in progress: each run is followed by the next.
        Verdict::Running => ("SYNC_SUCCESS", minutes(20), minutes(5)),
        _ => ("SYNC_SUCCESS", days(1), ran),
    };
    let is_last = matches!(verdict, Verdict::Unknown | Verdict::Overdue);
    TaskForm {
        schedule: Some(ScheduleForm {
            every: Interval { ms: every },
            start_hour: Hour(0),
            end_hour: Hour(0),
            enabled: None,
        }),
        first_run: Some(Offset { ms: -ran }),
        runs: vec![TaskRun {
            status: status.to_owned(),
            lasts: (verdict == Verdict::Running).then_some(Length { ms: every }),
            message: (verdict == Verdict::Failing).then(|| TIMEOUT.to_owned()),
            ..TaskRun::default()
        }],
        halts_after: is_last.then_some(NonZeroU32::MIN),
        ..TaskForm::default()
    }
}

fn source(verdict: Verdict, ran: i64, records: u32) -> SourceForm {
    let before = i64::from(records.saturating_sub(1)).saturating_mul(SOURCE_EVERY);
    let run = RecordRun {
        failed_count: if verdict == Verdict::Partial { 2 } else { 0 },
        update_count: 1,
        ..RecordRun::default()
    };
    SourceForm {
        every: Some(Interval { ms: SOURCE_EVERY }),
        first_run: Some(Offset { ms: -ran - before }),
        runs: vec![run],
        ..SourceForm::default()
    }
}
