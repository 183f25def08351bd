//! `cargo xtask docs`: the command line, and what it prints.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::diff::{PageChange, changes};
use super::document::Contract;
use super::{Facts, check, read, review};
use crate::Printed;
use crate::codegen::SERVICES;
use crate::codegen::spec::Document;
use crate::page;

/// Exit status if a page differs from the facts.
const DRIFT: u8 = 3;

/// Facts of the vendor's reference pages.
#[derive(Debug, Subcommand)]
pub enum Docs {
    /// Print as JSON what a saved page states.
    Facts {
        /// The page of a GET operation, in English: HTML, Markdown or copied text, in UTF-8.
        page: PathBuf,
    },
    /// Compare the documents with the facts in openapi/facts, and report values that changed since their last review.
    Check {
        /// Record every value as reviewed.
        #[arg(long)]
        accept: bool,
    },
    /// Compare a newly saved page with the facts and the document. Exits with 0 if nothing changed, with 3 if something did.
    Diff {
        /// The page, as for `docs facts`.
        page: PathBuf,
        /// Write what the page states into openapi/facts. Read the report first.
        #[arg(long)]
        update: bool,
    },
}

/// Runs the task in the workspace at `root`.
///
/// # Errors
///
/// A page that cannot be read, a difference between documents and facts, or a file that cannot be read or written.
pub fn run(docs: &Docs, root: &Path) -> Result<Printed, String> {
    match docs {
        Docs::Facts { page } => {
            let (facts, unread) = load(page)?;
            Ok(Printed {
                code: u8::from(!unread.is_empty()),
                stdout: facts.to_json(),
                stderr: unread.join("\n"),
            })
        }
        Docs::Check { accept } => {
            let accepted = accept.then(|| review::accept(root)).transpose()?;
            Ok(Printed {
                stdout: check::check(root)?,
                stderr: accepted.unwrap_or_default(),
                code: 0,
            })
        }
        Docs::Diff { page, update } => diff(root, page, *update),
    }
}

/// The facts of a saved page, and a line for each part that cannot be read.
fn load(path: &Path) -> Result<(Facts, Vec<String>), String> {
    let name = path.display();
    let text = page::load(path)?;
    let (facts, unread) = read::read(&text).map_err(|(line, message)| {
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{name}{line}: {message}")
    })?;
    let unread = unread.iter();
    let unread = unread.map(|(line, message)| format!("{name}:{line}: cannot be read: {message}"));
    Ok((facts, unread.collect()))
}

/// Compares a page with the facts and the document of its service.
fn diff(root: &Path, page: &Path, update: bool) -> Result<Printed, String> {
    let (facts, unread) = load(page)?;
    if !unread.is_empty() {
        return Err(unread.join("\n"));
    }
    let documents = SERVICES.map(|file| Document::load(root, file));
    let documents = documents.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut contracts = documents.iter().filter_map(|document| {
        let contract = Contract::of(document, &facts.path)?;
        Some((&document.file, contract))
    });
    let (document, contract) = contracts.next().ok_or_else(|| {
        let (page, path) = (page.display(), &facts.path);
        format!("{page}: is about {path}, which no document describes: is it the right page?")
    })?;
    let file = super::file(document);
    let known = if update && !root.join(&file).exists() {
        facts.clone()
    } else {
        Facts::load(root, document)?
    };
    let changes = changes(&known, &facts);
    let days = [&facts.date, &known.date];
    let mut printed = Printed {
        stdout: report(&contract, document, &changes, days),
        code: if changes.is_empty() { 0 } else { DRIFT },
        ..Printed::default()
    };
    if update {
        super::save_file(root, &file, &facts)?;
        printed.stderr = format!(
            "{file} written; `cargo xtask docs check` says where {document} differs from it"
        );
    }
    Ok(printed)
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
        let place = contract.place(change).place;
        let (kind, message) = (change.kind, change.message());
        format!("{weight}  {kind:<11}  {message}\n          edit {file}: {place}\n")
    });
    let lines: String = lines.collect();
    let [saved, known] = days.map(|day| day.as_deref().unwrap_or("no day"));
    let count = changes.len();
    let noun = if count == 1 { "change" } else { "changes" };
    let breaking = changes.iter().filter(|change| change.breaking).count();
    format!(
        "{lines}{file}: {count} {noun}, {breaking} of them breaking (page of {saved}, facts of {known})"
    )
}
