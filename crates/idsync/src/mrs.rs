//! MapReduce Service: whether IAM users are being copied into a cluster.

use std::future::Future;
use std::pin::Pin;

use idsync_api::mrs as api;

use crate::transport::Operation;
use crate::{Client, ClusterId, Error, ProjectId, Service, decode};

pub(crate) const STATUS: Operation = Operation {
    service: Service::Mrs,
    name: "listClusterSyncTaskStatus",
};

/// MapReduce Service.
#[derive(Clone, Debug)]
pub struct Mrs {
    pub(crate) client: Client,
}

impl Mrs {
    /// Whether IAM users are being synchronized into `cluster` now; `None` if the service does not say.
    ///
    /// `false` means idle, and says nothing of the result of the last synchronization.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the cluster id is not valid; any other [`Error`] of the call. A cluster that does not exist is
    /// `NotFound`, although the service answers 400.
    pub fn is_synchronizing<C>(
        &self,
        cluster: C,
    ) -> Pin<Box<dyn Future<Output = Result<Option<bool>, Error>> + Send>>
    where
        C: TryInto<ClusterId>,
        C::Error: Into<Error>,
    {
        let client = self.client.clone();
        let cluster = cluster.try_into().map_err(Into::into);
        Box::pin(async move {
            let cluster = cluster?;
            let build = |project: &ProjectId| {
                api::Client::new("", ())
                    .list_cluster_sync_task_status()
                    .project_id(project.as_str())
                    .cluster_id(cluster.as_str())
                    .request()
            };
            client.call(STATUS, build, decode::flag).await
        })
    }
}
