//! Why a run failed, read from the text of the service.

mod classify;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Deserializer, Value};

use super::text;
use super::verdict::word_enum;
use crate::Error;
use crate::error_body::Redaction;

/// Maximum length of the text that is read, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

/// Maximum number of arrays that are read, nested ones included.
const MOST_ARRAYS: usize = 32;

/// Separates the time of an entry from its text.
const ARROW: &str = "===>";

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
        let cause = cause_of(text);
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
            text: Redaction::new([]).apply(readable(text)),
        })
    }
}

/// The cause in the log text of a run: the messages of the failed jobs, or of all jobs if none is marked as failed, or else
/// the text itself.
///
/// The one known example is a local time, an arrow, a sentence, and a JSON array of jobs whose `message` holds the cause.
/// The format is not documented, so every part may be missing, repeated or cut off.
fn cause_of(text: &str) -> String {
    let text = readable(text);
    let jobs = jobs(text);
    let failed = messages(jobs.iter().filter(|job| {
        let status = job.get("status").and_then(Value::as_str);
        let status = status.unwrap_or_default().to_ascii_lowercase();
        status.contains("fail") || status.contains("err")
    }));
    let all = messages(&jobs);
    let mut causes = [failed, all].into_iter();
    causes
        .find(|cause| !cause.is_empty())
        .or_else(|| cut_off_message(text))
        .unwrap_or_else(|| {
            // The text without the times before arrows, and without an empty array.
            let sentences = text.lines().map(|line| match line.split_once(ARROW) {
                Some((_, sentence)) => sentence.trim(),
                None => line.trim(),
            });
            let sentences: Vec<_> = sentences.filter(|it| !it.is_empty()).collect();
            let text = sentences.join("\n");
            let text = text.strip_suffix("[]").unwrap_or(&text);
            text.trim_end_matches([':', ' ']).to_owned()
        })
}

/// The part of the text that is read.
fn readable(text: &str) -> &str {
    (0..=LONGEST_TEXT.min(text.len()))
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

/// The items of all JSON arrays of the text that begin with an object.
fn jobs(text: &str) -> Vec<Value> {
    let (mut jobs, mut read) = (Vec::new(), 0);
    let arrays = text.match_indices('[').filter_map(|(start, _)| {
        let array = text.get(start..)?;
        let is_of_objects = array.get(1..)?.trim_start().starts_with('{');
        is_of_objects.then_some((start, array))
    });
    for (start, array) in arrays.take(MOST_ARRAYS) {
        let mut values = Deserializer::from_str(array).into_iter::<Vec<Value>>();
        if start >= read
            && let Some(Ok(items)) = values.next()
        {
            read = start + values.byte_offset();
            jobs.extend(items);
        }
    }
    jobs
}

fn messages<'a>(jobs: impl IntoIterator<Item = &'a Value>) -> String {
    let jobs = jobs.into_iter();
    let messages = jobs.filter_map(|job| Some(job.get("message")?.as_str()?.trim()));
    let messages: Vec<_> = messages.filter(|message| !message.is_empty()).collect();
    messages.join("\n")
}

/// The first message of an array that was cut off, up to its quote or to the end.
fn cut_off_message(text: &str) -> Option<String> {
    let quoted = text.get(text.find('"')?..)?;
    let (_, rest) = quoted.split_once("\"message\"")?;
    let value = rest.trim_start().strip_prefix(':')?;
    let value = value.trim_start().strip_prefix('"')?;
    let mut is_escaped = false;
    let mut parts = value.split(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    let body = parts.next()?;
    let decoded = serde_json::from_str(&format!("\"{body}\""))
        .unwrap_or_else(|_| body.trim_end_matches('\\').to_owned());
    (!decoded.trim().is_empty()).then_some(decoded)
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
