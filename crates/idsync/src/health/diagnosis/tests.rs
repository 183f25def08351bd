//! Texts that runs leave behind, and what is made of them.

use super::{Diagnosis, DiagnosisClass, LONGEST_SUMMARY};

fn diagnosed(text: &str) -> (DiagnosisClass, String) {
    let diagnosis = Diagnosis::of(text).unwrap();
    assert!(!diagnosis.hint.is_empty());
    (diagnosis.class, diagnosis.summary)
}

fn objects(text: &str) -> Vec<String> {
    Diagnosis::of(text).unwrap().objects
}

#[test]
fn a_text_is_put_into_its_class_and_summed_up() {
    use DiagnosisClass::{
        AlreadyRunning, NameCollision, Other, PermissionDenied, RoleHasDependents, Throttled,
        Timeout,
    };
    for (text, class, summary) in [
        (
            r#"role "r" cannot be dropped because some objects depend on it"#,
            RoleHasDependents,
            r#"role "r" still owns objects"#,
        ),
        (
            "role r cannot be dropped because some objects depend on it",
            RoleHasDependents,
            r#"role "r" still owns objects"#,
        ),
        (
            "some objects depend on it",
            RoleHasDependents,
            "a role that should go still owns objects",
        ),
        (
            "User alice already exists.",
            NameCollision,
            r#"the name "alice" is taken in the cluster"#,
        ),
        (
            "用户bob已存在",
            NameCollision,
            r#"the name "bob" is taken in the cluster"#,
        ),
        (
            "存在同名用户“张三”，同步失败",
            NameCollision,
            r#"the name "张三" is taken in the cluster"#,
        ),
        (
            "a human-machine user is in the way",
            NameCollision,
            "a name is taken in the cluster",
        ),
        (
            "dlg_agency lacks permission iam:users:listUsers",
            PermissionDenied,
            "permission is missing: iam:users:listUsers",
        ),
        ("Access denied", PermissionDenied, "permission is missing"),
        ("权限不足", PermissionDenied, "permission is missing"),
        (
            "the run in progress timed out",
            Timeout,
            "the run hit a time limit",
        ),
        ("连接超时", Timeout, "the run hit a time limit"),
        (
            "12000154: IAM synchronization is under way",
            AlreadyRunning,
            "another run was in progress",
        ),
        (
            "正在同步，请稍后",
            AlreadyRunning,
            "another run was in progress",
        ),
        (
            "APIGW.0308: Too Many Requests",
            Throttled,
            "too many requests at a time",
        ),
        (
            "Submit job failed: disk is full",
            Other,
            "Submit job failed: disk is full",
        ),
        ("未知错误\n详情", Other, "未知错误"),
    ] {
        assert_eq!(diagnosed(text), (class, summary.to_owned()), "{text}");
    }
}

#[test]
fn failures_around_a_run_have_classes_of_their_own() {
    use DiagnosisClass::{
        ClusterNotFound, CredentialsRejected, QueryFailed, RangerUserSync, Unreachable,
        UserNotSynchronized, VersionUnsupported,
    };
    for (text, class, summary) in [
        (
            "The user alice does not exist on MRS Manager",
            UserNotSynchronized,
            "a user is not known to the cluster",
        ),
        (
            "0192: user \"alice\" does not exist on MRS Manager",
            UserNotSynchronized,
            r#"user "alice" is not known to the cluster"#,
        ),
        (
            "12000163: the users of Manager cannot be queried",
            QueryFailed,
            "users or groups could not be read",
        ),
        (
            "[LDAP: error code 49 - Invalid Credentials]",
            CredentialsRejected,
            "the account or token of the run was refused",
        ),
        (
            "12000003 The cluster does not exist.",
            ClusterNotFound,
            "the cluster does not exist",
        ),
        (
            "ldap://10.0.0.8:389: Connection refused",
            Unreachable,
            "a server could not be reached",
        ),
        (
            "DWS.5206 at this database",
            VersionUnsupported,
            "the cluster's version lacks the function",
        ),
        (
            "ALM-45293 was raised",
            RangerUserSync,
            "the user synchronization of Ranger is in trouble",
        ),
    ] {
        assert_eq!(diagnosed(text), (class, summary.to_owned()), "{text}");
    }
}

#[test]
fn a_name_in_quotes_does_not_decide_the_class_unless_nothing_else_does() {
    assert_eq!(
        diagnosed(r#"table "timeout" is full"#).0,
        DiagnosisClass::Timeout
    );
    assert_eq!(
        diagnosed(r#"user "timeout_permission" already exists"#).0,
        DiagnosisClass::NameCollision
    );
    assert_eq!(
        diagnosed(r#"permission denied for role "rate limit""#).0,
        DiagnosisClass::PermissionDenied
    );
    assert_eq!(
        diagnosed(r#"it said "permission denied""#).0,
        DiagnosisClass::PermissionDenied
    );
}

#[test]
fn what_a_text_names_is_listed_once_and_within_bounds() {
    let text = "role \"r\" cannot be dropped because some objects depend on it\nDETAIL:  owner of table t1\n\
                privileges for schema s\nowner of table t1\nHINT: none";
    assert_eq!(objects(text), ["r", "table t1", "privileges for schema s"]);
    assert_eq!(
        objects("not authorized: iam:users:listUsers, iam:groups:listGroups at 10:25:54"),
        ["iam:users:listUsers", "iam:groups:listGroups"]
    );
    let many: Vec<_> = (0..1000).map(|n| format!("owner of table t{n}")).collect();
    let many = many.join("\n");
    let found = objects(&format!("role \"r\" cannot be dropped because\n{many}"));
    assert_eq!((found.len(), found[0].as_str()), (20, "r"));
    let long = objects(&format!("user \"{}\" already exists", "x".repeat(10_000)));
    assert_eq!(long[0].chars().count(), 128);
}

#[test]
fn several_roles_are_counted_in_the_summary() {
    let text = ["a", "b", "c"]
        .map(|role| format!("role \"{role}\" cannot be dropped because some objects depend on it"));
    assert_eq!(
        diagnosed(&text.join("\n")).1,
        r#"role "a" (and 2 more) still owns objects"#
    );
}

#[test]
fn the_messages_of_failed_jobs_are_the_cause() {
    for (text, summary) in [
        (
            r#"[2026-11-22 10:00:00] ===> Submit job failed:[{"message":"a","status":"SUCCESS"},{"message":"b","status":"FAILED"}]"#,
            "b",
        ),
        (r#"x:[{"message":"a"},{"message":"b"}]"#, "a"),
        (
            r#"[{"message":"a","status":"FAILED"}] ===> [{"message":" "}]"#,
            "a",
        ),
        (r#"[1] x [[]] y [{"message":"a"}]"#, "a"),
        (
            r#"[2026-11-22 10:00:00] ===> Submit job failed:[{"jobId":"1","message":"line \"one\"\nline tw"#,
            r#"line "one""#,
        ),
        (r#"x [{"message":"whole","status":"FAI"#, "whole"),
        (
            r#"x [{"message":"cut within an escape \"#,
            "cut within an escape",
        ),
        (
            r#"x [{"message":"cut within an escape \u00"#,
            r"cut within an escape \u00",
        ),
        (
            "[2026-11-22 10:00:00] ===> Submit job failed:[]",
            "Submit job failed",
        ),
        (
            "[2026-11-22 10:00:00] ===> first\n[2026-11-22 10:00:01] ===> second",
            "first",
        ),
        (r#"x [{"message":null}]"#, r#"x [{"message":null}]"#),
    ] {
        assert_eq!(diagnosed(text).1, summary, "{text}");
    }
}

#[test]
fn the_text_itself_is_kept_but_for_the_echo_of_a_request() {
    let text = "[2026-11-22 10:00:00] ===> Submit job failed:[]\u{1b}";
    assert_eq!(Diagnosis::of(text).unwrap().text, text);
    let echo = "verify aksk signature fail, canonicalRequest:GET|/v1/|x-auth";
    let kept = Diagnosis::of(echo).unwrap().text;
    assert_eq!(kept, "verify aksk signature fail, canonicalRequest: ***");
    let long = Diagnosis::of(&"x".repeat(100_000)).unwrap().text;
    assert_eq!(long.len(), 64 * 1024);
}

#[test]
fn a_blank_text_has_no_diagnosis() {
    for text in ["", " \r\n\t", "\u{0}\u{1b}", "[2026-11-22 10:00:00] ===> "] {
        assert_eq!(Diagnosis::of(text), None, "{text:?}");
    }
}

#[test]
fn garbage_of_any_kind_is_summed_up_within_bounds() {
    let texts = [
        "[".repeat(100_000),
        "[{\"message\":".repeat(20_000),
        "\"".repeat(100_001),
        "同步".repeat(50_000),
        format!("{}é", "a".repeat(64 * 1024 - 1)),
        "\\".repeat(1000),
        "“ role \" user 用户".repeat(1000),
        "===>x ".repeat(10_000),
    ];
    for text in texts {
        let diagnosis = Diagnosis::of(&text).unwrap();
        assert!(diagnosis.summary.chars().count() <= LONGEST_SUMMARY);
        assert!(diagnosis.objects.len() <= 20);
    }
}

#[test]
fn the_characters_of_a_terminal_do_not_pass() {
    let diagnosis = Diagnosis::of("user \"a\u{1b}[2Jb\u{202e}c\" already exists").unwrap();
    assert_eq!(diagnosis.objects, ["a [2Jb c"]);
    assert_eq!(
        diagnosis.summary,
        r#"the name "a [2Jb c" is taken in the cluster"#
    );
}
