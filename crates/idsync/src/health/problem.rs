//! What could not be asked or read.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Source, words};
use crate::{Error, ErrorKind};

/// How much of the service's own message is shown, in characters.
const LONGEST_MESSAGE: usize = 500;

/// A source that could not be asked, or a part of its answer that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Problem {
    /// Who was asked.
    pub source: Source,
    /// The project that was asked about, where it is known.
    pub project_id: Option<String>,
    /// The cluster that was asked about; null for what concerns more than one.
    pub cluster_id: Option<String>,
    /// What went wrong.
    pub error: ProblemError,
}

/// What of an [`Error`] a report carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ProblemError {
    /// The coarse kind, such as `throttled`.
    #[serde(serialize_with = "word")]
    #[schemars(with = "ErrorKind")]
    pub kind: ErrorKind,
    /// The HTTP status, where an answer arrived.
    pub status: Option<u16>,
    /// The service's own error code.
    pub code: Option<String>,
    /// What happened, in one line.
    pub message: String,
    /// The id under which the service can find the request.
    pub request_id: Option<String>,
}

impl Problem {
    /// The problem that `error` is for `source`, and for one cluster if it concerns only that.
    pub fn new(source: Source, cluster_id: Option<&str>, error: &Error) -> Self {
        Self {
            source,
            project_id: None,
            cluster_id: cluster_id.map(str::to_owned),
            error: error.into(),
        }
    }

    /// What problems are sorted by, so that their order tells nothing of that of the answers.
    pub(super) fn rank(&self) -> impl Ord + '_ {
        let error = &self.error;
        (
            (
                self.project_id.as_deref(),
                self.source,
                self.cluster_id.as_deref(),
            ),
            (error.kind.as_str(), error.status, error.code.as_deref()),
            (error.message.as_str(), error.request_id.as_deref()),
        )
    }
}

impl From<&Error> for ProblemError {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            status: error.status(),
            code: error.code().map(str::to_owned),
            message: words::plain(error.message(), LONGEST_MESSAGE),
            request_id: error.request_id().map(str::to_owned),
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn word<S: Serializer>(kind: &ErrorKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}
