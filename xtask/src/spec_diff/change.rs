//! One change of a document, as seen by those who build on it.

use serde::Serialize;

/// What a change means to clients. Worse comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Clients stop working, or no longer compile once they are generated anew.
    Breaking,
    /// Some clients may stop working.
    Doubtful,
    /// No client has to change.
    Compatible,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What it means to clients.
    pub level: Level,
    /// Kind of change; those of the tool keep its names.
    pub id: String,
    /// The change in words.
    pub text: String,
    /// Operation that it is about, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Line in the document as it is now, or as it was where nothing is left, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Change {
    /// A change of a document as a whole.
    pub fn new(level: Level, id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            level,
            id: id.into(),
            text: text.into(),
            operation: None,
            line: None,
        }
    }
}
