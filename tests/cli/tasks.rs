//! `idsync tasks`.

use idsync_emulator::{Fault, FaultKind, Operation};
use serde_json::Value;

use crate::idsync::Idsync;
use crate::services::Services;

fn field<'a>(tasks: &'a [Value], name: &str) -> Vec<&'a str> {
    tasks
        .iter()
        .map(|task| task[name].as_str().unwrap())
        .collect()
}

fn listed(services: &Services, flags: &str) -> Vec<Value> {
    let run = services
        .idsync(&format!("tasks -o json {flags}"))
        .run()
        .exits(0);
    run.json().as_array().unwrap().clone()
}

#[test]
fn the_demo_is_listed_as_a_table() {
    let run = Idsync::new("tasks --demo").run().exits(0);
    let header = run.stdout.lines().next().unwrap();
    for title in ["STATUS", "CLUSTER", "TYPE", "LAST RUN", "SCHEDULE", "LOG"] {
        assert!(header.contains(title), "{header}");
    }
    let failed = run
        .stdout
        .lines()
        .find(|line| line.contains("risk-prod-dws"))
        .unwrap();
    assert!(
        failed.starts_with("SYNC_FAIL ") && failed.contains("iam_group_risk"),
        "{failed}"
    );
}

#[test]
fn each_filter_reaches_the_service() {
    let services = Services::start();
    let all = listed(&services, "");
    let wanted = |flags: &str, field: &str, value: &str| {
        let expected: Vec<_> = all
            .iter()
            .filter(|task| task[field] == value)
            .cloned()
            .collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{field}"
        );
        assert_eq!(listed(&services, flags), expected, "{flags}");
    };
    wanted("--sync-status SYNC_FAIL", "sync_status", "SYNC_FAIL");
    wanted(
        "--schedule-status not_schedule",
        "schedule_status",
        "NOT_SCHEDULE",
    );
    wanted("--cluster-name etl-mrs", "cluster_name", "etl-mrs");
    listed(&services, "--cluster-type mrs");
    let query = services.requests().pop().unwrap().query;
    assert!(query.contains("cluster_type=MRS"), "{query}");
}

#[test]
fn the_order_reaches_the_service() {
    let services = Services::start();
    for (flag, name) in [
        ("cluster-name", "cluster_name"),
        ("create-time", "create_time"),
        ("update-time", "update_time"),
    ] {
        let upwards = listed(&services, &format!("--order-by {flag} --asc"));
        let downwards = listed(&services, &format!("--order-by {flag} --desc"));
        assert!(field(&upwards, name).is_sorted(), "{flag}");
        assert!(
            field(&downwards, name).is_sorted_by(|one, other| one >= other),
            "{flag}"
        );
    }
    let query = services.requests().pop().unwrap().query;
    assert!(
        query.contains("order_by=UPDATE_TIME") && query.contains("order_by_asc=false"),
        "{query}"
    );
}

#[test]
fn the_page_size_and_the_offset_reach_the_service() {
    let services = Services::start();
    let all = listed(&services, "");
    services.reset_requests();
    assert_eq!(listed(&services, "--page-size 5 --offset 10"), all[10..]);
    let queries: Vec<_> = services
        .requests()
        .into_iter()
        .map(|seen| seen.query)
        .collect();
    assert!(
        queries[0].contains("limit=5") && queries[0].contains("offset=10"),
        "{queries:?}"
    );
    assert!(queries[1].contains("offset=15"), "{queries:?}");
}

#[test]
fn nothing_found_is_an_empty_list_and_a_word_to_people() {
    let services = Services::start();
    let run = services
        .idsync("tasks --cluster-name none -o json")
        .run()
        .exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("[]\n", ""));
    let run = services.idsync("tasks --cluster-name none").run().exits(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("nothing found"));
    assert_eq!(
        services
            .idsync("tasks --cluster-name none -q")
            .run()
            .exits(0)
            .stderr,
        ""
    );
}

#[test]
fn a_page_that_fails_leaves_what_came_before_it_readable() {
    let services = Services::start();
    services
        .add_fault(Fault::on(Operation::Tasks, FaultKind::status(500)).after(1))
        .unwrap();
    let run = services
        .idsync("tasks --page-size 5 -o json")
        .run()
        .exits(1);
    assert_eq!(run.json().as_array().unwrap().len(), 5);
    assert_eq!(run.error()["status"], 500);
    services.clear_faults();
    services
        .add_fault(Fault::on(Operation::Tasks, FaultKind::status(500)).after(1))
        .unwrap();
    let run = services.idsync("tasks --page-size 5").run().exits(1);
    assert_eq!(run.stdout.lines().count(), 6);
    assert!(
        run.stderr
            .starts_with("idsync: listSecurityMemberSyncTasks failed: 500 "),
        "{}",
        run.stderr
    );
}

#[test]
fn an_unreadable_task_costs_itself_alone() {
    let services = Services::start();
    let tasks = r#"{"total":3,"tasks":[{"id":"a"},{"id":"b","sync_time":"soon"},{"id":"c"}]}"#;
    services.answer(Operation::Tasks, tasks);
    let run = services.idsync("tasks -o json").run().exits(1);
    assert_eq!(field(run.json().as_array().unwrap(), "id"), ["a", "b", "c"]);
    let error = run.error();
    assert_eq!(
        (&error["kind"], &error["path"]),
        (&"decode".into(), &"tasks[1].sync_time".into())
    );
    assert_eq!(error["operation"], "listSecurityMemberSyncTasks");
}
