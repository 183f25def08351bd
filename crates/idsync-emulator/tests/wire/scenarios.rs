//! A scenario over real HTTP on a stopped clock.

use std::time::Duration;

use idsync_emulator::*;

use crate::client::{Reply, Request, records_path, syncing, tasks_path};

const SCENARIO: &str = "
workspaces: [night]
clock: {start: 2026-05-01T10:00:00Z, running: false}
clusters:
  - name: lake-mrs
    type: MRS
    task:
      schedule: {every: 1h}
      first_run: 10m
      runs:
        - {status: SYNC_SUCCESS, lasts: 5m}
        - {status: SYNC_FAIL, lasts: 5m, message: no route to host}
  - name: orders-dws
    type: DWS
    identity_source:
      every: 30m
      first_run: 1h ago
      runs: [{add_count: 2}]
faults:
  - {from: 1h, until: 2h, fault: {operation: records, kind: status, status: 503, cluster_id: orders-dws}}
";

async fn emulator() -> Emulator {
    let scenario = Scenario::from_yaml(SCENARIO, "night").unwrap();
    let builder = Emulator::builder().scenario(scenario).auth(Auth::Off);
    builder.start().await.unwrap()
}

async fn tasks(emulator: &Emulator) -> Reply {
    let request = Request::get(emulator, tasks_path(emulator));
    let workspace = &emulator.ready().workspace;
    request.header("workspace", workspace).send().await
}

async fn records(emulator: &Emulator) -> Reply {
    let path = records_path(emulator, &emulator.ready().clusters.dws[0]);
    Request::get(emulator, path).send().await
}

fn pass(emulator: &Emulator, minutes: u64) {
    emulator.advance(Duration::from_secs(60 * minutes));
}

#[tokio::test]
async fn a_task_and_the_flag_of_its_cluster_change_together() {
    let emulator = emulator().await;
    let mut seen = Vec::new();
    for minutes in [0, 10, 5, 55, 5] {
        pass(&emulator, minutes);
        let task = tasks(&emulator).await.json()["tasks"][0].clone();
        let flag = syncing(&emulator).send().await.json()["is_synchronizing"].clone();
        seen.push(format!("{} {flag}", task["sync_status"].as_str().unwrap()));
    }
    let expected = [
        "NOT_SYNC false",
        "SYNCING true",
        "SYNC_SUCCESS false",
        "SYNCING true",
        "SYNC_FAIL false",
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn records_appear_and_a_fault_applies_during_its_period() {
    let emulator = emulator().await;
    let mut seen = Vec::new();
    for minutes in [1, 30, 29, 59, 1] {
        pass(&emulator, minutes);
        let reply = records(&emulator).await;
        seen.push((reply.status, reply.json()["count"].as_u64()));
    }
    let failed = (503, None);
    assert_eq!(
        seen,
        [
            (200, Some(3)),
            (200, Some(4)),
            failed,
            failed,
            (200, Some(7))
        ]
    );
}

#[tokio::test]
async fn clearing_keeps_the_faults_of_the_scenario() {
    let emulator = emulator().await;
    pass(&emulator, 60);
    emulator.clear_faults();
    assert_eq!(records(&emulator).await.status, 503);
}
