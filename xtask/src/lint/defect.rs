//! A defect: one change to a document that a rule must notice.

use std::fs;
use std::path::Path;

use crate::tools::Failure;

/// One change, and the rule of the linter that must notice it.
#[derive(Debug)]
pub(super) struct Defect {
    /// Rule of the linter.
    pub(super) rule: &'static str,
    /// Document, below the root of the workspace.
    pub(super) file: &'static str,
    /// Text in it.
    pub(super) from: &'static str,
    /// What to put there once instead.
    pub(super) to: &'static str,
}

impl Defect {
    /// The document with the defect in it.
    pub(super) fn applied(&self, root: &Path) -> Result<String, Failure> {
        let path = root.join(self.file);
        let text = fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", self.file)))?;
        if text.contains(self.from) {
            return Ok(text.replacen(self.from, self.to, 1));
        }
        Err(Failure::new(format!(
            "the defect for `{}` looks for text that {} no longer has: {:?}",
            self.rule, self.file, self.from
        )))
    }
}
