//! The three reading operations: answers, parameters, and what is refused.

use idsync_emulator::*;
use serde_json::Value;

use crate::client::{Reply, Request, records_path, syncing, syncing_path, tasks_path};

async fn open(builder: EmulatorBuilder) -> Emulator {
    builder.auth(Auth::Off).start().await.unwrap()
}

async fn tasks(emulator: &Emulator, workspace: &str, query: &str) -> Reply {
    let target = format!("{}?{query}", tasks_path(emulator));
    Request::get(emulator, target)
        .header("workspace", workspace)
        .send()
        .await
}

async fn records(emulator: &Emulator, query: &str) -> Reply {
    let cluster_id = &emulator.ready().clusters.dws[0];
    Request::get(
        emulator,
        format!("{}?{query}", records_path(emulator, cluster_id)),
    )
    .send()
    .await
}

fn ids(page: &Value, list: &str) -> Vec<String> {
    let items = page[list].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_task_has_every_field_of_the_reference_page() {
    let emulator = open(Emulator::builder()).await;
    let page = tasks(&emulator, &emulator.ready().workspace, "limit=1")
        .await
        .json();
    let fields: Vec<&String> = page["tasks"][0].as_object().unwrap().keys().collect();
    let documented = [
        "cluster_id",
        "cluster_name",
        "cluster_type",
        "create_time",
        "create_user",
        "data_connection_id",
        "data_connection_name",
        "data_connection_workspace",
        "domain_id",
        "id",
        "instance_id",
        "project_id",
        "schedule_end_hour",
        "schedule_interval",
        "schedule_period",
        "schedule_start_hour",
        "schedule_status",
        "sync_msg",
        "sync_status",
        "sync_time",
        "update_time",
        "update_user",
    ];
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
    let page = tasks(&emulator, &emulator.ready().workspace, query)
        .await
        .json();
    let names: Vec<&str> = page["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["cluster_name"].as_str().unwrap())
        .collect();
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
async fn unknown_parameters_are_named_in_the_error_format_of_each_service() {
    let emulator = open(Emulator::builder()).await;
    let mrs = Request::get(
        &emulator,
        format!("{}?colour=red", syncing_path(&emulator, "c")),
    )
    .send();
    let replies = [
        (
            tasks(&emulator, &emulator.ready().workspace, "colour=red").await,
            "DLS.0400",
        ),
        (records(&emulator, "colour=red").await, "DWS.5038"),
        (mrs.await, "12000002"),
    ];
    for (reply, code) in replies {
        assert_eq!((reply.status, reply.error_code().as_str()), (400, code));
        assert!(
            reply.error_message().contains("`colour`"),
            "{}",
            reply.error_message()
        );
        assert_eq!(
            reply.json().as_object().unwrap().len(),
            2,
            "code and message, no more"
        );
    }
}

#[tokio::test]
async fn a_missing_or_unknown_workspace_is_a_bad_request() {
    let emulator = open(Emulator::builder()).await;
    let missing = Request::get(&emulator, tasks_path(&emulator)).send().await;
    assert_eq!(missing.status, 400);
    assert!(
        missing.error_message().contains("workspace"),
        "{}",
        missing.error_message()
    );
    for id in ["nowhere", "工作"] {
        let unknown = tasks(&emulator, id, "").await;
        assert_eq!(unknown.status, 400);
        let message = unknown.error_message();
        assert!(message.contains("Workspace does not exists"), "{message}");
    }
}

#[tokio::test]
async fn a_cluster_that_does_not_exist_is_a_bad_request() {
    let emulator = open(Emulator::builder()).await;
    let mrs = Request::get(&emulator, syncing_path(&emulator, "gone"))
        .send()
        .await;
    assert_eq!((mrs.status, mrs.error_code().as_str()), (400, "12000003"));
    let dws = Request::get(&emulator, records_path(&emulator, "gone"))
        .send()
        .await;
    assert_eq!((dws.status, dws.error_code().as_str()), (400, "DWS.5064"));
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
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (404, "APIGW.0101"),
            "{path}"
        );
        assert!(reply.error_message().contains("member-sync-tasks"));
    }
}

#[tokio::test]
async fn a_cluster_id_out_of_the_documented_range_is_an_invalid_parameter_of_mrs() {
    let emulator = open(Emulator::builder()).await;
    for id in ["a%20b", "%E9%9B%86", "a%2Fb", &"a".repeat(65)] {
        let reply = Request::get(&emulator, syncing_path(&emulator, id))
            .send()
            .await;
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (400, "12000002"),
            "{id}"
        );
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
