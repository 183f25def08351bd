//! Errors as text and as JSON, and the exit code.

use idsync_emulator::{FaultKind, SECRET_KEY};
use serde_json::json;

use crate::services::Services;
use crate::shape::Object;

const WRONG: &str = "wrongSecretThatOpensNothing";

#[test]
fn a_wrong_secret_key_is_reported_in_one_sentence_without_the_key() {
    let services = Services::start();
    for (command, operation) in [
        ("tasks".to_owned(), "listSecurityMemberSyncTasks"),
        (format!("records {}", services.dws()), "listSyncRecords"),
        (
            format!("syncing {}", services.mrs()),
            "listClusterSyncTaskStatus",
        ),
        ("status".to_owned(), "listSecurityMemberSyncTasks"),
    ] {
        let run = services
            .idsync(&command)
            .arg("-q")
            .env("HUAWEICLOUD_SDK_SK", WRONG)
            .run()
            .exits(4);
        let sentence = run.stderr.strip_suffix('\n').unwrap();
        assert!(!sentence.contains('\n'), "{sentence}");
        let begin = format!("idsync: {operation} failed: 401 APIGW.0301 ");
        assert!(
            sentence.starts_with(&begin) && sentence.contains("(request "),
            "{sentence}"
        );
        for secret in [WRONG, SECRET_KEY, &services.ready().ak] {
            assert!(!sentence.contains(secret), "{sentence}");
        }
    }
}

#[test]
fn an_error_as_json_has_the_documented_keys_in_the_documented_order() {
    let services = Services::start();
    let run = services
        .idsync("tasks -o ndjson")
        .env("HUAWEICLOUD_SDK_SK", WRONG)
        .run()
        .exits(4);
    let line = Object::read(&run.stderr);
    assert_eq!(line.keys(), "error");
    let keys = "kind service operation status code message request_id attempts retryable path";
    assert_eq!(Object::read(line.value("error")).keys(), keys);
    let error = run.error();
    assert_eq!(error["kind"], "authentication");
    assert_eq!(error["service"], "dataarts");
    assert_eq!(
        (&error["attempts"], &error["retryable"], &error["path"]),
        (&json!(1), &json!(false), &json!(null))
    );
}

#[test]
fn each_status_has_its_kind_and_its_exit_code() {
    for (status, kind, code) in [
        (401, "authentication", 4),
        (403, "permission", 4),
        (404, "not_found", 1),
        (429, "throttled", 1),
        (500, "service", 1),
    ] {
        let services = Services::start();
        services.break_with(&FaultKind::status(status));
        for (operation, command) in services.each_operation("--retries 0") {
            let run = command.run().exits(code);
            assert_eq!(
                (&run.error()["kind"], &run.error()["status"]),
                (&json!(kind), &json!(status)),
                "{operation:?}"
            );
            assert_eq!(run.stdout, "");
        }
    }
}

#[test]
fn a_hint_follows_the_sentence_unless_quiet() {
    let services = Services::start();
    let refused = |flags: &str| {
        services
            .idsync(&format!("tasks {flags}"))
            .env("HUAWEICLOUD_SDK_SK", WRONG)
            .run()
            .exits(4)
            .stderr
    };
    assert!(refused("").lines().nth(1).unwrap().starts_with("hint: "));
    assert_eq!(refused("-q").lines().count(), 1);
}
