//! Normal situations, which are healthy.

use serde_json::json;

use crate::world::{Answer, UNWELL, World, at, changed, expect, record, scheduled, task, without};

/// Healthy, complete, exit code 0 with every other verdict in `--fail-on`.
fn expect_quiet<const N: usize>(worlds: [(&str, World); N]) {
    expect(&worlds, UNWELL, |outcome| {
        let is_complete = outcome.report["complete"] == true;
        outcome.code == Some(0) && outcome.verdict() == "healthy" && is_complete
    });
}

#[test]
fn schedules_that_are_kept_are_healthy() {
    let of = |last: &str, period: &str, interval, window| {
        World::of_tasks([scheduled(task("MRS", last), period, interval, window)])
    };
    let hourly = |last: &str| of(last, "HOUR", 1, (0, 0));
    expect_quiet([
        ("every hour, all day", hourly("-50m")),
        (
            "every 4 hours from 0 to 6",
            of("-8h 30m", "HOUR", 4, (0, 6)),
        ),
        (
            "overnight window from 22 to 6",
            of("-8h 30m", "HOUR", 4, (22, 6)),
        ),
        ("every week", of("-150h", "HOUR", 168, (0, 0))),
        ("every month", of("-500h", "HOUR", 720, (0, 0))),
        (
            "every 5 minutes, late within the grace",
            of("-20m", "MINUTE", 5, (0, 0)),
        ),
        (
            "a zone that is only assumed has a day of grace",
            hourly("-20h").argument("--region eu-west-101"),
        ),
        (
            "a larger grace by flag",
            hourly("-5h").argument("--region cn-north-4 --grace 6h"),
        ),
        (
            "no schedule, three days ago",
            World::of_tasks([task("MRS", "-72h")]),
        ),
        (
            "fields of a schedule that is off",
            World::of_tasks([changed(
                scheduled(task("MRS", "-72h"), "DAY", 0, (-1, 99)),
                json!({"schedule_status": "NOT_SCHEDULE"}),
            )]),
        ),
        (
            "edited after the last run",
            World::of_tasks([changed(
                scheduled(task("MRS", "-50m"), "HOUR", 1, (0, 0)),
                json!({"update_time": at("-1m")}),
            )]),
        ),
    ]);
}

#[test]
fn clusters_and_their_names_in_every_form_are_healthy() {
    let of_type = |name: &str| {
        let record = record("s", "-1h");
        World::of_tasks([task(name, "-1h")]).records("c", [record])
    };
    let mrs = || task("MRS", "-1h");
    let failing = json!({"id": "t2", "cluster_id": "x", "cluster_name": "test-1", "sync_status": "SYNC_FAIL"});
    let ignored = World::of_tasks([mrs(), changed(mrs(), failing)]).argument("--ignore test-*");
    let shared = World::of_tasks([mrs()]).workspace("w2", [mrs()]);
    let uncounted = World::of_tasks([mrs()]).with("w", Answer::Uncounted(vec![mrs()]));
    let new_field = World::of_tasks([changed(mrs(), json!({"owner": {"id": 1}}))]);
    let named = World::of_records([record("s", "-1h")]);
    let ahead = World::of_tasks([task("MRS", "+5m")]);
    let beside_empty = World::of_tasks([mrs()]).workspace("empty", []);
    expect_quiet([
        ("DWS", of_type("DWS")),
        ("dws", of_type("dws")),
        ("GaussDB(DWS) cluster", of_type("GaussDB(DWS) cluster")),
        ("MRS", World::of_tasks([mrs()])),
        ("a DWS cluster that is named", named),
        ("a workspace without tasks beside one with", beside_empty),
        ("a task that two workspaces list", shared),
        ("fields that are new", new_field),
        ("a list without a total", uncounted),
        ("a clock five minutes behind that of the service", ahead),
        ("a failing cluster that is ignored", ignored),
    ]);
}

#[test]
fn identity_sources_that_do_their_work_are_healthy() {
    let steady = |count: i64| (0..count).map(|n| record("s", &format!("-{}m", n * 10 + 1)));
    let fails = |start| {
        changed(
            record("s", start),
            json!({"status": "FAILED", "fail_reason": "x"}),
        )
    };
    let reason =
        |text| World::of_records([changed(record("s", "-1h"), json!({"fail_reason": text}))]);
    let unsupported = r#"{"error_code":"DWS.5206","error_msg":"not supported by this version"}"#;
    expect_quiet([
        (
            "two sources of other rhythms",
            World::of_records([record("a", "-1h"), record("b", "-20h"), record("a", "-2h")]),
        ),
        (
            "an earlier failure",
            World::of_records([record("s", "-1h"), fails("-2h"), record("s", "-3h")]),
        ),
        (
            "an earlier failure, oldest first",
            World::of_records([fails("-2h"), record("s", "-1h")]),
        ),
        ("more than two pages", World::of_records(steady(2500))),
        (
            "more than two pages, oldest first",
            World::of_records(steady(2500).collect::<Vec<_>>().into_iter().rev()),
        ),
        ("a blank reason", reason(" ")),
        ("a reason that reports success", reason("success")),
        (
            "a run without duration",
            World::of_records([changed(record("s", "-1h"), json!({"end_time": at("-1h")}))]),
        ),
        (
            "many deletions",
            World::of_records([changed(record("s", "-1h"), json!({"delete_count": 5000}))]),
        ),
        (
            "a feature that is off",
            World::of_tasks([task("DWS", "-1h")]),
        ),
        (
            "a version without the feature",
            World::of_tasks([task("DWS", "-1h")]).raw("c", 400, unsupported),
        ),
        (
            "a type of source that is new",
            World::of_records([changed(
                record("s", "-1h"),
                json!({"identity_source_type": "scim"}),
            )]),
        ),
        (
            "a type of source that is missing",
            World::of_records([without(record("s", "-1h"), "identity_source_type")]),
        ),
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
