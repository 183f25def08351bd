//! `idsync wait`.

use idsync_emulator::{FaultKind, Operation};

use crate::idsync::Idsync;
use crate::services::{Services, ended};

/// A record that runs since just now.
fn running() -> String {
    let now = jiff::Timestamp::now().as_millisecond();
    format!(
        r#"{{"sync_records":[{{"id":"r1","identity_source_id":"s1","status":"RUNNING","start_time":{now}}}],"count":1}}"#
    )
}

/// A wait for the first DWS cluster, without workspaces.
fn wait(services: &Services, flags: &str) -> Idsync {
    let arguments = format!("wait dws:{} --interval 10ms {flags}", services.dws());
    services.idsync(&arguments).env("IDSYNC_WORKSPACE", "")
}

#[test]
fn a_wait_ends_when_the_run_has_ended() {
    let services = Services::start();
    services.answer_once(Operation::Records, &running());
    services.answer_once(Operation::Records, &running());
    services.answer(Operation::Records, &ended("FINISHED"));
    let run = wait(&services, "--until idle -o json").run().exits(0);
    let waited = run.json();
    assert_eq!(waited["schema"], "idsync.wait/v1");
    assert_eq!(
        (&waited["until"], &waited["outcome"]),
        (&"idle".into(), &"reached".into())
    );
    assert_eq!(waited["looks"], 3);
    let cluster = &waited["clusters"][0];
    assert_eq!(cluster["cluster"], format!("dws:{}", services.dws()));
    assert_eq!(
        (&cluster["reached"], &cluster["health"]["verdict"]),
        (&true.into(), &"healthy".into())
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn a_failed_run_is_idle_and_not_healthy() {
    let services = Services::start();
    services.answer(Operation::Records, &ended("FAILED"));
    wait(&services, "--until idle").run().exits(0);
    let run = wait(&services, "--until healthy -o json").run().exits(3);
    assert_eq!(run.json()["outcome"], "failing");
    assert_eq!(run.json()["clusters"][0]["reached"], false);
}

#[test]
fn a_timeout_prints_the_last_result() {
    let services = Services::start();
    services.answer(Operation::Records, &running());
    let run = wait(&services, "--until healthy --timeout 3s")
        .run()
        .exits(5);
    run.shows("is not healthy: running, running for");
    run.shows("timed out after");
}

#[test]
fn a_check_that_hangs_ends_with_the_timeout() {
    let services = Services::start();
    services.break_with(&FaultKind::delay(std::time::Duration::from_mins(10)));
    let run = wait(&services, "--until idle --timeout 300ms -o json")
        .run()
        .exits(5);
    let waited = run.json();
    assert_eq!(waited["outcome"], "timed_out");
    assert_eq!(
        (&waited["looks"], &waited["observed_at"]),
        (&0.into(), &serde_json::Value::Null)
    );
    assert_eq!(waited["clusters"][0]["health"], serde_json::Value::Null);
}

#[test]
fn a_transient_error_does_not_end_a_wait() {
    let services = Services::start();
    for status in [500, 503, 429] {
        services.fail_times(Operation::Records, FaultKind::status(status), 1);
    }
    services.answer(Operation::Records, &ended("FINISHED"));
    let run = wait(&services, "--until healthy --retries 0 -o json")
        .run()
        .exits(0);
    assert_eq!(run.json()["looks"], 4);
}

#[test]
fn a_permanent_error_ends_a_wait_at_once() {
    for (status, code, kind) in [
        (401, 4, "authentication"),
        (403, 4, "permission"),
        (404, 1, "not_found"),
    ] {
        let services = Services::start();
        services.break_with(&FaultKind::status(status));
        let run = wait(&services, "--until idle -o json").run().exits(code);
        assert_eq!(run.error()["kind"], kind);
    }
}

#[test]
fn an_unknown_cluster_may_belong_to_the_other_service() {
    let services = Services::start();
    let arguments = format!("wait dws:{} --until idle", services.mrs());
    let run = services
        .idsync(&arguments)
        .env("IDSYNC_WORKSPACE", "")
        .run()
        .exits(1);
    run.says("written mrs:ID");
}

#[test]
fn mrs_without_tasks_can_be_idle_and_not_healthy() {
    let services = Services::start();
    services.answer(Operation::Tasks, r#"{"tasks":[],"total":0}"#);
    services.answer(Operation::Syncing, r#"{"is_synchronizing":false}"#);
    for workspace in ["", "w1"] {
        let mrs = |flags: &str| {
            let arguments = format!("wait mrs:{} {flags}", services.mrs());
            let command = services.idsync(&arguments);
            command.env("IDSYNC_WORKSPACE", workspace).run()
        };
        mrs("--until idle").exits(0);
        let run = mrs("--until healthy").exits(1);
        for word in ["--workspace", "--until idle"] {
            run.says(word);
        }
    }
}

#[test]
fn a_running_task_counts_if_a_workspace_is_given() {
    let services = Services::start();
    let now = jiff::Timestamp::now().as_millisecond();
    let task = |status: &str| {
        format!(
            r#"{{"tasks":[{{"id":"t1","cluster_id":"{}","cluster_type":"DWS","sync_status":"{status}","schedule_status":"NOT_SCHEDULE","sync_time":{now}}}],"total":1}}"#,
            services.dws()
        )
    };
    services.answer_once(Operation::Tasks, &task("SYNCING"));
    services.answer(Operation::Tasks, &task("SYNC_SUCCESS"));
    services.answer(Operation::Records, &ended("FINISHED"));
    let run = wait(&services, "--until idle -o json").run().exits(0);
    assert_eq!(run.json()["looks"], 1);
    let arguments = format!(
        "wait dws:{} --until idle --interval 10ms -o json",
        services.dws()
    );
    let run = services.run(&arguments, 0);
    assert_eq!(run.json()["looks"], 2);
}

#[test]
fn only_the_given_clusters_are_checked() {
    let services = Services::start();
    let arguments = format!("wait dws:{} --until idle -o json", services.dws());
    let run = services.run(&arguments, 0);
    assert_eq!(run.json()["clusters"].as_array().unwrap().len(), 1);
    let counts = services.request_counts();
    assert!(
        !counts.operations.contains_key(&Operation::Syncing),
        "{counts:?}"
    );
}

#[test]
fn all_clusters_must_be_in_the_state_at_the_same_check() {
    let services = Services::start();
    let flag = |flag: bool| format!(r#"{{"is_synchronizing":{flag}}}"#);
    for (records, is_copying) in [(ended("FINISHED"), true), (running(), false)] {
        services.answer_once(Operation::Records, &records);
        services.answer_once(Operation::Syncing, &flag(is_copying));
    }
    services.answer(Operation::Records, &ended("FINISHED"));
    services.answer(Operation::Syncing, &flag(false));
    let also = format!("mrs:{} --until idle -o json", services.mrs());
    let run = wait(&services, &also).run().exits(0);
    assert_eq!(run.json()["looks"], 3);
}
