//! The JSON of the answers. Fields are named and ordered as in the examples of the reference pages; what is not set is null.

use std::borrow::Cow;

use serde::Serialize;

use super::{Placed, Window, World};
use crate::account::USER_NAME;
use crate::ids::{mix, uuid};
use crate::scenario::{ClusterType, Moment, Run, hours, minutes};

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

/// The answer of the record operation. The page does not tell whether `count` means all records or those given: all (inferred).
#[derive(Debug, Serialize)]
pub(crate) struct RecordPage {
    pub(crate) sync_records: Vec<RecordBody>,
    pub(crate) count: u64,
}

/// A record. Times are milliseconds since the epoch.
#[derive(Debug, Serialize)]
pub(crate) struct RecordBody {
    id: String,
    identity_source_id: String,
    identity_source_type: &'static str,
    start_time: i64,
    end_time: Option<i64>,
    add_count: u32,
    update_count: u32,
    delete_count: u32,
    failed_count: u32,
    status: Cow<'static, str>,
    fail_reason: Option<Cow<'static, str>>,
}

impl World {
    pub(super) fn task_body(&self, n: u32, now_ms: i64) -> TaskBody<'_> {
        match self.numbered(n) {
            Ok(own) => self.body_of(own, now_ms, Cow::Borrowed),
            Err(n) => {
                let generated = self.fleet.placed(n);
                self.body_of(&generated, now_ms, |text| Cow::Owned(text.to_owned()))
            }
        }
    }

    /// `lend` borrows the texts of a cluster that stays, and copies those of one that was only computed.
    fn body_of<'a, 'p>(
        &'a self,
        placed: &'p Placed,
        now_ms: i64,
        lend: impl Fn(&'p str) -> Cow<'a, str>,
    ) -> TaskBody<'a> {
        let task = &placed.cluster.task;
        let at = |moment: Moment| moment.at(self.started_ms, now_ms);
        let sync_time = task.last_run.map(at);
        let log = task.log.as_ref().zip(sync_time);
        TaskBody {
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
            schedule_period: task.schedule.period,
            schedule_start_hour: task.schedule.start_hour,
            schedule_status: task.schedule.status(),
            sync_msg: log.map(|(log, started)| log.render(started, placed.salt)),
            sync_status: lend(&task.sync_status),
            sync_time,
            update_time: at(task.updated),
            update_user: USER_NAME,
        }
    }

    /// The workspace that a task was created in: the first that lists it.
    fn home_of(&self, placed: &Placed) -> &str {
        let at = placed.cluster.workspaces.first().copied().unwrap_or(0);
        self.workspaces
            .get(at)
            .map_or("", |workspace| workspace.id.as_str())
    }

    /// One page of the records of a DWS cluster; `None` if there is no such cluster.
    pub(crate) fn records(
        &self,
        cluster_id: &str,
        window: Window,
        now_ms: i64,
    ) -> Option<RecordPage> {
        let placed = match self.own_cluster(cluster_id) {
            Some(own) => Cow::Borrowed(own),
            None => Cow::Owned(self.fleet.placed(self.fleet.find(cluster_id)?)),
        };
        if placed.cluster.kind != ClusterType::Dws {
            return None;
        }
        let count = match self.first_dws_records {
            Some(count) if self.is_first_dws(cluster_id) => count,
            _ => placed.cluster.records.len() as u64,
        };
        let end = window.skip.saturating_add(window.take).min(count);
        let bodies = (window.skip..end).map(|n| self.record_body(&placed, n, now_ms));
        Some(RecordPage {
            sync_records: bodies.collect(),
            count,
        })
    }

    fn record_body(&self, placed: &Placed, n: u64, now_ms: i64) -> RecordBody {
        let own = usize::try_from(n)
            .ok()
            .and_then(|at| placed.cluster.records.get(at));
        let run = own.cloned().unwrap_or_else(|| self.generated_run(n));
        let start = run.start.at(self.started_ms, now_ms);
        RecordBody {
            id: uuid(placed.salt, n + 1),
            identity_source_id: placed.identity_source_id.clone(),
            identity_source_type: run.source_type,
            start_time: start,
            end_time: run.lasted.map(|lasted| start.saturating_add(lasted)),
            add_count: run.added,
            update_count: run.updated,
            delete_count: run.deleted,
            failed_count: run.failed,
            status: run.status,
            fail_reason: run.fail_reason,
        }
    }

    /// A run from before those of the scenario: the larger `n`, the longer ago, five minutes apart.
    fn generated_run(&self, n: u64) -> Run {
        let draw = mix(self.records_salt, n);
        let count = |shift: u32| u32::from(u8::try_from(draw >> shift & 0x0f).unwrap_or(0));
        let ago = hours(24 * 30).saturating_add(
            i64::try_from(n)
                .unwrap_or(i64::MAX)
                .saturating_mul(minutes(5)),
        );
        match draw % 50 {
            0 => Run::failed(ago, "LDAP search timed out after 30 s"),
            _ => Run::finished(ago).counts(count(8), count(16), count(24)),
        }
    }
}
