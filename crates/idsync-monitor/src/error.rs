//! The error of the monitor.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// Why the monitor cannot go on: one sentence, without secrets.
#[derive(Debug)]
pub struct MonitorError {
    message: String,
    source: Option<Cause>,
    is_missing: bool,
}

type Cause = Box<dyn Error + Send + Sync>;

impl MonitorError {
    /// With this sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
            is_missing: false,
        }
    }

    /// That there is no history at `path`.
    pub(crate) fn missing(path: &Path) -> Self {
        Self {
            is_missing: true,
            ..Self::new(format!("there is no history at {}", path.display()))
        }
    }

    /// Whether there is no history yet.
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// That the file at `path` cannot be what `done` says, such as `read`.
    pub(crate) fn of_file(path: &Path, done: &str, source: impl Into<Cause>) -> Self {
        Self::caused(format!("{} cannot be {done}", path.display()), source)
    }

    pub(crate) fn caused(message: impl Into<String>, source: impl Into<Cause>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(message)
        }
    }
}

impl fmt::Display for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for MonitorError {}

impl From<rusqlite::Error> for MonitorError {
    fn from(error: rusqlite::Error) -> Self {
        Self::caused("the history cannot be read or written", error)
    }
}

impl From<tokio_postgres::Error> for MonitorError {
    /// Its cause says what happened; the error itself says only where.
    fn from(error: tokio_postgres::Error) -> Self {
        let is_answer = error.as_db_error().is_some();
        let mut message = "the history cannot be read or written".to_owned();
        if !is_answer {
            message = format!("{message}: {error}");
        }
        Self {
            source: error.into_source(),
            ..Self::new(message)
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
