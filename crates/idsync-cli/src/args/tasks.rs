//! Arguments of `idsync tasks`.

use clap::{Args, ValueEnum};
use idsync::WorkspaceId;
use idsync::dataarts::{ClusterType, ScheduleStatus, SyncStatus, TaskOrder};

use super::{ConnectionArgs, SelectionArgs};

/// Arguments of `idsync tasks`.
#[derive(Debug, Args)]
pub(crate) struct TasksArgs {
    /// The DataArts Studio workspace that is asked [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: Option<WorkspaceId>,

    /// Only tasks for clusters of this type: MRS or DWS
    #[arg(long, value_name = "TYPE", value_parser = cluster_type)]
    pub(crate) cluster_type: Option<ClusterType>,

    /// Only tasks for clusters of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster_name: Option<String>,

    /// Only tasks whose last run stands so: UNKNOWN, NOT_SYNC, SYNCING, SYNC_SUCCESS or SYNC_FAIL
    #[arg(long, value_name = "STATUS", value_parser = sync_status)]
    pub(crate) sync_status: Option<SyncStatus>,

    /// Only tasks whose schedule stands so: NOT_SCHEDULE or SCHEDULING
    #[arg(long, value_name = "STATUS", value_parser = schedule_status)]
    pub(crate) schedule_status: Option<ScheduleStatus>,

    /// What the service sorts by
    #[arg(long, value_name = "FIELD", value_enum)]
    pub(crate) order_by: Option<Order>,

    /// Sorts upwards
    #[arg(long, requires = "order_by", conflicts_with = "desc")]
    asc: bool,

    /// Sorts downwards
    #[arg(long, requires = "order_by")]
    desc: bool,

    /// How many tasks a page holds; all pages are read [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=2_147_483_647))]
    pub(crate) limit: Option<u32>,

    /// The position of the first task, from 0; the service may round it down to a multiple of the limit
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=2_147_483_647))]
    pub(crate) offset: Option<u32>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// What tasks can be sorted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Order {
    ClusterName,
    CreateTime,
    UpdateTime,
    SyncTime,
}

impl From<Order> for TaskOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::ClusterName => Self::ClusterName,
            Order::CreateTime => Self::CreateTime,
            Order::UpdateTime => Self::UpdateTime,
            Order::SyncTime => Self::SyncTime,
        }
    }
}

impl TasksArgs {
    /// Whether to sort upwards, where that was said.
    pub(crate) fn ascending(&self) -> Option<bool> {
        (self.asc || self.desc).then_some(self.asc)
    }
}

fn cluster_type(text: &str) -> Result<ClusterType, String> {
    known(text, ClusterType::KNOWN, ClusterType::as_str)
}

fn sync_status(text: &str) -> Result<SyncStatus, String> {
    known(text, SyncStatus::KNOWN, SyncStatus::as_str)
}

fn schedule_status(text: &str) -> Result<ScheduleStatus, String> {
    known(text, ScheduleStatus::KNOWN, ScheduleStatus::as_str)
}

/// Reads a documented value in either case. Any other is refused: a misspelt filter would find nothing and look healthy.
fn known<T: Clone>(text: &str, values: &[T], as_str: fn(&T) -> &str) -> Result<T, String> {
    let wanted = text.trim().replace('-', "_");
    let found = values
        .iter()
        .find(|value| as_str(value).eq_ignore_ascii_case(&wanted));
    found.cloned().ok_or_else(|| {
        let words: Vec<_> = values.iter().map(as_str).collect();
        format!("give one of {}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_documented_value_is_read_in_either_case() {
        assert_eq!(sync_status("SYNC_FAIL"), Ok(SyncStatus::SyncFail));
        assert_eq!(sync_status("sync-fail"), Ok(SyncStatus::SyncFail));
        assert_eq!(cluster_type("dws"), Ok(ClusterType::Dws));
        assert_eq!(
            schedule_status("scheduling"),
            Ok(ScheduleStatus::Scheduling)
        );
    }

    #[test]
    fn a_misspelt_value_is_refused_with_the_documented_ones() {
        assert_eq!(
            sync_status("FAILED").unwrap_err(),
            "give one of UNKNOWN, NOT_SYNC, SYNCING, SYNC_SUCCESS, SYNC_FAIL"
        );
    }
}
