//! Data Warehouse Service: the runs of a cluster's identity sources.

mod history;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use idsync_api::dws as api;
pub use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::decode::{self, WireItem, instant, shared};
use crate::list::{ListOperation, OffsetUnit, Page, Pages, Plan, in_range, list_request};
use crate::transport::{Answer, Operation};
use crate::{Client, ClusterId, Error, ProjectId, Service};

/// The service's own default page size.
const DEFAULT_LIMIT: u32 = 1000;

/// Data Warehouse Service.
#[derive(Clone, Debug)]
pub struct Dws {
    pub(crate) client: Client,
}

impl Dws {
    /// The synchronization records of `cluster`: one for each run of an identity source.
    ///
    /// The feature is off by default, so an empty list may mean that nothing is synchronized. The order is not
    /// documented. A cluster id that is not valid is an error when something is requested.
    pub fn sync_records<C>(&self, cluster: C) -> ListRecords
    where
        C: TryInto<ClusterId>,
        C::Error: Into<Error>,
    {
        ListRecords {
            client: self.client.clone(),
            cluster: cluster.try_into().map_err(Into::into),
            plan: Plan::new(OffsetUnit::Pages, DEFAULT_LIMIT),
            since: None,
        }
    }
}

/// One run of an identity source of a DWS cluster.
///
/// Fields are named as on the wire; one that the service left out or set to null is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Record {
    /// The id of the record.
    pub id: Option<String>,
    /// The identity source that ran.
    #[serde(default, deserialize_with = "shared")]
    pub identity_source_id: Option<Arc<str>>,
    /// What the identity source is. The values `ldap` and `oneaccess` are inferred from the SDKs.
    pub identity_source_type: Option<IdentitySourceType>,
    /// When the run started.
    #[serde(default, deserialize_with = "instant")]
    pub start_time: Option<Timestamp>,
    /// When the run ended; not set while it runs (inferred).
    #[serde(default, deserialize_with = "instant")]
    pub end_time: Option<Timestamp>,
    /// How many identities the run added.
    pub add_count: Option<u64>,
    /// How many identities the run updated.
    pub update_count: Option<u64>,
    /// How many identities the run deleted.
    pub delete_count: Option<u64>,
    /// How many identities the run failed on.
    pub failed_count: Option<u64>,
    /// The state of the run. The values are inferred from the SDKs: the reference names none.
    pub status: Option<RecordStatus>,
    /// Why the run failed.
    pub fail_reason: Option<String>,
}

impl WireItem for Record {
    const ITEMS: &'static str = "sync_records";
    const TOTAL: &'static str = "count";
}

/// A request for synchronization records.
///
/// End it with [`items`](Self::items) for every record, [`pages`](Self::pages) for page after page, or
/// [`send`](Self::send) for one page. The module [`list`](crate::list) says what holds while the list changes.
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// let mut records = client.dws().sync_records("cc6588d6-8301-4c9a-b0c0-186bb824e8c0").items();
/// while let Some(record) = records.try_next().await? {
///     println!("{:?}: {:?}", record.start_time, record.status);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is requested until the request is sent"]
pub struct ListRecords {
    client: Client,
    cluster: Result<ClusterId, Error>,
    plan: Plan,
    /// How far back records are read.
    since: Option<Timestamp>,
}

impl ListRecords {
    /// How many records a page holds, 1 to 2147483647; 1000 if not set. The service may give fewer.
    pub fn limit(mut self, limit: u32) -> Self {
        self.plan.limit = limit;
        self
    }

    /// The number of the first page, 0 to 2147483647; 0 if not set. This operation counts pages, not records.
    pub fn offset(mut self, page: u64) -> Self {
        self.plan.offset = page;
        self
    }

    /// Reads no further back than `time`, where the order of the list allows it: every record that started after `time`
    /// comes, and older ones of the same pages. For `items` and `pages`, from the start of the list.
    ///
    /// If the first, the last and a middle page prove that the list is in the order of time, either way, it is read
    /// from its newest end, and no further back than needed; else as a whole. The order of records is that of reading,
    /// and the stream has no position.
    pub fn back_to(mut self, time: Timestamp) -> Self {
        self.since = Some(time);
        self
    }
}

list_request!(ListRecords lists Record);

impl ListOperation for ListRecords {
    type Item = Record;

    const OPERATION: Operation = Operation {
        service: Service::Dws,
        name: "listSyncRecords",
    };

    fn id(record: &Record) -> Option<&str> {
        record.id.as_deref()
    }

    fn name(&self) -> String {
        let cluster = self.cluster.as_ref().map_or("", ClusterId::as_str);
        format!("{}/{cluster}", Self::OPERATION.name)
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    fn read(self) -> Pages<Record> {
        match self.since {
            Some(time) => history::pages_since(self, time),
            None => Pages::read(self),
        }
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Record>, Error> {
        let (offset, limit) = in_range(offset, limit)?;
        let cluster = self.cluster.clone()?;
        let build = |project: &ProjectId| {
            api::Client::new("", ())
                .list_sync_records()
                .project_id(project.as_str())
                .cluster_id(cluster.as_str())
                .offset(offset)
                .limit(limit)
                .request()
        };
        self.client
            .call(Self::OPERATION, build, answered_page)
            .await
    }
}

#[inline(never)]
fn answered_page(answer: &Answer) -> Result<Page<Record>, Error> {
    decode::page(answer)
}
