//! The clusters of a project that are to be asked about, each once, however many tasks and workspaces name it.

use std::collections::{HashMap, HashSet};

use idsync_api::dataarts_studio::enums::SyncStatus;
use jiff::Timestamp;

use crate::Error;
use crate::dataarts::Task;
use crate::health::{ClusterObservation, ClusterRef, Reading};
use crate::list::Page;

/// What one workspace listed, as far as it could be read: no more of each task than its judgement needs.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pages: Vec<(Timestamp, Vec<Task>)>,
    pub(super) errors: Vec<Error>,
}

impl Listing {
    /// Adds a page that was read at `now`.
    pub(super) fn add(&mut self, page: Page<Task>, now: Timestamp) {
        let mut tasks = Vec::with_capacity(page.len());
        for entry in page.into_entries() {
            match entry {
                Ok(task) => tasks.push(lean(task)),
                Err(error) => self.errors.push(error),
            }
        }
        self.pages.push((now, tasks));
    }
}

/// A task without what no judgement asks for: of ten thousand, that is most of the memory.
fn lean(task: Task) -> Task {
    let has_failed = task.sync_status == Some(SyncStatus::SyncFail);
    Task {
        project_id: None,
        domain_id: None,
        instance_id: None,
        data_connection_workspace: None,
        data_connection_id: None,
        data_connection_name: None,
        sync_msg: task.sync_msg.filter(|_| has_failed),
        create_user: None,
        update_user: None,
        ..task
    }
}

/// One cluster, and which workspaces list tasks for it.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) observation: ClusterObservation,
    pub(super) workspaces: Vec<usize>,
}

/// Clusters in the order in which they became known.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
    seen_tasks: HashSet<String>,
}

impl Roster {
    /// Adds the clusters that a workspace, by its number, has tasks for. The workspaces of an instance share its tasks:
    /// one that is known is left out.
    pub(super) fn add(&mut self, workspace: usize, listing: Listing) {
        for (read_at, tasks) in listing.pages {
            for task in tasks {
                let known = task
                    .id
                    .as_ref()
                    .is_some_and(|id| !self.seen_tasks.insert(id.clone()));
                if !known {
                    self.add_task(workspace, task, read_at);
                }
            }
        }
    }

    fn add_task(&mut self, workspace: usize, mut task: Task, read_at: Timestamp) {
        let cluster_id = task.cluster_id.take();
        let Some(entry) = self.entry(cluster_id.as_deref()) else {
            return;
        };
        if entry.workspaces.last() != Some(&workspace) {
            entry.workspaces.push(workspace);
        }
        let cluster = &mut entry.observation;
        cluster.cluster_name = cluster
            .cluster_name
            .take()
            .or(task.cluster_name.take().map(|name| name.to_string()));
        cluster.cluster_type = cluster.cluster_type.take().or(task.cluster_type.take());
        cluster.tasks_read_at = cluster.tasks_read_at.into_iter().chain([read_at]).min();
        match &mut cluster.tasks {
            Reading::Read(tasks) => tasks.push(task),
            tasks => *tasks = Reading::Read(vec![task]),
        }
    }

    /// Adds a cluster that may be known already.
    pub(super) fn add_named(&mut self, named: &ClusterRef) {
        if let Some(entry) = self.entry(Some(named.id().as_str())) {
            entry.observation.cluster_type = Some(named.cluster_type());
        }
    }

    /// The cluster with this id, new if need be; one without an id is always new.
    fn entry(&mut self, id: Option<&str>) -> Option<&mut Entry> {
        let next = self.entries.len();
        let position = match id {
            Some(id) => *self.by_id.entry(id.to_owned()).or_insert(next),
            None => next,
        };
        if position == next {
            let observation = id.map_or_else(ClusterObservation::default, ClusterObservation::new);
            self.entries.push(Entry {
                observation,
                workspaces: Vec::new(),
            });
        }
        self.entries.get_mut(position)
    }

    pub(super) fn into_entries(self) -> impl Iterator<Item = Entry> {
        self.entries.into_iter()
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

    fn listing(tasks: [(&str, Option<&str>); 2], second: i64) -> Listing {
        let mut listing = Listing::default();
        let tasks = tasks.map(|(id, cluster)| task(id, cluster));
        listing.add(
            Page::new(tasks.into(), None),
            Timestamp::from_second(second).unwrap(),
        );
        listing
    }

    /// The id of each cluster, its number of tasks, and the workspaces that list it.
    fn told(roster: Roster) -> Vec<(Option<String>, usize, Vec<usize>)> {
        let told = |entry: Entry| {
            let tasks = match entry.observation.tasks {
                Reading::Read(tasks) => tasks.len(),
                Reading::NotAsked | Reading::Unavailable(_) => 0,
            };
            (entry.observation.cluster_id, tasks, entry.workspaces)
        };
        roster.into_entries().map(told).collect()
    }

    #[test]
    fn a_task_that_two_workspaces_share_counts_once() {
        let mut roster = Roster::default();
        roster.add(0, listing([("t1", Some("c1")), ("t2", Some("c2"))], 5));
        roster.add(1, listing([("t2", Some("c2")), ("t3", Some("c1"))], 3));
        assert_eq!(
            roster.entries[0]
                .observation
                .tasks_read_at
                .unwrap()
                .as_second(),
            3
        );
        assert_eq!(
            told(roster),
            [
                (Some("c1".into()), 2, vec![0, 1]),
                (Some("c2".into()), 1, vec![0])
            ]
        );
    }

    #[test]
    fn a_named_cluster_is_there_once_whether_it_is_known_or_not() {
        let mut roster = Roster::default();
        roster.add(0, listing([("t1", Some("c1")), ("t2", Some("c1"))], 0));
        for named in ["dws:c1", "mrs:c9", "mrs:c9"] {
            roster.add_named(&named.parse().unwrap());
        }
        assert_eq!(
            told(roster),
            [
                (Some("c1".into()), 2, vec![0]),
                (Some("c9".into()), 0, vec![])
            ]
        );
    }

    #[test]
    fn tasks_that_name_no_cluster_are_kept_apart() {
        let mut roster = Roster::default();
        roster.add(0, listing([("t1", None), ("t2", None)], 0));
        assert_eq!(told(roster), [(None, 1, vec![0]), (None, 1, vec![0])]);
    }
}
