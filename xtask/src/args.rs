//! Arguments of `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
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
    /// Holds openapi/*.yaml against the house rules and the linter.
    LintSpecs(LintSpecs),
    /// Writes one HTML file that shows openapi/*.yaml without a network.
    Reference(Reference),
    /// Says what changed in openapi/*.yaml since a revision, for those who build on it; ends with 3 if clients break.
    SpecDiff(SpecDiff),
}

/// What becomes of the generated sources.
#[derive(Args)]
pub(crate) struct Codegen {
    /// Writes nothing; shows what differs and fails if anything does.
    #[arg(long, conflicts_with = "emit_lowered")]
    pub(crate) check: bool,
    /// Writes nothing; prints the documents as the generator sees them, and on stderr what was changed.
    #[arg(long)]
    pub(crate) emit_lowered: bool,
}

/// The form of a report.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// One change a line, then a verdict.
    Text,
    /// One JSON object.
    Json,
}

/// What is linted.
#[derive(Args)]
pub(crate) struct LintSpecs {
    /// Damages copies of the documents instead, and shows that the linter catches each defect.
    #[arg(long)]
    pub(crate) prove: bool,
}

/// What becomes of the page.
#[derive(Args)]
pub(crate) struct Reference {
    /// File to write [default: target/reference.html].
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Keeps nothing; opens the page in a browser and shows that every operation is there and nothing is asked for.
    #[arg(long, conflicts_with = "out")]
    pub(crate) check: bool,
}

/// What is compared.
#[derive(Args)]
pub(crate) struct SpecDiff {
    /// Branch, tag or commit to compare the working tree with.
    #[arg(value_name = "REV", required_unless_present = "prove")]
    pub(crate) revision: Option<String>,
    /// Breaks copies of the documents instead, and shows that each break is found.
    #[arg(long, conflicts_with = "revision")]
    pub(crate) prove: bool,
    /// Ends with 0 although clients break, if the major version of each document concerned went up.
    #[arg(long)]
    pub(crate) unless_bumped: bool,
    /// Form of the report.
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    pub(crate) output: Form,
}
