//! Arguments of `idsync wait`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use idsync::health::ClusterRef;
use idsync::{ProjectId, WorkspaceId};

use super::{ConnectionArgs, ReachArgs, duration};

/// Arguments of `idsync wait`.
#[derive(Debug, Args)]
#[command(after_long_help = super::help::WAIT)]
pub(crate) struct WaitArgs {
    /// The clusters, all of which have to reach the state: `dws:ID` or `mrs:ID`
    #[arg(value_name = "SERVICE:ID", required = true)]
    pub(crate) cluster: Vec<ClusterRef>,

    /// What is waited for
    #[arg(long, value_name = "STATE", value_enum)]
    pub(crate) until: Goal,

    /// How long to wait altogether; then the code is 5
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration::wait, allow_hyphen_values = true)]
    pub(crate) timeout: Duration,

    /// How long to wait between the end of a look and the next; longer while a service refuses because of too many
    /// requests
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration::wait, allow_hyphen_values = true)]
    pub(crate) interval: Duration,

    /// A DataArts Studio workspace whose tasks for the clusters count too; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,

    /// The project that holds the clusters; else looked up by the name of the region [env: HUAWEICLOUD_SDK_PROJECT_ID]
    #[arg(long, value_name = "ID", help_heading = "Connection")]
    pub(crate) project_id: Option<ProjectId>,

    /// How long one call may take with its retries, such as 3s or 500ms [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = duration::wait, allow_hyphen_values = true, help_heading = "Connection")]
    pub(crate) call_timeout: Option<Duration>,
}

/// What clusters are waited for to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Goal {
    /// No run is in progress, however the last one ended
    Idle,
    /// The verdict is healthy
    Healthy,
}

impl Goal {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Healthy => "healthy",
        }
    }
}

impl WaitArgs {
    /// What concerns single calls: here, `--timeout` is the whole wait.
    pub(crate) fn connection(&self) -> ConnectionArgs {
        ConnectionArgs {
            reach: self.reach.clone(),
            project_id: self.project_id.clone(),
            timeout: self.call_timeout,
        }
    }
}
