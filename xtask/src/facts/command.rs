//! `cargo xtask docs`: the command line, and what it prints.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use serde_json::json;

use super::diff::{PageChange, changes};
use super::document::Contract;
use super::{Facts, check, read, review};
use crate::codegen::services::Service;
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
    /// Form of the report.
    #[arg(short, long, value_enum, default_value_t = DiffForm::Text)]
    output: DiffForm,
    /// Write what the page states into openapi/facts. Read the report first.
    #[arg(long)]
    update: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiffForm {
    Text,
    Json,
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
    let stdout = format!("{:#}", facts.published());
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
    let unread = unread.into_iter().map(|(line, message)| {
        Problem::of_line(&name, line, format!("cannot be compared: {message}"))
    });
    let mut problems = Problems::default();
    problems.extend(unread.collect());
    problems.into_result(())?;
    let report = Report::of(root, &name, &facts, task.update)?;
    let stdout = match task.output {
        DiffForm::Text => report.text(),
        DiffForm::Json => report.json(),
    };
    let mut stderr = String::new();
    if task.update {
        facts.save(root, report.service)?;
        let (file, document) = (super::file(report.service), report.service.file);
        stderr = format!(
            "{file} written; `cargo xtask docs check` says where {document} differs from it\n"
        );
    }
    let code = if report.changes.is_empty() { 0 } else { DRIFT };
    Ok(Printed {
        stdout,
        stderr,
        code,
    })
}

/// The changes of a page.
struct Report {
    service: &'static Service,
    /// Dates of the saved page and of the page that the facts are from.
    days: [Option<String>; 2],
    /// Each change with the place to edit.
    changes: Vec<(PageChange, Problem)>,
    breaking: usize,
}

impl Report {
    fn of(root: &Path, page: &str, facts: &Facts, update: bool) -> Result<Self, Problem> {
        let Facts { method, path, .. } = facts;
        let Some(service) = facts.service() else {
            let message = format!(
                "is about {method} {path}, which no document describes: is it the right page?"
            );
            return Err(Problem::of_file(page, message));
        };
        let document = Document::load(root, service.file)?;
        let Some(contract) = Contract::of(&document, service) else {
            let message = format!("lacks the operation {method} {path}");
            return Err(Problem::of_file(service.file, message));
        };
        let first = update && !root.join(super::file(service)).exists();
        let known = if first {
            Ok(facts.clone())
        } else {
            Facts::load(root, service)
        }?;
        if facts.status_codes.is_empty() && !known.status_codes.is_empty() {
            let message =
                "lists no status codes, but the page did before: save the whole page again";
            return Err(Problem::of_file(page, message));
        }
        let changes = changes(&known, facts);
        Ok(Self {
            service,
            days: [facts.date.clone(), known.date],
            breaking: changes.iter().filter(|change| change.breaking).count(),
            changes: changes
                .into_iter()
                .map(|change| {
                    (
                        change.clone(),
                        contract.place(&change).problem(change.message()),
                    )
                })
                .collect(),
        })
    }

    /// The report for people: one change a line, and a summary.
    fn text(&self) -> String {
        let mut lines = Vec::new();
        for (PageChange { breaking, kind, .. }, edit) in &self.changes {
            let weight = if *breaking { "breaking" } else { "harmless" };
            lines.push(format!("{weight}  {kind:<11}  {}\n", edit.message));
            let line = edit.line.unwrap_or_default();
            let place = edit.place.as_ref().map(ToString::to_string);
            let place = place.unwrap_or_default();
            lines.push(format!("          edit {}:{line}: {place}\n", edit.file));
        }
        let days = self
            .days
            .each_ref()
            .map(|day| day.as_deref().unwrap_or("no day"));
        let ([saved, known], count, breaking) = (days, self.changes.len(), self.breaking);
        let noun = if count == 1 { "change" } else { "changes" };
        let file = self.service.file;
        lines.push(format!("{file}: {count} {noun}, {breaking} of them breaking (page of {saved}, facts of {known})\n"));
        lines.concat()
    }

    /// The report for machines.
    fn json(&self) -> String {
        let changes = self.changes.iter().map(|(change, edit)| {
            json!({
                "kind": change.kind,
                "breaking": change.breaking,
                "subject": change.subject(),
                "message": edit.message,
                "name": change.name,
                "from": change.from,
                "to": change.to,
                "file": edit.file,
                "line": edit.line,
                "path": edit.place.as_ref().map(ToString::to_string),
            })
        });
        let report = json!({
            "document": self.service.file,
            "lock": super::file(self.service),
            "method": self.service.method.to_uppercase(),
            "path": self.service.path,
            "page_date": self.days[0],
            "lock_date": self.days[1],
            "breaking": self.breaking,
            "changes": changes.collect::<Vec<_>>(),
        });
        format!("{report:#}")
    }
}
