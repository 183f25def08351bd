//! The words by which failures are known.

use super::DiagnosisClass::{
    self, AlreadyRunning, ClusterNotFound, CredentialsRejected, NameCollision, PermissionDenied,
    QueryFailed, RangerUserSync, RoleHasDependents, Throttled, Timeout, Unreachable,
    UserNotSynchronized, VersionUnsupported,
};

/// The words of each class, in lower case. The first class of which the text has a word is the one, so that the more
/// telling come first: a text about a timeout often speaks of the run that was in progress.
///
/// What a role leaves behind was seen in an answer, and the codes stand in published tables; other words are inferred.
pub(super) const WORDS: [(DiagnosisClass, &[&str]); 13] = [
    (
        RoleHasDependents,
        &[
            "objects depend on it",
            "cannot be dropped because",
            "has dependent objects",
            "还有对象依赖",
            "依赖于它",
        ],
    ),
    (
        UserNotSynchronized,
        &[
            "does not exist on mrs manager",
            "not synchronized to manager",
            "iam user has not been synchronized",
            "未同步到manager",
            "用户未同步",
        ],
    ),
    (
        NameCollision,
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
        Throttled,
        &[
            "throttl",
            "too many requests",
            "rate limit",
            "ratelimit",
            "flow control",
            "apigw.0308",
            "apig.0308",
            "iam.0012",
            "status 429",
            "限流",
            "流控",
        ],
    ),
    (
        AlreadyRunning,
        &[
            "already running",
            "still running",
            "12000154",
            "mrs.0206",
            "mrs.0212",
            "正在同步",
            "正在运行",
            "正在进行",
        ],
    ),
    (
        RangerUserSync,
        &["alm-45293", "ranger usersync", "usersync process"],
    ),
    (
        QueryFailed,
        &[
            "12000156",
            "12000157",
            "12000163",
            "12000164",
            "failed to query iam",
            "failed to query manager",
            "query user failed",
            "query group failed",
            "查询iam用户失败",
        ],
    ),
    (
        CredentialsRejected,
        &[
            "invalid credential",
            "authentication fail",
            "authentication error",
            "bind fail",
            "wrong password",
            "invalid password",
            "password expired",
            "error code 49",
            "apigw.0301",
            "apigw.0307",
            "12000001",
            "130000002",
            "token is invalid",
            "token expired",
            "认证失败",
            "密码错误",
        ],
    ),
    (
        ClusterNotFound,
        &[
            "cluster does not exist",
            "cluster not found",
            "12000003",
            "集群不存在",
        ],
    ),
    (
        VersionUnsupported,
        &["dws.5206", "version does not support", "版本不支持"],
    ),
    (
        Timeout,
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
        Unreachable,
        &[
            "connection refused",
            "connection reset",
            "no route to host",
            "unknown host",
            "unreachable",
            "name resolution",
            "cannot connect",
            "can't contact ldap server",
            "连接失败",
            "无法连接",
        ],
    ),
    (
        PermissionDenied,
        &[
            "permission",
            "privilege",
            "not authorized",
            "unauthorized",
            "forbidden",
            "access denied",
            "not allowed to perform",
            "12000052",
            "12000136",
            "没有权限",
            "无权限",
            "权限不足",
        ],
    ),
];

/// What to do about a failure of `class`.
pub(super) fn hint(class: DiagnosisClass) -> &'static str {
    match class {
        RoleHasDependents => {
            "Drop the objects that depend on the role, or give them to another one, then synchronize again."
        }
        NameCollision => {
            "Rename or remove the user or group of that name in the cluster, then synchronize again."
        }
        PermissionDenied => {
            "Grant what is missing to the agency or account that synchronizes, then synchronize again."
        }
        Timeout => {
            "Check that the cluster can be reached and is not overloaded, then synchronize again."
        }
        AlreadyRunning => "Wait until the other run has ended, then synchronize again.",
        Throttled => "Wait some minutes; if it comes back, spread the schedules of the tasks.",
        UserNotSynchronized => {
            "Synchronize the IAM users of the MRS cluster, wait five minutes for its caches, then try again."
        }
        QueryFailed => {
            "Check that IAM and the manager of the cluster answer, and that the agency may list users and groups, then \
             synchronize again."
        }
        CredentialsRejected => {
            "Renew the account or password that the identity source or connection uses, then synchronize again."
        }
        ClusterNotFound => "Remove the task, or point it to a cluster that exists.",
        Unreachable => {
            "Check address, port, name resolution and security groups between the cluster and the server, then \
             synchronize again."
        }
        VersionUnsupported => "Upgrade the cluster to a version that has the function.",
        RangerUserSync => {
            "Look at the UserSync process of Ranger in the cluster's manager: its memory, its log and its alarms."
        }
        DiagnosisClass::Other => {
            "Read the whole text that the run left, in the task or record, for the step that failed."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_with_words_is_recognized_by_each_of_them() {
        for (class, words) in WORDS {
            for word in words {
                let found = DiagnosisClass::of(&word.to_uppercase());
                assert_eq!(found, class, "{word}");
            }
        }
    }
}
