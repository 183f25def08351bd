//! The three reading operations: answers, parameters, and what is refused.

use idsync_emulator::*;
use serde_json::Value;

use crate::client::{Reply, Request, get, open, records_path, syncing, syncing_path, tasks};

async fn records(emulator: &Emulator, query: &str) -> Reply {
    let path = records_path(emulator, &emulator.ready().clusters.dws[0]);
    get(emulator, format!("{path}?{query}")).await
}

fn ids(page: &Value, list: &str) -> Vec<String> {
    let items = page[list].as_array().unwrap();
    let ids = items.iter().map(|item| item["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_task_has_every_field_of_the_reference_page() {
    let emulator = open(Emulator::builder()).await;
    let page = tasks(&emulator, &emulator.ready().workspace, "limit=1")
        .await
        .json();
    let fields: Vec<&String> = page["tasks"][0].as_object().unwrap().keys().collect();
    let documented = "cluster_id cluster_name cluster_type create_time create_user data_connection_id data_connection_name \
        data_connection_workspace domain_id id instance_id project_id schedule_end_hour schedule_interval schedule_period \
        schedule_start_hour schedule_status sync_msg sync_status sync_time update_time update_user";
    let documented: Vec<&str> = documented.split(' ').collect();
    assert_eq!(fields, documented);
}

#[tokio::test]
async fn two_workspaces_share_some_tasks() {
    let emulator = open(Emulator::builder()).await;
    let [first, second] = emulator.workspaces() else {
        panic!("two workspaces")
    };
    let first = ids(&tasks(&emulator, first, "limit=100").await.json(), "tasks");
    let second = ids(&tasks(&emulator, second, "limit=100").await.json(), "tasks");
    let shared = first.iter().filter(|id| second.contains(id)).count();
    assert!(
        shared >= 3 && shared < first.len() && shared < second.len(),
        "{shared}"
    );
}

#[tokio::test]
async fn tasks_are_filtered_and_sorted() {
    let emulator = open(Emulator::builder()).await;
    let query = "limit=100&cluster_type=MRS&schedule_status=SCHEDULING&order_by=CLUSTER_NAME&order_by_asc=false";
    let workspace = &emulator.ready().workspace;
    let page = tasks(&emulator, workspace, query).await.json();
    let listed = page["tasks"].as_array().unwrap().iter();
    let names = listed.map(|task| task["cluster_name"].as_str().unwrap());
    let names: Vec<&str> = names.collect();
    assert!(
        names.len() > 3 && names.iter().all(|name| name.ends_with("-mrs")),
        "{names:?}"
    );
    assert!(names.iter().rev().is_sorted(), "{names:?}");
    assert_eq!(page["total"], names.len());
}

#[tokio::test]
async fn a_page_without_a_limit_has_ten_tasks_and_the_total_of_all() {
    let emulator = open(Emulator::builder().tasks(40)).await;
    let page = tasks(&emulator, &emulator.ready().workspace, "")
        .await
        .json();
    assert_eq!(page["tasks"].as_array().unwrap().len(), 10);
    assert!(page["total"].as_u64().unwrap() > 40);
}

#[tokio::test]
async fn what_is_invalid_is_refused_in_the_error_format_of_each_service() {
    let emulator = open(Emulator::builder()).await;
    let workspace = &emulator.ready().workspace;
    let mrs = |id| get(&emulator, syncing_path(&emulator, id));
    let mrs_query = format!("{}?colour=red", syncing_path(&emulator, "c"));
    let unknown_workspace = "Workspace does not exists";
    let long = "a".repeat(65);
    for (reply, code, part) in [
        (
            tasks(&emulator, workspace, "colour=red").await,
            "DLS.0400",
            "`colour`",
        ),
        (
            records(&emulator, "colour=red").await,
            "DWS.5038",
            "`colour`",
        ),
        (get(&emulator, mrs_query).await, "12000002", "`colour`"),
        (tasks(&emulator, "", "").await, "DLS.0400", "workspace"),
        (
            tasks(&emulator, "nowhere", "").await,
            "DLS.0404",
            unknown_workspace,
        ),
        (
            tasks(&emulator, "工作", "").await,
            "DLS.0404",
            unknown_workspace,
        ),
        (mrs("gone").await, "12000003", "does not exist"),
        (
            get(&emulator, records_path(&emulator, "gone")).await,
            "DWS.5064",
            "",
        ),
        (mrs("a%20b").await, "12000002", ""),
        (mrs("%E9%9B%86").await, "12000002", ""),
        (mrs("a%2Fb").await, "12000002", ""),
        (mrs(&long).await, "12000002", ""),
    ] {
        reply.assert_error(400, code, part);
        let fields = reply.json().as_object().unwrap().len();
        assert_eq!(fields, 2, "code and message, no more");
    }
}

#[tokio::test]
async fn an_unknown_path_or_method_is_refused_with_what_exists() {
    let emulator = open(Emulator::builder()).await;
    for (method, path) in [
        ("GET", "/v9/x"),
        ("GET", "/v3/%ff"),
        ("DELETE", "/v3/projects"),
        ("POST", &syncing_path(&emulator, "c")),
    ] {
        let reply = Request::new(&emulator, method, path).send().await;
        reply.assert_error(404, "APIGW.0101", "member-sync-tasks");
    }
}

#[tokio::test]
async fn every_response_has_a_date_and_a_unique_request_id() {
    let emulator = open(Emulator::builder()).await;
    let first = syncing(&emulator).send().await;
    let second = syncing(&emulator).send().await;
    assert!(first.header("date").is_some());
    let id = first.header("x-request-id").unwrap();
    assert_eq!(id.len(), 32);
    assert_ne!(Some(id), second.header("x-request-id"));
}

#[tokio::test]
async fn the_same_seed_and_start_give_the_same_bytes() {
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let start = "2026-05-01T10:00:00Z".parse().unwrap();
        let emulator = open(Emulator::builder().seed(9).tasks(30).start_time(start)).await;
        let reply = tasks(&emulator, &emulator.ready().workspace, "limit=100").await;
        bodies.push((reply.header("x-request-id").unwrap().to_owned(), reply.body));
    }
    assert_eq!(bodies[0], bodies[1]);
}
