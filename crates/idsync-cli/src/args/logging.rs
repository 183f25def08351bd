//! What is told of the calls while they go on.

use std::path::PathBuf;

use clap::{ArgAction, Args};

/// Flags of every command about logs.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Logs")]
pub(crate) struct LoggingArgs {
    /// Tells on stderr of each call; -vv of each attempt, -vvv of everything
    #[arg(short, long, action = ArgAction::Count, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Writes everything that -vvv tells to this file, one JSON object a line
    ///
    /// The file is made so that only its owner can read it. One that exists and is not empty is left alone: the command then
    /// ends with code 2.
    #[arg(long, value_name = "PATH", global = true)]
    pub(crate) trace_file: Option<PathBuf>,
}
