//! Command line of the development tasks: `cargo xtask TASK`.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::bench;
use xtask::codegen::{self, Problems};
use xtask::docs::command::{self as docs, Docs, Outcome};
use xtask::peers;
use xtask::polyglot::{self, Language};
use xtask::tools::Failure;
use xtask::tools::{Failure, Toolbox};
use xtask::{contract, dependencies, lint, reference, soak, spec_diff, workspace_root};

/// Development tasks of the idsync workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Times the same work with idsync, with plain reqwest, and with the official Go and Python SDKs.
    Bench(Bench),
    /// Generates crates/idsync-api/src/generated from openapi/*.yaml.
    Codegen(Codegen),
    /// Holds the dependency tree against deny.toml.
    Dependencies,
    /// Calls the emulator by openapi/*.yaml and shows that both describe the same services.
    Contract(Rooted),
    /// Holds openapi/*.yaml against the house rules and the linter.
    LintSpecs(LintSpecs),
    /// Writes one HTML file that shows openapi/*.yaml without a network.
    Reference(Reference),
    /// Says what changed in openapi/*.yaml since a revision, for those who build on it; ends with 3 if clients break.
    SpecDiff(SpecDiff),
    /// Calls the emulator with the official Python and Go SDKs and shows what came of it.
    Peers,
    /// Loads an emulator that misbehaves on purpose, and shows that it does not otherwise.
    Soak(Soak),
    /// Generates clients in other languages from openapi/*.yaml and tries them with the emulator.
    Polyglot(Polyglot),
    /// Reads the vendor's reference pages, and holds the documents against them.
    Docs(Docs),
}

#[derive(Args)]
struct Bench {
    /// How many records are read, a thousand a page.
    #[arg(long, value_name = "N", default_value_t = 300_000)]
    records: u32,
    /// How many times the flag of an MRS cluster is asked for.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    calls: u32,
    /// How often each contestant has its turn; medians are shown.
    #[arg(long, value_name = "N", default_value_t = 3)]
    turns: u32,
}

#[derive(Args)]
struct Codegen {
    /// Writes nothing; shows what differs and fails if anything does.
    #[arg(long, conflicts_with = "emit_lowered")]
    check: bool,
    /// Writes nothing; prints the documents as the generator sees them, and on stderr what was changed.
    #[arg(long)]
    emit_lowered: bool,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Args)]
struct Soak {
    /// How long.
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1_440))]
    minutes: u64,
}

/// A task without choices.
#[derive(Args)]
struct Rooted {
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Args)]
struct LintSpecs {
    /// Damages copies of the documents instead, and shows that the linter catches each defect.
    #[arg(long)]
    prove: bool,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Args)]
struct Reference {
    /// File to write [default: target/reference.html].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Keeps nothing; opens the page in a browser and shows that every operation is there and nothing is asked for.
    #[arg(long, conflicts_with = "out")]
    check: bool,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Args)]
struct SpecDiff {
    /// Branch, tag or commit to compare the working tree with.
    #[arg(value_name = "REV", required_unless_present = "prove")]
    revision: Option<String>,
    /// Breaks copies of the documents instead, and shows that each break is found.
    #[arg(long, conflicts_with = "revision")]
    prove: bool,
    /// Ends with 0 although clients break, if the major version of each document concerned went up.
    #[arg(long)]
    unless_bumped: bool,
    /// Form of the report.
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    output: Form,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Args)]
struct Polyglot {
    /// Languages to try; all if none is named.
    #[arg(value_name = "LANG")]
    languages: Vec<Language>,
    /// Only cases with this in their name.
    #[arg(long = "case", value_name = "FILTER", default_value = "")]
    filter: String,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = workspace_root())]
    root: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// One change a line, then a verdict.
    Text,
    /// One JSON object.
    Json,
}

/// How `spec-diff` ends where clients break.
const BREAKING: u8 = 3;

fn main() -> ExitCode {
    match Cli::parse().task {
        Task::Bench(task) => report(run_bench(&task)),
        Task::Codegen(task) => report(run_codegen(&task)),
        Task::Dependencies => report(dependencies::check(&workspace_root())),
        Task::Contract(task) => report(contract::check(&task.root)),
        Task::LintSpecs(task) if task.prove => report(lint::prove(&task.root)),
        Task::LintSpecs(task) => report(lint::check(&task.root)),
        Task::Reference(task) if task.check => report(reference::check(&task.root)),
        Task::Reference(task) => report(reference::write(&task.root, task.out.as_deref())),
        Task::SpecDiff(task) => match &task.revision {
            Some(revision) => run_spec_diff(&task, revision),
            None => report(spec_diff::prove(&Toolbox::of(&task.root), &task.root)),
        },
        Task::Soak(task) => {
            let time = Duration::from_secs(task.minutes * 60);
            report(soak::run(&workspace_root(), time))
        }
        Task::Peers => report(peers::run(&workspace_root())),
        Task::Polyglot(task) => report(run_polyglot(&task)),
        Task::Docs(task) => say(&docs::run(&task)),
    }
}

fn run_bench(task: &Bench) -> Result<String, Failure> {
    let size = bench::Size {
        records: task.records,
        calls: task.calls,
        turns: task.turns,
    };
    bench::run(&workspace_root(), size)
}

fn run_codegen(task: &Codegen) -> Result<String, Problems> {
    if task.emit_lowered {
        let lowered = codegen::lowered(&task.root)?;
        print_to(&mut io::stderr(), &lowered.changes);
        return Ok(lowered.documents);
    }
    if task.check {
        return codegen::check(&task.root);
    }
    codegen::write(&task.root)
}

fn run_spec_diff(task: &SpecDiff, revision: &str) -> ExitCode {
    let toolbox = Toolbox::of(&task.root);
    let compared = spec_diff::compare(&toolbox, &task.root, revision).and_then(|found| {
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

fn run_polyglot(task: &Polyglot) -> Result<String, Failure> {
    let named =
        |language: &Language| task.languages.is_empty() || task.languages.contains(language);
    let languages: Vec<_> = Language::ALL.into_iter().filter(named).collect();
    polyglot::run(&task.root, &languages, &task.filter, &mut io::stdout())
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
fn say(outcome: &Outcome) -> ExitCode {
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
