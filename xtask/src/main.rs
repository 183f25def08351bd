//! Command line of the development tasks: `cargo xtask TASK`.

mod args;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use xtask::codegen::Problems;
use xtask::facts::command::{self as docs, Printed};
use xtask::tools::Toolbox;
use xtask::{codegen, lint, reference, spec_diff, workspace_root};

use self::args::{Cli, Codegen, Form, SpecDiff, Task};

/// How `spec-diff` ends where clients break.
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
        Task::LintSpecs(task) if task.prove => report(lint::prove(root)),
        Task::LintSpecs(_) => report(lint::check(root)),
        Task::Reference(task) if task.check => report(reference::check(root)),
        Task::Reference(task) => report(reference::write(root, task.out.as_deref())),
        Task::SpecDiff(task) => match &task.revision {
            Some(revision) => run_spec_diff(&task, root, revision),
            None => report(spec_diff::prove(&Toolbox::of(root), root)),
        },
        Task::Docs(task) => say(&docs::run(&task, root)),
    }
}

fn run_codegen(task: &Codegen, root: &Path) -> Result<String, Problems> {
    if task.emit_lowered {
        let lowered = codegen::lowered(root)?;
        print_to(&mut io::stderr(), &lowered.changes);
        return Ok(lowered.documents);
    }
    if task.check {
        return codegen::check(root);
    }
    codegen::write(root)
}

fn run_spec_diff(task: &SpecDiff, root: &Path, revision: &str) -> ExitCode {
    let toolbox = Toolbox::of(root);
    let compared = spec_diff::compare(&toolbox, root, revision).and_then(|found| {
        let breaking = if task.unless_bumped {
            found.is_unannounced()
        } else {
            found.is_breaking()
        };
        let text = match task.output {
            Form::Text => found.to_string(),
            Form::Json => found.json()?,
        };
        Ok((text, breaking))
    });
    match compared {
        Ok((text, true)) => {
            report(Ok::<_, Problems>(text));
            ExitCode::from(BREAKING)
        }
        other => report(other.map(|(text, _)| text)),
    }
}

/// Prints what a task has to say; a closed pipe is no error.
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

/// Prints what a task has to say on both streams.
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
    // Nobody is left to tell when the reader has gone away.
    let _ = write!(stream, "{text}{end}");
}
