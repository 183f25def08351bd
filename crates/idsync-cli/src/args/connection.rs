//! Whom to ask, and how patiently.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use idsync::ProjectId;

use super::{EndpointArg, duration};

/// Flags of the commands that read from the services of one project.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    #[command(flatten)]
    pub(crate) reach: ReachArgs,

    /// The project that holds the clusters; else looked up by the name of the region [env: HUAWEICLOUD_SDK_PROJECT_ID]
    #[arg(long, value_name = "ID")]
    pub(crate) project_id: Option<ProjectId>,

    /// How long one call may take with its retries, such as 3s or 500ms [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = duration::wait, allow_hyphen_values = true)]
    pub(crate) timeout: Option<Duration>,
}

/// Flags of every command that reads from the services.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ReachArgs {
    /// Reads from an emulator inside this process, which plays a company with 24 clusters; the environment is not looked at
    #[arg(long, conflicts_with_all = ["profile", "region", "project_id", "endpoint"])]
    pub(crate) demo: bool,

    /// The profile of the configuration or credentials file that is used [env: IDSYNC_PROFILE] [default: basic]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The region whose endpoints are used, such as cn-north-4 [env: IDSYNC_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,

    /// The address of all services, or of one: `dws=https://…`; repeatable [env: IDSYNC_ENDPOINT]
    #[arg(long, value_name = "[SERVICE=]URL")]
    pub(crate) endpoint: Vec<EndpointArg>,

    /// How long a connection may take to come about [default: 10s]
    #[arg(long, value_name = "DURATION", value_parser = duration::wait, allow_hyphen_values = true)]
    pub(crate) connect_timeout: Option<Duration>,

    /// How often a call that failed in passing is sent again [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retries: Option<u32>,

    /// A PEM file of certificates that are trusted beside those of the system
    #[arg(long, value_name = "PATH")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Allows plain http beyond this machine: credentials then travel in the clear
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
}
