//! The clusters to be asked, each once, however many tasks and workspaces name it.

use std::collections::{HashMap, HashSet};

use crate::dataarts::Task;
use crate::health::{ClusterObservation, ClusterRef, Reading};

/// Clusters in the order in which they became known.
#[derive(Default)]
pub(super) struct Fleet {
    clusters: Vec<(ClusterObservation, Vec<Task>)>,
    by_id: HashMap<String, usize>,
    seen_tasks: HashSet<String>,
}

impl Fleet {
    /// The clusters of `tasks`.
    pub(super) fn of(tasks: Vec<Task>) -> Self {
        let mut fleet = Self::default();
        fleet.add_tasks(tasks);
        fleet
    }

    /// Adds the clusters of `tasks`. The workspaces of an instance share its tasks: one that is known is left out.
    fn add_tasks(&mut self, tasks: Vec<Task>) {
        for task in tasks {
            let known = task
                .id
                .as_ref()
                .is_some_and(|id| !self.seen_tasks.insert(id.clone()));
            if !known {
                self.add_task(task);
            }
        }
    }

    fn add_task(&mut self, task: Task) {
        let position = self.position(task.cluster_id.as_deref());
        let Some((cluster, tasks)) = self.clusters.get_mut(position) else {
            return;
        };
        cluster.cluster_name = cluster
            .cluster_name
            .take()
            .or_else(|| task.cluster_name.clone());
        cluster.cluster_type = cluster
            .cluster_type
            .take()
            .or_else(|| task.cluster_type.clone());
        tasks.push(task);
    }

    /// Adds a cluster that may be known already.
    pub(super) fn add_named(&mut self, named: &ClusterRef) {
        let position = self.position(Some(named.id().as_str()));
        if let Some((cluster, _)) = self.clusters.get_mut(position) {
            cluster.cluster_type = Some(named.cluster_type());
        }
    }

    /// Where the cluster with this id is; one without an id is always new.
    fn position(&mut self, id: Option<&str>) -> usize {
        let next = self.clusters.len();
        let position = match id {
            Some(id) => *self.by_id.entry(id.to_owned()).or_insert(next),
            None => next,
        };
        if position == next {
            let observation = id.map_or_else(ClusterObservation::default, ClusterObservation::new);
            self.clusters.push((observation, Vec::new()));
        }
        position
    }

    /// `cluster` with the tasks that the fleet has for it, if any, and nothing of its own service.
    pub(super) fn updated(&self, cluster: &ClusterObservation) -> ClusterObservation {
        let known = cluster
            .cluster_id
            .as_ref()
            .and_then(|id| self.by_id.get(id));
        let tasks = known.and_then(|position| self.clusters.get(*position));
        let updated = ClusterObservation {
            records: Reading::NotAsked,
            iam_sync: Reading::NotAsked,
            ..cluster.clone()
        };
        match tasks {
            Some((_, tasks)) => updated.with_tasks(Reading::Read(tasks.clone())),
            None => updated,
        }
    }

    /// The clusters, with what DataArts Studio says of them.
    pub(super) fn into_clusters(self) -> impl Iterator<Item = ClusterObservation> {
        self.clusters.into_iter().map(|(cluster, tasks)| {
            if tasks.is_empty() {
                cluster
            } else {
                cluster.with_tasks(Reading::Read(tasks))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: &str, cluster: Option<&str>) -> Task {
        Task {
            id: Some(id.into()),
            cluster_id: cluster.map(Into::into),
            ..Task::default()
        }
    }

    fn ids(fleet: Fleet) -> Vec<(Option<String>, usize)> {
        fleet
            .into_clusters()
            .map(|cluster| {
                let tasks = if let Reading::Read(tasks) = &cluster.tasks {
                    tasks.len()
                } else {
                    0
                };
                (cluster.cluster_id, tasks)
            })
            .collect()
    }

    #[test]
    fn a_task_that_two_workspaces_share_counts_once() {
        let mut fleet = Fleet::default();
        fleet.add_tasks(vec![task("t1", Some("c1")), task("t2", Some("c2"))]);
        fleet.add_tasks(vec![task("t2", Some("c2")), task("t3", Some("c1"))]);
        assert_eq!(ids(fleet), [(Some("c1".into()), 2), (Some("c2".into()), 1)]);
    }

    #[test]
    fn a_named_cluster_is_asked_once_whether_it_is_known_or_not() {
        let mut fleet = Fleet::default();
        fleet.add_tasks(vec![task("t1", Some("c1"))]);
        for named in ["dws:c1", "mrs:c9", "mrs:c9"] {
            fleet.add_named(&named.parse().unwrap());
        }
        assert_eq!(ids(fleet), [(Some("c1".into()), 1), (Some("c9".into()), 0)]);
    }

    #[test]
    fn tasks_that_name_no_cluster_are_kept_apart() {
        let mut fleet = Fleet::default();
        fleet.add_tasks(vec![task("t1", None), task("t2", None)]);
        assert_eq!(ids(fleet), [(None, 1), (None, 1)]);
    }
}
