//! Command line of the development tasks: `cargo xtask TASK`.

mod args;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use xtask::facts::command::{self as docs, Printed};
use xtask::{codegen, release, workspace_root};

use self::args::{Cli, Command};

/// Exit status of `spec-diff` if clients break and the version was not raised.
const BREAKING: u8 = 3;

fn main() -> ExitCode {
    let task = Cli::parse().command;
    let root = match workspace_root() {
        Ok(root) => root,
        Err(problem) => return report(Err(problem)),
    };
    match task {
        Command::Codegen { check: true } => report(codegen::check(&root)),
        Command::Codegen { check: false } => report(codegen::write(&root)),
        Command::SpecDiff { revision } => match release::spec_diff(&root, revision) {
            Ok(diff) if diff.is_unannounced => {
                print_to(&mut io::stdout(), &diff.text);
                ExitCode::from(BREAKING)
            }
            outcome => report(outcome.map(|diff| diff.text)),
        },
        Command::Docs(task) => say(&docs::run(&task, &root)),
    }
}

/// Prints the result of a task.
fn report(outcome: Result<String, impl Display>) -> ExitCode {
    match outcome {
        Ok(text) => {
            print_to(&mut io::stdout(), &text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            print_to(&mut io::stderr(), &error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Prints the output of a task that uses both streams.
fn say(outcome: &Printed) -> ExitCode {
    print_to(&mut io::stderr(), &outcome.stderr);
    print_to(&mut io::stdout(), &outcome.stdout);
    ExitCode::from(outcome.code)
}

fn print_to(stream: &mut impl Write, text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    // A closed pipe is no error.
    let _ = write!(stream, "{text}{end}");
}
