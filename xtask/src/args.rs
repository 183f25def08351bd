//! Arguments of `cargo xtask`.

use clap::{Parser, Subcommand};
use xtask::facts::command::Docs;

/// Development tasks of the idsync workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Generates crates/idsync-api/src/generated from openapi/*.yaml.
    Codegen {
        /// Writes nothing; shows what differs and fails if anything does.
        #[arg(long)]
        check: bool,
    },
    /// Reads the vendor's reference pages and compares the documents with them.
    Docs(Docs),
    /// Prints what changed in openapi/*.yaml since a release. Exits with 3 if that breaks clients and `info.version` was not raised.
    SpecDiff {
        /// Branch, tag or commit to compare the working tree with [default: the last release].
        #[arg(value_name = "REV")]
        revision: Option<String>,
    },
}
