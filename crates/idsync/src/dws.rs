//! Data Warehouse Service: the runs of a cluster's identity sources.

mod record;

use idsync_api::dws as api;
pub use idsync_api::dws::enums::{IdentitySourceType, RecordStatus};

pub use self::record::Record;
use crate::decode::PageFields;
use crate::paging::{Items, Listing, OffsetUnit, Page, Pages, Start};
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
            offset: 0,
            limit: None,
        }
    }
}

/// A request for synchronization records.
///
/// End it with [`items`](Self::items) for every record, [`pages`](Self::pages) for page after page, or
/// [`send`](Self::send) for one page.
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
    offset: u64,
    limit: Option<u32>,
}

impl ListRecords {
    /// How many records a page holds; 1000 if not set. The service may give fewer; 0 is refused.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The number of the first page, from 0: this operation counts pages, not records.
    pub fn offset(mut self, page: u64) -> Self {
        self.offset = page;
        self
    }

    /// Asks for one page.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of the call. A record that cannot be read is an error inside the [`Page`], not of it.
    pub async fn send(self) -> Result<Page<Record>, Error> {
        let Start { offset, limit } = self.start();
        self.fetch(offset, limit).await
    }

    /// Asks for page after page, as they are read.
    pub fn pages(self) -> Pages<Record> {
        let start = self.start();
        Pages::of(self, start)
    }

    /// Asks for every record, page by page, as they are read.
    pub fn items(self) -> Items<Record> {
        self.pages().into_items()
    }

    fn start(&self) -> Start {
        Start {
            offset: self.offset,
            limit: self.limit.unwrap_or(DEFAULT_LIMIT),
        }
    }
}

impl Listing for ListRecords {
    type Item = Record;

    const OFFSET: OffsetUnit = OffsetUnit::Pages;

    fn id(record: &Record) -> Option<&str> {
        record.id.as_deref()
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Record>, Error> {
        let (offset, limit) = crate::paging::in_range(offset, limit)?;
        let cluster = self.cluster.clone()?;
        let prepared = self.client.call(Service::Dws, OPERATION).await?;
        let api = api::Client::new_with_client(prepared.base_url, prepared.http, prepared.inner);
        let request = api
            .list_sync_records()
            .project_id(prepared.project_id.as_str())
            .cluster_id(cluster.as_str())
            .offset(offset)
            .limit(limit);
        let call = &prepared.call;
        let page = call.settle(
            request.send().await,
            |page| FIELDS.page(page.sync_records, page.count),
            |body| FIELDS.page_by_item::<api::types::IdentitySourceSyncRecordVo, _>(body),
        )?;
        Ok(page.explain(|error| call.explain(error)))
    }
}
