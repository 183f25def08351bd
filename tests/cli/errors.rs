//! Errors as text and as JSON, and the exit code.

use idsync_emulator::FaultKind;
use serde_json::json;

use crate::services::Services;

#[test]
fn a_wrong_secret_key_is_reported_in_one_sentence_with_a_hint_unless_quiet() {
    let services = Services::start();
    let (dws, mrs) = (services.dws(), services.mrs());
    let refused = |command: &str| {
        let command = services.idsync(command);
        command.env("HUAWEICLOUD_SDK_SK", "wrong").run().exits(4)
    };
    for (command, operation) in [
        ("tasks", "listSecurityMemberSyncTasks"),
        (&format!("records {dws}"), "listSyncRecords"),
        (&format!("syncing {mrs}"), "listClusterSyncTaskStatus"),
        ("status", "listSecurityMemberSyncTasks"),
    ] {
        let stderr = refused(&format!("{command} -q")).stderr;
        let begin = format!("idsync: {operation} failed: 401 APIGW.0301 ");
        assert!(stderr.starts_with(&begin), "{stderr}");
        assert!(stderr.contains("(request "), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        refused(command).says("\nhint: ");
    }
    let run = refused("tasks -o ndjson");
    let begin = "{\"error\":{\"kind\":\"authentication\",\"service\":\"dataarts\",";
    assert!(run.stderr.starts_with(begin), "{}", run.stderr);
    let error = run.error();
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
