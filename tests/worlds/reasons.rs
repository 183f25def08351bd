//! Each row of the table of reasons, from end to end.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

use crate::world::{World, at, changed, record, scheduled, task};

/// The report has this verdict, and a cluster this reason; a gate on this verdict ends with 3.
#[track_caller]
fn expect(verdict: &str, reason: &str, world: World) {
    let outcome = world.gives(verdict, 3, verdict);
    assert!(outcome.reasons().contains(&reason), "{outcome:#?}");
}

fn of_task(fields: Value) -> World {
    World::of_tasks([changed(task("MRS", "-1h"), fields)])
}

fn of_record(start: &str, fields: Value) -> World {
    World::of_records([changed(record("s", start), fields)])
}

#[test]
fn tasks_of_dataarts_studio() {
    let timed_out = of_task(json!({"sync_status": "SYNC_FAIL", "sync_msg": "timed out"}));
    let silent = of_task(json!({"sync_status": "SYNC_FAIL"}));
    let running = |since| of_task(json!({"sync_status": "SYNCING", "sync_time": at(since)}));
    let hourly = |last| World::of_tasks([scheduled(task("MRS", last), "HOUR", 1, (0, 0))]);
    let never = of_task(json!({"sync_status": "NOT_SYNC", "sync_time": null}));
    let missed = hourly("-5h").argument("--region cn-north-4");
    let old = World::of_tasks([task("MRS", "-2160h")]);
    expect("failing", "task_failed", timed_out);
    expect("failing", "schedule_stopped", silent);
    expect("stuck", "task_overrun", running("-52m"));
    expect("running", "task_running", running("-5m"));
    expect("overdue", "schedule_missed", missed);
    expect("overdue", "success_too_old", old);
    expect("never_run", "task_never_ran", never);
    expect("healthy", "task_succeeded", hourly("-30m"));
}

#[test]
fn records_of_dws() {
    let failed = || json!({"status": "FAILED", "fail_reason": "bind failed"});
    let running = || json!({"status": "RUNNING", "end_time": null, "failed_count": null});
    let earlier = || changed(record("s", "-2h"), failed());
    let full = of_record("-1h", json!({"fail_reason": "quota exceeded"}));
    let still_failed = World::of_records([changed(record("s", "-5m"), running()), earlier()]);
    let beside = World::of_records([record("ok", "-1h"), earlier()]);
    let silent = World::of_records([record("ok", "-1h"), record("s", "-480h")]);
    for world in [of_record("-1h", failed()), full, still_failed, beside] {
        expect("failing", "identity_source_failed", world);
    }
    let partial = of_record("-1h", json!({"failed_count": 3}));
    expect("partial", "records_failed", partial);
    let run = |start| of_record(start, running());
    expect("stuck", "identity_source_overrun", run("-52m"));
    expect("running", "identity_source_running", run("-5m"));
    let success = |start| of_record(start, json!({}));
    expect("overdue", "success_too_old", success("-2160h"));
    expect("overdue", "success_too_old", silent);
    expect("healthy", "identity_source_succeeded", success("-1h"));
}

#[test]
fn the_flag_of_mrs() {
    let world = World::of_cluster("mrs:c", 200, r#"{"is_synchronizing":true}"#);
    expect("running", "iam_sync_running", world);
}

#[test]
fn each_situation_has_its_note() {
    let unsupported = r#"{"error_code":"DWS.5206","error_msg":"x"}"#;
    let running = json!({"sync_status": "SYNCING", "sync_time": at("-5m")});
    let silent = World::of_records([record("ok", "-1h"), record("s", "-480h")]);
    let deletes = of_record("-1h", json!({"delete_count": 5000}));
    let fails = of_task(json!({"sync_status": "SYNC_FAIL"})).argument("--ignore schedule_stopped");
    let mrs = || World::of_tasks([task("MRS", "-1h")]);
    let dws = || World::of_tasks([task("DWS", "-1h")]);
    let syncing = r#"{"is_synchronizing":true}"#;
    for (world, note) in [
        (dws(), "no_records"),
        (dws().raw("c", 400, unsupported), "source_not_supported"),
        (mrs(), "iam_sync_idle"),
        (mrs().raw("c", 200, "{}"), "iam_sync_unreported"),
        (mrs().raw("c", 200, syncing), "sources_disagree"),
        (silent, "identity_source_silent"),
        (deletes, "mass_deletion"),
        (mrs(), "schedule_off"),
        (fails, "reason_ignored"),
        (of_task(running), "previous_run_hidden"),
    ] {
        let outcome = world.check("failing");
        assert!(outcome.notes().contains(&note), "{note}: {outcome:#?}");
    }
}

#[test]
fn each_identity_source_has_its_own_evidence_and_the_worst_gives_the_verdict() {
    let fails = (1..=99).map(|n| {
        let fields = json!({"status": "FAILED", "fail_reason": "[LDAP: error code 49 - Invalid Credentials]"});
        changed(record("corp", &format!("-{n}h")), fields)
    });
    let works = (1..=99).map(|n| record("oneaccess", &format!("-{n}h")));
    let outcome = World::of_records(fails.chain(works)).check("failing");
    let cluster = &outcome.report["clusters"][0];
    assert_eq!(
        (outcome.code, outcome.verdict()),
        (Some(3), "failing"),
        "{outcome:#?}"
    );
    assert_eq!(cluster["consecutive_failures"], 99);
    assert_eq!(cluster["diagnosis"]["class"], "credentials_rejected");
    assert_eq!(cluster["reasons"][0]["identity_source_id"], "corp");
    let sources = cluster["identity_sources"].as_array().unwrap();
    let evidence: Vec<_> = sources
        .iter()
        .map(|source| (&source["id"], &source["verdict"]))
        .collect();
    assert_eq!(
        evidence,
        [
            (&json!("corp"), &json!("failing")),
            (&json!("oneaccess"), &json!("healthy"))
        ]
    );
    let since = sources[0]["failing_since"].as_str().unwrap();
    assert!(since.starts_with("2026-11-18T03:00"), "{since}");
}

#[test]
fn the_demo_shows_every_reason_of_the_table() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idsync"));
    command.args(["status", "--demo", "-o", "json"]).env_clear();
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let clusters = report["clusters"].as_array().unwrap();
    let reasons = clusters
        .iter()
        .flat_map(|it| it["reasons"].as_array().unwrap());
    let shown: BTreeSet<_> = reasons.map(|it| it["code"].as_str().unwrap()).collect();
    let table = "task_failed schedule_stopped task_overrun task_running schedule_missed schedule_not_understood \
        success_too_old time_implausible task_succeeded task_never_ran task_status_unknown \
        cluster_not_askable identity_source_failed records_failed identity_source_overrun \
        identity_source_running identity_source_succeeded record_status_unknown iam_sync_running \
        source_unavailable cluster_not_found";
    let missing: Vec<_> = table
        .split(' ')
        .filter(|code| !shown.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
