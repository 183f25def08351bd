//! Arguments of `idsync doctor`.

use clap::Args;
use idsync::WorkspaceId;
use idsync::health::ClusterRef;

use super::ConnectionArgs;

/// Arguments of `idsync doctor`.
#[derive(Debug, Args)]
#[command(after_long_help = super::help::DOCTOR)]
pub(crate) struct DoctorArgs {
    /// The DataArts Studio workspace that is asked for; without one, DataArts Studio is not asked [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: Option<WorkspaceId>,

    /// A cluster that its service is asked for: `dws:ID` or `mrs:ID`; repeatable [default: one that a task names]
    #[arg(long, value_name = "SERVICE:ID", value_delimiter = ',')]
    pub(crate) cluster: Vec<ClusterRef>,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}
