//! What changed, for people and for machines.

use std::fmt;

use serde::Serialize;

use super::change::{Change, Level};

/// What changed in all documents since a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Identifier of the commit that was compared with.
    pub revision: String,
    /// Every document on either side, by name.
    pub documents: Vec<DocumentChanges>,
}

/// What changed in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentChanges {
    /// The document, below the root of the workspace.
    pub file: String,
    /// `info.version` at the revision, if both sides have the document.
    pub old_version: Option<String>,
    /// `info.version` now, if both sides have the document.
    pub new_version: Option<String>,
    /// The changes, the worst first.
    pub changes: Vec<Change>,
}

impl Report {
    /// Whether some client breaks or may break.
    pub fn is_breaking(&self) -> bool {
        self.documents.iter().any(DocumentChanges::is_breaking)
    }

    /// Whether a document breaks clients and does not say so by a higher major version.
    pub fn is_unannounced(&self) -> bool {
        let mut documents = self.documents.iter();
        documents.any(|document| document.is_breaking() && !document.is_announced())
    }

    /// Whether `file` has a change of the kind `id` that breaks clients, or may.
    pub fn has(&self, file: &str, id: &str) -> bool {
        let documents = self
            .documents
            .iter()
            .filter(|document| document.file == file);
        let mut changes = documents.flat_map(|document| &document.changes);
        changes.any(|change| change.id == id && change.level != Level::Compatible)
    }

    /// The report as one JSON object.
    ///
    /// # Errors
    ///
    /// Never for a report that [`super::compare`] made.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&serde_json::json!({
            "schema": "idsync.spec-diff/v1",
            "revision": self.revision,
            "breaking": self.is_breaking(),
            "documents": self.documents,
        }))
    }
}

impl DocumentChanges {
    fn is_breaking(&self) -> bool {
        self.changes
            .iter()
            .any(|change| change.level != Level::Compatible)
    }

    /// Whether the first number of the version went up.
    fn is_announced(&self) -> bool {
        let major = |version: &Option<String>| {
            let first = version.as_deref()?.split('.').next()?;
            first.parse::<u32>().ok()
        };
        major(&self.old_version)
            .zip(major(&self.new_version))
            .is_some_and(|(old, new)| new > old)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for document in &self.documents {
            write!(f, "{document}")?;
        }
        let short = self.revision.get(..12).unwrap_or(&self.revision);
        let verdict = match (self.is_breaking(), self.is_unannounced()) {
            (false, _) => "nothing that breaks clients",
            (true, false) => "clients break, and the versions say so",
            (true, true) => {
                "clients break: mend it, or raise the first number of the document's version"
            }
        };
        write!(f, "since {short}: {verdict}")
    }
}

impl fmt::Display for DocumentChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            let level = match change.level {
                Level::Breaking => "breaking",
                Level::Doubtful => "doubtful",
                Level::Compatible => "compatible",
            };
            write!(f, "{}", self.file)?;
            if let Some(line) = change.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": {level}: ")?;
            if let Some(operation) = &change.operation {
                write!(f, "{operation}: ")?;
            }
            writeln!(f, "{} [{}]", change.text, change.id)?;
        }
        Ok(())
    }
}
