//! Arguments of `idsync watch`.

use std::num::NonZeroU64;
use std::time::Duration;

use clap::Args;
use idsync::health::Verdict;

use super::scope::verdict;
use super::{ScopeArgs, duration};

/// Arguments of `idsync watch`.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// How long to wait between the end of a look and the next; longer while a service refuses because of too many
    /// requests
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration::wait, allow_hyphen_values = true)]
    pub(crate) interval: Duration,

    /// Ends after this many looks; without it, only an interrupt ends it
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) count: Option<NonZeroU64>,

    /// Ends with code 3 as soon as a cluster, or the whole, has one of these verdicts
    #[arg(long, value_name = "VERDICT", value_delimiter = ',', value_parser = verdict)]
    pub(crate) fail_on: Vec<Verdict>,

    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}
