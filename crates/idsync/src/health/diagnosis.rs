//! Why a run failed, read from the text that the service left.

mod cause;
mod class;
mod classify;
mod objects;

use serde::{Deserialize, Serialize};

pub use self::class::DiagnosisClass;
use super::words;
use crate::error_body::Redaction;

/// How long a summary may be, in characters.
const LONGEST_SUMMARY: usize = 200;

/// Words in lower case that narrow a class down: class, words, summary, hint.
type Detail = (
    DiagnosisClass,
    &'static [&'static str],
    &'static str,
    &'static str,
);

/// The `data` values are those of Active Directory behind LDAP result code 49.
static DETAILS: [Detail; 4] = [
    (
        DiagnosisClass::TlsFailed,
        &["expired", "notafter", "已过期", "证书过期"],
        "a certificate has expired",
        "Renew the certificate of the server, then synchronize again.",
    ),
    (
        DiagnosisClass::TlsFailed,
        &["subject alternative", "match the host", "hostname mismatch"],
        "a certificate was issued for another host name",
        "Use the host name that the certificate was issued for, or issue a new one, then synchronize again.",
    ),
    (
        DiagnosisClass::CredentialsRejected,
        &["locked", "disabled", "data 533", "data 775", "被锁定"],
        "the account of the run is locked or disabled",
        "Unlock or enable the account in the directory, then synchronize again.",
    ),
    (
        DiagnosisClass::CredentialsRejected,
        &[
            "password expired",
            "password has expired",
            "must be changed",
            "data 532",
            "data 773",
            "密码已过期",
        ],
        "the password of the account has expired",
        "Set a new password for the account and enter it in the identity source, then synchronize again.",
    ),
];

/// What the text that a failed run left behind means, as far as it is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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
        let cause = cause::of(text);
        let first_line = cause
            .lines()
            .map(|line| words::plain(line, LONGEST_SUMMARY))
            .find(|line| !line.is_empty())?;
        let class = classify::class_of(&cause);
        let subjects = objects::subjects(class, &cause);
        let summary = words::plain(
            &summary(class, &subjects, &cause, first_line),
            LONGEST_SUMMARY,
        );
        let objects = objects::bounded(
            subjects
                .into_iter()
                .chain(objects::dependents(class, &cause)),
        );
        Some(Self {
            class,
            objects,
            summary,
            hint: hint(class, &cause).into(),
            text: Redaction::new([]).apply(cause::readable(text)),
        })
    }
}

fn summary(class: DiagnosisClass, subjects: &[String], cause: &str, first_line: String) -> String {
    let more = match subjects.len() {
        0 | 1 => String::new(),
        several => format!(" (and {} more)", several - 1),
    };
    match (class, subjects.first()) {
        (DiagnosisClass::RoleHasDependents, Some(role)) => {
            format!("role \"{role}\"{more} still owns objects")
        }
        (DiagnosisClass::NameCollision, Some(name)) => {
            format!("the name \"{name}\"{more} already exists in the cluster")
        }
        (DiagnosisClass::PermissionDenied, Some(action)) => {
            format!("permission is missing: {action}{more}")
        }
        (DiagnosisClass::UserNotSynchronized, Some(user)) => {
            format!("user \"{user}\"{more} does not exist in the cluster yet")
        }
        (DiagnosisClass::Other, _) => first_line,
        (class, _) => detail(class, cause)
            .map_or(class.summary(), |(summary, _)| summary)
            .into(),
    }
}

fn hint(class: DiagnosisClass, cause: &str) -> &'static str {
    detail(class, cause).map_or(class.hint(), |(_, hint)| hint)
}

/// A summary and hint that are more exact than those of the class.
fn detail(class: DiagnosisClass, cause: &str) -> Option<(&'static str, &'static str)> {
    let cause = cause.to_lowercase();
    let rows = DETAILS.iter().filter(|(of_class, ..)| *of_class == class);
    let mut matching = rows.filter(|(_, words, ..)| words.iter().any(|word| cause.contains(word)));
    matching.next().map(|(.., summary, hint)| (*summary, *hint))
}

#[cfg(test)]
mod tests;
