//! A scenario over real HTTP on a stopped clock.

use std::time::Duration;

use idsync_emulator::*;

use crate::client::{Reply, get, open, records_path, syncing, tasks};

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
    open(Emulator::builder().scenario(scenario)).await
}

async fn records(emulator: &Emulator) -> Reply {
    let path = records_path(emulator, &emulator.ready().clusters.dws[0]);
    get(emulator, path).await
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
        let listed = tasks(&emulator, &emulator.ready().workspace, "")
            .await
            .json();
        let task = &listed["tasks"][0];
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
    let ok = |count| (200, Some(count));
    assert_eq!(seen, [ok(3), ok(4), failed, failed, ok(7)]);
    emulator
        .set_time("2026-05-01T11:00:00Z".parse().unwrap())
        .unwrap();
    emulator.clear_faults();
    let still = records(&emulator).await.status;
    assert_eq!(still, 503, "clearing keeps the faults of the scenario");
}
