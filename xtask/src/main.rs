//! Command line of the development tasks: `cargo xtask TASK`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::facts::command::{self as docs, Docs};
use xtask::{Printed, codegen, release, workspace_root};

/// Development tasks of the idsync workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The subcommands.
#[derive(Subcommand)]
enum Command {
    /// Generates crates/idsync-api/src/generated from openapi/*.yaml.
    Codegen {
        /// Writes nothing; shows what differs and fails if anything does.
        #[arg(long)]
        check: bool,
    },
    /// Reads the vendor's reference pages and compares the documents with them.
    #[command(subcommand)]
    Docs(Docs),
    /// Prints what changed in openapi/*.yaml since a release. Exits with 3 if that breaks clients and `info.version` was not raised.
    SpecDiff {
        /// Branch, tag or commit to compare the working tree with [default: the last release].
        #[arg(value_name = "REV")]
        revision: Option<String>,
    },
}

fn main() -> ExitCode {
    let task = Cli::parse().command;
    let printed = workspace_root().and_then(|root| match task {
        Command::Codegen { check } => codegen::run(&root, check).map(Printed::from),
        Command::SpecDiff { revision } => release::spec_diff(&root, revision),
        Command::Docs(task) => docs::run(&task, &root),
    });
    let printed = printed.unwrap_or_else(|stderr| Printed {
        stderr,
        code: 1,
        ..Printed::default()
    });
    print_to(&mut io::stderr(), &printed.stderr);
    print_to(&mut io::stdout(), &printed.stdout);
    ExitCode::from(printed.code)
}

fn print_to(stream: &mut impl Write, text: &str) {
    if !text.is_empty() {
        // A closed pipe is no error.
        let _ = writeln!(stream, "{}", text.trim_end());
    }
}
