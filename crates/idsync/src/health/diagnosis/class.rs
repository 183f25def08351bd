//! The classes of failure, and the words by which they are known.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// What kind of failure a [`Diagnosis`](super::Diagnosis) speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
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
    /// None of the others is recognized.
    Other,
}

/// The words of each class, in lower case. The first class of which the text has a word is the one, so that the more
/// telling come first: a text about a timeout often speaks of the run that was in progress.
///
/// The first row and the code of MRS were seen in answers; the others are inferred.
const WORDS: [(DiagnosisClass, &[&str]); 6] = [
    (
        DiagnosisClass::RoleHasDependents,
        &[
            "objects depend on it",
            "cannot be dropped because",
            "has dependent objects",
            "还有对象依赖",
            "依赖于它",
        ],
    ),
    (
        DiagnosisClass::NameCollision,
        &[
            "already exist",
            "same name",
            "duplicate",
            "name conflict",
            "human-machine user",
            "同名",
            "已存在",
            "重名",
        ],
    ),
    (
        DiagnosisClass::Throttled,
        &[
            "throttl",
            "too many requests",
            "rate limit",
            "flow control",
            "apigw.0308",
            "status 429",
            "限流",
            "流控",
        ],
    ),
    (
        DiagnosisClass::Timeout,
        &[
            "timed out",
            "timeout",
            "time out",
            "time limit",
            "deadline",
            "超时",
        ],
    ),
    (
        DiagnosisClass::AlreadyRunning,
        &[
            "already running",
            "still running",
            "in progress",
            "12000154",
            "正在同步",
            "正在运行",
            "正在进行",
        ],
    ),
    (
        DiagnosisClass::PermissionDenied,
        &[
            "permission",
            "privilege",
            "not authorized",
            "unauthorized",
            "forbidden",
            "access denied",
            "not allowed to perform",
            "没有权限",
            "无权限",
            "权限不足",
        ],
    ),
];

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

    /// What to do about a failure of this class.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::RoleHasDependents => {
                "Drop the objects that depend on the role, or give them to another one, then synchronize again."
            }
            Self::NameCollision => {
                "Rename or remove the user or group of that name in the cluster, then synchronize again."
            }
            Self::PermissionDenied => {
                "Grant what is missing to the agency or account that synchronizes, then synchronize again."
            }
            Self::Timeout => {
                "Check that the cluster can be reached and is not overloaded, then synchronize again."
            }
            Self::AlreadyRunning => "Wait until the other run has ended, then synchronize again.",
            Self::Throttled => {
                "Wait some minutes; if it comes back, spread the schedules of the tasks."
            }
            Self::Other => {
                "Read the whole text that the run left, in the task or record, for the step that failed."
            }
        }
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
            Self::Other => "other",
        })
    }
}
