//! Which clusters are judged, and by which rules.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use idsync::health::{ClusterRef, Verdict};
use idsync::{ProjectId, WorkspaceId};

use super::{JudgementArgs, ReachArgs, duration};

/// Flags of the commands that judge many clusters.
#[derive(Clone, Debug, Args)]
pub(crate) struct ScopeArgs {
    /// A DataArts Studio workspace whose clusters are judged; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    /// A cluster to be judged even if DataArts Studio does not know it: `dws:ID` or `mrs:ID`; repeatable
    #[arg(long, value_name = "SERVICE:ID", value_delimiter = ',')]
    pub(crate) cluster: Vec<ClusterRef>,

    /// A TOML file of projects, each with its workspaces and clusters, and of rules
    ///
    /// Each [[project]] has `project_id`, `region`, `profile`, `workspaces`, `clusters`, `endpoint` and `endpoints` (by
    /// service), all but workspaces or clusters optional; [health] has the rules. The file beats the environment, and
    /// a flag beats the file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "cluster", "project_id", "demo"])]
    pub(crate) fleet: Option<PathBuf>,

    /// How many questions each service is asked at the same time [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,

    #[command(flatten)]
    pub(crate) judgement: JudgementArgs,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,

    /// A project that holds the clusters; repeatable: each is then asked for every workspace and cluster. Else looked up by
    /// the name of the region [env: HUAWEICLOUD_SDK_PROJECT_ID]
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        help_heading = "Connection"
    )]
    pub(crate) project_id: Vec<ProjectId>,

    /// How long one call may take with its retries, such as 3s or 500ms [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = duration::wait, allow_hyphen_values = true, help_heading = "Connection")]
    pub(crate) timeout: Option<Duration>,
}

/// Reads a verdict as flags, outputs or tables write it.
pub(super) fn verdict(text: &str) -> Result<Verdict, idsync::Error> {
    text.trim()
        .to_ascii_lowercase()
        .replace(['-', ' '], "_")
        .parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_read_in_each_way_it_is_written() {
        for text in ["never_run", "never-run", "never run", " Never_Run"] {
            assert_eq!(verdict(text).unwrap(), Verdict::NeverRun, "{text:?}");
        }
    }

    #[test]
    fn an_unknown_verdict_is_refused_with_the_allowed_words() {
        for text in ["", "bad"] {
            assert!(
                verdict(text)
                    .unwrap_err()
                    .to_string()
                    .contains("failing, stuck, overdue")
            );
        }
    }
}
