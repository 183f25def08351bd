//! Arguments of `idsync completions`.

use clap::Args;
use clap_complete::Shell;

/// Arguments of `idsync completions`.
#[derive(Debug, Args)]
#[command(after_long_help = super::help::COMPLETIONS)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
