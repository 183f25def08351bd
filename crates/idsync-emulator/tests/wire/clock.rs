//! The clock of the services: stopped, stepped and moved, by the library and by control requests.

use std::time::Duration;

use idsync_emulator::*;
use jiff::Timestamp;
use serde_json::Value;

use crate::client::{Reply, Request, open, syncing, tasks};

const START: &str = "2026-05-01T10:00:00Z";

fn stopped() -> EmulatorBuilder {
    let builder = Emulator::builder().stopped_clock();
    builder.start_time(START.parse().unwrap())
}

async fn send(emulator: &Emulator, method: &'static str, path: &str, body: &str) -> Reply {
    let request = Request::new(emulator, method, format!("/_emulator/{path}"));
    request.body(body).send().await
}

fn reading(now: &str, scale: f64, running: bool) -> Value {
    serde_json::json!({"now": now, "scale": scale, "running": running})
}

#[tokio::test]
async fn a_stopped_clock_can_be_advanced_and_set() {
    let emulator = open(stopped()).await;
    let shown = send(&emulator, "GET", "clock", "").await;
    assert_eq!(shown.json(), reading(START, 1.0, false));
    let body = r#"{"seconds": 90.5}"#;
    let reply = send(&emulator, "POST", "clock/advance", body).await;
    assert_eq!(reply.json(), reading("2026-05-01T10:01:30.5Z", 1.0, false));
    let body = r#"{"now": "2026-05-02T00:00:00+02:00", "scale": 60}"#;
    let reply = send(&emulator, "PUT", "clock", body).await;
    assert_eq!(reply.json(), reading("2026-05-01T22:00:00Z", 60.0, false));
    emulator.advance(Duration::from_hours(2));
    assert_eq!(emulator.now(), "2026-05-02T00:00:00Z".parse().unwrap());
    let earlier = "2026-05-01T11:00:00Z".parse().unwrap();
    emulator.set_time(earlier).unwrap();
    assert_eq!(emulator.now(), earlier);
    let before = "2026-05-01T09:00:00Z".parse().unwrap();
    assert!(emulator.set_time(before).is_err());
}

/// Method, path, body, and a part of the error.
const INVALID: &str = r#"
PUT | clock | {"now": "soon"} | now:
PUT | clock | {"now": "2026-05-01T09:00:00Z"} | `now`
PUT | clock | {"scale": 0} | `scale`
PUT | clock | {"scale": "fast"} | scale:
PUT | clock | {"running": 1} | running:
PUT | clock | {"speed": 1} | `speed`
POST | clock/advance | {"seconds": -1} | `seconds`
POST | clock/advance | {"seconds": 1e300} | `seconds`
POST | clock/advance | {} | `seconds`
POST | clock/advance | {"seconds": 1} x | trailing
GET | state?limit=x |  | limit:
GET | state?page=1 |  | `page`
"#;

#[tokio::test]
async fn an_invalid_change_is_refused_with_the_name_of_its_field() {
    let emulator = open(stopped()).await;
    for row in INVALID.trim().lines() {
        let [method, path, body, field] = row.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let reply = send(&emulator, method, path, body).await;
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(
            reply.status == 400 && error.contains(field),
            "{row}: {error}"
        );
    }
    let shown = send(&emulator, "GET", "clock", "").await;
    assert_eq!(shown.json(), reading(START, 1.0, false));
}

#[tokio::test]
async fn signatures_and_tokens_are_checked_by_real_time_whatever_the_services_clock_shows() {
    let emulator = Emulator::builder().time_scale(60.0).start().await.unwrap();
    emulator.advance(Duration::from_hours(24 * 365));
    let signed = syncing(&emulator).signed(ACCESS_KEY, SECRET_KEY, Timestamp::now());
    assert_eq!(signed.send().await.status, 200);
    let token = syncing(&emulator).with_token(&emulator);
    assert_eq!(token.send().await.status, 200);
}

#[tokio::test]
async fn a_reset_restores_clock_faults_and_journal() {
    let fault = Fault::on(Operation::Syncing, FaultKind::status(503)).times(1);
    let emulator = open(stopped().fault(fault)).await;
    let first = syncing(&emulator).send().await;
    let second = syncing(&emulator).send().await;
    assert_eq!((first.status, second.status), (503, 200));
    let drop = Fault::everywhere(FaultKind::Drop);
    emulator.add_fault(drop).unwrap();
    emulator.advance(Duration::from_hours(5));

    let reset = send(&emulator, "POST", "reset", "").await.json();
    assert_eq!(reset["now"], START);
    assert_eq!(emulator.request_counts().total, 0);
    let again = syncing(&emulator).send().await;
    assert_eq!(again.header("x-request-id"), first.header("x-request-id"));
    let second = syncing(&emulator).send().await;
    assert_eq!((again.status, second.status), (503, 200));
}

#[tokio::test]
async fn the_state_agrees_with_the_services() {
    let healthy = Scenario::named("healthy").unwrap();
    let emulator = open(stopped().scenario(healthy).tasks(40)).await;
    let state = send(&emulator, "GET", "state?limit=1000", "").await.json();
    let workspace = &emulator.ready().workspace;
    let listed = tasks(&emulator, workspace, "limit=1000").await.json();
    assert_eq!(state["total"], 4 + 40);
    assert_eq!(state["workspaces"][0]["tasks"], listed["total"]);
    for task in listed["tasks"].as_array().unwrap() {
        let mut clusters = state["clusters"].as_array().unwrap().iter();
        let cluster = clusters.find(|it| it["cluster_id"] == task["cluster_id"]);
        let told = &cluster.unwrap()["task"];
        for field in ["id", "sync_status", "schedule_status", "sync_time"] {
            assert_eq!(told[field], task[field], "{field}");
        }
    }
}

#[tokio::test]
async fn the_state_is_listed_in_pages_and_counted_as_a_whole() {
    let emulator = open(stopped().tasks(10_000)).await;
    let state = send(&emulator, "GET", "state?limit=2&offset=10029", "").await;
    let state = state.json();
    assert_eq!(state["clusters"].as_array().unwrap().len(), 2);
    assert_eq!(state["clusters"][1]["cluster_name"], "fleet-009999-mrs");
    let counts = state["planted"].as_object().unwrap().values();
    assert!(counts.map(|count| count.as_u64().unwrap()).sum::<u64>() >= 10_000);
    assert!(state["planted"]["failing"].as_u64().unwrap() > 200);
    let none = send(&emulator, "GET", "state?limit=0", "").await.json();
    assert_eq!(none["clusters"], Value::Array(vec![]));
    assert_eq!(none["planted"], state["planted"]);
}
