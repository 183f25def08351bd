//! Generated clusters, each with a task in the first workspace: half of them DWS, half of them MRS.

use super::ClusterEntry;
use crate::ids::{mix, salt};
use crate::scenario::form::{
    ClusterForm, ClusterType, RecordRun, ScheduleForm, SourceForm, TaskForm, TaskRun, Then, Verdict,
};
use crate::scenario::values::{Hour, Interval, Length, Name, Offset};
use crate::timeline::{days, hours, minutes};

/// Records of each generated DWS cluster at the start, unless a scenario says otherwise.
pub(super) const RECORDS: u32 = 3;

/// Milliseconds from one run of a generated identity source to the next.
const SOURCE_EVERY: i64 = hours(6);

/// The generated cluster of a number. Its verdict follows from the seed.
///
/// # Errors
///
/// None: its values go together.
pub(super) fn cluster(n: u32, records: u32, seed: u64) -> Result<ClusterEntry, String> {
    let draw = Draw {
        salt: mix(salt(seed, "fleet"), n.into()),
    };
    let kind = if n.is_multiple_of(2) {
        ClusterType::Dws
    } else {
        ClusterType::Mrs
    };
    let suffix = if kind == ClusterType::Dws {
        "dws"
    } else {
        "mrs"
    };
    let verdict = draw.verdict(kind == ClusterType::Dws && records > 0);
    // The later the number, the younger the task.
    let age = (days(700) - minutes(n.into())).max(days(2));
    let source = (kind == ClusterType::Dws && records > 0).then(|| source(draw, records, verdict));
    let form = ClusterForm {
        name: Name(format!("fleet-{n:06}-{suffix}")),
        kind,
        workspaces: None,
        verdict: Some(verdict),
        task: Some(TaskForm {
            created: Some(Offset { ms: -age }),
            ..task(draw, verdict)
        }),
        identity_source: source,
        identity_sources: Vec::new(),
        record_order: crate::scenario::form::RecordOrder::NewestFirst,
        is_synchronizing: None,
    };
    let mut cluster = ClusterEntry::new(&form, &[], seed)?;
    cluster.is_generated = true;
    Ok(cluster)
}

/// Ran 45 minutes to 11 hours before the start of the clock, and goes on daily unless its verdict says otherwise.
fn task(draw: Draw, verdict: Verdict) -> TaskForm {
    let first = -minutes(45) - draw.below(1, hours(10));
    let run = |status: &str| TaskRun {
        status: status.to_owned(),
        ..TaskRun::default()
    };
    let daily = |run: TaskRun| TaskForm {
        schedule: Some(schedule(days(1))),
        first_run: Some(Offset { ms: first }),
        runs: vec![run],
        ..TaskForm::default()
    };
    let once = |task: TaskForm| TaskForm {
        halts_after: Some(std::num::NonZeroU32::MIN),
        ..task
    };
    match verdict {
        Verdict::Healthy | Verdict::Partial => daily(run("SYNC_SUCCESS")),
        Verdict::Failing => daily(TaskRun {
            message: Some(
                "timeout: the connection to the cluster was not answered within 60 s".to_owned(),
            ),
            ..run("SYNC_FAIL")
        }),
        Verdict::Stuck => daily(run("SYNCING")),
        Verdict::Unknown => once(daily(run("UNKNOWN"))),
        Verdict::Overdue => TaskForm {
            first_run: Some(Offset {
                ms: first - hours(26),
            }),
            ..once(daily(run("SYNC_SUCCESS")))
        },
        Verdict::Running => TaskForm {
            schedule: Some(schedule(minutes(20))),
            first_run: Some(Offset { ms: -minutes(5) }),
            ..daily(TaskRun {
                lasts: Some(Length { ms: minutes(20) }),
                ..run("SYNC_SUCCESS")
            })
        },
        Verdict::NeverRun => TaskForm::default(),
    }
}

fn schedule(every: i64) -> ScheduleForm {
    ScheduleForm {
        every: Interval { ms: every },
        start_hour: Hour(0),
        end_hour: Hour(0),
        enabled: None,
    }
}

/// Ran last one to five hours before the start of the clock.
fn source(draw: Draw, records: u32, verdict: Verdict) -> SourceForm {
    let last = -hours(1) - draw.below(2, hours(4));
    let before = i64::from(records.saturating_sub(1)).saturating_mul(SOURCE_EVERY);
    let failed_count = if verdict == Verdict::Partial { 2 } else { 0 };
    let quiet = RecordRun {
        failed_count,
        times: std::num::NonZeroU32::new(3),
        ..RecordRun::default()
    };
    let usual = RecordRun {
        add_count: u32::try_from(draw.below(3, 40)).unwrap_or(0),
        update_count: 1,
        times: None,
        ..quiet.clone()
    };
    SourceForm {
        every: Some(Interval { ms: SOURCE_EVERY }),
        first_run: Some(Offset { ms: last - before }),
        runs: vec![usual, quiet],
        then: Then::Repeat,
        ..SourceForm::default()
    }
}

/// Numbers that follow from the seed and the number of a cluster.
#[derive(Clone, Copy)]
struct Draw {
    salt: u64,
}

impl Draw {
    fn below(self, purpose: u64, bound: i64) -> i64 {
        let draw = i64::try_from(mix(self.salt, purpose) >> 1).unwrap_or(0);
        draw.checked_rem(bound).unwrap_or(0)
    }

    /// In a thousand clusters about ninety are not simply healthy. Only DWS reports failed records.
    fn verdict(self, has_records: bool) -> Verdict {
        match self.below(4, 1_000) {
            0..=29 => Verdict::Failing,
            30..=49 => Verdict::Running,
            50..=59 => Verdict::NeverRun,
            60..=64 => Verdict::Stuck,
            65..=74 => Verdict::Overdue,
            75..=79 => Verdict::Unknown,
            80..=99 if has_records => Verdict::Partial,
            _ => Verdict::Healthy,
        }
    }
}
