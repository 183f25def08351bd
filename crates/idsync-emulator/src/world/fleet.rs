//! Generated clusters. None is kept: each is computed from the seed and its number whenever it is asked for.

use super::Placed;
use crate::ids::{Ids, hex32, mix, uuid};
use crate::scenario::{Cluster, ClusterType, Moment, Run, Task, days, hours, minutes};

/// So many clusters, half of them DWS and half MRS, each with a task in the first workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fleet {
    salt: u64,
    count: u32,
}

/// In a hundred clusters about this many are not simply well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    Running,
    Failed,
    NeverRan,
}

impl Fleet {
    pub(crate) fn new(ids: Ids, count: u32) -> Self {
        Self {
            salt: ids.salt("fleet"),
            count,
        }
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

    pub(crate) fn is_running(&self, n: u32) -> bool {
        self.state(n) == State::Running
    }

    pub(crate) fn task(&self, n: u32) -> Task {
        let draw = mix(self.salt, u64::from(n) | 1 << 40);
        let ago = minutes(45) + i64::from(u32::try_from(draw >> 40).unwrap_or(0)) % hours(10);
        let task = match self.state(n) {
            State::Well => Task::succeeded(ago),
            State::Running => Task::running(Moment::Latest {
                ago: minutes(5),
                every: minutes(20),
            }),
            State::Failed => Task::failed(
                ago,
                "timeout: the connection to the cluster was not answered within 60 s",
            ),
            State::NeverRan => Task::never_ran(),
        };
        // The later the number, the younger the task.
        task.created((days(700) - minutes(i64::from(n))).max(days(1)))
    }

    pub(crate) fn placed(&self, n: u32) -> Placed {
        let kind = Self::kind(n);
        let (task, name) = (self.task(n), Self::name(n));
        let cluster = match kind {
            ClusterType::Dws => Cluster::dws(&name, task, self.records(n)),
            ClusterType::Mrs => Cluster::mrs(&name, task, Some(self.is_running(n))),
        };
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

    fn records(&self, n: u32) -> Vec<Run> {
        let draw = mix(self.salt, u64::from(n) | 1 << 45);
        let added = u32::try_from(draw % 40).unwrap_or(0);
        (1..=3)
            .map(|run| Run::finished(hours(6 * run) - hours(5)).counts(added, 1, 0))
            .collect()
    }

    fn state(&self, n: u32) -> State {
        match mix(self.salt, u64::from(n) | 1 << 46) % 100 {
            0..=2 => State::Failed,
            3..=4 => State::Running,
            5 => State::NeverRan,
            _ => State::Well,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_leads_back_to_its_number_and_others_lead_nowhere() {
        let fleet = Fleet::new(Ids::new(3), 500);
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
        let fleet = Fleet::new(Ids::new(3), 2_000);
        let count = |state| (0..2_000).filter(|n| fleet.state(*n) == state).count();
        assert!(count(State::Well) > 1_700);
        assert!(count(State::Failed) > 20);
        assert!(count(State::Running) > 10);
        assert!(count(State::NeverRan) > 5);
    }
}
