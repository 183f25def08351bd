//! `cargo xtask docs`: the command line, and what it prints.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use serde_json::json;

use super::diff::{PageChange, changes, examples};
use super::document::Contract;
use super::{Facts, check, read, review};
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};
use crate::page::{self, Unread};

/// Exit status when a page differs from the facts.
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
    Facts {
        /// The page of a GET operation, in English: HTML, Markdown or copied text, in UTF-8.
        page: PathBuf,
        /// Add lengths, maxima, the ranges of fields and the date of the page, in the form of openapi/facts.
        #[arg(long)]
        full: bool,
        /// Succeed although parts of the page could not be read; they are reported on stderr all the same.
        #[arg(long)]
        lenient: bool,
    },
    /// Compare the documents with the facts in openapi/facts, and their texts with those that were reviewed.
    Check {
        /// Record every text as compared with its page.
        #[arg(long)]
        accept: bool,
    },
    /// Compare a page saved today with the facts and the document. Ends with 0 if nothing changed, 3 if something did.
    Diff {
        /// The page, as for `docs facts`.
        page: PathBuf,
        /// Form of the report.
        #[arg(short, long, value_enum, default_value_t = DiffForm::Text)]
        output: DiffForm,
        /// Write what the page states into openapi/facts. Read the report first.
        #[arg(long)]
        update: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiffForm {
    Text,
    Json,
}

/// What a task prints, and the status that it ends with.
#[derive(Debug, Default)]
pub struct Printed {
    /// The data.
    pub stdout: String,
    /// What else there is to know.
    pub stderr: String,
    /// 0 if all is well, 1 if something is wrong, 3 if a page changed.
    pub code: u8,
}

/// Runs the task in the workspace at `root`.
pub fn run(docs: &Docs, root: &Path) -> Printed {
    let outcome = match &docs.task {
        DocsTask::Facts {
            page,
            full,
            lenient,
        } => facts(page, *full, *lenient),
        DocsTask::Check { accept } => checked(root, *accept),
        DocsTask::Diff {
            page,
            output,
            update,
        } => diff(root, page, *output, *update),
    };
    outcome.unwrap_or_else(|problems| Printed {
        stderr: problems.to_string(),
        code: 1,
        ..Printed::default()
    })
}

/// The facts of a saved page, and what of it could not be read.
fn load(path: &Path) -> Result<(Facts, Unread), Problem> {
    let name = path.display().to_string();
    let text = page::load(path)?;
    read::read(&text).map_err(|(line, message)| Problem {
        line,
        ..Problem::of_file(name, message)
    })
}

fn facts(page: &Path, full: bool, lenient: bool) -> Result<Printed, Problems> {
    let (facts, unread) = load(page)?;
    let stdout = if full {
        serde_json::to_string_pretty(&facts).unwrap_or_default()
    } else {
        format!("{:#}", facts.published())
    };
    let lines = unread
        .iter()
        .map(|(line, message)| format!("{}:{line}: unreadable: {message}\n", page.display()));
    Ok(Printed {
        stdout,
        stderr: lines.collect(),
        code: u8::from(!unread.is_empty() && !lenient),
    })
}

fn checked(root: &Path, accept: bool) -> Result<Printed, Problems> {
    let stderr = if accept {
        review::accept(root)?
    } else {
        String::new()
    };
    let stdout = check::check(root)?;
    Ok(Printed {
        stdout,
        stderr,
        code: 0,
    })
}

/// Compares a page with the facts and the document of its service.
fn diff(root: &Path, page: &Path, form: DiffForm, update: bool) -> Result<Printed, Problems> {
    let name = page.display().to_string();
    let (facts, unread) = load(page)?;
    let unread = unread.into_iter().map(|(line, message)| {
        Problem::of_line(&name, line, format!("cannot be compared: {message}"))
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
        Problem::of_file(service.file, format!("lacks the operation {method} {path}"))
    })?;
    let first = update && !root.join(super::file(service)).exists();
    let known = if first {
        facts.clone()
    } else {
        Facts::load(root, service)?
    };
    if facts.status_codes.is_empty() && !known.status_codes.is_empty() {
        let message = "lists no status codes, but the page did before: save the whole page again";
        return Err(Problem::of_file(name, message).into());
    }
    let mut found = changes(&known, &facts);
    found.extend(examples(&facts));
    let code = if found.is_empty() { 0 } else { DRIFT };
    let stdout = match form {
        DiffForm::Text => text(service, &contract, &found, [&facts, &known]),
        DiffForm::Json => json(service, &contract, &found, [&facts, &known]),
    };
    let mut stderr = String::new();
    if update {
        facts.save(root, service)?;
        let (file, document) = (super::file(service), service.file);
        stderr = format!(
            "{file} written; `cargo xtask docs check` says where {document} differs from it\n"
        );
    }
    Ok(Printed {
        stdout,
        stderr,
        code,
    })
}

/// The report for people: one change a line, and a summary.
fn text(
    service: &Service,
    contract: &Contract<'_>,
    changes: &[PageChange],
    sides: [&Facts; 2],
) -> String {
    let mut lines = Vec::new();
    for change in changes {
        let weight = if change.breaking {
            "breaking"
        } else {
            "harmless"
        };
        lines.push(format!(
            "{weight}  {:<11}  {}\n",
            change.kind,
            change.message()
        ));
        lines.push(format!(
            "          edit {}\n",
            contract
                .place(change)
                .problem("")
                .to_string()
                .trim_end_matches(": ")
        ));
    }
    let [saved, known] = sides.map(|facts| facts.date.as_deref().unwrap_or("no day"));
    let breaking = changes.iter().filter(|change| change.breaking).count();
    let count = match changes.len() {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    lines.push(format!(
        "{}: {count}, {breaking} of them breaking (page of {saved}, facts of {known})\n",
        service.file
    ));
    lines.concat()
}

/// The report for machines.
fn json(
    service: &Service,
    contract: &Contract<'_>,
    changes: &[PageChange],
    sides: [&Facts; 2],
) -> String {
    let breaking = changes.iter().filter(|change| change.breaking).count();
    let changes = changes.iter().map(|change| {
        let edit = contract.place(change).problem("");
        json!({
            "kind": change.kind,
            "breaking": change.breaking,
            "subject": change.subject(),
            "message": change.message(),
            "name": change.name,
            "from": change.from,
            "to": change.to,
            "file": edit.file,
            "line": edit.line,
            "path": edit.place.as_ref().map(ToString::to_string),
        })
    });
    let report = json!({
        "document": service.file,
        "lock": super::file(service),
        "method": service.method.to_uppercase(),
        "path": service.path,
        "page_date": sides[0].date,
        "lock_date": sides[1].date,
        "breaking": breaking,
        "changes": changes.collect::<Vec<_>>(),
    });
    format!("{report:#}")
}
