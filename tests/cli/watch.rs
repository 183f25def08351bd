//! `idsync watch` without a terminal.

use std::collections::BTreeSet;

use idsync_emulator::{FaultKind, Operation};
use serde_json::{Value, json};

use crate::idsync::{Idsync, Run};
use crate::schemas::assert_valid;
use crate::services::{Services, demo, ended};

/// A watch of the first DWS cluster alone.
fn watch(services: &Services, flags: &str) -> Idsync {
    let arguments = format!(
        "watch --interval 10ms --cluster dws:{} {flags}",
        services.dws()
    );
    services.idsync(&arguments).env("IDSYNC_WORKSPACE", "")
}

/// A task for the MRS cluster of this number, which ran just now.
fn task(services: &Services, number: &str, status: &str) -> String {
    let cluster = &services.ready().clusters.mrs[number.parse::<usize>().unwrap()];
    let now = jiff::Timestamp::now().as_millisecond() - 10_000;
    format!(
        r#"{{"id":"{number}","cluster_id":"{cluster}","cluster_type":"MRS","sync_status":"{status}","schedule_status":"NOT_SCHEDULE","sync_time":{now}}}"#
    )
}

/// Subject, earlier and later verdict of each change.
fn changes(run: &Run) -> Vec<[Value; 3]> {
    let change = |line: &Value| ["subject", "from", "to"].map(|key| line[key].clone());
    run.lines().iter().map(change).collect()
}

fn change(subject: &str, from: Option<&str>, to: Option<&str>) -> [Value; 3] {
    [subject.into(), from.into(), to.into()]
}

#[test]
fn the_first_check_prints_every_cluster_and_the_whole() {
    let report = demo("status -o json", 0).json();
    let run = demo("watch --count 1", 0);
    let lines = run.lines();
    assert_valid("watch-line", &lines);
    assert!(
        lines
            .iter()
            .all(|line| line["from"].is_null() && !line["to"].is_null())
    );
    let (whole, clusters) = lines.split_last().unwrap();
    assert_eq!(
        (&whole["subject"], &whole["to"]),
        (&"whole".into(), &report["verdict"])
    );
    let verdicts = |list: &[Value], verdict: &str| -> BTreeSet<_> {
        let pair = |line: &Value| (line["cluster_id"].to_string(), line[verdict].to_string());
        list.iter().map(pair).collect()
    };
    let expected = verdicts(report["clusters"].as_array().unwrap(), "verdict");
    assert_eq!(verdicts(clusters, "to"), expected);
    assert!(
        clusters
            .iter()
            .any(|line| line["reasons"][0]["message"].is_string())
    );
}

#[test]
fn changes_come_in_the_format_that_was_asked_for() {
    for (format, begin) in [
        ("csv", "schema,observed_at,subject,project_id,cluster_id,"),
        ("yaml", "- schema: idsync.watch/v1\n"),
        ("ndjson", "{\"schema\":\"idsync.watch/v1\",\"observed_at\":"),
    ] {
        let run = Idsync::new(&format!("watch --demo --count 1 -o {format}"));
        let stdout = run.run().exits(0).stdout;
        assert!(stdout.starts_with(begin), "{stdout}");
    }
    let run = demo("watch --count 1 -o table", 0);
    run.shows("risk-prod-dws: new → failing: ");
}

#[test]
fn later_checks_print_only_changes() {
    let services = Services::start();
    for status in ["FINISHED", "FINISHED", "FAILED", "FAILED"] {
        services.answer_once(Operation::Records, &ended(status));
    }
    let run = watch(&services, "--count 4").run().exits(0);
    assert_eq!(
        changes(&run),
        [
            change("cluster", None, Some("healthy")),
            change("whole", None, Some("healthy")),
            change("cluster", Some("healthy"), Some("failing")),
            change("whole", Some("healthy"), Some("failing")),
        ]
    );
}

#[test]
fn an_unreadable_cluster_becomes_unknown_and_its_problem_is_reported_once() {
    let services = Services::start();
    services.answer(Operation::Syncing, r#"{"is_synchronizing":false}"#);
    let list = |status| {
        format!(
            r#"{{"tasks":[{}],"total":1}}"#,
            task(&services, "1", status)
        )
    };
    services.answer_once(Operation::Tasks, &list("SYNC_SUCCESS"));
    services.fail_times(Operation::Tasks, FaultKind::status(503), 2);
    services.answer(Operation::Tasks, &list("SYNC_FAIL"));
    let command = "watch --interval 10ms --count 4 --retries 0 -o json";
    let run = services.run(command, 0);
    let verdicts = [
        (None, "healthy"),
        (Some("healthy"), "unknown"),
        (Some("unknown"), "failing"),
    ];
    let expected = verdicts.iter().flat_map(|(from, to)| {
        ["cluster", "whole"].map(|subject| change(subject, *from, Some(to)))
    });
    assert_eq!(changes(&run), expected.collect::<Vec<_>>());
    assert_eq!(run.lines()[2]["reasons"][0]["code"], "source_unavailable");
    assert_eq!(run.error()["status"], 503);
}

#[test]
fn a_later_watch_with_the_same_state_reports_only_what_changed() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let flags = format!("--count 1 --state {}", state.display());
    services.answer(Operation::Records, &ended("FINISHED"));
    assert_eq!(watch(&services, &flags).run().exits(0).lines().len(), 2);
    assert_eq!(watch(&services, &flags).run().exits(0).lines().len(), 0);
    services.clear_faults();
    services.answer(Operation::Records, &ended("FAILED"));
    let run = watch(&services, &flags).run().exits(0);
    assert_eq!(
        changes(&run)[0],
        change("cluster", Some("healthy"), Some("failing"))
    );
    std::fs::write(&state, "{}").unwrap();
    let run = watch(&services, &flags).run().exits(2);
    run.says("state.json is not the state of a watch");
}

#[test]
fn a_cluster_of_a_workspace_that_could_not_be_listed_is_not_gone() {
    let services = Services::start();
    services.answer(Operation::Syncing, r#"{"is_synchronizing":false}"#);
    let task = |id: &str| task(&services, id, "SYNC_SUCCESS");
    let both = format!(r#"{{"tasks":[{},{}],"total":2}}"#, task("1"), task("2"));
    let one = format!(r#"{{"tasks":[{}],"total":1}}"#, task("1"));
    services.answer_once(Operation::Tasks, &both);
    services.answer_once(Operation::Tasks, &both);
    services.fail_times(Operation::Tasks, FaultKind::status(503), 1);
    services.answer(Operation::Tasks, &one);
    let watch = |count: u8| {
        let workspaces = services.workspaces().join(",");
        services.idsync(&format!(
            "watch --interval 10ms --retries 0 --workspace {workspaces} --count {count}"
        ))
    };
    let run = watch(3).run().exits(0);
    let lines = run.lines();
    let of_second = lines
        .iter()
        .filter(|line| line["cluster_id"] == services.ready().clusters.mrs[2]);
    let verdicts: Vec<_> = of_second.map(|line| line["to"].clone()).collect();
    // The third listing is complete again, and lacks it.
    let expected = [json!("healthy"), json!("unknown"), Value::Null];
    assert_eq!(verdicts, expected, "{}", run.stdout);
    run.says("503");
}

#[test]
fn a_permanent_failure_of_the_first_check_ends_a_watch() {
    let services = Services::start();
    services.break_with(&FaultKind::status(403));
    let run = services.run("watch --count 3 --interval 10ms -o json", 4);
    assert_eq!(
        (run.stdout.as_str(), &run.error()["kind"]),
        ("", &"permission".into())
    );
    services.clear_faults();
    services.fail_times(Operation::Records, FaultKind::status(503), 1);
    services.answer(Operation::Records, &ended("FINISHED"));
    let run = watch(&services, "--count 2 --retries 0").run().exits(0);
    assert_eq!(
        changes(&run)[2],
        change("cluster", Some("unknown"), Some("healthy"))
    );
}

#[test]
fn a_verdict_of_fail_on_ends_a_watch() {
    let services = Services::start();
    services.answer_once(Operation::Records, &ended("FINISHED"));
    services.answer(Operation::Records, &ended("FAILED"));
    let run = watch(&services, "--fail-on failing").run().exits(3);
    assert_eq!(run.lines().len(), 4);
}

#[test]
fn a_closed_pipe_ends_a_watch_quietly() {
    let services = Services::start();
    let mut child = watch(&services, "").spawn();
    drop(child.stdout.take());
    let run = Run::of(child).exits(0);
    assert_eq!(run.stderr, "");
}
