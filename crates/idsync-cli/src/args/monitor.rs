//! Arguments of the commands that keep a history: `serve`, `sweep` and `history`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{TargetArgs, values};

/// Arguments of `idsync serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// TOML file of the monitor: address, interval, budget, history and receivers; see `idsync help monitor`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// History: a file, created if it does not exist, or a URL such as postgres://USER@HOST/DATABASE [default:
    /// $XDG_STATE_HOME/idsync/history.db; with --demo a new one]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,

    /// Address of the page; port 0 takes a free one [default: 127.0.0.1:9477]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,

    /// Time from one sweep to the next [default: 5m; with --demo 5s]
    #[arg(long, value_name = "DURATION", value_parser = values::timeout, allow_hyphen_values = true)]
    pub(crate) interval: Option<Duration>,

    /// Let everybody who reaches the address read, without a secret
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

    /// History: a file, created if it does not exist, or a URL such as postgres://USER@HOST/DATABASE [default:
    /// $XDG_STATE_HOME/idsync/history.db]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,

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

    /// History: a file, or a URL such as postgres://USER@HOST/DATABASE [default: $XDG_STATE_HOME/idsync/history.db]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,
}
