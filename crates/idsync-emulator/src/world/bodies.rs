//! The JSON of the answers. Fields are named and ordered as in the examples of the reference pages; what is not set is null.

use std::borrow::Cow;

use serde::Serialize;

use super::{Placed, World};
use crate::account::USER_NAME;
use crate::clock::Time;
use crate::scenario::{ClusterType, Moment};

/// The answer of the task operation.
#[derive(Debug, Serialize)]
pub(crate) struct TaskPage<'a> {
    pub(crate) tasks: Vec<TaskBody<'a>>,
    pub(crate) total: u64,
}

/// A task. Times are milliseconds since the epoch.
#[derive(Debug, Serialize)]
pub(crate) struct TaskBody<'a> {
    cluster_id: Cow<'a, str>,
    cluster_name: Cow<'a, str>,
    cluster_type: ClusterType,
    create_time: i64,
    create_user: &'static str,
    data_connection_id: Cow<'a, str>,
    data_connection_name: String,
    data_connection_workspace: &'a str,
    domain_id: &'a str,
    id: Cow<'a, str>,
    instance_id: &'a str,
    project_id: &'a str,
    schedule_end_hour: u8,
    schedule_interval: u32,
    schedule_period: &'static str,
    schedule_start_hour: u8,
    schedule_status: &'static str,
    sync_msg: Option<String>,
    sync_status: Cow<'a, str>,
    sync_time: Option<i64>,
    update_time: i64,
    update_user: &'static str,
}

/// The answer of the flag operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SyncingBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_synchronizing: Option<bool>,
}

impl World {
    /// The body of a task; `None` for a cluster without one.
    pub(super) fn task_body(&self, n: u32, time: Time) -> Option<TaskBody<'_>> {
        match self.numbered(n) {
            Ok(own) => self.body_of(own, time, Cow::Borrowed),
            Err(n) => {
                let generated = self.fleet.placed(n);
                self.body_of(&generated, time, |text| Cow::Owned(text.to_owned()))
            }
        }
    }

    /// `lend` borrows the texts of a cluster that stays, and copies those of one that was only computed.
    fn body_of<'a, 'p>(
        &'a self,
        placed: &'p Placed,
        time: Time,
        lend: impl Fn(&'p str) -> Cow<'a, str>,
    ) -> Option<TaskBody<'a>> {
        let task = placed.cluster.task.as_ref()?;
        let state = task.state(time);
        let at = |moment: Moment| moment.at(time);
        let log = state.log.as_ref();
        Some(TaskBody {
            cluster_id: lend(&placed.cluster_id),
            cluster_name: lend(&placed.cluster.name),
            cluster_type: placed.cluster.kind,
            create_time: at(task.created),
            create_user: USER_NAME,
            data_connection_id: lend(&placed.connection_id),
            data_connection_name: placed.cluster.name.replace('-', "_"),
            data_connection_workspace: self.home_of(placed),
            domain_id: &self.account.domain_id,
            id: lend(&placed.task_id),
            instance_id: &self.account.instance_id,
            project_id: &self.account.project_id,
            schedule_end_hour: task.schedule.end_hour,
            schedule_interval: task.schedule.interval,
            schedule_period: task.schedule.period.as_str(),
            schedule_start_hour: task.schedule.start_hour,
            schedule_status: state.schedule_status,
            sync_msg: log.map(|(log, written)| log.render(*written, placed.salt)),
            sync_status: lend(state.sync_status),
            sync_time: state.last_run,
            update_time: at(task.updated),
            update_user: USER_NAME,
        })
    }

    /// The workspace that a task was created in: the first that lists it.
    fn home_of(&self, placed: &Placed) -> &str {
        let at = placed.cluster.workspaces.first().copied().unwrap_or(0);
        self.workspaces
            .get(at)
            .map_or("", |workspace| workspace.id.as_str())
    }
}
