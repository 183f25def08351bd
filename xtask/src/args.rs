//! Arguments of `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use xtask::facts::command::Docs;

/// Development tasks of the idsync workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Task,
    /// Folder of the workspace to work in [default: the one around the current folder].
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
}

/// The tasks.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Generates crates/idsync-api/src/generated from openapi/*.yaml.
    Codegen(Codegen),
    /// Reads the vendor's reference pages, and holds the documents against them.
    Docs(Docs),
    /// Prints what changed in openapi/*.yaml since a release. Ends with 3 if that breaks clients and `info.version` does not say so.
    SpecDiff(SpecDiff),
}

/// What becomes of the generated sources.
#[derive(Args)]
pub(crate) struct Codegen {
    /// Writes nothing; shows what differs and fails if anything does.
    #[arg(long, conflicts_with = "emit_lowered")]
    pub(crate) check: bool,
    /// Writes nothing; prints the documents as the generator sees them.
    #[arg(long)]
    pub(crate) emit_lowered: bool,
}

/// What is compared.
#[derive(Args)]
pub(crate) struct SpecDiff {
    /// Branch, tag or commit to compare the working tree with [default: the last release].
    #[arg(value_name = "REV")]
    pub(crate) revision: Option<String>,
}
