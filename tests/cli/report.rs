//! The report of `idsync status` as JSON.

use std::collections::BTreeSet;

use idsync::health::{NoteCode, ReasonCode, Verdict};
use idsync_emulator::FaultKind;
use serde_json::{Value, json};

use crate::idsync::Idsync;
use crate::services::Services;
use crate::shape::Object;

fn verdict(value: &Value) -> Verdict {
    value.as_str().unwrap().parse().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn codes<'a>(report: &'a Value, key: &str) -> BTreeSet<&'a str> {
    let evidence = list(&report["clusters"])
        .iter()
        .flat_map(|cluster| list(&cluster[key]));
    evidence
        .map(|evidence| evidence["code"].as_str().unwrap())
        .collect()
}

#[test]
fn json_has_the_documented_keys_in_the_documented_order() {
    let run = Idsync::new("status --demo -o json").run().exits(0);
    assert!(run.stdout.ends_with("}\n") && run.stdout.lines().count() == 1);
    let report = Object::read(&run.stdout);
    assert_eq!(
        report.keys(),
        "schema observed_at project_id complete verdict counts ignored clusters problems"
    );
    assert_eq!(report.value("schema"), "\"idsync.status/v1\"");
    for cluster in report.list("clusters") {
        let keys = "project_id cluster_id cluster_name cluster_type verdict reasons notes diagnosis last_attempt_at \
                    last_success_at last_change_at next_due_at consecutive_failures tasks";
        assert_eq!(cluster.keys(), keys);
        for reason in cluster.list("reasons") {
            assert_eq!(
                reason.keys(),
                "code verdict source message observed_at raw_status"
            );
        }
        for note in cluster.list("notes") {
            assert_eq!(note.keys(), "code source message reason");
        }
        if cluster.value("diagnosis") != "null" {
            assert_eq!(
                Object::read(cluster.value("diagnosis")).keys(),
                "class objects summary hint text"
            );
        }
    }
    for problem in report.list("problems") {
        assert_eq!(problem.keys(), "source project_id cluster_id error");
        assert_eq!(
            Object::read(problem.value("error")).keys(),
            "kind status code message request_id"
        );
    }
}

#[test]
fn counts_add_up_and_every_verdict_is_the_worst_below_it() {
    let report = Idsync::new("status --demo -o json").run().exits(0).json();
    let clusters = list(&report["clusters"]);
    let counts = report["counts"].as_object().unwrap();
    let total: u64 = counts.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(total, clusters.len() as u64);
    for (word, count) in counts {
        let number = clusters
            .iter()
            .filter(|cluster| cluster["verdict"] == **word)
            .count();
        assert_eq!(json!(number), *count, "{word}");
    }
    for cluster in clusters {
        let worst = list(&cluster["reasons"])
            .iter()
            .map(|reason| verdict(&reason["verdict"]))
            .max();
        assert_eq!(
            verdict(&cluster["verdict"]),
            worst.unwrap_or(Verdict::Unknown),
            "{cluster}"
        );
    }
    let worst = clusters
        .iter()
        .map(|cluster| verdict(&cluster["verdict"]))
        .max();
    assert_eq!(Some(verdict(&report["verdict"])), worst);
}

#[test]
fn the_demo_shows_every_reason_and_note_that_needs_no_rule_and_no_silence() {
    let report = Idsync::new("status --demo -o json").run().exits(0).json();
    let reasons = [
        "identity_source_failed",
        "identity_source_overrun",
        "identity_source_running",
        "identity_source_succeeded",
        "iam_sync_running",
        "record_status_unknown",
        "records_failed",
        "schedule_missed",
        "schedule_stopped",
        "task_failed",
        "task_never_ran",
        "task_overrun",
        "task_running",
        "task_status_unknown",
        "task_succeeded",
    ];
    assert_eq!(codes(&report, "reasons"), BTreeSet::from(reasons));
    let notes = [
        "iam_sync_idle",
        "iam_sync_unreported",
        "mass_deletion",
        "no_records",
        "source_unavailable",
        "sources_disagree",
    ];
    assert_eq!(codes(&report, "notes"), BTreeSet::from(notes));
}

#[test]
fn every_reason_and_every_note_that_there_is_can_be_met() {
    let silent = Services::start();
    silent.break_with(&FaultKind::status(503));
    let reports = [
        Idsync::new("status --demo -o json").run().exits(0).json(),
        Idsync::new("status --demo -o json --ignore :task_failed")
            .run()
            .exits(0)
            .json(),
        silent
            .idsync(&format!(
                "status -o json --retries 0 --cluster dws:{}",
                silent.dws()
            ))
            .run()
            .exits(1)
            .json(),
    ];
    let met = |key| -> BTreeSet<_> {
        reports
            .iter()
            .flat_map(|report| codes(report, key))
            .collect()
    };
    assert_eq!(
        met("reasons"),
        ReasonCode::ALL.map(ReasonCode::as_str).into()
    );
    assert_eq!(met("notes"), NoteCode::ALL.map(NoteCode::as_str).into());
}

#[test]
fn ndjson_has_one_cluster_a_line() {
    let services = Services::start();
    let report = services.idsync("status -o json").run().exits(0).json();
    let lines = services.idsync("status -o ndjson").run().exits(0).lines();
    let ids = |clusters: &[Value]| {
        clusters
            .iter()
            .map(|cluster| cluster["cluster_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&lines), ids(list(&report["clusters"])));
}

#[test]
fn several_workspaces_share_their_tasks() {
    let services = Services::start();
    let workspaces = services.workspaces().join(",");
    let report = services
        .idsync(&format!("status -o json --workspace {workspaces}"))
        .run()
        .exits(0)
        .json();
    let tasks: Vec<_> = list(&report["clusters"])
        .iter()
        .flat_map(|cluster| list(&cluster["tasks"]))
        .collect();
    let distinct: BTreeSet<_> = tasks.iter().map(|task| task.as_str().unwrap()).collect();
    assert_eq!((tasks.len(), distinct.len()), (24, 24));
}
