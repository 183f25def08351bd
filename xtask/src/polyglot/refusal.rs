//! An error, as far as every client can tell it.

use std::fmt;

use serde::Deserialize;

/// Status and error code of an answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// None if the answer is not in the shape of the services' errors.
    pub(super) code: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "status {} with code {code}", self.status),
            None => write!(f, "status {} without a code", self.status),
        }
    }
}
