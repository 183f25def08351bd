//! DataArts Studio: the tasks that push users and groups into clusters.

mod task;

use idsync_api::dataarts_studio as api;
pub use idsync_api::dataarts_studio::enums::{
    ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus,
};

pub use self::task::Task;
use crate::decode::PageFields;
use crate::paging::{Listing, OffsetUnit, Page, Plan, list_request};
use crate::{Client, Error, Service, WorkspaceId};

/// The operation's name in the OpenAPI document.
const OPERATION: &str = "listSecurityMemberSyncTasks";

const FIELDS: PageFields = PageFields {
    items: "tasks",
    total: "total",
};

/// The page size where none is asked for. The service's own default is not documented.
const DEFAULT_LIMIT: u32 = 100;

/// DataArts Studio, as seen from one workspace.
#[derive(Clone, Debug)]
pub struct DataArts {
    client: Client,
    workspace: Result<WorkspaceId, Error>,
}

impl DataArts {
    pub(crate) fn new(client: Client, workspace: Result<WorkspaceId, Error>) -> Self {
        Self { client, workspace }
    }

    /// The synchronization tasks, with filters and order to be set.
    pub fn tasks(&self) -> ListTasks {
        ListTasks {
            service: self.clone(),
            filter: Filter::default(),
            plan: Plan::new(OffsetUnit::Items, DEFAULT_LIMIT),
        }
    }
}

/// What tasks can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskOrder {
    /// The name of the cluster.
    ClusterName,
    /// When the task was created.
    CreateTime,
    /// When its configuration was last changed.
    UpdateTime,
    /// When it last ran.
    SyncTime,
}

impl From<TaskOrder> for api::enums::TaskOrderBy {
    fn from(order: TaskOrder) -> Self {
        match order {
            TaskOrder::ClusterName => Self::ClusterName,
            TaskOrder::CreateTime => Self::CreateTime,
            TaskOrder::UpdateTime => Self::UpdateTime,
            TaskOrder::SyncTime => Self::SyncTime,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Filter {
    cluster_type: Option<ClusterType>,
    cluster_name: Option<String>,
    sync_status: Option<SyncStatus>,
    schedule_status: Option<ScheduleStatus>,
    order_by: Option<TaskOrder>,
    ascending: Option<bool>,
}

/// A request for synchronization tasks.
///
/// End it with [`items`](Self::items) for every task, [`pages`](Self::pages) for page after page, or
/// [`send`](Self::send) for one page. What is promised of a list that changes while it is read:
/// [`paging`](crate::paging).
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// use idsync::dataarts::SyncStatus;
///
/// let mut failing = client.dataarts("f7bc8f2a").tasks().sync_status(SyncStatus::SyncFail).items();
/// while let Some(task) = failing.try_next().await? {
///     println!("{:?}: {:?}", task.cluster_name, task.sync_msg);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until the request is sent"]
pub struct ListTasks {
    service: DataArts,
    filter: Filter,
    plan: Plan,
}

impl ListTasks {
    /// Only tasks for clusters of this type.
    pub fn cluster_type(mut self, cluster_type: ClusterType) -> Self {
        self.filter.cluster_type = Some(cluster_type);
        self
    }

    /// Only tasks for clusters of this name. Whether a part of the name matches is not documented.
    pub fn cluster_name(mut self, name: impl Into<String>) -> Self {
        self.filter.cluster_name = Some(name.into());
        self
    }

    /// Only tasks whose last run stands so.
    pub fn sync_status(mut self, status: SyncStatus) -> Self {
        self.filter.sync_status = Some(status);
        self
    }

    /// Only tasks whose schedule stands so.
    pub fn schedule_status(mut self, status: ScheduleStatus) -> Self {
        self.filter.schedule_status = Some(status);
        self
    }

    /// What the service sorts by. Its order without this is not documented.
    pub fn order_by(mut self, order: TaskOrder) -> Self {
        self.filter.order_by = Some(order);
        self
    }

    /// Whether the order ascends; only together with [`order_by`](Self::order_by). The default is not documented.
    pub fn ascending(mut self, ascending: bool) -> Self {
        self.filter.ascending = Some(ascending);
        self
    }

    /// How many tasks a page holds; 100 if not set. The service may give fewer; 0 is refused.
    pub fn limit(mut self, limit: u32) -> Self {
        self.plan.limit = limit;
        self
    }

    /// The position of the first task, from 0. A service may round it down to a multiple of the limit.
    pub fn offset(mut self, offset: u64) -> Self {
        self.plan.offset = offset;
        self
    }
}

list_request!(ListTasks lists Task);

impl Filter {
    /// Sets on `request` what is asked for.
    fn apply<'a>(
        &self,
        mut request: api::builder::ListSecurityMemberSyncTasks<'a, ()>,
    ) -> Result<api::builder::ListSecurityMemberSyncTasks<'a, ()>, Error> {
        if let Some(cluster_type) = &self.cluster_type {
            request = request.cluster_type(cluster_type.clone());
        }
        if let Some(name) = &self.cluster_name {
            request = request.cluster_name(name.clone());
        }
        if let Some(status) = &self.sync_status {
            request = request.sync_status(status.clone());
        }
        if let Some(status) = &self.schedule_status {
            request = request.schedule_status(status.clone());
        }
        match (self.order_by, self.ascending) {
            (Some(order), Some(ascending)) => Ok(request.order_by(order).order_by_asc(ascending)),
            (Some(order), None) => Ok(request.order_by(order)),
            (None, None) => Ok(request),
            (None, Some(_)) => Err(Error::invalid_input(
                "ascending or descending needs a field to order by",
            )),
        }
    }
}

impl Listing for ListTasks {
    type Item = Task;

    fn id(task: &Task) -> Option<&str> {
        task.id.as_deref()
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Task>, Error> {
        let (offset, limit) = crate::paging::in_range(offset, limit)?;
        let workspace = self.service.workspace.clone()?;
        let client = &self.service.client;
        let prepared = client.call(Service::DataArts, OPERATION).await?;
        let api = api::Client::new(prepared.base_url, ());
        let request = api
            .list_security_member_sync_tasks()
            .project_id(prepared.project_id.as_str())
            .workspace(workspace.as_str())
            .offset(offset)
            .limit(limit);
        let call = &prepared.call;
        let asked = call.ask(
            self.filter.apply(request)?.request(),
            |page: api::types::MemberSyncTaskPage| FIELDS.page(page.tasks, page.total),
            |body| FIELDS.page_by_item::<api::types::MemberSyncTask, _>(body),
        );
        let page = asked.await?;
        Ok(page.explain(|error| call.explain(error)))
    }
}
