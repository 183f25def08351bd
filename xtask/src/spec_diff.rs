//! `cargo xtask spec-diff REV`: what changed in `openapi/*.yaml` for those who build on it, since a revision.
//!
//! The tool `oasdiff` finds most of it, with `openapi/oasdiff-levels.txt` raising what breaks generated clients. What it
//! does not look at (open sets of values, headers of security schemes, names in paths, the order of parameters, ranges of
//! statuses, servers, versions, whole documents) is compared here.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::codegen::Problem;
use crate::codegen::spec::Document;
use crate::tools::{Failure, Toolbox};

pub mod blind_spots;
pub mod change;
mod oasdiff;
mod operations;
mod proof;
mod report;
mod revision;

use self::change::{Change, Level};
use self::oasdiff::Oasdiff;
pub use self::proof::prove;
pub use self::report::{DocumentChanges, Report};
use self::revision::Revision;

/// Folder of the documents, below the root of the workspace.
const FOLDER: &str = "openapi";

/// Files there that are no documents.
const OTHERS: [&str; 1] = ["openapi/redocly.yaml"];

/// Compares the documents at `revision` with the working tree at `root`.
///
/// # Errors
///
/// The revision does not exist, a document cannot be read on either side, or the tool could not be installed or run.
pub fn compare(toolbox: &Toolbox, root: &Path, revision: &str) -> Result<Report, Box<dyn Error>> {
    let revision = Revision::resolve(root, revision)?;
    let old = documents(revision.files(FOLDER)?);
    let new = documents(present(root)?);
    let oasdiff = Oasdiff::install(toolbox, root)?;
    let mut documents = Vec::new();
    for file in old.union(&new) {
        documents.push(match (old.contains(file), new.contains(file)) {
            (true, true) => compared(root, &revision, file, &oasdiff)?,
            (true, false) => gone(file),
            (false, _) => added(file),
        });
    }
    Ok(Report {
        revision: revision.commit().to_owned(),
        documents,
    })
}

/// The documents among `files`.
fn documents(files: Vec<String>) -> BTreeSet<String> {
    let files = files.into_iter();
    files
        .filter(|file| {
            let yaml = Path::new(file).extension().is_some_and(|end| end == "yaml");
            yaml && !OTHERS.contains(&file.as_str())
        })
        .collect()
}

/// Every file in the folder of the documents, as it is now.
fn present(root: &Path) -> Result<Vec<String>, Problem> {
    let unreadable =
        |error: std::io::Error| Problem::of_file(FOLDER, format!("cannot be read: {error}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.path().is_file() {
            files.push(format!("{FOLDER}/{}", entry.file_name().to_string_lossy()));
        }
    }
    Ok(files)
}

fn compared(
    root: &Path,
    revision: &Revision<'_>,
    file: &str,
    oasdiff: &Oasdiff,
) -> Result<DocumentChanges, Box<dyn Error>> {
    let bytes = revision.content(file)?;
    let old = Document::parse(&format!("{file} at {}", revision.name()), &bytes)?;
    let new = Document::load(root, file)?;
    let mut changes = Vec::new();
    if old.root != new.root {
        changes.extend(oasdiff.changes(&bytes, &root.join(file))?);
        changes.extend(blind_spots::changes(&old.root, &new.root));
    }
    changes.sort();
    Ok(DocumentChanges {
        file: file.to_owned(),
        old_version: version(&old),
        new_version: version(&new),
        changes,
    })
}

fn version(document: &Document) -> Option<String> {
    let version = document.root.pointer("/info/version")?.as_str()?;
    Some(version.to_owned())
}

fn gone(file: &str) -> DocumentChanges {
    whole(
        file,
        Level::Breaking,
        "document-removed",
        "the document is gone",
    )
}

fn added(file: &str) -> DocumentChanges {
    let text = "the document is new: there was none to compare it with";
    whole(file, Level::Compatible, "document-added", text)
}

fn whole(file: &str, level: Level, id: &str, text: &str) -> DocumentChanges {
    DocumentChanges {
        file: file.to_owned(),
        old_version: None,
        new_version: None,
        changes: vec![Change::new(level, id, text)],
    }
}

/// A file of the comparison that cannot be written or read.
fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be used: {error}", path.display()))
}
