//! What can be typed behind `cargo xtask`.

use std::io;
use std::path::{PathBuf, absolute};

use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::docs::command::Docs;
use xtask::polyglot::Language;
use xtask::workspace_root;

/// A folder as a full path: the programs that are called run in folders of their own.
fn folder(text: &str) -> io::Result<PathBuf> {
    absolute(text)
}

/// Development tasks of the idsync workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Task,
}

/// The tasks.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Times the same work with idsync, with plain reqwest, and with the official Go and Python SDKs.
    Bench(Bench),
    /// Generates crates/idsync-api/src/generated from openapi/*.yaml.
    Codegen(Codegen),
    /// Calls the emulator by openapi/*.yaml and shows that both describe the same services.
    Contract(Rooted),
    /// Holds the dependency tree against deny.toml.
    Dependencies,
    /// Reads the vendor's reference pages, and holds the documents against them.
    Docs(Docs),
    /// Judges ten thousand emulated clusters in one run, and holds the report against what was planted.
    Fleet,
    /// Holds openapi/*.yaml against the house rules and the linter.
    LintSpecs(LintSpecs),
    /// Calls the emulator with the official Python and Go SDKs and shows what came of it.
    Peers,
    /// Generates clients in other languages from openapi/*.yaml and tries them with the emulator.
    Polyglot(Polyglot),
    /// Writes one HTML file that shows openapi/*.yaml without a network.
    Reference(Reference),
    /// Loads an emulator that misbehaves on purpose, and shows that it does not otherwise.
    Soak(Soak),
    /// Says what changed in openapi/*.yaml since a revision, for those who build on it; ends with 3 if clients break.
    SpecDiff(SpecDiff),
}

/// How much is timed.
#[derive(Args)]
pub(crate) struct Bench {
    /// How many records are read, a thousand a page.
    #[arg(long, value_name = "N", default_value_t = 300_000)]
    pub(crate) records: u32,
    /// How many times the flag of an MRS cluster is asked for.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) calls: u32,
    /// How often each contestant has its turn; medians are shown.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) turns: u32,
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
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
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
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
}

/// Which clients are tried, and how.
#[derive(Args)]
pub(crate) struct Polyglot {
    /// Languages to try; all if none is named.
    #[arg(value_name = "LANG")]
    pub(crate) languages: Vec<Language>,
    /// Only cases with this in their name.
    #[arg(long = "case", value_name = "FILTER", default_value = "")]
    pub(crate) filter: String,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
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
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
}

/// A task without choices.
#[derive(Args)]
pub(crate) struct Rooted {
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
}

/// How long the load lasts.
#[derive(Args)]
pub(crate) struct Soak {
    /// How long.
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1_440))]
    pub(crate) minutes: u64,
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
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root(), value_parser = folder)]
    pub(crate) root: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_root_is_taken_as_a_full_path() {
        let parsed = Cli::try_parse_from(["xtask", "contract", "--root", "."]);
        let Ok(Cli {
            task: Task::Contract(task),
        }) = parsed
        else {
            panic!("no task: {:?}", parsed.err());
        };
        assert!(task.root.is_absolute(), "{:?}", task.root);
    }
}
