//! Arguments of `idsync man`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `idsync man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder that gets one page for each command, made if need be; without it, the main page goes to stdout
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
}
