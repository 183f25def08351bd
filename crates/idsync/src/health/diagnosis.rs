//! Why a run failed, read from the text of the service.

mod cause;
mod classify;
mod objects;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::text;
use super::verdict::word_enum;
use crate::Error;
use crate::error_body::Redaction;

/// Maximum length of a summary, in characters.
const LONGEST_SUMMARY: usize = 200;

/// Each line of `texts.txt`: class, phrases, summary and hint. A summary with `{name}` is for a text that names something.
static TEXTS: LazyLock<Vec<(DiagnosisClass, &str, &str, &str)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (class, row) = line.split_once(": ")?;
        let (phrases, row) = row.split_once(" => ")?;
        let (summary, hint) = row.split_once(" => ")?;
        Some((class.parse().ok()?, phrases, summary, hint))
    };
    let lines = include_str!("diagnosis/texts.txt").lines();
    lines.filter_map(row).collect()
});

word_enum! {
    /// What kind of failure a [`Diagnosis`] describes.
    DiagnosisClass: open_words, "a class of failure" {
        /// A role cannot be dropped while objects depend on it.
        RoleHasDependents = "role_has_dependents",
        /// A user or group with the same name already exists.
        NameCollision = "name_collision",
        /// The account that synchronizes lacks a permission.
        PermissionDenied = "permission_denied",
        /// An account, password, key or token was not accepted.
        CredentialsRejected = "credentials_rejected",
        /// No trusted TLS connection could be established.
        TlsFailed = "tls_failed",
        /// A host name could not be resolved.
        HostUnknown = "host_unknown",
        /// A server could not be reached, or closed the connection.
        Unreachable = "unreachable",
        /// A server is busy, stopped or failing.
        ServiceUnavailable = "service_unavailable",
        /// A time limit was exceeded.
        Timeout = "timeout",
        /// Another run was in progress.
        AlreadyRunning = "already_running",
        /// A service rejected the request because of too many requests.
        Throttled = "throttled",
        /// The directory has no entry at the configured name.
        DirectoryEntryMissing = "directory_entry_missing",
        /// The directory declined to perform the operation.
        DirectoryRefused = "directory_refused",
        /// The clocks of two machines differ by more than the protocol allows.
        ClockSkew = "clock_skew",
        /// An IAM user has not been copied into the cluster yet.
        UserNotSynchronized = "user_not_synchronized",
        /// Users, groups or roles could not be read from IAM or from the manager of the cluster.
        QueryFailed = "query_failed",
        /// The cluster does not exist.
        ClusterNotFound = "cluster_not_found",
        /// The version of the cluster does not have the function.
        VersionUnsupported = "version_unsupported",
        /// The Ranger `UserSync` process inside the cluster failed.
        RangerUserSync = "ranger_user_sync",
        /// No other class was recognized.
        Other = "other",
    }
}

/// What is understood of the log text of a failed run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Diagnosis {
    /// The class of the failure.
    pub class: DiagnosisClass,
    /// Names in the text: roles, users, objects that depend on a role, missing permissions. At most 20, each once.
    pub objects: Vec<String>,
    /// What happened, in one clause without a full stop.
    pub summary: String,
    /// What to do about it.
    pub hint: String,
    /// The text of the service, at most 64 KiB; only the echo of a signed request is masked.
    pub text: String,
}

impl Diagnosis {
    /// Reads a `sync_msg` of DataArts Studio or a `fail_reason` of DWS. Neither format is documented: a text that is
    /// not understood has the class `other`, and its first line is the summary. `None` for a blank text.
    pub fn of(text: &str) -> Option<Self> {
        let cause = cause::of(text);
        let first_line = cause
            .lines()
            .map(|line| text::plain(line, LONGEST_SUMMARY))
            .find(|line| !line.is_empty())?;
        let lowercase = cause.to_lowercase();
        let class = classify::class_of(&lowercase);
        let subjects = objects::subjects(class, &cause);
        let (summary, hint) = texts(class, &lowercase, &subjects);
        let summary = match class {
            DiagnosisClass::Other => first_line,
            _ => text::plain(&summary, LONGEST_SUMMARY),
        };
        let dependents = objects::dependents(class, &cause);
        Some(Self {
            class,
            objects: objects::bounded(subjects.into_iter().chain(dependents)),
            summary,
            hint: hint.to_owned(),
            text: Redaction::new([]).apply(cause::readable(text)),
        })
    }
}

/// Summary and hint, as exactly as the lower-case text and what it names allow.
fn texts(
    class: DiagnosisClass,
    cause: &str,
    subjects: &[String],
) -> (Cow<'static, str>, &'static str) {
    let fits = |phrases: &str, summary: &str| {
        let mut phrases = phrases.split(" | ");
        phrases.any(|phrase| phrase == "*" || cause.contains(phrase))
            && !(subjects.is_empty() && summary.contains('{'))
    };
    let row = TEXTS
        .iter()
        .find(|(of, phrases, summary, _)| *of == class && fits(phrases, summary));
    let (.., summary, hint) = row.copied().unwrap_or((class, "", "", ""));
    let summary = match subjects {
        [name, others @ ..] if summary.contains('{') => {
            let more = match others.len() {
                0 => String::new(),
                others => format!(" (and {others} more)"),
            };
            summary
                .replace("{more}", &more)
                .replace("{name}", name)
                .into()
        }
        _ => summary.into(),
    };
    (summary, hint)
}
