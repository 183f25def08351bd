//! Arguments of the commands that keep a history: `serve`, `sweep`, `history` and `export`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use idsync_monitor::Shard;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

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

    /// History: a file, created if it does not exist, or a URL such as postgres://USER@HOST/DATABASE [default:
    /// $XDG_STATE_HOME/idsync/history.db]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,

    /// Sweep only one of N disjoint parts of the projects: I from 0 to N-1, such as $JOB_COMPLETION_INDEX/64
    ///
    /// A project always belongs to the same shard. Alerts are left to `idsync serve`; `expect` and `min_clusters` are not
    /// checked. 0/1 is the same as no shard.
    #[arg(
        long,
        value_name = "I/N",
        default_value_t,
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub(crate) shard: Shard,

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

/// Arguments of `idsync export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Folder of the files, created if it does not exist: DIR/TABLE/date=YYYY-MM-DD/part-I-of-N.parquet
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,

    /// Day in UTC, which must be over: YYYY-MM-DD, or `yesterday`
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    pub(crate) day: ExportDay,

    /// Export only one of N disjoint parts of the projects: I from 0 to N-1, such as $JOB_COMPLETION_INDEX/64
    #[arg(
        long,
        value_name = "I/N",
        default_value_t,
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub(crate) shard: Shard,

    /// History: a file, or a URL such as postgres://USER@HOST/DATABASE [default: $XDG_STATE_HOME/idsync/history.db]
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) store: Option<PathBuf>,
}

/// The day of `idsync export`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExportDay {
    /// The day before the present one.
    Yesterday,
    /// This one.
    Date(Date),
}

impl ExportDay {
    /// The day in UTC; none if it is out of range.
    pub(crate) fn date(self, now: Timestamp) -> Option<Date> {
        match self {
            Self::Date(date) => Some(date),
            Self::Yesterday => now.to_zoned(TimeZone::UTC).date().yesterday().ok(),
        }
    }
}

impl FromStr for ExportDay {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "yesterday" {
            return Ok(Self::Yesterday);
        }
        let date = Date::strptime("%Y-%m-%d", text).map(Self::Date);
        date.map_err(|_| "give a day such as 2026-11-22, or `yesterday`")
    }
}
