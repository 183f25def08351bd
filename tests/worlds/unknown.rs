//! Unreadable and unknown data is never healthy.

use serde_json::{Value, json};

use crate::world::{Answer, UNWELL, World, at, changed, expect, record, scheduled, task, without};

const FORBIDDEN: &str = r#"{"error_code":"APIGW.0302","error_msg":"no access"}"#;
const FAILED: &str = r#"{"error_code":"12000004","error_msg":"The service failed."}"#;

/// The verdict is `unknown` for this reason; a gate that looks for failures ends with 1, or 4 where nothing was answered.
fn expect_unknown<const N: usize>(reason: &str, worlds: [(&str, World); N]) {
    expect(&worlds, "failing,stuck", |outcome| {
        let is_unknown = outcome.verdict() == "unknown" && outcome.reasons().contains(&reason);
        is_unknown && matches!(outcome.code, Some(1 | 4))
    });
}

fn healthy() -> Value {
    task("MRS", "-1h")
}

/// A healthy workspace `w`, and what else there is.
fn beside_healthy() -> World {
    World::of_tasks([healthy()])
}

#[test]
fn a_source_that_cannot_be_asked_or_read_is_unknown() {
    let dws = |status, body| World::of_tasks([task("DWS", "-1h")]).raw("c", status, body);
    let run = |fields| World::of_records([changed(record("s", "-1h"), fields)]);
    let records = |count, items: Value| {
        let body = json!({"count": count, "sync_records": items}).to_string();
        World::of_cluster("dws:c", 200, &body)
    };
    expect_unknown(
        "source_unavailable",
        [
            ("records forbidden", dws(403, FORBIDDEN)),
            ("records fail", dws(500, FAILED)),
            ("records refuse the credentials", dws(401, FORBIDDEN)),
            ("records are HTML", dws(200, "<html></html>")),
            ("records are missing", dws(200, "{}")),
            ("records are an error with status 200", dws(200, FAILED)),
            (
                "records end before their total",
                records(5, json!([record("s", "-1h")])),
            ),
            (
                "one record is no object",
                records(2, json!([record("s", "-1h"), 7])),
            ),
            (
                "a time that is no number",
                run(json!({"start_time": "yesterday"})),
            ),
            (
                "the flag is an error with status 200",
                World::of_cluster("mrs:c", 200, FAILED),
            ),
            (
                "a second cluster that is forbidden",
                World::of_records([record("s", "-1h")])
                    .argument("--cluster dws:d")
                    .raw("d", 403, FORBIDDEN),
            ),
        ],
    );
    expect_unknown(
        "cluster_not_found",
        [
            (
                "the cluster does not exist",
                World::of_cluster("dws:c", 400, r#"{"error_code":"DWS.5064","error_msg":"x"}"#),
            ),
            (
                "the MRS cluster does not exist",
                World::of_cluster("mrs:c", 400, r#"{"error_code":"12000003","error_msg":"x"}"#),
            ),
        ],
    );
}

#[test]
fn a_list_that_cannot_be_read_makes_the_report_unknown() {
    let also = |status, body| {
        beside_healthy()
            .argument("--workspace v")
            .raw("v", status, body)
    };
    let short = json!({"total": 5, "tasks": [changed(healthy(), json!({"id": "t9"}))]}).to_string();
    expect_unknown(
        "source_unavailable",
        [
            (
                "a workspace is forbidden",
                World::new()
                    .argument("--workspace w")
                    .raw("w", 403, FORBIDDEN),
            ),
            ("a second workspace is forbidden", also(403, FORBIDDEN)),
            ("a second workspace fails", also(502, "<html></html>")),
            (
                "a second workspace is an error with status 200",
                also(200, FAILED),
            ),
            ("a list of tasks ends before its total", also(200, &short)),
            (
                "one task is no object",
                also(200, r#"{"total":1,"tasks":["x"]}"#),
            ),
        ],
    );
    expect_unknown(
        "nothing_to_judge",
        [
            ("a workspace without tasks", World::of_tasks([])),
            (
                "everything is ignored",
                beside_healthy().argument("--ignore *"),
            ),
        ],
    );
}

#[test]
fn a_schedule_that_is_not_understood_is_unknown() {
    let hourly = || scheduled(healthy(), "HOUR", 1, (0, 0));
    let with = |fields| World::of_tasks([changed(hourly(), fields)]);
    let lacks = |field| World::of_tasks([without(hourly(), field)]);
    expect_unknown(
        "schedule_not_understood",
        [
            ("period DAY", with(json!({"schedule_period": "DAY"}))),
            ("no period", lacks("schedule_period")),
            ("interval 0", with(json!({"schedule_interval": 0}))),
            ("interval -1", with(json!({"schedule_interval": -1}))),
            ("no interval", lacks("schedule_interval")),
            ("start hour -1", with(json!({"schedule_start_hour": -1}))),
            ("end hour 24", with(json!({"schedule_end_hour": 24}))),
            ("no start hour", lacks("schedule_start_hour")),
            (
                "status in lower case",
                with(json!({"schedule_status": "scheduling"})),
            ),
            ("status PAUSED", with(json!({"schedule_status": "PAUSED"}))),
            ("no status", lacks("schedule_status")),
        ],
    );
}

#[test]
fn a_time_that_cannot_be_right_is_unknown() {
    let success = |time: Value| World::of_tasks([changed(healthy(), json!({ "sync_time": time }))]);
    let run = |fields| World::of_records([changed(record("s", "-1h"), fields)]);
    expect_unknown(
        "time_implausible",
        [
            ("a success without a time", success(Value::Null)),
            ("a success in seconds", success(json!(at("-1h") / 1000))),
            ("a success at -1", success(json!(-1))),
            (
                "a success of the day after tomorrow",
                success(json!(at("+48h"))),
            ),
            (
                "a run of a source in seconds",
                run(json!({"start_time": at("-1h") / 1000, "end_time": at("-1h") / 1000})),
            ),
        ],
    );
    let timeless = run(json!({"start_time": null, "end_time": null}));
    expect_unknown(
        "record_status_unknown",
        [("a run of a source without times", timeless)],
    );
}

#[test]
fn responses_without_evidence_of_health_are_unknown() {
    let of_task = |fields| World::of_tasks([changed(healthy(), fields)]);
    let lacks = |field| World::of_tasks([without(healthy(), field)]);
    expect_unknown(
        "no_evidence",
        [
            (
                "an idle MRS cluster",
                World::of_cluster("mrs:c", 200, r#"{"is_synchronizing":false}"#),
            ),
            (
                "an MRS cluster that does not report its flag",
                World::of_cluster("mrs:c", 200, "{}"),
            ),
            ("a DWS cluster without records", World::of_records([])),
            (
                "an expected cluster is absent",
                beside_healthy().file("--expect", "mrs:c\ndws:gone\n"),
            ),
        ],
    );
    expect_unknown(
        "record_status_unknown",
        [
            (
                "a status of a record that is new",
                World::of_records([changed(record("s", "-1h"), json!({"status": "PAUSED"}))]),
            ),
            (
                "a run that ended without failed_count",
                World::of_records([without(record("s", "-1h"), "failed_count")]),
            ),
        ],
    );
    expect_unknown(
        "cluster_not_askable",
        [
            ("a task without a cluster", lacks("cluster_id")),
            ("a task without a type", lacks("cluster_type")),
            (
                "a task of another service",
                World::of_tasks([task("DLI", "-1h")]),
            ),
        ],
    );
    expect_unknown(
        "task_status_unknown",
        [
            (
                "a task of unknown status",
                of_task(json!({"sync_status": "UNKNOWN"})),
            ),
            (
                "a task of a new status",
                of_task(json!({"sync_status": "SYNC_PARTIAL_FAIL"})),
            ),
        ],
    );
}

#[test]
fn a_project_of_a_fleet_that_cannot_be_read_makes_the_report_unknown_and_is_one_problem() {
    let fleet = "[[project]]\nproject_id = 'p1'\nendpoint = '{url}'\nworkspaces = ['w']\n\
                 [[project]]\nproject_id = 'p2'\nendpoint = '{url}'\nworkspaces = ['v']\n";
    let world = World::new()
        .with("p1/w", Answer::Items(vec![healthy()]))
        .raw("c", 200, r#"{"is_synchronizing":false}"#)
        .with("p2/v", Answer::Raw(403, FORBIDDEN.into()))
        .file("--fleet", fleet);
    let outcome = world.gives("failing,stuck", 1, "unknown");
    assert_eq!(outcome.report["complete"], false);
    assert_eq!(outcome.report["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn a_fleet_whose_every_source_is_down_is_unknown_and_lists_each_problem_once() {
    let fleet = "[[project]]\nproject_id = 'p1'\nendpoint = '{url}'\nworkspaces = ['w']\n\
                 [[project]]\nproject_id = 'p2'\nendpoint = '{url}'\nclusters = ['dws:d']\n";
    let world = World::new()
        .with("p1/w", Answer::Raw(403, FORBIDDEN.into()))
        .with("p2/d", Answer::Raw(403, FORBIDDEN.into()))
        .file("--fleet", fleet);
    let outcome = world.gives("failing", 4, "unknown");
    assert_eq!(outcome.report["problems"].as_array().unwrap().len(), 2);
    let allowed = world.argument("--allow-unknown").check("failing");
    assert_eq!(allowed.code, Some(4), "{allowed:#?}");
}

#[test]
fn a_gate_may_allow_what_is_unknown_where_something_was_answered() {
    let world = beside_healthy()
        .argument("--workspace v")
        .raw("v", 403, FORBIDDEN);
    assert_eq!(world.check("failing").code, Some(1));
    assert_eq!(world.check("failing,unknown").code, Some(3));
    world
        .argument("--allow-unknown")
        .gives("failing", 0, "unknown");
}

#[test]
fn a_worse_verdict_is_shown_although_something_is_unknown() {
    let fails = changed(healthy(), json!({"sync_status": "SYNC_FAIL"}));
    let world = World::of_tasks([fails])
        .argument("--workspace v")
        .raw("v", 403, FORBIDDEN);
    world.gives("partial", 1, "failing");
}

#[test]
fn a_source_that_is_left_out_by_choice_is_not_missing_and_is_shown() {
    let world = World::of_tasks([task("DWS", "-1h")])
        .raw("c", 403, FORBIDDEN)
        .argument("--sources dataarts");
    let outcome = world.gives(UNWELL, 0, "healthy");
    assert_eq!(outcome.report["sources"], json!(["dataarts"]));
    assert_eq!(outcome.report["complete"], true);
}
