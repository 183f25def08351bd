//! From `openapi/*.yaml` to the sources of the `idsync-api` crate.
//!
//! Load ([`spec`]) → check the house rules ([`rules`]) → lower to what the generator understands ([`lower`]) → generate
//! the client ([`client`]) and the open enums ([`enums`]) → format ([`format`](mod@format)) → write or compare ([`output`]).

use std::path::Path;

mod client;
pub mod enums;
mod format;
pub mod inference;
pub mod lower;
mod models;
pub mod node;
mod operations;
pub mod output;
pub mod problem;
pub mod rules;
pub mod services;
pub mod spec;
pub mod survey;

use output::FileSet;
pub use problem::{Problem, Problems};
use services::{SERVICES, Service};
use spec::Document;

/// What a developer runs to bring the generated sources up to date.
pub const COMMAND: &str = "cargo xtask codegen";

/// Folder of the generated sources, below the root of the workspace.
pub const GENERATED: &str = "crates/idsync-api/src/generated";

/// The documents as the generator sees them, and what was changed to get there.
#[derive(Debug)]
pub struct Lowered {
    /// One JSON object: file name to document.
    pub documents: String,
    /// One change a line.
    pub changes: String,
}

/// Generates the sources and writes those that changed. Returns one sentence that says what was done.
///
/// # Errors
///
/// Every problem of every document, or the file that could not be written. The tree is then as it was.
pub fn write(root: &Path) -> Result<String, Problems> {
    let files = generate(root)?;
    let changed = output::write(&root.join(GENERATED), &files)?;
    Ok(match changed {
        0 => format!("{GENERATED} is up to date"),
        count => format!("{GENERATED}: {count} files changed"),
    })
}

/// Generates the sources in memory and compares them with the tree.
///
/// # Errors
///
/// Every problem of every document, or a diff of all files that differ, with the command to run.
pub fn check(root: &Path) -> Result<String, Problems> {
    let files = generate(root)?;
    output::check(&root.join(GENERATED), &files)?;
    Ok(format!("{GENERATED} is up to date"))
}

/// Lowers the documents and stops there.
///
/// # Errors
///
/// Every problem of every document.
pub fn lowered(root: &Path) -> Result<Lowered, Problems> {
    let mut documents = serde_json::Map::new();
    let mut changes = Vec::new();
    for (service, document) in load(root)? {
        let lowering = lower::lower(document.root);
        let named = lowering.changes.iter();
        changes.extend(named.map(|change| format!("{}: {change}", service.file)));
        documents.insert(service.file.to_owned(), lowering.document);
    }
    let documents = serde_json::Value::Object(documents);
    Ok(Lowered {
        documents: format!("{documents:#}"),
        changes: changes.join("\n"),
    })
}

/// The generated sources, by file name.
///
/// # Errors
///
/// Every problem of every document.
pub fn generate(root: &Path) -> Result<FileSet, Problems> {
    let documents = load(root)?;
    let mut files = FileSet::new();
    files.insert("mod.rs".to_owned(), format::module_list(&documents)?);
    for (service, document) in &documents {
        let tokens = client::client(service, document)?;
        let source = format::source(service.file, &tokens)?;
        files.insert(format!("{}.rs", service.module), source);
    }
    Ok(files)
}

/// Reads all documents and holds them against the house rules.
///
/// # Errors
///
/// Every problem of every document.
pub fn load(root: &Path) -> Result<Vec<(&'static Service, Document)>, Problems> {
    let mut documents = Vec::new();
    let mut problems = Problems::default();
    for service in SERVICES {
        match Document::load(root, service.file) {
            Ok(document) => {
                problems.extend(rules::check(service, &document));
                documents.push((service, document));
            }
            Err(found) => problems.extend(vec![found]),
        }
    }
    problems.into_result(documents)
}
