//! Arguments of `idsync status`.

use clap::Args;
use idsync::health::Verdict;

use super::scope::verdict;
use super::{ScopeArgs, SelectionArgs};

/// Arguments of `idsync status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Exits with code 3 if a cluster, or the whole, has one of these verdicts: failing, stuck, overdue, partial, unknown,
    /// never_run, running, healthy
    #[arg(long, value_name = "VERDICT", value_delimiter = ',', value_parser = verdict)]
    pub(crate) fail_on: Vec<Verdict>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}
