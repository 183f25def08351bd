//! What makes a cluster the same in two sweeps.

use std::fmt;

use idsync::health::{ClusterHealth, ClusterObservation};
use sha2::{Digest, Sha256};

/// The identity of a cluster: its id within its service and project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClusterKey {
    pub(crate) project_id: String,
    /// `dws`, `mrs`, or the type as the service wrote it.
    pub(crate) cluster_type: String,
    /// The id; for a cluster without one, the ids of its tasks.
    pub(crate) cluster_id: String,
}

impl ClusterKey {
    pub(crate) fn of(health: &ClusterHealth) -> Self {
        let service = health.service().map(|service| service.as_str().to_owned());
        let raw = health.cluster_type.as_ref();
        let raw = raw.map(|raw| raw.as_str().to_owned());
        let tasks = || format!("task:{}", health.tasks.join(","));
        Self {
            project_id: health.project_id.clone().unwrap_or_default(),
            cluster_type: service.or(raw).unwrap_or_default(),
            cluster_id: health.cluster_id.clone().unwrap_or_else(tasks),
        }
    }

    /// The key of a cluster that its own service can be asked about.
    pub(crate) fn of_askable(cluster: &ClusterObservation) -> Option<Self> {
        Some(Self {
            project_id: cluster.project_id.clone().unwrap_or_default(),
            cluster_type: cluster.service()?.as_str().to_owned(),
            cluster_id: cluster.cluster_id.clone()?,
        })
    }

    /// The segments of the path of its page; a project that is not known is a dash.
    pub(crate) fn path(&self) -> [&str; 4] {
        let project = match self.project_id.as_str() {
            "" => "-",
            project => project,
        };
        ["clusters", project, &self.cluster_type, &self.cluster_id]
    }

    /// The key that the segments of a path mean.
    pub(crate) fn of_path(project: String, cluster_type: String, cluster_id: String) -> Self {
        let project_id = if project == "-" {
            String::new()
        } else {
            project
        };
        Self {
            project_id,
            cluster_type,
            cluster_id,
        }
    }

    /// The primary key of the cluster: it follows from the identity, so that several writers agree without a counter.
    pub(crate) fn row(&self) -> i64 {
        let parts = [&self.project_id, &self.cluster_type, &self.cluster_id];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let bytes = digest.iter().take(8);
        bytes.fold(0_i64, |number, byte| (number << 8) | i64::from(*byte)) & i64::MAX
    }
}

impl fmt::Display for ClusterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.cluster_type, self.cluster_id)
    }
}
