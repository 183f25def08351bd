//! Arguments of `idsync help`.

use clap::Args;

/// Arguments of `idsync help`.
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// A topic (environment, exit-codes or verdicts), or a command such as `status` or `debug sign`
    #[arg(value_name = "TOPIC|COMMAND")]
    pub(crate) subject: Vec<String>,
}
