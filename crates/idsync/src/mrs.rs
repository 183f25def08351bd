//! MapReduce Service: whether IAM users are being copied into a cluster.

use idsync_api::mrs as api;
use serde_json::{Map, Value};

use crate::decode::decode;
use crate::{Client, ClusterId, Error, Service};

/// The operation's name in the OpenAPI document.
const OPERATION: &str = "listClusterSyncTaskStatus";

/// MapReduce Service.
#[derive(Clone, Debug)]
pub struct Mrs {
    client: Client,
}

impl Mrs {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Whether IAM users are being synchronized into `cluster` now; `None` if the service does not say.
    ///
    /// `false` means idle and nothing of how the last synchronization went.
    ///
    /// # Errors
    ///
    /// `Usage` if the cluster id is not valid; any other [`Error`] of the call. A cluster that does not exist is
    /// `NotFound`, although the service answers 400.
    pub async fn is_synchronizing<C>(&self, cluster: C) -> Result<Option<bool>, Error>
    where
        C: TryInto<ClusterId>,
        C::Error: Into<Error>,
    {
        let cluster = cluster.try_into().map_err(Into::into)?;
        let prepared = self.client.call(Service::Mrs, OPERATION).await?;
        let request = api::Client::new(prepared.base_url, ())
            .list_cluster_sync_task_status()
            .project_id(prepared.project_id.as_str())
            .cluster_id(cluster.as_str())
            .request();
        // An array is not an object, although serde reads one as its fields in order.
        let rescue = |body: &[u8]| {
            decode::<Map<String, Value>>(body)?;
            decode::<api::types::IamSyncStatus>(body)
        };
        let asked = prepared.call.ask(request, Ok, rescue);
        let status = asked.await?;
        Ok(status.is_synchronizing)
    }
}
