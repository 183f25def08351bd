//! Data Warehouse Service: the runs of a cluster's identity sources.

mod record;

use idsync_api::dws as api;
pub use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};

pub use self::record::Record;
use crate::decode::PageFields;
use crate::paging::{Listing, OffsetUnit, Page, Plan, list_request};
use crate::{Client, ClusterId, Error, Service};

/// The operation's name in the OpenAPI document.
const OPERATION: &str = "listSyncRecords";

const FIELDS: PageFields = PageFields {
    items: "sync_records",
    total: "count",
};

/// The service's own default page size.
const DEFAULT_LIMIT: u32 = 1000;

/// Data Warehouse Service.
#[derive(Clone, Debug)]
pub struct Dws {
    client: Client,
}

impl Dws {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The synchronization records of `cluster`: one for each run of an identity source.
    ///
    /// The feature is off by default, so an empty list may mean that nothing is synchronized. The order is not
    /// documented. A cluster id that is not valid is an error when something is asked.
    pub fn sync_records<C>(&self, cluster: C) -> ListRecords
    where
        C: TryInto<ClusterId>,
        C::Error: Into<Error>,
    {
        let cluster = cluster.try_into().map_err(Into::into);
        ListRecords {
            client: self.client.clone(),
            cluster,
            plan: Plan::new(OffsetUnit::Pages, DEFAULT_LIMIT),
        }
    }
}

/// A request for synchronization records.
///
/// End it with [`items`](Self::items) for every record, [`pages`](Self::pages) for page after page, or
/// [`send`](Self::send) for one page. What is promised of a list that changes while it is read:
/// [`paging`](crate::paging).
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
#[must_use = "nothing is asked until the request is sent"]
pub struct ListRecords {
    client: Client,
    cluster: Result<ClusterId, Error>,
    plan: Plan,
}

impl ListRecords {
    /// How many records a page holds; 1000 if not set. The service may give fewer; 0 is refused.
    pub fn limit(mut self, limit: u32) -> Self {
        self.plan.limit = limit;
        self
    }

    /// The number of the first page, from 0: this operation counts pages, not records.
    pub fn offset(mut self, page: u64) -> Self {
        self.plan.offset = page;
        self
    }
}

list_request!(ListRecords lists Record);

impl Listing for ListRecords {
    type Item = Record;

    fn id(record: &Record) -> Option<&str> {
        record.id.as_deref()
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Record>, Error> {
        let (offset, limit) = crate::paging::in_range(offset, limit)?;
        let cluster = self.cluster.clone()?;
        let prepared = self.client.call(Service::Dws, OPERATION).await?;
        let request = api::Client::new(prepared.base_url, ())
            .list_sync_records()
            .project_id(prepared.project_id.as_str())
            .cluster_id(cluster.as_str())
            .offset(offset)
            .limit(limit)
            .request();
        let call = &prepared.call;
        let asked = call.ask(
            request,
            |page: api::types::SyncRecordPage| FIELDS.page(page.sync_records, page.count),
            |body| FIELDS.page_by_item::<api::types::IdentitySourceSyncRecordVo, _>(body),
        );
        let page = asked.await?;
        Ok(page.explain(|error| call.explain(error)))
    }
}
