//! DataArts Studio: the tasks that push users and groups into clusters.

use std::sync::{Arc, LazyLock};

use idsync_api::dataarts_studio as api;
pub use idsync_api::dataarts_studio::enums::{
    ClusterType, OrderBy as TaskOrder, SchedulePeriod, ScheduleStatus, SyncStatus,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::decode::{self, WireItem, instant, shared};
use crate::list::{ListOperation, OffsetUnit, Page, Plan, in_range, list_request};
use crate::transport::{Answer, Operation};
use crate::{Client, Error, ProjectId, Service, WorkspaceId};

/// Builds requests without sending them.
static API: LazyLock<api::Client<()>> = LazyLock::new(|| api::Client::new("", ()));

/// The page size where none is set. The service's own default is not documented.
const DEFAULT_LIMIT: u32 = 100;

/// DataArts Studio, as seen from one workspace.
#[derive(Clone, Debug)]
pub struct DataArts {
    pub(crate) client: Client,
    pub(crate) workspace: Result<WorkspaceId, Error>,
}

impl DataArts {
    /// The synchronization tasks, with filters and order to be set.
    pub fn tasks(&self) -> ListTasks {
        ListTasks {
            service: self.clone(),
            request: API.list_security_member_sync_tasks(),
            plan: Plan::new(OffsetUnit::Items, DEFAULT_LIMIT),
        }
    }
}

/// One task: DataArts Studio pushes users and groups into one MRS or DWS cluster.
///
/// Fields are named as on the wire; one that the service left out or set to null is `None`. Tasks belong to an
/// instance, so every workspace of it lists the same ones (inferred from the user guide): compare by `id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Task {
    /// The id of the task.
    pub id: Option<String>,
    /// The project that the task belongs to.
    #[serde(default, deserialize_with = "shared")]
    pub project_id: Option<Arc<str>>,
    /// The account that the task belongs to.
    #[serde(default, deserialize_with = "shared")]
    pub domain_id: Option<Arc<str>>,
    /// The DataArts Studio instance that the task belongs to.
    #[serde(default, deserialize_with = "shared")]
    pub instance_id: Option<Arc<str>>,
    /// The workspace that holds the data connection.
    #[serde(default, deserialize_with = "shared")]
    pub data_connection_workspace: Option<Arc<str>>,
    /// The service of the cluster. The values `MRS` and `DWS` are inferred from the page's example and the SDKs.
    pub cluster_type: Option<ClusterType>,
    /// The data connection by which the cluster is reached.
    #[serde(default, deserialize_with = "shared")]
    pub data_connection_id: Option<Arc<str>>,
    /// The name of the data connection.
    #[serde(default, deserialize_with = "shared")]
    pub data_connection_name: Option<Arc<str>>,
    /// The cluster that users and groups are pushed into.
    #[serde(default, deserialize_with = "shared")]
    pub cluster_id: Option<Arc<str>>,
    /// The name of the cluster.
    #[serde(default, deserialize_with = "shared")]
    pub cluster_name: Option<Arc<str>>,
    /// The hour, 0 to 23, at which the daily window opens. Means something only while scheduling.
    pub schedule_start_hour: Option<i64>,
    /// The hour, 0 to 23, at which the daily window closes; no run starts in it. Means something only while
    /// scheduling.
    pub schedule_end_hour: Option<i64>,
    /// The unit of `schedule_interval`.
    pub schedule_period: Option<SchedulePeriod>,
    /// The time between runs, counted from the last one, in the unit of `schedule_period`.
    pub schedule_interval: Option<i64>,
    /// Whether runs are scheduled; not whether one is in progress.
    pub schedule_status: Option<ScheduleStatus>,
    /// The result of the last run, or that one is in progress.
    pub sync_status: Option<SyncStatus>,
    /// The log text of the last run.
    pub sync_msg: Option<String>,
    /// When the last run started (that it is the start is inferred from the page's example).
    #[serde(default, deserialize_with = "instant")]
    pub sync_time: Option<Timestamp>,
    /// When the task was created.
    #[serde(default, deserialize_with = "instant")]
    pub create_time: Option<Timestamp>,
    /// Who created the task.
    #[serde(default, deserialize_with = "shared")]
    pub create_user: Option<Arc<str>>,
    /// When the configuration of the task was last changed.
    #[serde(default, deserialize_with = "instant")]
    pub update_time: Option<Timestamp>,
    /// Who last changed the configuration.
    #[serde(default, deserialize_with = "shared")]
    pub update_user: Option<Arc<str>>,
}

impl WireItem for Task {
    const ITEMS: &'static str = "tasks";
    const TOTAL: &'static str = "total";
}

/// A request for synchronization tasks.
///
/// End it with [`items`](Self::items) for every task, [`pages`](Self::pages) for page after page, or
/// [`send`](Self::send) for one page. The module [`list`](crate::list) says what holds while the list changes.
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
#[must_use = "nothing is requested until the request is sent"]
pub struct ListTasks {
    service: DataArts,
    /// Holds the filters and the order.
    request: api::builder::ListSecurityMemberSyncTasks<'static, ()>,
    plan: Plan,
}

impl ListTasks {
    /// Only tasks for clusters of this type.
    pub fn cluster_type(mut self, cluster_type: ClusterType) -> Self {
        self.request = self.request.cluster_type(cluster_type);
        self
    }

    /// Only tasks for clusters of this name. Whether a part of the name matches is not documented.
    pub fn cluster_name(mut self, name: impl Into<String>) -> Self {
        self.request = self.request.cluster_name(name);
        self
    }

    /// Only tasks whose last run has this status.
    pub fn sync_status(mut self, status: SyncStatus) -> Self {
        self.request = self.request.sync_status(status);
        self
    }

    /// Only tasks whose schedule has this status.
    pub fn schedule_status(mut self, status: ScheduleStatus) -> Self {
        self.request = self.request.schedule_status(status);
        self
    }

    /// The field that the service sorts by. The order without this is not documented.
    pub fn order_by(mut self, order: TaskOrder) -> Self {
        self.request = self.request.order_by(order);
        self
    }

    /// Whether the order ascends; only together with [`order_by`](Self::order_by). The default is not documented.
    pub fn ascending(mut self, ascending: bool) -> Self {
        self.request = self.request.order_by_asc(ascending);
        self
    }

    /// How many tasks a page holds, 1 to 2147483647; 100 if not set. The service may give fewer.
    pub fn limit(mut self, limit: u32) -> Self {
        self.plan.limit = limit;
        self
    }

    /// The position of the first task, 0 to 2147483647; 0 if not set. A service may round it down to a multiple of
    /// the limit.
    pub fn offset(mut self, offset: u64) -> Self {
        self.plan.offset = offset;
        self
    }
}

list_request!(ListTasks lists Task);

impl ListOperation for ListTasks {
    type Item = Task;

    const OPERATION: Operation = Operation {
        service: Service::DataArts,
        name: "listSecurityMemberSyncTasks",
    };

    fn id(task: &Task) -> Option<&str> {
        task.id.as_deref()
    }

    fn name(&self) -> String {
        let workspace = self.service.workspace.as_ref();
        let workspace = workspace.map_or("", WorkspaceId::as_str);
        // The query of a request without a position holds the filters and nothing else.
        let request = self.request.clone().project_id("-").workspace(workspace);
        let request = request.request();
        let query = request.as_ref().ok().and_then(|it| it.uri().query());
        format!(
            "{}/{workspace}?{}",
            Self::OPERATION.name,
            query.unwrap_or_default()
        )
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Task>, Error> {
        let (offset, limit) = in_range(offset, limit)?;
        let workspace = self.service.workspace.clone()?;
        let request = self.request.clone().workspace(workspace.as_str());
        let request = request.offset(offset).limit(limit);
        let build = |project: &ProjectId| request.project_id(project.as_str()).request();
        let client = &self.service.client;
        client.call(Self::OPERATION, build, answered_page).await
    }
}

#[inline(never)]
fn answered_page(answer: &Answer) -> Result<Page<Task>, Error> {
    decode::page(answer)
}
