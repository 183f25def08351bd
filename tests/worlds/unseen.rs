//! What cannot be seen or understood is never green.

use serde_json::{Value, json};

use crate::world::{Answer, Outcome, World, at, changed, record, scheduled, task, without};

const FORBIDDEN: &str = r#"{"error_code":"APIGW.0302","error_msg":"no access"}"#;
const FAILED: &str = r#"{"error_code":"12000004","error_msg":"The service failed."}"#;

/// The verdict is `unknown` for this reason; a gate that looks for failures ends with 1.
fn expect_unknown<const N: usize>(worlds: [(&str, World, &str); N]) {
    let is_right = |outcome: &Outcome, reason: &str| {
        outcome.verdict() == "unknown" && outcome.reasons().contains(&reason)
    };
    let mut wrong = Vec::new();
    for (name, world, reason) in &worlds {
        let outcome = world.check("failing,stuck");
        let blind_code = matches!(outcome.code, Some(1 | 4));
        if !is_right(&outcome, reason) || !blind_code {
            wrong.push(format!("{name} should be {reason}: {outcome:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
    let named = |status, body| {
        World::new()
            .argument("--cluster dws:c")
            .raw("c", status, body)
    };
    expect_unknown([
        (
            "records forbidden",
            dws(403, FORBIDDEN),
            "source_unavailable",
        ),
        ("records fail", dws(500, FAILED), "source_unavailable"),
        (
            "records refuse the credentials",
            dws(401, FORBIDDEN),
            "source_unavailable",
        ),
        (
            "records are HTML",
            dws(200, "<html></html>"),
            "source_unavailable",
        ),
        ("records are missing", dws(200, "{}"), "source_unavailable"),
        (
            "records are an error with status 200",
            dws(200, FAILED),
            "source_unavailable",
        ),
        (
            "records end before their total",
            named(
                200,
                &json!({"count": 5, "sync_records": [record("s", "-1h")]}).to_string(),
            ),
            "source_unavailable",
        ),
        (
            "one record is no object",
            named(
                200,
                &json!({"count": 2, "sync_records": [record("s", "-1h"), 7]}).to_string(),
            ),
            "source_unavailable",
        ),
        (
            "a time that is no number",
            World::of_records([changed(
                record("s", "-1h"),
                json!({"start_time": "yesterday"}),
            )]),
            "source_unavailable",
        ),
        (
            "the flag is an error with status 200",
            World::new()
                .argument("--cluster mrs:c")
                .raw("c", 200, FAILED),
            "source_unavailable",
        ),
        (
            "a second cluster that is forbidden",
            World::of_records([record("s", "-1h")])
                .argument("--cluster dws:d")
                .raw("d", 403, FORBIDDEN),
            "source_unavailable",
        ),
        (
            "the cluster does not exist",
            named(400, r#"{"error_code":"DWS.5064","error_msg":"invalid"}"#),
            "cluster_not_found",
        ),
        (
            "the MRS cluster does not exist",
            World::new().argument("--cluster mrs:c").raw(
                "c",
                400,
                r#"{"error_code":"12000003","error_msg":"The cluster does not exist."}"#,
            ),
            "cluster_not_found",
        ),
    ]);
}

#[test]
fn a_list_that_cannot_be_read_makes_the_report_unknown() {
    let also = |status, body| {
        beside_healthy()
            .argument("--workspace v")
            .raw("v", status, body)
    };
    let short = json!({"total": 5, "tasks": [changed(healthy(), json!({"id": "t9"}))]}).to_string();
    expect_unknown([
        (
            "a workspace is forbidden",
            World::new()
                .argument("--workspace w")
                .raw("w", 403, FORBIDDEN),
            "source_unavailable",
        ),
        (
            "a second workspace is forbidden",
            also(403, FORBIDDEN),
            "source_unavailable",
        ),
        (
            "a second workspace fails",
            also(502, "<html></html>"),
            "source_unavailable",
        ),
        (
            "a second workspace is an error with status 200",
            also(200, FAILED),
            "source_unavailable",
        ),
        (
            "a list of tasks ends before its total",
            also(200, &short),
            "source_unavailable",
        ),
        (
            "one task is no object",
            also(200, r#"{"total":1,"tasks":["x"]}"#),
            "source_unavailable",
        ),
        (
            "a workspace without tasks",
            World::of_tasks([]),
            "nothing_to_judge",
        ),
        (
            "everything is ignored",
            beside_healthy().argument("--ignore *"),
            "nothing_to_judge",
        ),
    ]);
}

#[test]
fn a_schedule_that_is_not_understood_is_unknown() {
    let hourly = || scheduled(healthy(), "HOUR", 1, (0, 0));
    let with = |fields| World::of_tasks([changed(hourly(), fields)]);
    let lacks = |field| World::of_tasks([without(hourly(), field)]);
    let not_understood = "schedule_not_understood";
    expect_unknown([
        (
            "period DAY",
            with(json!({"schedule_period": "DAY"})),
            not_understood,
        ),
        ("no period", lacks("schedule_period"), not_understood),
        (
            "interval 0",
            with(json!({"schedule_interval": 0})),
            not_understood,
        ),
        (
            "interval -1",
            with(json!({"schedule_interval": -1})),
            not_understood,
        ),
        ("no interval", lacks("schedule_interval"), not_understood),
        (
            "start hour -1",
            with(json!({"schedule_start_hour": -1})),
            not_understood,
        ),
        (
            "end hour 24",
            with(json!({"schedule_end_hour": 24})),
            not_understood,
        ),
        (
            "no start hour",
            lacks("schedule_start_hour"),
            not_understood,
        ),
        (
            "status in lower case",
            with(json!({"schedule_status": "scheduling"})),
            not_understood,
        ),
        (
            "status PAUSED",
            with(json!({"schedule_status": "PAUSED"})),
            not_understood,
        ),
        ("no status", lacks("schedule_status"), not_understood),
    ]);
}

#[test]
fn a_time_that_cannot_be_right_is_unknown() {
    let success = |time: Value| World::of_tasks([changed(healthy(), json!({ "sync_time": time }))]);
    let run = |fields| World::of_records([changed(record("s", "-1h"), fields)]);
    expect_unknown([
        (
            "a success without a time",
            success(Value::Null),
            "time_implausible",
        ),
        (
            "a success in seconds",
            success(json!(at("-1h") / 1000)),
            "time_implausible",
        ),
        ("a success at -1", success(json!(-1)), "time_implausible"),
        (
            "a success of the day after tomorrow",
            success(json!(at("+48h"))),
            "time_implausible",
        ),
        (
            "a run of a source in seconds",
            run(json!({"start_time": at("-1h") / 1000, "end_time": at("-1h") / 1000})),
            "time_implausible",
        ),
        (
            "a run of a source without times",
            run(json!({"start_time": null, "end_time": null})),
            "record_status_unknown",
        ),
    ]);
}

#[test]
fn what_says_nothing_of_health_is_unknown() {
    expect_unknown([
        (
            "an idle MRS cluster",
            World::new()
                .argument("--cluster mrs:c")
                .raw("c", 200, r#"{"is_synchronizing":false}"#),
            "no_evidence",
        ),
        (
            "an MRS cluster that does not tell",
            World::new().argument("--cluster mrs:c").raw("c", 200, "{}"),
            "no_evidence",
        ),
        (
            "a DWS cluster without records",
            World::of_records([]),
            "no_evidence",
        ),
        (
            "a status of a record that is new",
            World::of_records([changed(record("s", "-1h"), json!({"status": "PAUSED"}))]),
            "record_status_unknown",
        ),
        (
            "a run that ended without failed_count",
            World::of_records([without(record("s", "-1h"), "failed_count")]),
            "record_status_unknown",
        ),
        (
            "a task without a cluster",
            World::of_tasks([without(healthy(), "cluster_id")]),
            "cluster_not_askable",
        ),
        (
            "a task without a type",
            World::of_tasks([without(healthy(), "cluster_type")]),
            "cluster_not_askable",
        ),
        (
            "a task of another service",
            World::of_tasks([task("DLI", "-1h")]),
            "cluster_not_askable",
        ),
        (
            "a task of unknown status",
            World::of_tasks([changed(healthy(), json!({"sync_status": "UNKNOWN"}))]),
            "task_status_unknown",
        ),
        (
            "a task of a new status",
            World::of_tasks([changed(
                healthy(),
                json!({"sync_status": "SYNC_PARTIAL_FAIL"}),
            )]),
            "task_status_unknown",
        ),
        (
            "an expected cluster is absent",
            beside_healthy().file("--expect", "mrs:c\ndws:gone\n"),
            "no_evidence",
        ),
    ]);
}

#[test]
fn a_project_of_a_fleet_that_is_dead_makes_the_report_unknown_and_is_one_problem() {
    let fleet = "[[project]]\nproject_id = 'p1'\nendpoint = '{url}'\nworkspaces = ['w']\n\
                 [[project]]\nproject_id = 'p2'\nendpoint = '{url}'\nworkspaces = ['v']\n";
    let world = World::new()
        .with("p1/w", Answer::Items(vec![healthy()]))
        .raw("c", 200, r#"{"is_synchronizing":false}"#)
        .with("p2/v", Answer::Raw(403, FORBIDDEN.into()))
        .file("--fleet", fleet);
    let outcome = world.check("failing,stuck");
    assert_eq!(
        (outcome.code, outcome.verdict()),
        (Some(1), "unknown"),
        "{outcome:#?}"
    );
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
    let outcome = world.check("failing");
    assert_eq!(
        (outcome.code, outcome.verdict()),
        (Some(4), "unknown"),
        "{outcome:#?}"
    );
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
    let allowed = world.argument("--allow-unknown").check("failing");
    assert_eq!(
        (allowed.code, allowed.verdict()),
        (Some(0), "unknown"),
        "{allowed:#?}"
    );
}

#[test]
fn a_worse_verdict_is_shown_although_something_is_unseen() {
    let fails = changed(healthy(), json!({"sync_status": "SYNC_FAIL"}));
    let world = World::of_tasks([fails])
        .argument("--workspace v")
        .raw("v", 403, FORBIDDEN);
    let outcome = world.check("partial");
    assert_eq!(
        (outcome.code, outcome.verdict()),
        (Some(1), "failing"),
        "{outcome:#?}"
    );
}

#[test]
fn a_source_that_is_left_out_by_choice_is_no_gap_and_is_shown() {
    let world = World::of_tasks([task("DWS", "-1h")])
        .raw("c", 403, FORBIDDEN)
        .argument("--sources dataarts");
    let outcome = world.check_all();
    assert_eq!(
        (outcome.code, outcome.verdict()),
        (Some(0), "healthy"),
        "{outcome:#?}"
    );
    assert_eq!(outcome.report["sources"], json!(["dataarts"]));
    assert_eq!(outcome.report["complete"], true);
}
