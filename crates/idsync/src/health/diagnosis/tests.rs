//! Texts of failed runs, and their diagnoses.

use super::{Diagnosis, DiagnosisClass, LONGEST_SUMMARY};

/// `class: text`, one message per line.
const MESSAGES: &str = include_str!("tests/messages.txt");

fn diagnosed(text: &str) -> (DiagnosisClass, String) {
    let diagnosis = Diagnosis::of(text).unwrap();
    assert!(!diagnosis.hint.is_empty());
    (diagnosis.class, diagnosis.summary)
}

fn objects(text: &str) -> Vec<String> {
    Diagnosis::of(text).unwrap().objects
}

#[test]
fn each_message_of_the_table_has_its_class() {
    let rows = MESSAGES.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<_> = rows.map(|row| row.split_once(": ").unwrap()).collect();
    for (class, text) in &rows {
        let found = diagnosed(&text.replace("\\n", "\n")).0;
        assert_eq!(found.as_str(), *class, "{text}");
    }
    assert!(rows.len() >= 60);
}

/// A text, and the summary of its diagnosis.
const SUMMARIES: [&str; 9] = [
    r#"role "r" cannot be dropped because some objects depend on it => role "r" still owns objects"#,
    "some objects depend on it => a role cannot be dropped because it owns objects",
    r#"用户“bob”已存在 => the name "bob" already exists in the cluster"#,
    "a human-machine user is in the way => a user or group with the same name already exists",
    "dlg lacks permission iam:users:listUsers => permission is missing: iam:users:listUsers",
    r#"0192: user "alice" does not exist on MRS Manager => user "alice" does not exist in the cluster yet"#,
    "x509: certificate has expired => a certificate has expired",
    "[LDAP: error code 49 - error, data 775] => the account of the run is locked or disabled",
    "未知错误 => 未知错误",
];

#[test]
fn a_summary_names_the_subject_or_the_detail_in_the_text() {
    for row in SUMMARIES {
        let (text, summary) = row.split_once(" => ").unwrap();
        assert_eq!(diagnosed(text).1, summary, "{text}");
    }
}

#[test]
fn a_name_in_quotes_does_not_decide_the_class_and_a_quoted_sentence_does() {
    for (text, class) in [
        (r#"table "timeout" is full"#, "other"),
        (
            r#"user "timeout_permission" already exists"#,
            "name_collision",
        ),
        (
            r#"permission denied for role "rate limit""#,
            "permission_denied",
        ),
        (r#"it said "permission denied""#, "permission_denied"),
    ] {
        assert_eq!(diagnosed(text).0.as_str(), class, "{text}");
    }
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

/// The text of a run, and its cause.
const CAUSES: [&str; 11] = [
    r#"[2026-11-22 10:00:00] ===> x:[{"message":"a","status":"SUCCESS"},{"message":"b","status":"FAILED"}] => b"#,
    r#"x:[{"message":"a"},{"message":"b"}] => a"#,
    r#"[{"message":"a","status":"FAILED"}] ===> [{"message":" "}] => a"#,
    r#"[1] x [[]] y [{"message":"a"}] => a"#,
    r#"[2026-11-22 10:00:00] ===> x:[{"jobId":"1","message":"line \"one\"\nline tw => line "one""#,
    r#"x [{"message":"whole","status":"FAI => whole"#,
    r#"x [{"message":"cut within an escape \ => cut within an escape"#,
    r#"x [{"message":"cut within an escape \u00 => cut within an escape \u00"#,
    "[2026-11-22 10:00:00] ===> Submit job failed:[] => Submit job failed",
    "[2026-11-22 10:00:00] ===> first\n[2026-11-22 10:00:01] ===> second => first",
    r#"x [{"message":null}] => x [{"message":null}]"#,
];

#[test]
fn the_messages_of_failed_jobs_are_the_cause() {
    for row in CAUSES {
        let (text, cause) = row.rsplit_once(" => ").unwrap();
        assert_eq!(diagnosed(text).1, cause, "{text}");
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
fn the_diagnosis_of_garbage_is_bounded() {
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
fn control_characters_are_removed() {
    let diagnosis = Diagnosis::of("user \"a\u{1b}[2Jb\u{202e}c\" already exists").unwrap();
    assert_eq!(diagnosis.objects, ["a [2Jb c"]);
    assert_eq!(
        diagnosis.summary,
        r#"the name "a [2Jb c" already exists in the cluster"#
    );
}
