//! The classes of failure, and what is said about each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of failure a [`Diagnosis`](super::Diagnosis) describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schemars", schemars(transform = crate::open_words))]
#[non_exhaustive]
pub enum DiagnosisClass {
    /// A role cannot be dropped while objects depend on it.
    RoleHasDependents,
    /// A user or group with the same name already exists.
    NameCollision,
    /// The account that synchronizes lacks a permission.
    PermissionDenied,
    /// An account, password, key or token was not accepted.
    CredentialsRejected,
    /// No trusted TLS connection could be established.
    TlsFailed,
    /// A host name could not be resolved.
    HostUnknown,
    /// A server could not be reached, or closed the connection.
    Unreachable,
    /// A server is busy, stopped or failing.
    ServiceUnavailable,
    /// A time limit was exceeded.
    Timeout,
    /// Another run was in progress.
    AlreadyRunning,
    /// A service rejected the request because of too many requests.
    Throttled,
    /// The directory has no entry at the configured name.
    DirectoryEntryMissing,
    /// The directory declined to perform the operation.
    DirectoryRefused,
    /// The clocks of two machines differ by more than the protocol allows.
    ClockSkew,
    /// An IAM user has not been copied into the cluster yet.
    UserNotSynchronized,
    /// Users, groups or roles could not be read from IAM or from the manager of the cluster.
    QueryFailed,
    /// The cluster does not exist.
    ClusterNotFound,
    /// The version of the cluster does not have the function.
    VersionUnsupported,
    /// The Ranger `UserSync` process inside the cluster failed.
    RangerUserSync,
    /// No other class was recognized.
    Other,
}

/// What is said about one class.
struct ClassText {
    class: DiagnosisClass,
    word: &'static str,
    /// What happened, in one clause, where the text names nothing more specific.
    summary: &'static str,
    /// What to do about it.
    hint: &'static str,
}

const fn text(
    class: DiagnosisClass,
    word: &'static str,
    summary: &'static str,
    hint: &'static str,
) -> ClassText {
    ClassText {
        class,
        word,
        summary,
        hint,
    }
}

static OTHER: ClassText = text(
    DiagnosisClass::Other,
    "other",
    "the run failed",
    "Read the full text in the task or record to find the step that failed.",
);

static TEXTS: [ClassText; 19] = [
    text(
        DiagnosisClass::RoleHasDependents,
        "role_has_dependents",
        "a role cannot be dropped because it owns objects",
        "Drop the objects that depend on the role or reassign them, then synchronize again.",
    ),
    text(
        DiagnosisClass::NameCollision,
        "name_collision",
        "a user or group with the same name already exists",
        "Rename or remove the user or group with that name in the cluster, then synchronize again.",
    ),
    text(
        DiagnosisClass::PermissionDenied,
        "permission_denied",
        "a permission is missing",
        "Grant the missing permission to the agency or account that synchronizes, then synchronize again.",
    ),
    text(
        DiagnosisClass::CredentialsRejected,
        "credentials_rejected",
        "the account or token of the run was rejected",
        "Renew the account, password or token that the identity source or data connection uses, then \
         synchronize again.",
    ),
    text(
        DiagnosisClass::TlsFailed,
        "tls_failed",
        "no trusted TLS connection could be established",
        "Check the certificate of the server (expiry, name, issuer) and the trusted certificates of the \
         cluster, then synchronize again.",
    ),
    text(
        DiagnosisClass::HostUnknown,
        "host_unknown",
        "a host name could not be resolved",
        "Check the spelling of the host name and the DNS settings of the cluster's network, then \
         synchronize again.",
    ),
    text(
        DiagnosisClass::Unreachable,
        "unreachable",
        "a server could not be reached",
        "Check address, port, routes and security groups between the cluster and the server, then \
         synchronize again.",
    ),
    text(
        DiagnosisClass::ServiceUnavailable,
        "service_unavailable",
        "a server is busy or unavailable",
        "Check that the server runs and is not overloaded, then synchronize again.",
    ),
    text(
        DiagnosisClass::Timeout,
        "timeout",
        "a time limit was exceeded",
        "Check that the server can be reached and is not overloaded, then synchronize again.",
    ),
    text(
        DiagnosisClass::AlreadyRunning,
        "already_running",
        "another run was in progress",
        "Wait until the other run has ended, then synchronize again.",
    ),
    text(
        DiagnosisClass::Throttled,
        "throttled",
        "the service rejected too many requests",
        "Wait some minutes. If it happens again, spread the schedules of the tasks.",
    ),
    text(
        DiagnosisClass::DirectoryEntryMissing,
        "directory_entry_missing",
        "the directory has no entry at the configured name",
        "Check the base DN and the filters of the identity source, then synchronize again.",
    ),
    text(
        DiagnosisClass::DirectoryRefused,
        "directory_refused",
        "the directory declined the operation",
        "Check the policies of the directory, for example whether it requires an encrypted connection, \
         then synchronize again.",
    ),
    text(
        DiagnosisClass::ClockSkew,
        "clock_skew",
        "the clocks of the cluster and the server differ too much",
        "Synchronize the clocks of the cluster and the server with NTP, then synchronize again.",
    ),
    text(
        DiagnosisClass::UserNotSynchronized,
        "user_not_synchronized",
        "a user does not exist in the cluster yet",
        "Synchronize the IAM users of the MRS cluster, wait five minutes for its caches, then try again.",
    ),
    text(
        DiagnosisClass::QueryFailed,
        "query_failed",
        "users or groups could not be read",
        "Check that IAM and the manager of the cluster respond, and that the agency may list users and \
         groups.",
    ),
    text(
        DiagnosisClass::ClusterNotFound,
        "cluster_not_found",
        "the cluster does not exist",
        "Remove the task, or point it to a cluster that exists.",
    ),
    text(
        DiagnosisClass::VersionUnsupported,
        "version_unsupported",
        "the version of the cluster lacks the function",
        "Upgrade the cluster to a version that has the function.",
    ),
    text(
        DiagnosisClass::RangerUserSync,
        "ranger_user_sync",
        "the Ranger UserSync process failed",
        "Check the memory, log and alarms of the Ranger UserSync process in the cluster's manager.",
    ),
];

impl DiagnosisClass {
    /// The word for the class in outputs, such as `tls_failed`.
    pub fn as_str(self) -> &'static str {
        self.text().word
    }

    /// The class with this word.
    pub(super) fn named(word: &str) -> Option<Self> {
        let known = TEXTS.iter().find(|text| text.word == word);
        known.map(|text| text.class)
    }

    /// What happened, in one clause, where the text names nothing more specific.
    pub(super) fn summary(self) -> &'static str {
        self.text().summary
    }

    /// What to do about it.
    pub(super) fn hint(self) -> &'static str {
        self.text().hint
    }

    fn text(self) -> &'static ClassText {
        TEXTS
            .iter()
            .find(|text| text.class == self)
            .unwrap_or(&OTHER)
    }
}

impl fmt::Display for DiagnosisClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
