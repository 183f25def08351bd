//! `cargo xtask docs`: the command line, and what it prints.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::page::Reading;
use crate::codegen::Problems;

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
        stderr: told(&task.page.display().to_string(), &reading),
        code: u8::from(unreadable && !task.lenient),
    })
}

/// The remarks on a page, one a line.
fn told(page: &str, reading: &Reading) -> String {
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
