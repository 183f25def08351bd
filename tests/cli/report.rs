//! The report of `idsync status` as JSON.

use serde_json::Value;

use crate::services::{Services, demo};
use crate::shape::Object;

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn json_has_the_documented_keys_in_the_documented_order() {
    let run = demo("status -o json", 0);
    assert!(run.stdout.ends_with("}\n") && run.stdout.lines().count() == 1);
    let report = Object::read(&run.stdout);
    assert_eq!(
        report.keys(),
        "schema observed_at project_id complete unanswered sources verdict counts ignored reasons clusters problems"
    );
    assert_eq!(report.value("schema"), "\"idsync.status/v1\"");
    for cluster in report.list("clusters") {
        let keys = "project_id cluster_id cluster_name cluster_type verdict reasons notes diagnosis last_attempt_at \
                    last_success_at last_change_at next_due_at consecutive_failures at_least failing_since \
                    identity_sources sources workspaces tasks";
        assert_eq!(cluster.keys(), keys);
        for reason in cluster.list("reasons") {
            assert_eq!(
                reason.keys(),
                "code verdict source message observed_at raw_status identity_source_id task_id"
            );
        }
        for note in cluster.list("notes") {
            assert_eq!(note.keys(), "code source message reason identity_source_id");
        }
        if cluster.value("diagnosis") != "null" {
            assert_eq!(
                Object::read(cluster.value("diagnosis")).keys(),
                "class objects summary hint text"
            );
        }
    }
    for problem in report.list("problems") {
        assert_eq!(
            problem.keys(),
            "source project_id workspace_id cluster_id cluster_name error"
        );
        assert_eq!(
            Object::read(problem.value("error")).keys(),
            "kind status code message request_id hint"
        );
    }
}

#[test]
fn ndjson_has_one_cluster_a_line() {
    let services = Services::start();
    let report = services.report("");
    let lines = services.run("status -o ndjson", 0).lines();
    let ids = |clusters: &[Value]| -> Vec<_> {
        let clusters = clusters.iter();
        clusters
            .map(|cluster| cluster["cluster_id"].clone())
            .collect()
    };
    assert_eq!(ids(&lines), ids(list(&report["clusters"])));
}
