//! Command line of the development tasks: `cargo xtask TASK`.

mod args;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use xtask::codegen::Problems;
use xtask::facts::command::{self as docs, Printed};
use xtask::{codegen, release, workspace_root};

use self::args::{Cli, Codegen, SpecDiff, Task};

/// Exit status of `spec-diff` when clients break and the version does not say so.
const BREAKING: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = match workspace_root(cli.root.as_deref()) {
        Ok(root) => root,
        Err(problem) => return report(Err(problem)),
    };
    let root = root.as_path();
    match cli.task {
        Task::Codegen(task) => report(run_codegen(&task, root)),
        Task::SpecDiff(task) => run_spec_diff(&task, root),
        Task::Docs(task) => say(&docs::run(&task, root)),
    }
}

fn run_codegen(task: &Codegen, root: &Path) -> Result<String, Problems> {
    if task.emit_lowered {
        return codegen::lowered(root);
    }
    if task.check {
        return codegen::check(root);
    }
    codegen::write(root)
}

fn run_spec_diff(task: &SpecDiff, root: &Path) -> ExitCode {
    match release::spec_diff(root, task.revision.as_deref()) {
        Ok(diff) => {
            print_to(&mut io::stdout(), &diff.text);
            ExitCode::from(if diff.is_unannounced { BREAKING } else { 0 })
        }
        Err(problem) => report(Err(problem)),
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

/// Prints the result of a task that uses both streams.
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
