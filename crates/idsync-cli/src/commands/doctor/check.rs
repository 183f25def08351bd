//! One check, and all of them.

use idsync::{Error, ErrorKind};
use schemars::JsonSchema;
use serde::Serialize;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CheckStatus {
    /// Nothing to do.
    Ok,
    /// It works, or may work.
    Warn,
    /// It must be fixed.
    Fail,
    /// Not checked, because something that it depends on is missing or failed.
    Skipped,
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Check {
    /// What was checked, such as `dns.dws`; the part after the dot is the service.
    pub(crate) name: String,
    /// The result.
    pub(crate) status: CheckStatus,
    /// What was found, in one sentence.
    pub(crate) message: String,
    /// What to do, if there is something to do.
    pub(crate) advice: Option<String>,
    /// The kind of error of a failure.
    #[serde(skip)]
    pub(crate) kind: Option<ErrorKind>,
}

impl Check {
    fn new(name: impl Into<String>, status: CheckStatus, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            status,
            message: message.into(),
            advice: None,
            kind: None,
        }
    }

    pub(super) fn ok(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Ok, message)
    }

    pub(super) fn warn(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Warn, message)
    }

    pub(super) fn skipped(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Skipped, why)
    }

    /// Skipped because another check failed.
    pub(super) fn needs(name: impl Into<String>, other: &str) -> Self {
        Self::skipped(name, format!("needs {other}"))
    }

    pub(super) fn fail(
        name: impl Into<String>,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind: Some(kind),
            ..Self::new(name, CheckStatus::Fail, message)
        }
    }

    /// A failure with the hint of the error, else `advice`.
    pub(super) fn failed(name: impl Into<String>, error: &Error, advice: &str) -> Self {
        let advice = error.hint().unwrap_or(advice);
        Self::fail(name, error.kind(), error.to_string()).advised(advice)
    }

    pub(super) fn advised(self, advice: impl Into<String>) -> Self {
        Self {
            advice: Some(advice.into()),
            ..self
        }
    }
}

/// The name and version of the JSON form of a [`DoctorReport`].
const SCHEMA: &str = "idsync.doctor/v1";

/// All checks, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct DoctorReport {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The worst status: `fail`, else `warn`, else `ok`. Skipped checks do not count.
    verdict: CheckStatus,
    /// The checks, each after those that it depends on.
    pub(super) checks: Vec<Check>,
}

impl DoctorReport {
    pub(super) fn new(checks: Vec<Check>) -> Self {
        let has = |status: &CheckStatus| checks.iter().any(|check| check.status == *status);
        let worst = [CheckStatus::Fail, CheckStatus::Warn].into_iter().find(has);
        Self {
            schema: SCHEMA,
            verdict: worst.unwrap_or(CheckStatus::Ok),
            checks,
        }
    }
}
