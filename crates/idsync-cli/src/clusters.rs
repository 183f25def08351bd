//! Clusters that are given by name.

use idsync::dataarts::ClusterType;
use idsync::health::ClusterRef;
use idsync::{ClusterId, Service, WorkspaceId};

use crate::connect::Connection;
use crate::errors::CliError;

impl Connection {
    /// The id of the cluster of `service` that has `given` as its id or name; without one, the first of the demo.
    ///
    /// # Errors
    ///
    /// If the name stands for several clusters or for one of another service, or cannot be looked up.
    pub(crate) async fn cluster(
        &self,
        service: Service,
        given: Option<&ClusterId>,
        workspaces: &[WorkspaceId],
    ) -> Result<ClusterId, CliError> {
        let Some(given) = given else {
            let first = self.demo_clusters(service).first();
            let first = first.ok_or_else(|| CliError::usage("no cluster is given"))?;
            return Ok(first.parse()?);
        };
        match self.named(given, workspaces).await? {
            Some(cluster) if cluster.service() == service => Ok(cluster.id().clone()),
            Some(cluster) => Err(CliError::usage(format!(
                "{given} is {cluster}, a cluster of another service: `idsync records` is for DWS, `idsync syncing` for MRS"
            ))),
            None => Ok(given.clone()),
        }
    }

    /// The cluster that a task in a workspace calls `name`; none if `name` has the form of an id.
    ///
    /// # Errors
    ///
    /// If there are several, or the tasks cannot be read.
    pub(crate) async fn named(
        &self,
        name: &ClusterId,
        workspaces: &[WorkspaceId],
    ) -> Result<Option<ClusterRef>, CliError> {
        if is_uuid(name.as_str()) {
            return Ok(None);
        }
        let mut found = Vec::new();
        for workspace in self.workspaces(workspaces) {
            let tasks = self.client.dataarts(&workspace).tasks();
            let mut tasks = tasks.cluster_name(name.as_str()).items();
            while let Some(task) = tasks.try_next().await? {
                let service = match &task.cluster_type {
                    Some(ClusterType::Dws) => Service::Dws,
                    Some(ClusterType::Mrs) => Service::Mrs,
                    _ => continue,
                };
                let is_named = task.cluster_name.as_deref() == Some(name.as_str());
                if let Some(id) = task.cluster_id.filter(|_| is_named) {
                    let cluster: ClusterRef = format!("{service}:{id}").parse()?;
                    if !found.contains(&cluster) {
                        found.push(cluster);
                    }
                }
            }
        }
        if found.len() > 1 {
            let found: Vec<_> = found.iter().map(ClusterRef::to_string).collect();
            let message = format!("several clusters are named {name}: {}", found.join(", "));
            return Err(CliError::usage(message).with_hint("give the id of one of them"));
        }
        Ok(found.pop())
    }
}

fn is_uuid(text: &str) -> bool {
    let parts = text.split('-').map(str::len);
    parts.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
