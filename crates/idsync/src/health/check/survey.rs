//! The questions to the services, several at once.

use futures_util::stream::{self, StreamExt};
use idsync_api::dataarts_studio::enums::ClusterType;

use crate::dataarts::Task;
use crate::health::{ClusterObservation, RecordHistory};
use crate::{Client, Error, WorkspaceId};

/// Whom to ask, and how many at a time.
pub(super) struct Survey<'a> {
    client: &'a Client,
    workspaces: Vec<WorkspaceId>,
    concurrency: usize,
}

/// What workspaces listed, as far as it could be read.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) tasks: Vec<Task>,
    pub(super) errors: Vec<Error>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(
        client: &'a Client,
        workspaces: Vec<WorkspaceId>,
        concurrency: usize,
    ) -> Self {
        Self {
            client,
            workspaces,
            concurrency,
        }
    }

    /// The tasks of all workspaces, in the order of these.
    pub(super) async fn tasks(&self) -> Listing {
        let listings = stream::iter(&self.workspaces)
            .map(|workspace| self.tasks_of(workspace))
            .buffered(self.concurrency);
        listings
            .fold(Listing::default(), async |mut all, listing| {
                all.tasks.extend(listing.tasks);
                all.errors.extend(listing.errors);
                all
            })
            .await
    }

    async fn tasks_of(&self, workspace: &WorkspaceId) -> Listing {
        let mut pages = self.client.dataarts(workspace).tasks().pages();
        let mut listing = Listing::default();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => {
                    for entry in page.into_entries() {
                        match entry {
                            Ok(task) => listing.tasks.push(task),
                            Err(error) => listing.errors.push(error),
                        }
                    }
                }
                Err(error) => listing.errors.push(error),
            }
        }
        listing
    }

    /// What the clusters' own services say of them, in the same order.
    pub(super) async fn services(
        &self,
        clusters: Vec<ClusterObservation>,
    ) -> Vec<ClusterObservation> {
        stream::iter(clusters)
            .map(|cluster| self.ask(cluster))
            .buffered(self.concurrency)
            .collect()
            .await
    }

    async fn ask(&self, cluster: ClusterObservation) -> ClusterObservation {
        let Some(id) = &cluster.cluster_id else {
            return cluster;
        };
        match &cluster.cluster_type {
            Some(ClusterType::Dws) => {
                let records = self.records_of(id).await.into();
                cluster.with_records(records)
            }
            Some(ClusterType::Mrs) => {
                let flag = self.client.mrs().is_synchronizing(id).await.into();
                cluster.with_iam_sync(flag)
            }
            _ => cluster,
        }
    }

    /// Every record of a cluster: without one page, the newest record would not be known.
    async fn records_of(&self, cluster_id: &str) -> Result<RecordHistory, Error> {
        let mut pages = self.client.dws().sync_records(cluster_id).pages();
        let mut history = RecordHistory::default();
        while let Some(page) = pages.try_next().await? {
            for entry in page.into_entries() {
                match entry {
                    Ok(record) => history.records.push(record),
                    Err(error) => history.unreadable.push(error),
                }
            }
        }
        Ok(history)
    }
}
