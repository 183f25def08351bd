//! Why a run failed, read from the text that the service left.

mod class;
mod names;
mod sync_log;
mod vocabulary;

use schemars::JsonSchema;
use serde::Serialize;

pub use self::class::DiagnosisClass;
use super::words;
use crate::error::Redaction;

/// How long a summary may be, in characters.
const LONGEST_SUMMARY: usize = 200;

/// What the text that a failed run left behind means, as far as it is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The class of the failure.
    pub class: DiagnosisClass,
    /// What the text names: roles, users, objects that depend on a role, missing permissions. At most 20, each once.
    pub objects: Vec<String>,
    /// What happened, in one clause without a full stop.
    pub summary: String,
    /// What to do about it.
    pub hint: String,
    /// What the service wrote, up to 64 KiB of it; only the echo of a signed request is masked.
    pub text: String,
}

impl Diagnosis {
    /// Reads a `sync_msg` of DataArts Studio or a `fail_reason` of DWS. The form of neither is documented: whatever is
    /// not understood is of the class `other`, with the first line of the text as its summary. `None` for blank text.
    pub fn of(text: &str) -> Option<Self> {
        let cause = sync_log::cause(text);
        let first_line = cause
            .lines()
            .map(|line| words::plain(line, LONGEST_SUMMARY))
            .find(|line| !line.is_empty())?;
        let class = DiagnosisClass::of(&cause);
        let subjects = names::subjects(class, &cause);
        let summary = words::plain(&summary(class, &subjects, first_line), LONGEST_SUMMARY);
        let objects = names::bounded(subjects.into_iter().chain(names::dependents(class, &cause)));
        Some(Self {
            class,
            objects,
            summary,
            hint: vocabulary::hint(class).into(),
            text: Redaction::new([]).apply(sync_log::readable(text)),
        })
    }
}

fn summary(class: DiagnosisClass, subjects: &[String], first_line: String) -> String {
    let subject = subjects.first();
    let more = match subjects.len() {
        0 | 1 => String::new(),
        several => format!(" (and {} more)", several - 1),
    };
    match (class, subject) {
        (DiagnosisClass::RoleHasDependents, Some(role)) => {
            format!("role \"{role}\"{more} still owns objects")
        }
        (DiagnosisClass::NameCollision, Some(name)) => {
            format!("the name \"{name}\"{more} is taken in the cluster")
        }
        (DiagnosisClass::PermissionDenied, Some(action)) => {
            format!("permission is missing: {action}{more}")
        }
        (DiagnosisClass::UserNotSynchronized, Some(user)) => {
            format!("user \"{user}\"{more} is not known to the cluster")
        }
        (DiagnosisClass::Other, _) => first_line,
        (class, _) => without_subject(class).into(),
    }
}

/// The summary where the text names nothing that matters.
fn without_subject(class: DiagnosisClass) -> &'static str {
    match class {
        DiagnosisClass::RoleHasDependents => "a role that should go still owns objects",
        DiagnosisClass::NameCollision => "a name is taken in the cluster",
        DiagnosisClass::PermissionDenied => "permission is missing",
        DiagnosisClass::Timeout => "the run hit a time limit",
        DiagnosisClass::AlreadyRunning => "another run was in progress",
        DiagnosisClass::Throttled => "too many requests at a time",
        DiagnosisClass::UserNotSynchronized => "a user is not known to the cluster",
        DiagnosisClass::QueryFailed => "users or groups could not be read",
        DiagnosisClass::CredentialsRejected => "the account or token of the run was refused",
        DiagnosisClass::ClusterNotFound => "the cluster does not exist",
        DiagnosisClass::Unreachable => "a server could not be reached",
        DiagnosisClass::VersionUnsupported => "the cluster's version lacks the function",
        DiagnosisClass::RangerUserSync => "the user synchronization of Ranger is in trouble",
        DiagnosisClass::Other => "the run failed",
    }
}

#[cfg(test)]
mod tests;
