//! Arguments of `idsync emulator`.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use idsync_emulator::Scenario;

use super::duration;

/// Arguments of `idsync emulator`.
#[derive(Debug, Args)]
pub(crate) struct EmulatorArgs {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// What is played: demo
    #[arg(long, value_name = "NAME", default_value = "demo", value_parser = Scenario::named)]
    pub(crate) scenario: Scenario,

    /// Whether signatures and tokens are checked
    #[arg(long, value_name = "MODE", value_enum, default_value = "strict")]
    pub(crate) auth: Protection,

    /// The number that all invented ids follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many tasks are added to the first workspace, each with a cluster
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) tasks: u32,

    /// How many records the first DWS cluster has [default: as in the scenario]
    #[arg(long, value_name = "N")]
    pub(crate) records: Option<u64>,

    /// How long each answer is held back, such as 20ms
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration::pause)]
    pub(crate) latency: Duration,

    /// What DWS counts in `offset`
    #[arg(long, value_name = "MODE", value_enum, default_value = "page")]
    pub(crate) dws_offset: DwsOffsetArg,

    /// Whether DataArts Studio rounds `offset` down to a multiple of `limit`
    #[arg(long, value_name = "MODE", value_enum, default_value = "exact")]
    pub(crate) dataarts_offset: DataArtsOffsetArg,

    /// Run in the background, and print what makes a shell's commands and SDKs talk to it
    ///
    /// For POSIX shells: eval "$(idsync emulator --print-env)". The emulator ends with the shell, or by
    /// kill "$IDSYNC_EMULATOR_PID".
    #[cfg(unix)]
    #[arg(long)]
    pub(crate) print_env: bool,

    /// End when this process has ended [default with --print-env: whoever started this command]
    #[cfg(unix)]
    #[arg(long = "while", value_name = "PID")]
    pub(crate) lifeline: Option<u32>,
}

/// Whether signatures and tokens are checked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Protection {
    Strict,
    Off,
}

/// What DWS counts in `offset`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DwsOffsetArg {
    Page,
    Record,
}

/// How DataArts Studio takes `offset`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DataArtsOffsetArg {
    Exact,
    Floor,
}
