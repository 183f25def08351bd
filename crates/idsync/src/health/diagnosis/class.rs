//! The classes of failure.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::vocabulary::WORDS;
use crate::open_words::open_words;

/// What kind of failure a [`Diagnosis`](super::Diagnosis) speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum DiagnosisClass {
    /// A role cannot be removed while objects depend on it.
    RoleHasDependents,
    /// A user or group of that name, from elsewhere, is there already.
    NameCollision,
    /// The account that synchronizes lacks a permission.
    PermissionDenied,
    /// The run took too long.
    Timeout,
    /// Another run was in progress.
    AlreadyRunning,
    /// A service refused because of too many requests.
    Throttled,
    /// A user of IAM has not been copied into the cluster yet.
    UserNotSynchronized,
    /// Users, groups or roles could not be read from IAM or from the manager of the cluster.
    QueryFailed,
    /// The directory or IAM refused the account or token that the run used.
    CredentialsRejected,
    /// The cluster is not there any more.
    ClusterNotFound,
    /// A server that the run needs could not be reached.
    Unreachable,
    /// The cluster's version does not have the function.
    VersionUnsupported,
    /// The user synchronization of Ranger, inside the cluster, is in trouble.
    RangerUserSync,
    /// None of the others is recognized.
    Other,
}

impl DiagnosisClass {
    /// Classifies by what the text says outside of quotes, so that the name of a role cannot mislead; by all of it
    /// where the rest says nothing.
    pub(super) fn of(text: &str) -> Self {
        let text = text.to_lowercase();
        let unquoted: String = text.split('"').step_by(2).collect();
        search(&unquoted)
            .or_else(|| search(&text))
            .unwrap_or(Self::Other)
    }
}

fn search(text: &str) -> Option<DiagnosisClass> {
    let has_one = |words: &[&str]| words.iter().any(|word| text.contains(word));
    WORDS
        .iter()
        .find(|(_, words)| has_one(words))
        .map(|(class, _)| *class)
}

impl fmt::Display for DiagnosisClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::RoleHasDependents => "role_has_dependents",
            Self::NameCollision => "name_collision",
            Self::PermissionDenied => "permission_denied",
            Self::Timeout => "timeout",
            Self::AlreadyRunning => "already_running",
            Self::Throttled => "throttled",
            Self::UserNotSynchronized => "user_not_synchronized",
            Self::QueryFailed => "query_failed",
            Self::CredentialsRejected => "credentials_rejected",
            Self::ClusterNotFound => "cluster_not_found",
            Self::Unreachable => "unreachable",
            Self::VersionUnsupported => "version_unsupported",
            Self::RangerUserSync => "ranger_user_sync",
            Self::Other => "other",
        })
    }
}
