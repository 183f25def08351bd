//! Command line of the development tasks: `cargo xtask TASK`.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::facts::command::{self as docs, Docs, Printed};
use xtask::{codegen, release, workspace_root};

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
    Docs(Docs),
    /// Prints what changed in openapi/*.yaml since a release. Exits with 3 if that breaks clients and `info.version` was not raised.
    SpecDiff {
        /// Branch, tag or commit to compare the working tree with [default: the last release].
        #[arg(value_name = "REV")]
        revision: Option<String>,
    },
}

/// Exit status of `spec-diff` if clients break and the version was not raised.
const BREAKING: u8 = 3;

fn main() -> ExitCode {
    let task = Cli::parse().command;
    let printed = workspace_root().map(|root| match task {
        Command::Codegen { check: true } => printed(codegen::check(&root)),
        Command::Codegen { check: false } => printed(codegen::write(&root)),
        Command::SpecDiff { revision } => match release::spec_diff(&root, revision) {
            Ok(diff) => Printed {
                stdout: diff.text,
                code: if diff.is_unannounced { BREAKING } else { 0 },
                ..Printed::default()
            },
            Err(problem) => printed(Err(problem)),
        },
        Command::Docs(task) => docs::run(&task, &root),
    });
    let outcome = printed.unwrap_or_else(|problem| self::printed(Err(problem)));
    print_to(&mut io::stderr(), &outcome.stderr);
    print_to(&mut io::stdout(), &outcome.stdout);
    ExitCode::from(outcome.code)
}

fn printed(outcome: Result<String, impl Display>) -> Printed {
    let (stdout, stderr) = match outcome {
        Ok(text) => (text, String::new()),
        Err(error) => (String::new(), error.to_string()),
    };
    let code = u8::from(!stderr.is_empty());
    Printed {
        stdout,
        stderr,
        code,
    }
}

fn print_to(stream: &mut impl Write, text: &str) {
    if !text.is_empty() {
        // A closed pipe is no error.
        let _ = writeln!(stream, "{}", text.trim_end());
    }
}
