//! Unreadable and unknown data is never healthy.

use serde_json::{Value, json};

use crate::world::{Answer, UNWELL, World, changed, expect, record, task};

const FORBIDDEN: &str = r#"{"error_code":"APIGW.0302","error_msg":"no access"}"#;

/// What differs from a healthy world, and the reason for which the verdict is unknown. A `task` of an MRS cluster, an
/// `hourly` one and a `run` of a DWS cluster have other fields; a DWS cluster with a task, a named cluster or a second
/// workspace gives another answer.
const CASES: &str = r#"
records 403 {"error_code":"APIGW.0302","error_msg":"no access"} => source_unavailable
records 500 {"error_code":"12000004","error_msg":"The service failed."} => source_unavailable
records 401 {"error_code":"APIGW.0302","error_msg":"no access"} => source_unavailable
records 200 <html></html> => source_unavailable
records 200 {} => source_unavailable
records 200 {"error_code":"12000004","error_msg":"The service failed."} => source_unavailable
dws:c 200 {"count":5,"sync_records":[RUN]} => source_unavailable
dws:c 200 {"count":2,"sync_records":[RUN,7]} => source_unavailable
dws:c 200 {"count":0,"sync_records":[]} => no_evidence
dws:c 400 {"error_code":"DWS.5064","error_msg":"x"} => cluster_not_found
mrs:c 400 {"error_code":"12000003","error_msg":"x"} => cluster_not_found
mrs:c 200 {"error_code":"12000004","error_msg":"The service failed."} => source_unavailable
mrs:c 200 {"is_synchronizing":false} => no_evidence
mrs:c 200 {} => no_evidence
workspace 403 {"error_code":"APIGW.0302","error_msg":"no access"} => source_unavailable
workspace 502 <html></html> => source_unavailable
workspace 200 {"error_code":"12000004","error_msg":"The service failed."} => source_unavailable
workspace 200 {"total":5,"tasks":[TASK]} => source_unavailable
workspace 200 {"total":1,"tasks":["x"]} => source_unavailable
hourly {"schedule_period":"DAY"} => schedule_not_understood
hourly {"schedule_period":null} => schedule_not_understood
hourly {"schedule_interval":0} => schedule_not_understood
hourly {"schedule_interval":-1} => schedule_not_understood
hourly {"schedule_interval":null} => schedule_not_understood
hourly {"schedule_start_hour":-1} => schedule_not_understood
hourly {"schedule_end_hour":24} => schedule_not_understood
hourly {"schedule_start_hour":null} => schedule_not_understood
hourly {"schedule_status":"scheduling"} => schedule_not_understood
hourly {"schedule_status":"PAUSED"} => schedule_not_understood
hourly {"schedule_status":null} => schedule_not_understood
task {"sync_time":null} => time_implausible
task {"sync_time":1795323600} => time_implausible
task {"sync_time":-1} => time_implausible
task {"sync_time":1795500000000} => time_implausible
task {"sync_status":"UNKNOWN"} => task_status_unknown
task {"sync_status":"SYNC_PARTIAL_FAIL"} => task_status_unknown
task {"cluster_id":null} => cluster_not_askable
task {"cluster_type":null} => cluster_not_askable
task {"cluster_type":"DLI"} => cluster_not_askable
run {"start_time":1795323600,"end_time":1795323600} => time_implausible
run {"start_time":"yesterday"} => source_unavailable
run {"start_time":null,"end_time":null} => record_status_unknown
run {"status":"PAUSED"} => record_status_unknown
run {"failed_count":null} => record_status_unknown
"#;

fn healthy() -> Value {
    task("MRS", "-1h")
}

/// A healthy workspace `w`, and what else there is.
fn beside_healthy() -> World {
    World::of_tasks([healthy()])
}

fn of_case(case: &str) -> World {
    let (kind, rest) = case.split_once(' ').unwrap();
    let fields = || serde_json::from_str(rest).unwrap();
    let answer = || {
        let (status, body) = rest.split_once(' ').unwrap();
        let other = changed(healthy(), json!({"id": "t9"})).to_string();
        let run = record("s", "-1h").to_string();
        let body = body.replace("RUN", &run).replace("TASK", &other);
        Answer::Raw(status.parse().unwrap(), body)
    };
    let hourly = json!({"schedule_status": "SCHEDULING", "schedule_period": "HOUR",
        "schedule_interval": 1, "schedule_start_hour": 0, "schedule_end_hour": 0});
    match kind {
        "task" => World::of_tasks([changed(healthy(), fields())]),
        "hourly" => World::of_tasks([changed(changed(healthy(), hourly), fields())]),
        "run" => World::of_records([changed(record("s", "-1h"), fields())]),
        "records" => World::of_tasks([task("DWS", "-1h")]).with("c", answer()),
        "workspace" => beside_healthy()
            .argument("--workspace v")
            .with("v", answer()),
        named => World::new()
            .argument(&format!("--cluster {named}"))
            .with("c", answer()),
    }
}

/// The verdict is `unknown` for this reason; a gate that looks for failures ends with 1, or 4 where nothing was answered.
#[track_caller]
fn expect_unknown(reason: &str, name: &str, world: World) {
    expect(&[(name, world)], "failing,stuck", |outcome| {
        let is_unknown = outcome.verdict() == "unknown" && outcome.reasons().contains(&reason);
        is_unknown && matches!(outcome.code, Some(1 | 4))
    });
}

#[test]
fn what_cannot_be_read_or_understood_is_unknown() {
    for case in CASES.trim().lines() {
        let (case, reason) = case.split_once(" => ").unwrap();
        expect_unknown(reason, case, of_case(case));
    }
}

#[test]
fn what_is_missing_is_unknown() {
    let forbidden = Answer::Raw(403, FORBIDDEN.into());
    let second = World::of_records([record("s", "-1h")]).argument("--cluster dws:d");
    let workspace = World::new().argument("--workspace w");
    let ignored = beside_healthy().argument("--ignore *");
    let absent = beside_healthy().file("--expect", "mrs:c\ndws:gone\n");
    for (reason, world) in [
        ("source_unavailable", second.with("d", forbidden.clone())),
        ("source_unavailable", workspace.with("w", forbidden)),
        ("nothing_to_judge", World::of_tasks([])),
        ("nothing_to_judge", ignored),
        ("no_evidence", absent),
    ] {
        expect_unknown(reason, reason, world);
    }
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
