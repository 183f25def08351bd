//! The error of the monitor.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// Why the monitor cannot go on: one sentence, without secrets.
#[derive(Debug)]
pub struct MonitorError {
    message: String,
    is_missing: bool,
}

impl MonitorError {
    /// With this sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_missing: false,
        }
    }

    /// That there is no history at `path`.
    pub(crate) fn missing(path: &Path) -> Self {
        Self {
            message: format!("there is no history at {}", path.display()),
            is_missing: true,
        }
    }

    /// Whether there is no history yet.
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// That the file at `path` cannot be what `done` says, such as `read`.
    pub(crate) fn of_file(path: &Path, done: &str, cause: impl fmt::Display) -> Self {
        Self::caused(format!("{} cannot be {done}", path.display()), cause)
    }

    pub(crate) fn caused(message: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::new(format!("{message}: {cause}"))
    }
}

impl fmt::Display for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for MonitorError {}

const UNUSABLE: &str = "the history cannot be read or written";

impl From<rusqlite::Error> for MonitorError {
    fn from(error: rusqlite::Error) -> Self {
        Self::caused(UNUSABLE, error)
    }
}

impl From<tokio_postgres::Error> for MonitorError {
    /// The answer of the server says what happened; any other error says where, and its cause why.
    fn from(error: tokio_postgres::Error) -> Self {
        match error.source() {
            Some(answer) if error.as_db_error().is_some() => Self::caused(UNUSABLE, answer),
            Some(cause) => Self::caused(UNUSABLE, format!("{error}: {cause}")),
            None => Self::caused(UNUSABLE, error),
        }
    }
}

impl From<serde_json::Error> for MonitorError {
    fn from(error: serde_json::Error) -> Self {
        Self::caused(
            "the history holds something that this version cannot read",
            error,
        )
    }
}
