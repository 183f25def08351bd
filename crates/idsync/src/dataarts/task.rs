//! A synchronization task of DataArts Studio.

use idsync_api::dataarts_studio::enums::{ClusterType, SchedulePeriod, ScheduleStatus, SyncStatus};
use idsync_api::dataarts_studio::types;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::{BadField, FromWire, instant};

/// One task: DataArts Studio pushes users and groups into one MRS or DWS cluster.
///
/// Fields are named as on the wire; one that the service left out or set to null is `None`. Tasks belong to an
/// instance, so every workspace of it lists the same ones (inferred from the user guide): compare by `id`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Task {
    /// The id of the task.
    pub id: Option<String>,
    /// The project that the task belongs to.
    pub project_id: Option<String>,
    /// The account that the task belongs to.
    pub domain_id: Option<String>,
    /// The DataArts Studio instance that the task belongs to.
    pub instance_id: Option<String>,
    /// The workspace that holds the data connection.
    pub data_connection_workspace: Option<String>,
    /// The service of the cluster. The values `MRS` and `DWS` are inferred from the page's example and the SDKs.
    pub cluster_type: Option<ClusterType>,
    /// The data connection by which the cluster is reached.
    pub data_connection_id: Option<String>,
    /// The name of the data connection.
    pub data_connection_name: Option<String>,
    /// The cluster that users and groups are pushed into.
    pub cluster_id: Option<String>,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
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
    /// How the last run went, or that one is in progress.
    pub sync_status: Option<SyncStatus>,
    /// The log text of the last run.
    pub sync_msg: Option<String>,
    /// When the last run started (that it is the start is inferred from the page's example).
    pub sync_time: Option<Timestamp>,
    /// When the task was created.
    pub create_time: Option<Timestamp>,
    /// Who created the task.
    pub create_user: Option<String>,
    /// When the configuration of the task was last changed.
    pub update_time: Option<Timestamp>,
    /// Who last changed the configuration.
    pub update_user: Option<String>,
}

impl FromWire<types::MemberSyncTask> for Task {
    fn from_wire(wire: types::MemberSyncTask) -> Result<Self, BadField> {
        Ok(Self {
            id: wire.id,
            project_id: wire.project_id,
            domain_id: wire.domain_id,
            instance_id: wire.instance_id,
            data_connection_workspace: wire.data_connection_workspace,
            cluster_type: wire.cluster_type,
            data_connection_id: wire.data_connection_id,
            data_connection_name: wire.data_connection_name,
            cluster_id: wire.cluster_id,
            cluster_name: wire.cluster_name,
            schedule_start_hour: wire.schedule_start_hour,
            schedule_end_hour: wire.schedule_end_hour,
            schedule_period: wire.schedule_period,
            schedule_interval: wire.schedule_interval,
            schedule_status: wire.schedule_status,
            sync_status: wire.sync_status,
            sync_msg: wire.sync_msg,
            sync_time: instant("sync_time", wire.sync_time)?,
            create_time: instant("create_time", wire.create_time)?,
            create_user: wire.create_user,
            update_time: instant("update_time", wire.update_time)?,
            update_user: wire.update_user,
        })
    }
}
