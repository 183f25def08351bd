//! What is asked of each service.

use idsync_api::dataarts_studio::enums::ClusterType;

use super::Survey;
use super::roster::{Listing, Roster};
use super::subject::Subject;
use crate::dataarts::Task;
use crate::dws::Record;
use crate::health::{ClusterObservation, RecordHistory};
use crate::list::Pages;
use crate::{Error, Service};

impl Survey {
    /// What a list of tasks holds, as far as it can be read.
    pub(super) async fn read(&self, subject: &Subject, mut pages: Pages<Task>) -> Listing {
        let _permit = self.dataarts.acquire().await;
        let mut listing = Listing::default();
        loop {
            let page = subject
                .ask(Service::DataArts, &self.pace, pages.try_next())
                .await;
            match page {
                Ok(Some(page)) => listing.add(page, self.pace.now()),
                Ok(None) => return listing,
                Err(error) => {
                    listing.errors.push(error);
                    return listing;
                }
            }
        }
    }

    /// What a second look finds, with what the first one found where a service does not answer again.
    pub(super) async fn look_again(
        &self,
        subject: &Subject,
        mut known: ClusterObservation,
        workspaces: &[usize],
    ) -> ClusterObservation {
        if let Some(fresh) = self.fresh_tasks(subject, &known, workspaces).await {
            known.tasks = fresh.tasks;
            known.tasks_read_at = fresh.tasks_read_at;
        }
        let (records, iam_sync) = known.take_readings();
        let fresh = self.ask(subject, known).await;
        fresh.or_as_known(records, iam_sync)
    }

    /// The tasks of one cluster, from the workspaces that list some; asked for by its name, if it has one, so that not all
    /// tasks have to be read again. Whether a part of a name matches is not documented, so the answer is searched.
    async fn fresh_tasks(
        &self,
        subject: &Subject,
        known: &ClusterObservation,
        workspaces: &[usize],
    ) -> Option<ClusterObservation> {
        let mut roster = Roster::default();
        for number in workspaces {
            let tasks = subject
                .client
                .dataarts(subject.workspaces.get(*number)?)
                .tasks();
            let tasks = match &known.cluster_name {
                Some(name) => tasks.cluster_name(name),
                None => tasks,
            };
            let listing = self.read(subject, tasks.pages()).await;
            if !listing.errors.is_empty() {
                return None;
            }
            roster.add(*number, listing);
        }
        let mut clusters = roster.into_entries().map(|entry| entry.observation);
        clusters.find(|cluster| cluster.cluster_id == known.cluster_id)
    }

    /// What is known of a cluster with what its own service says of it.
    pub(super) async fn ask(
        &self,
        subject: &Subject,
        cluster: ClusterObservation,
    ) -> ClusterObservation {
        let Some(id) = &cluster.cluster_id else {
            return cluster;
        };
        match &cluster.cluster_type {
            Some(ClusterType::Dws) => {
                let records = records_of(subject, id);
                let records = subject.ask(Service::Dws, &self.pace, records).await;
                cluster.with_records(records.into())
            }
            Some(ClusterType::Mrs) => {
                let mrs = subject.client.mrs();
                let flag = mrs.is_synchronizing(id);
                let flag = subject.ask(Service::Mrs, &self.pace, flag).await;
                cluster.with_iam_sync(flag.into())
            }
            _ => cluster,
        }
    }
}

/// Every record of a cluster: without one page, the newest record would not be known.
async fn records_of(subject: &Subject, cluster_id: &str) -> Result<RecordHistory, Error> {
    let mut pages = subject.client.dws().sync_records(cluster_id).pages();
    let mut history = RecordHistory::default();
    while let Some(page) = pages.try_next().await? {
        for entry in page.into_entries() {
            match entry {
                Ok(record) => history.records.push(lean(record)),
                Err(error) => history.unreadable.push(error),
            }
        }
    }
    Ok(history)
}

/// A record without what no judgement asks for.
fn lean(record: Record) -> Record {
    Record {
        id: None,
        identity_source_id: None,
        ..record
    }
}
