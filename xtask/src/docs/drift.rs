//! A page saved today beside the lock and the document.

mod placement;

use std::fmt::Write;
use std::path::Path;

use serde_json::json;

use super::change::Change;
use super::contract::{self, Contract};
use super::facts::Facts;
use super::page::Reading;
use super::{decoding, diff, lock};
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::codegen::{Problem, Problems};

/// What changed, and where the document has to be edited.
#[derive(Debug)]
pub struct Drift {
    /// The service whose page it is.
    pub service: &'static Service,
    /// The day of the lock's page.
    pub locked: Option<String>,
    /// The day of the page.
    pub saved: Option<String>,
    /// Every change with its place in the document.
    pub changes: Vec<(Change, Problem)>,
}

/// Compares a page with the lock and the document of the service that it is about.
///
/// # Errors
///
/// The page is about another operation, parts of it cannot be read, or the lock or the document is not in order.
pub fn compare(root: &Path, page: &str, reading: &Reading) -> Result<Drift, Problems> {
    let facts = &reading.facts;
    let service = service(page, reading)?;
    let document = Document::load(root, service.file)?;
    let contract = contract(&document, service)?;
    let old = lock::read(root, service)?;
    if facts.status_codes.is_empty() && !old.status_codes.is_empty() {
        let message = format!(
            "lists no status codes, where the lock has {}: is the end of the page missing? If not, empty `status_codes` in {} first",
            old.status_codes.join(", "),
            lock::file(service)
        );
        return Err(Problem::of_file(page, message).into());
    }
    let mut changes = diff::changes(&old, facts);
    changes.extend(decoding::changes(&contract, facts));
    let placed = changes.into_iter().map(|change| {
        let edit = placement::place(&contract, &change).problem(change.message());
        (change, edit)
    });
    Ok(Drift {
        service,
        locked: old.date,
        saved: facts.date.clone(),
        changes: placed.collect(),
    })
}

/// What there is to say of a page whose service has no lock yet: nothing, if the page can be taken over.
///
/// # Errors
///
/// As for [`compare`], but for those of the lock.
pub fn begin(root: &Path, page: &str, reading: &Reading) -> Result<Drift, Problems> {
    let service = service(page, reading)?;
    // A lock without a document is of no use: this is another folder.
    let document = Document::load(root, service.file)?;
    contract(&document, service)?;
    Ok(Drift {
        service,
        locked: None,
        saved: reading.facts.date.clone(),
        changes: Vec::new(),
    })
}

/// The service that a page is about, if all of the page could be read.
fn service(page: &str, reading: &Reading) -> Result<&'static Service, Problems> {
    let Facts { method, path, .. } = &reading.facts;
    let Some(service) = contract::service(method, path) else {
        let message =
            format!("is about {method} {path}, which no document describes: is it the right page?");
        return Err(Problem::of_file(page, message).into());
    };
    let unreadable = reading.unreadable().map(|remark| {
        let message = format!("cannot be compared: {}", remark.message);
        Problem::of_line(page, remark.line, message)
    });
    let mut problems = Problems::default();
    problems.extend(unreadable.collect());
    problems.into_result(service)
}

fn contract<'a>(document: &'a Document, service: &Service) -> Result<Contract<'a>, Problem> {
    Contract::of(document, service).ok_or_else(|| {
        let message = format!(
            "lacks the operation {} {}",
            service.method.to_uppercase(),
            service.path
        );
        Problem::of_file(service.file, message)
    })
}

impl Drift {
    /// How many changes can make programs fail.
    fn breaking(&self) -> usize {
        self.changes
            .iter()
            .filter(|(change, _)| change.is_breaking())
            .count()
    }

    /// The report for people: one change a line, and a summary.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (change, edit) in &self.changes {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{}  {:<11}  {}",
                change.weight,
                change.kind,
                change.message()
            );
            let line = edit.line.map(|line| format!(":{line}")).unwrap_or_default();
            let place = edit
                .place
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let _ = writeln!(text, "          edit {}{line}: {place}", edit.file);
        }
        let day = |date: &Option<String>| date.clone().unwrap_or_else(|| "no day".to_owned());
        let _ = writeln!(
            text,
            "{}: {} change{}, {} of them breaking (page of {}, lock of {})",
            self.service.file,
            self.changes.len(),
            if self.changes.len() == 1 { "" } else { "s" },
            self.breaking(),
            day(&self.saved),
            day(&self.locked),
        );
        text
    }

    /// The report for machines.
    pub fn json(&self) -> String {
        let changes: Vec<_> = self
            .changes
            .iter()
            .map(|(change, edit)| change.to_json(edit))
            .collect();
        let report = json!({
            "document": self.service.file,
            "lock": lock::file(self.service),
            "method": self.service.method.to_uppercase(),
            "path": self.service.path,
            "page_date": self.saved,
            "lock_date": self.locked,
            "breaking": self.breaking(),
            "changes": changes,
        });
        format!("{report:#}")
    }
}
