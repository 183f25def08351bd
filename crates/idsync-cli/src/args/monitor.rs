//! Arguments of the commands that keep a history: `serve`, `sweep`, `history` and `export`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use idsync_monitor::Shard;

use super::{TargetArgs, values};

/// The store that a command keeps or reads.
#[derive(Debug, Args)]
pub(crate) struct StoreArgs {
    /// History: a file, which `serve` and `sweep` create if it does not exist, or a URL such as postgres://USER@HOST/DATABASE
    /// [default: $XDG_STATE_HOME/idsync/history.db; a new one with `serve --demo`]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,
}

/// The part of the projects that a command covers.
#[derive(Debug, Args)]
pub(crate) struct ShardArgs {
    /// Only one of N disjoint parts of the projects: I from 0 to N-1, such as $JOB_COMPLETION_INDEX/64
    ///
    /// A project always belongs to the same shard. A sweep of one shard leaves alerts to `idsync serve`, and does not check
    /// `expect` and `min_clusters`. 0/1 is the same as no shard.
    #[arg(long, value_name = "I/N", allow_hyphen_values = true)]
    pub(crate) shard: Option<Shard>,
}

/// Arguments of `idsync serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// TOML file of the monitor: address, interval, budget, history and receivers; see `idsync help monitor`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) history: StoreArgs,

    /// Address of the page; port 0 takes a free one [default: 127.0.0.1:9477]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,

    /// Time from one sweep to the next [default: 5m; with --demo 5s]
    #[arg(long, value_name = "DURATION", value_parser = values::timeout, allow_hyphen_values = true)]
    pub(crate) interval: Option<Duration>,

    /// Require no secret on any address: anyone who can connect can read
    #[arg(long)]
    pub(crate) public: bool,

    #[command(flatten)]
    pub(crate) targets: TargetArgs,
}

/// Arguments of `idsync sweep`.
#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    /// TOML file of the monitor: budget, history and receivers; see `idsync help monitor`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) history: StoreArgs,

    #[command(flatten)]
    pub(crate) part: ShardArgs,

    #[command(flatten)]
    pub(crate) targets: TargetArgs,
}

/// Arguments of `idsync history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Id or name of a cluster, or `dws:ID` or `mrs:ID`
    #[arg(value_name = "CLUSTER")]
    pub(crate) cluster: String,

    /// Only what happened since then: a time such as 2026-11-22T06:00:00Z or 2026-11-22, or a duration such as 7d
    #[arg(long, value_name = "TIME|DURATION", default_value = "7d")]
    pub(crate) since: String,

    #[command(flatten)]
    pub(crate) history: StoreArgs,
}

/// Arguments of `idsync export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Folder of the files, created if it does not exist: DIR/TABLE/date=YYYY-MM-DD/part-I-of-N.parquet
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,

    /// Day in UTC, which must be over: YYYY-MM-DD, or `yesterday`
    #[arg(long, value_name = "D", value_parser = values::export_day, allow_hyphen_values = true)]
    pub(crate) day: values::ExportDay,

    #[command(flatten)]
    pub(crate) part: ShardArgs,

    #[command(flatten)]
    pub(crate) history: StoreArgs,
}
