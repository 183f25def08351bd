//! A cluster with the ids that the services know it by.

use crate::clock::Time;
use crate::ids::Ids;
use crate::scenario::{Cluster, Flag};

/// A cluster of the scenario or of the generated fleet, ready to be listed.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) cluster: Cluster,
    pub(crate) cluster_id: String,
    pub(crate) task_id: String,
    pub(crate) connection_id: String,
    pub(crate) identity_source_id: String,
    /// Start of the identifiers of its records and of the jobs in its log.
    pub(crate) salt: u64,
}

impl Placed {
    pub(crate) fn new(cluster: Cluster, ids: Ids) -> Self {
        let name = &cluster.name;
        Self {
            cluster_id: ids.uuid(&format!("cluster {name}")),
            task_id: ids.hex32(&format!("task {name}")),
            connection_id: ids.hex32(&format!("connection {name}")),
            identity_source_id: ids.uuid(&format!("identity source {name}")),
            salt: ids.salt(&format!("runs {name}")),
            cluster,
        }
    }

    /// What MRS tells; `None` leaves the field out.
    pub(crate) fn is_synchronizing(&self, time: Time) -> Option<bool> {
        match self.cluster.syncing {
            Flag::Always => Some(true),
            Flag::Never => Some(false),
            Flag::Unreported => None,
            Flag::WithTask => {
                let task = self.cluster.task.as_ref();
                Some(task.is_some_and(|task| task.state(time).is_running()))
            }
        }
    }
}
