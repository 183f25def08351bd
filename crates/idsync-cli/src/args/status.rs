//! Arguments of `idsync status`.

use clap::Args;
use idsync::WorkspaceId;
use idsync::health::{ClusterRef, Verdict};

use super::{ConnectionArgs, SelectionArgs};

/// Arguments of `idsync status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// A DataArts Studio workspace whose clusters are judged; repeatable [env: IDSYNC_WORKSPACE]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) workspace: Vec<WorkspaceId>,

    /// A cluster to be judged even if DataArts Studio does not know it: `dws:ID` or `mrs:ID`; repeatable
    #[arg(long, value_name = "SERVICE:ID", value_delimiter = ',')]
    pub(crate) cluster: Vec<ClusterRef>,

    /// Exits with code 3 if a cluster, or the whole, has one of these verdicts: failing, stuck, overdue, partial, unknown,
    /// never_run, running, healthy
    #[arg(long, value_name = "VERDICT", value_delimiter = ',', value_parser = verdict)]
    pub(crate) fail_on: Vec<Verdict>,

    /// How many clusters are asked at the same time [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Reads a verdict as flags, outputs or tables write it.
fn verdict(text: &str) -> Result<Verdict, idsync::Error> {
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
