//! `idsync tasks`.

use idsync_emulator::Operation;
use serde_json::Value;

use crate::services::{Services, demo};

fn field<'a>(tasks: &'a [Value], name: &str) -> Vec<&'a str> {
    let tasks = tasks.iter();
    tasks.map(|task| task[name].as_str().unwrap()).collect()
}

fn listed(services: &Services, flags: &str) -> Vec<Value> {
    let run = services.run(&format!("tasks -o json {flags}"), 0);
    run.json().as_array().unwrap().clone()
}

#[test]
fn the_demo_is_listed_as_a_table() {
    let run = demo("tasks", 0);
    let mut lines = run.stdout.lines();
    let titles = lines.next().unwrap().split("  ").map(str::trim);
    let titles: Vec<_> = titles.filter(|title| !title.is_empty()).collect();
    let expected = ["STATUS", "CLUSTER", "TYPE", "LAST RUN", "SCHEDULE", "LOG"];
    assert_eq!(titles, expected);
    let failed = lines.find(|line| line.contains("risk-prod-dws")).unwrap();
    assert!(failed.starts_with("SYNC_FAIL "), "{failed}");
    assert!(failed.contains("iam_group_risk"), "{failed}");
}

#[test]
fn each_filter_reaches_the_service() {
    let services = Services::start();
    let all = listed(&services, "");
    let wanted = |flags: &str, field: &str, value: &str| {
        let mut expected = all.clone();
        expected.retain(|task| task[field] == value);
        let is_part = !expected.is_empty() && expected.len() < all.len();
        assert!(is_part, "{field}");
        assert_eq!(listed(&services, flags), expected, "{flags}");
    };
    wanted("--sync-status SYNC_FAIL", "sync_status", "SYNC_FAIL");
    let flag = "--schedule-status not_schedule";
    wanted(flag, "schedule_status", "NOT_SCHEDULE");
    wanted("--cluster-name etl-mrs", "cluster_name", "etl-mrs");
    listed(&services, "--cluster-type mrs");
    let query = services.requests().pop().unwrap().query;
    assert!(query.contains("cluster_type=MRS"), "{query}");
}

#[test]
fn the_order_reaches_the_service() {
    let services = Services::start();
    for name in ["cluster_name", "create_time", "update_time"] {
        let flag = name.replace('_', "-");
        let upwards = listed(&services, &format!("--order-by {flag} --asc"));
        let mut downwards = listed(&services, &format!("--order-by {flag} --desc"));
        assert!(field(&upwards, name).is_sorted(), "{flag}");
        downwards.reverse();
        assert!(field(&downwards, name).is_sorted(), "{flag}");
    }
    let query = services.requests().pop().unwrap().query;
    let order = "order_by=UPDATE_TIME&order_by_asc=false";
    assert!(query.contains(order), "{query}");
}

#[test]
fn the_page_size_and_the_offset_reach_the_service() {
    let services = Services::start();
    let all = listed(&services, "");
    services.reset_requests();
    assert_eq!(listed(&services, "--page-size 5 --offset 10"), all[10..]);
    let requests = services.requests();
    for (request, page) in [(0, "offset=10"), (1, "offset=15")] {
        let query = &requests[request].query;
        assert!(query.contains("limit=5") && query.contains(page), "{query}");
    }
}

#[test]
fn an_empty_result_is_an_empty_list_or_a_message() {
    let services = Services::start();
    let none = |flags: &str| {
        let run = services.run(&format!("tasks --cluster-name none {flags}"), 0);
        (run.stdout, run.stderr)
    };
    assert_eq!(none("-o json"), ("[]\n".to_owned(), String::new()));
    let message = "idsync: nothing found\n".to_owned();
    assert_eq!(none(""), (String::new(), message.clone()));
    assert_eq!(none("-q"), (String::new(), String::new()));
    services.answer(Operation::Records, r#"{"count":0,"sync_records":[]}"#);
    let run = services.run(&format!("records {}", services.dws()), 0);
    assert_eq!((run.stdout, run.stderr), (String::new(), message));
}

#[test]
fn an_unreadable_task_does_not_affect_the_others() {
    let services = Services::start();
    let tasks = r#"{"total":3,"tasks":[{"id":"a"},{"id":"b","sync_time":"soon"},{"id":"c"}]}"#;
    services.answer(Operation::Tasks, tasks);
    let run = services.run("tasks -o json", 1);
    assert_eq!(field(run.json().as_array().unwrap(), "id"), ["a", "b", "c"]);
    let error = run.error();
    assert_eq!(error["kind"], "decode");
    assert_eq!(error["path"], "tasks[1].sync_time");
    assert_eq!(error["operation"], "listSecurityMemberSyncTasks");
}
