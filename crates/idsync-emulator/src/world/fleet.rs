//! Generated clusters. None is kept: each is computed from the seed and its number whenever it is asked for.

use super::Placed;
use crate::clock::Time;
use crate::ids::{Ids, hex32, mix, uuid};
use crate::scenario::{
    Cluster, ClusterType, Course, Ending, Flag, IdentitySource, Records, Rhythm, Schedule, Script,
    SourceType, Task, TaskRun, Then, Verdict, days, hours, minutes,
};

/// Records of each generated DWS cluster at the start, unless told otherwise.
pub(super) const RECORDS: u32 = 3;

/// Milliseconds that a generated run of a task takes.
const TASK_LASTS: i64 = 38_000;

/// Milliseconds from one run of a generated identity source to the next.
const SOURCE_EVERY: i64 = hours(6);

/// So many clusters, half of them DWS and half MRS, each with a task in the first workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fleet {
    salt: u64,
    count: u32,
    /// Records of each DWS cluster at the start.
    records: u32,
}

impl Fleet {
    pub(crate) fn new(ids: Ids, count: u32, records: u32) -> Self {
        Self {
            salt: ids.salt("fleet"),
            count,
            records,
        }
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// The number of the cluster with this id.
    pub(crate) fn find(&self, cluster_id: &str) -> Option<u32> {
        // The last group of an id is the cluster's number in hexadecimal.
        let n = u32::from_str_radix(cluster_id.get(24..36)?, 16).ok()?;
        (n < self.count && self.cluster_id(n) == cluster_id).then_some(n)
    }

    pub(crate) fn cluster_id(&self, n: u32) -> String {
        let id = uuid(self.salt, u64::from(n));
        let groups = id.get(..24).unwrap_or_default();
        format!("{groups}{n:012x}")
    }

    pub(crate) fn kind(n: u32) -> ClusterType {
        if n.is_multiple_of(2) {
            ClusterType::Dws
        } else {
            ClusterType::Mrs
        }
    }

    pub(crate) fn name(n: u32) -> String {
        match Self::kind(n) {
            ClusterType::Dws => format!("fleet-{n:06}-dws"),
            ClusterType::Mrs => format!("fleet-{n:06}-mrs"),
        }
    }

    /// Ran 45 minutes to 11 hours before the start of the clock, and goes on daily unless its verdict says otherwise.
    pub(crate) fn task(&self, n: u32) -> Task {
        let first = -minutes(45) - self.below(n, 40, hours(10));
        let daily = |run| Task::live(Schedule::every_hours(24), first, Script::always(run));
        let well = || TaskRun::ending(TaskRun::SUCCEEDED, TASK_LASTS);
        let task = match self.planted(n) {
            Verdict::Healthy | Verdict::Partial => daily(well()),
            Verdict::Failing => daily(TaskRun::failing(
                TASK_LASTS,
                "timeout: the connection to the cluster was not answered within 60 s",
            )),
            Verdict::Stuck => daily(TaskRun::endless()),
            Verdict::Unknown => {
                daily(TaskRun::ending("UNKNOWN", TASK_LASTS)).halting_after(Some(1))
            }
            Verdict::Overdue => Task::live(
                Schedule::every_hours(24),
                first - hours(26),
                Script::always(well()),
            )
            .halting_after(Some(1)),
            Verdict::Running => {
                let run = TaskRun::ending(TaskRun::SUCCEEDED, minutes(20));
                Task::live(
                    Schedule::every_minutes(20),
                    -minutes(5),
                    Script::always(run),
                )
            }
            Verdict::NeverRun => Task::never_ran(),
        };
        // The later the number, the younger the task.
        task.created((days(700) - minutes(i64::from(n))).max(days(2)))
    }

    pub(crate) fn placed(&self, n: u32) -> Placed {
        let kind = Self::kind(n);
        let mut cluster = Cluster::new(&Self::name(n), kind, Some(self.task(n)));
        cluster.verdict = Some(self.planted(n));
        match kind {
            ClusterType::Dws => cluster.records = Records::Live(self.source(n)),
            ClusterType::Mrs => cluster.syncing = Flag::WithTask,
        }
        let number = u64::from(n);
        Placed {
            cluster,
            cluster_id: self.cluster_id(n),
            task_id: hex32(self.salt, number | 1 << 41),
            connection_id: hex32(self.salt, number | 1 << 42),
            identity_source_id: uuid(self.salt, number | 1 << 43),
            salt: mix(self.salt, number | 1 << 44),
        }
    }

    /// The verdict that a cluster earns now: a run that is under way is told before how the last one went.
    pub(crate) fn verdict(&self, n: u32, time: Time) -> Verdict {
        let planted = self.planted(n);
        match planted {
            Verdict::Healthy if self.is_busy(n, time) => Verdict::Running,
            Verdict::Failing if self.task(n).state(time).is_running() => Verdict::Running,
            _ => planted,
        }
    }

    fn is_busy(&self, n: u32, time: Time) -> bool {
        let pulls = Self::kind(n) == ClusterType::Dws && {
            let source = self.source(n);
            let last = source.course.runs(time).last();
            last.is_some_and(|run| run.ended.is_none())
        };
        pulls || self.task(n).state(time).is_running()
    }

    /// Ran last one to five hours before the start of the clock.
    fn source(&self, n: u32) -> IdentitySource {
        let last = -hours(1) - self.below(n, 45, hours(4));
        let before = i64::from(self.records.saturating_sub(1)).saturating_mul(SOURCE_EVERY);
        let added = u32::try_from(self.below(n, 47, 40)).unwrap_or(0);
        let failed = if self.planted(n) == Verdict::Partial {
            2
        } else {
            0
        };
        let usual = Ending::finished().counts(added, 1, 0).with_failures(failed);
        let quiet = Ending::finished().with_failures(failed);
        let script = Script::new([(usual, 1), (quiet, 3)], Then::Repeat);
        let mut course = Course::new(Rhythm::every(last - before, SOURCE_EVERY), script);
        course.limit_to((self.records == 0).then_some(0));
        IdentitySource {
            source_type: SourceType::Ldap,
            course,
            newest_first: true,
        }
    }

    /// In a thousand clusters about ninety are not simply well. Only DWS tells of failed records.
    fn planted(&self, n: u32) -> Verdict {
        match self.draw(n, 46) % 1_000 {
            0..=29 => Verdict::Failing,
            30..=49 => Verdict::Running,
            50..=59 => Verdict::NeverRun,
            60..=64 => Verdict::Stuck,
            65..=74 => Verdict::Overdue,
            75..=79 => Verdict::Unknown,
            80..=99 if Self::kind(n) == ClusterType::Dws && self.records > 0 => Verdict::Partial,
            _ => Verdict::Healthy,
        }
    }

    fn draw(&self, n: u32, purpose: u32) -> u64 {
        mix(self.salt, u64::from(n) | 1 << purpose)
    }

    fn below(&self, n: u32, purpose: u32, bound: i64) -> i64 {
        let draw = i64::try_from(self.draw(n, purpose) >> 1).unwrap_or(0);
        draw.checked_rem(bound).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_leads_back_to_its_number_and_others_lead_nowhere() {
        let fleet = Fleet::new(Ids::new(3), 500, RECORDS);
        for n in 0..500 {
            assert_eq!(fleet.find(&fleet.cluster_id(n)), Some(n));
        }
        assert_eq!(fleet.find(&fleet.cluster_id(500)), None);
        assert_eq!(fleet.find("00000000-0000-4000-8000-000000000001"), None);
        assert_eq!(fleet.find("é".repeat(20).as_str()), None);
        assert_eq!(fleet.find(""), None);
    }

    #[test]
    fn most_clusters_are_well_and_some_are_in_each_other_state() {
        let fleet = Fleet::new(Ids::new(3), 2_000, RECORDS);
        let count = |verdict| (0..2_000).filter(|n| fleet.planted(*n) == verdict).count();
        assert!(count(Verdict::Healthy) > 1_700);
        assert!(count(Verdict::Failing) > 20);
        assert!(count(Verdict::Running) > 10);
        for verdict in [
            Verdict::Stuck,
            Verdict::Overdue,
            Verdict::Partial,
            Verdict::Unknown,
        ] {
            assert!(count(verdict) > 3, "{verdict:?}");
        }
        assert!(count(Verdict::NeverRun) > 5);
    }
}
