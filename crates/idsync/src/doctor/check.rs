//! One thing that was checked, and what came of it.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::open_words;
use crate::{Error, ErrorKind};

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum CheckStatus {
    /// Nothing to do.
    Ok,
    /// It works, or might; look at it.
    Warn,
    /// It has to be mended.
    Fail,
    /// Not checked, since something that it depends on is missing or failed.
    Skipped,
}

impl CheckStatus {
    /// The name that outputs use: `ok`, `warn`, `fail` or `skipped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for CheckStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Check {
    /// What was checked, such as `dns.dws`; the part behind the dot is the service.
    pub name: String,
    /// What came of it.
    pub status: CheckStatus,
    /// What was found, in one sentence.
    pub message: String,
    /// What to do, where there is something to do.
    pub advice: Option<String>,
    /// What kind of error a failure was.
    #[serde(skip)]
    pub kind: Option<ErrorKind>,
}

impl Check {
    /// Nothing to do.
    pub fn ok(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Ok, message)
    }

    /// It works, or might; `advice` says what to look at.
    pub fn warn(
        name: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(name, CheckStatus::Warn, message).advised(advice)
    }

    /// It has to be mended; `advice` says how.
    pub fn fail(
        name: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(name, CheckStatus::Fail, message).advised(advice)
    }

    /// The flags, the environment or a file have to be mended; `advice` says how.
    pub fn misconfigured(
        name: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            kind: Some(ErrorKind::Configuration),
            ..Self::fail(name, message, advice)
        }
    }

    /// It has to be mended, as `error` says; `advice` says how.
    pub fn failed_by(name: impl Into<String>, error: &Error, advice: impl Into<String>) -> Self {
        Self {
            kind: Some(error.kind()),
            ..Self::fail(name, error.to_string(), advice)
        }
    }

    /// Not checked, and why.
    pub fn skipped(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Skipped, why)
    }

    fn new(name: impl Into<String>, status: CheckStatus, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            status,
            message: message.into(),
            advice: None,
            kind: None,
        }
    }

    pub(super) fn advised(self, advice: impl Into<String>) -> Self {
        Self {
            advice: Some(advice.into()),
            ..self
        }
    }
}

/// The name and version of the JSON form of an [`Examination`].
const SCHEMA: &str = "idsync.doctor/v1";

/// Every check that was made, in order, and what they come to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Examination {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The worst status: `fail`, else `warn`, else `ok`. A check that was skipped counts for nothing.
    pub verdict: CheckStatus,
    /// The checks, each after those that it depends on.
    pub checks: Vec<Check>,
}

impl Examination {
    /// Sums up `checks`.
    pub fn of(checks: Vec<Check>) -> Self {
        let any = |status| checks.iter().any(|check| check.status == status);
        let verdict = [CheckStatus::Fail, CheckStatus::Warn]
            .into_iter()
            .find(|status| any(*status))
            .unwrap_or(CheckStatus::Ok);
        Self {
            schema: SCHEMA,
            verdict,
            checks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_check_decides_and_a_skipped_one_does_not_count() {
        let (ok, skipped) = (Check::ok("a", "x"), Check::skipped("b", "x"));
        let (warn, fail) = (Check::warn("c", "x", "y"), Check::fail("d", "x", "y"));
        let verdict =
            |checks: &[&Check]| Examination::of(checks.iter().copied().cloned().collect()).verdict;
        assert_eq!(verdict(&[&ok, &skipped]), CheckStatus::Ok);
        assert_eq!(verdict(&[&ok, &warn]), CheckStatus::Warn);
        assert_eq!(verdict(&[&fail, &warn, &ok]), CheckStatus::Fail);
        assert_eq!(verdict(&[]), CheckStatus::Ok);
    }
}
