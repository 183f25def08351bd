//! Normal situations, which are healthy.

use serde_json::json;

use crate::world::{Answer, UNWELL, World, changed, expect, record, task};

/// Healthy, complete, exit code 0 with every other verdict in `--fail-on`.
fn expect_quiet<const N: usize>(worlds: [(&str, World); N]) {
    expect(&worlds, UNWELL, |outcome| {
        let is_complete = outcome.report["complete"] == true;
        outcome.code == Some(0) && outcome.verdict() == "healthy" && is_complete
    });
}

#[test]
fn clusters_of_every_kind_are_healthy() {
    let of_type = |name: &str| {
        let record = record("s", "-1h");
        World::of_tasks([task(name, "-1h")]).records("c", [record])
    };
    let mrs = || task("MRS", "-1h");
    let failing = json!({"id": "t2", "cluster_id": "x", "cluster_name": "test-1", "sync_status": "SYNC_FAIL"});
    let ignored = World::of_tasks([mrs(), changed(mrs(), failing)]).argument("--ignore test-*");
    let shared = World::of_tasks([mrs()]).workspace("w2", [mrs()]);
    let new_field = World::of_tasks([changed(mrs(), json!({"owner": {"id": 1}}))]);
    let named = World::of_records([record("s", "-1h")]);
    let beside_empty = World::of_tasks([mrs()]).workspace("empty", []);
    expect_quiet([
        ("DWS", of_type("DWS")),
        ("a DWS cluster that is named", named),
        ("a workspace without tasks beside one with", beside_empty),
        ("a task that two workspaces list", shared),
        ("fields that are new", new_field),
        ("a failing cluster that is ignored", ignored),
    ]);
}

#[test]
fn identity_sources_that_work_are_healthy() {
    let steady = || (0..2500).map(|n| record("s", &format!("-{}m", n * 10 + 1)));
    let off = World::of_tasks([task("DWS", "-1h")]);
    let error = r#"{"error_code":"DWS.5206","error_msg":"not supported by this version"}"#;
    let new_type = changed(record("s", "-1h"), json!({"identity_source_type": "scim"}));
    expect_quiet([
        ("more than two pages", World::of_records(steady())),
        ("the oldest first", World::of_records(steady().rev())),
        ("a feature that is off", off.clone()),
        ("a version without it", off.raw("c", 400, error)),
        ("a new type of source", World::of_records([new_type])),
    ]);
}

#[test]
fn two_projects_of_a_fleet_are_healthy() {
    let fleet = "[[project]]\nproject_id = 'p1'\nendpoint = '{url}'\nworkspaces = ['w']\n\
                 [[project]]\nproject_id = 'p2'\nendpoint = '{url}'\nclusters = ['dws:d']\n";
    let idle = Answer::Raw(200, r#"{"is_synchronizing":false}"#.into());
    let world = World::new()
        .with("p1/w", Answer::Items(vec![task("MRS", "-1h")]))
        .with("p1/c", idle)
        .with("p2/d", Answer::Items(vec![record("s", "-1h")]))
        .file("--fleet", fleet);
    expect_quiet([("a fleet", world)]);
}

#[test]
fn an_mrs_flag_that_cannot_be_read_beside_a_judged_task_fails_no_gate() {
    let world = World::of_tasks([task("MRS", "-1h")]).raw("c", 403, "{}");
    let outcome = world.gives(UNWELL, 0, "healthy");
    assert_eq!(outcome.report["complete"], false);
    assert!(outcome.notes().contains(&"source_unavailable"));
}
