//! Logs of calls: on stderr, and in a trace file.

use std::fs;
use std::path::Path;

use idsync_emulator::{FaultKind, Operation};
use serde_json::{Value, json};

use crate::idsync::Idsync;
use crate::services::Services;

fn traced(command: Idsync, path: &Path) -> Idsync {
    command.arg("--trace-file").arg(path.to_str().unwrap())
}

fn read(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn once_verbose_only_failed_calls_are_logged() {
    let services = Services::start();
    let command = format!("syncing {} -v", services.mrs());
    assert_eq!(services.run(&command, 0).stderr, "");
    services.break_with(&FaultKind::status(503));
    let log = services.idsync(&format!("{command} --retries 0"));
    let log = log.run().exits(1).stderr;
    for word in [
        "call failed",
        "idsync.attempts=1",
        "idsync.service=\"mrs\"",
        "idsync.operation=\"listClusterSyncTaskStatus\"",
        "http.request.method=\"GET\"",
        "server.address=\"127.0.0.1\"",
    ] {
        assert!(log.contains(word), "{word}: {log}");
    }
}

#[test]
fn twice_verbose_each_attempt_is_a_line_and_thrice_each_wait_too() {
    let services = Services::start();
    let logged = |flag: &str| {
        services.fail_times(Operation::Syncing, FaultKind::status(503), 1);
        let command = format!("syncing {} {flag}", services.mrs());
        services.run(&command, 0).stderr
    };
    let twice = logged("-vv");
    assert_eq!(twice.lines().count(), 3, "{twice}");
    let first = twice.lines().next().unwrap();
    for word in [
        "attempt failed",
        "http.response.status_code=503",
        "http.request.resend_count=0",
        "error.type=\"service\"",
        "idsync.request_id=",
    ] {
        assert!(first.contains(word), "{word}: {first}");
    }
    let thrice = logged("-vvv");
    assert!(thrice.contains("idsync.wait_ms="), "{thrice}");
    assert_eq!(thrice.lines().count(), 4, "{thrice}");
}

#[test]
fn a_trace_file_holds_everything_as_json_whatever_goes_to_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    let services = Services::start();
    let command = format!("syncing {} -q", services.mrs());
    let run = traced(services.idsync(&command), &path).run().exits(0);
    assert_eq!(run.stderr, "");
    let lines = read(&path);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["fields"]["message"], "attempt answered");
    assert_eq!(lines[0]["fields"]["http.response.status_code"], 200);
    assert_eq!(lines[0]["span"]["idsync.service"], "mrs");
    assert_eq!(lines[1]["fields"]["idsync.attempts"], json!(1));
}

#[test]
#[cfg(unix)]
fn a_trace_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    traced(Idsync::new("syncing --demo"), &path).run().exits(0);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_trace_file_that_has_text_or_cannot_be_created_is_refused_before_anything_is_sent() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("thesis");
    fs::write(&full, "chapter one").unwrap();
    for (path, why) in [
        (full.as_path(), "is not empty"),
        (Path::new("/nowhere/trace"), "/nowhere/trace"),
    ] {
        let run = traced(services.idsync("tasks -o json"), path)
            .run()
            .exits(2);
        run.says(why);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(fs::read_to_string(&full).unwrap(), "chapter one");
    assert_eq!(services.request_counts().total, 0);
}
