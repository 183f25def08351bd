//! Why a run failed, read from the text of the service.

mod cause;
mod classify;
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

/// Maximum number of names.
const MOST_NAMES: usize = 20;

/// Maximum length of a name, in characters.
const LONGEST_NAME: usize = 128;

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
        let subjects = subjects(class, &cause);
        let (summary, hint) = texts(class, &lowercase, &subjects);
        let summary = match class {
            DiagnosisClass::Other => first_line,
            _ => text::plain(&summary, LONGEST_SUMMARY),
        };
        // The objects that depend on a role are listed one per line, in the detail of the error of the database.
        let lines = cause
            .lines()
            .filter(|_| class == DiagnosisClass::RoleHasDependents);
        let names = subjects.iter().map(String::as_str);
        Some(Self {
            class,
            objects: bounded(names.chain(lines.filter_map(dependent))),
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

/// The roles, users, groups or missing permissions that failed; all quoted texts for other classes.
fn subjects(class: DiagnosisClass, cause: &str) -> Vec<String> {
    let found: Vec<&str> = match class {
        DiagnosisClass::RoleHasDependents => {
            let roles = cause.split("role \"").skip(1);
            roles.filter_map(|role| role.split('"').next()).collect()
        }
        DiagnosisClass::PermissionDenied => actions(cause).chain(quoted(cause)).collect(),
        _ => quoted(cause).collect(),
    };
    bounded(found)
}

/// At most [`MOST_NAMES`] printable names, each once.
fn bounded<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut kept = Vec::new();
    for name in names {
        let name = text::plain(name, LONGEST_NAME);
        if kept.len() == MOST_NAMES {
            break;
        }
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn dependent(line: &str) -> Option<&str> {
    let line = line.trim();
    let detail = line.strip_prefix("Detail:");
    let detail = detail.or_else(|| line.strip_prefix("DETAIL:"));
    let line = detail.unwrap_or(line).trim();
    if line.starts_with("privileges for ") || line.starts_with("default privileges ") {
        return Some(line);
    }
    let target = line.strip_prefix("target of ");
    target.or_else(|| line.strip_prefix("owner of "))
}

/// The texts in straight or Chinese double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let straight = text.split('"').skip(1).step_by(2);
    let curved = text.split('“').skip(1);
    let curved = curved.filter_map(|part| Some(part.split_once('”')?.0));
    straight.chain(curved)
}

/// IAM actions, such as `iam:users:listUsers`.
fn actions(text: &str) -> impl Iterator<Item = &str> {
    let candidates =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '*')));
    candidates.filter(|word| {
        let starts_as_action = word.starts_with(|c: char| c.is_ascii_alphabetic());
        starts_as_action
            && word.split(':').count() == 3
            && word.split(':').all(|part| !part.is_empty())
    })
}
