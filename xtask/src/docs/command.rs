//! `cargo xtask docs`: the command line, and what it prints.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::facts::Facts;
use super::page::Reading;
use super::{check, contract, drift, lock};
use crate::codegen::Problems;
use crate::codegen::services::Service;

/// Exit status when a page and its lock differ.
const DRIFT: u8 = 3;

/// Facts of the vendor's reference pages.
#[derive(Args, Debug)]
pub struct Docs {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Prints as JSON what a saved page states.
    Facts(FactsTask),
    /// Holds the documents against the facts in openapi/facts.
    Check(CheckTask),
    /// Compares a page saved today with the lock and the document. Ends with 0 if nothing changed, 3 if something did.
    Diff(DiffTask),
}

#[derive(Args, Debug)]
struct FactsTask {
    /// The page: text as copied, Markdown, reStructuredText or HTML, in UTF-8.
    page: PathBuf,
    /// Adds lengths, maxima, the ranges of fields and the date of the page, in the form of openapi/facts.
    #[arg(long)]
    full: bool,
    /// Succeeds although parts of the page could not be read; they are told on stderr all the same.
    #[arg(long)]
    lenient: bool,
}

#[derive(Args, Debug)]
struct CheckTask {
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = crate::workspace_root())]
    root: PathBuf,
}

#[derive(Args, Debug)]
struct DiffTask {
    /// The page, as for `docs facts`.
    page: PathBuf,
    /// Form of the report.
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    output: Form,
    /// Writes what the page states into the lock. Read the report first.
    #[arg(long)]
    update: bool,
    /// Folder of the workspace to work in.
    #[arg(long, value_name = "FOLDER", default_value_os_t = crate::workspace_root())]
    root: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Text,
    Json,
}

/// What a task has to say, and with which status it ends.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The data.
    pub stdout: String,
    /// What else there is to know.
    pub stderr: String,
    /// 0 if all is well, 1 if something is wrong, 3 if there is drift.
    pub code: u8,
}

impl From<Problems> for Outcome {
    fn from(problems: Problems) -> Self {
        Self {
            stderr: problems.to_string(),
            code: 1,
            ..Self::default()
        }
    }
}

/// Runs the task.
pub fn run(docs: &Docs) -> Outcome {
    let outcome = match &docs.task {
        Task::Facts(task) => facts(task),
        Task::Check(task) => check(&task.root),
        Task::Diff(task) => diff(task),
    };
    outcome.unwrap_or_else(Outcome::from)
}

fn facts(task: &FactsTask) -> Result<Outcome, Problems> {
    let reading = super::read(&task.page)?;
    let facts = if task.full {
        serde_json::to_string_pretty(&reading.facts).unwrap_or_default()
    } else {
        format!("{:#}", reading.facts.published())
    };
    let unreadable = reading.unreadable().next().is_some();
    Ok(Outcome {
        stdout: facts,
        stderr: told(&task.page, &reading),
        code: u8::from(unreadable && !task.lenient),
    })
}

fn check(root: &Path) -> Result<Outcome, Problems> {
    check::check(root).map(|stdout| Outcome {
        stdout,
        ..Outcome::default()
    })
}

fn diff(task: &DiffTask) -> Result<Outcome, Problems> {
    let reading = super::read(&task.page)?;
    let page = task.page.display().to_string();
    let facts = &reading.facts;
    let service = contract::service(&facts.method, &facts.path);
    let is_first = |service| task.update && !lock::exists(&task.root, service);
    let drift = if service.is_some_and(is_first) {
        drift::begin(&task.root, &page, &reading)?
    } else {
        drift::compare(&task.root, &page, &reading)?
    };
    let mut stderr = told(&task.page, &reading);
    if task.update {
        stderr.push_str(&update(&task.root, drift.service, facts)?);
    }
    Ok(Outcome {
        stdout: match task.output {
            Form::Text => drift.text(),
            Form::Json => drift.json(),
        },
        stderr,
        code: if drift.changes.is_empty() { 0 } else { DRIFT },
    })
}

/// Writes the lock, and tells what is left to do.
fn update(root: &Path, service: &Service, facts: &Facts) -> Result<String, Problems> {
    lock::write(root, service, facts)?;
    Ok(format!(
        "{} written; `cargo xtask docs check` says where {} differs from it\n",
        lock::file(service),
        service.file
    ))
}

/// The remarks on a page, one a line.
fn told(page: &Path, reading: &Reading) -> String {
    let page = page.display();
    let lines = reading.remarks.iter().map(|remark| {
        let kind = if remark.unreadable {
            "unreadable"
        } else {
            "note"
        };
        format!("{page}:{}: {kind}: {}\n", remark.line, remark.message)
    });
    lines.collect()
}
