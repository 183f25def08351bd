//! The clusters of a project, each once, however many tasks and workspaces name it.

use std::collections::HashMap;

use idsync_api::dataarts_studio::enums::{ClusterType, SyncStatus};
use jiff::Timestamp;

use super::observation::service_of;
use super::{ClusterObservation, ClusterRef, Reading};
use crate::dataarts::Task;
use crate::{Error, WorkspaceId};

/// Clusters in the order in which they became known. What is known of each does not depend on that order.
#[derive(Debug, Default)]
pub(super) struct ClusterIndex {
    clusters: Vec<ClusterObservation>,
    by_id: HashMap<String, usize>,
    error: Option<Error>,
}

impl ClusterIndex {
    /// Adds the cluster of a task that `workspace` lists, as read at `read_at`.
    pub(super) fn add_task(&mut self, workspace: &WorkspaceId, task: Task, read_at: Timestamp) {
        let task = lean(task);
        let Some(cluster) = self.cluster(task.cluster_id.as_deref()) else {
            return;
        };
        let name = task.cluster_name.as_deref().map(str::to_owned);
        let names = [cluster.cluster_name.take(), name].into_iter().flatten();
        cluster.cluster_name = names.min();
        let types = [cluster.cluster_type.take(), task.cluster_type.clone()];
        cluster.cluster_type = types.into_iter().flatten().min_by(by_use);
        let read_before = cluster.tasks_read_at.into_iter();
        cluster.tasks_read_at = read_before.chain([read_at]).min();
        if let Err(place) = cluster
            .workspaces
            .binary_search_by(|known| known.as_str().cmp(workspace.as_str()))
        {
            let workspace = workspace.as_str().to_owned();
            cluster.workspaces.insert(place, workspace);
        }
        match &mut cluster.tasks {
            // The workspaces of an instance share its tasks.
            Reading::Read(tasks) if tasks.contains(&task) => {}
            Reading::Read(tasks) => tasks.push(task),
            tasks => *tasks = Reading::Read(vec![task]),
        }
    }

    /// Adds a cluster that may be known already.
    pub(super) fn add_named(&mut self, named: &ClusterRef) {
        if let Some(cluster) = self.cluster(Some(named.id().as_str())) {
            cluster.cluster_type = Some(named.cluster_type());
        }
    }

    /// Notes that a list could not be read in full: every cluster may have more tasks.
    pub(super) fn add_error(&mut self, error: &Error) {
        let errors = [self.error.take(), Some(error.clone())];
        let errors = errors.into_iter().flatten();
        self.error = errors.min_by_key(ToString::to_string);
    }

    pub(super) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    pub(super) fn into_clusters(self) -> Vec<ClusterObservation> {
        self.clusters
    }

    /// The cluster with this id, new if need be; one without an id is always new.
    fn cluster(&mut self, id: Option<&str>) -> Option<&mut ClusterObservation> {
        let next = self.clusters.len();
        let position = match id {
            Some(id) => *self.by_id.entry(id.to_owned()).or_insert(next),
            None => next,
        };
        if position == next {
            let new = id.map_or_else(ClusterObservation::default, ClusterObservation::new);
            self.clusters.push(new);
        }
        self.clusters.get_mut(position)
    }
}

/// A type that names a service comes first.
fn by_use(one: &ClusterType, other: &ClusterType) -> std::cmp::Ordering {
    let rank = |cluster_type: &ClusterType| {
        let text = cluster_type.as_str().to_owned();
        (service_of(cluster_type).is_none(), text)
    };
    rank(one).cmp(&rank(other))
}

/// A task without what no judgement needs: of ten thousand, that is most of the memory.
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
