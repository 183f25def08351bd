//! `cargo xtask docs`: the command line, and what it prints.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::diff::{PageChange, changes};
use super::document::Contract;
use super::{Facts, check, read, review};
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};
use crate::page::{self, Unread};

/// Exit status if a page differs from the facts.
const DRIFT: u8 = 3;

/// Facts of the vendor's reference pages.
#[derive(Args, Debug)]
pub struct Docs {
    #[command(subcommand)]
    task: DocsTask,
}

#[derive(Debug, Subcommand)]
enum DocsTask {
    /// Print as JSON what a saved page states.
    Facts(FactsTask),
    /// Compare the documents with the facts in openapi/facts, and report values that changed since their last review.
    Check {
        /// Record every value as reviewed.
        #[arg(long)]
        accept: bool,
    },
    /// Compare a newly saved page with the facts and the document. Exits with 0 if nothing changed, with 3 if something did.
    Diff(DiffTask),
}

#[derive(Args, Debug)]
struct FactsTask {
    /// The page of a GET operation, in English: HTML, Markdown or copied text, in UTF-8.
    page: PathBuf,
    /// Succeed even if parts of the page cannot be read; stderr still reports them.
    #[arg(long)]
    lenient: bool,
}

#[derive(Args, Debug)]
struct DiffTask {
    /// The page, as for `docs facts`.
    page: PathBuf,
    /// Write what the page states into openapi/facts. Read the report first.
    #[arg(long)]
    update: bool,
}

/// What a task prints, and its exit status.
#[derive(Debug, Default)]
pub struct Printed {
    /// Text for stdout.
    pub stdout: String,
    /// Text for stderr.
    pub stderr: String,
    /// Exit status: 0 for success, 1 for an error, 3 if a page changed.
    pub code: u8,
}

/// Runs the task in the workspace at `root`.
pub fn run(docs: &Docs, root: &Path) -> Printed {
    let outcome = match &docs.task {
        DocsTask::Facts(task) => facts(task),
        DocsTask::Check { accept } => checked(root, *accept),
        DocsTask::Diff(task) => diff(root, task),
    };
    outcome.unwrap_or_else(|problems| Printed {
        stderr: problems.to_string(),
        code: 1,
        ..Printed::default()
    })
}

/// The facts of a saved page, and the parts that could not be read.
fn load(path: &Path) -> Result<(Facts, Unread), Problem> {
    let name = path.display().to_string();
    let text = page::load(path)?;
    read::read(&text).map_err(|(line, message)| Problem {
        line,
        ..Problem::of_file(name, message)
    })
}

fn facts(task: &FactsTask) -> Result<Printed, Problems> {
    let (facts, unread) = load(&task.page)?;
    let stdout = facts.to_json();
    let page = task.page.display();
    let lines = unread.iter();
    let lines = lines.map(|(line, message)| format!("{page}:{line}: unreadable: {message}\n"));
    Ok(Printed {
        stdout,
        stderr: lines.collect(),
        code: u8::from(!unread.is_empty() && !task.lenient),
    })
}

fn checked(root: &Path, accept: bool) -> Result<Printed, Problems> {
    let accepted = accept.then(|| review::accept(root)).transpose()?;
    Ok(Printed {
        stdout: check::check(root)?,
        stderr: accepted.unwrap_or_default(),
        code: 0,
    })
}

/// Compares a page with the facts and the document of its service.
fn diff(root: &Path, task: &DiffTask) -> Result<Printed, Problems> {
    let name = task.page.display().to_string();
    let (facts, unread) = load(&task.page)?;
    let unread = unread.into_iter().map(|(line, message)| Problem {
        line: Some(line),
        ..Problem::of_file(&name, format!("cannot be compared: {message}"))
    });
    let mut problems = Problems::default();
    problems.extend(unread.collect());
    problems.into_result(())?;
    let Facts { method, path, .. } = &facts;
    let service = facts.service().ok_or_else(|| {
        let message =
            format!("is about {method} {path}, which no document describes: is it the right page?");
        Problem::of_file(&name, message)
    })?;
    let document = Document::load(root, service.file)?;
    let contract = Contract::of(&document, service).ok_or_else(|| {
        let message = format!("lacks the operation {method} {path}");
        Problem::of_file(service.file, message)
    })?;
    let file = super::file(service);
    let known = if task.update && !root.join(&file).exists() {
        facts.clone()
    } else {
        Facts::load(root, service)?
    };
    if facts.status_codes.is_empty() && !known.status_codes.is_empty() {
        let message = "lists no status codes, but the page did before: save the whole page again";
        return Err(Problem::of_file(name, message).into());
    }
    let changes = changes(&known, &facts);
    let mut stderr = String::new();
    if task.update {
        facts.save(root, service)?;
        let document = service.file;
        stderr = format!(
            "{file} written; `cargo xtask docs check` says where {document} differs from it\n"
        );
    }
    Ok(Printed {
        stdout: report(
            &contract,
            service.file,
            &changes,
            [&facts.date, &known.date],
        ),
        stderr,
        code: if changes.is_empty() { 0 } else { DRIFT },
    })
}

/// Each change with the place to edit, and a summary with the days of the page and of the facts.
fn report(
    contract: &Contract<'_>,
    file: &str,
    changes: &[PageChange],
    days: [&Option<String>; 2],
) -> String {
    let lines = changes.iter().map(|change| {
        let weight = if change.breaking {
            "breaking"
        } else {
            "harmless"
        };
        let edit = contract.place(change).problem("");
        let place = edit.place.unwrap_or_default();
        let (kind, message) = (change.kind, change.message());
        format!("{weight}  {kind:<11}  {message}\n          edit {file}: {place}\n")
    });
    let lines: String = lines.collect();
    let [saved, known] = days.map(|day| day.as_deref().unwrap_or("no day"));
    let count = changes.len();
    let noun = if count == 1 { "change" } else { "changes" };
    let breaking = changes.iter().filter(|change| change.breaking).count();
    format!(
        "{lines}{file}: {count} {noun}, {breaking} of them breaking (page of {saved}, facts of {known})\n"
    )
}
