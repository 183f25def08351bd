//! The team's tests: with the emulator where HTTP matters, without a socket elsewhere.

use downstream::{RotatingVault, TeamError, count_tasks, failing_clusters, healthz};
use idsync::dataarts::{SyncStatus, Task};
use idsync::health::{Report, Verdict};
use idsync::list::Items;
use idsync::{Client, Credentials, Error, ErrorKind, Service};
use idsync_emulator::Emulator;

fn client_of(emulator: &Emulator) -> Client {
    let ready = emulator.ready();
    Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()
        .unwrap()
}

fn task(name: &str, status: SyncStatus) -> Task {
    let mut task = Task::default();
    task.cluster_name = Some(name.into());
    task.sync_status = Some(status);
    task
}

#[tokio::test]
async fn a_function_over_items_is_tested_without_a_socket() {
    let tasks = [
        Ok(task("orders", SyncStatus::SyncFail)),
        Ok(task("lake", SyncStatus::SyncSuccess)),
    ];
    let names = failing_clusters(Items::from_iter(tasks)).await.unwrap();
    assert_eq!(names, ["orders"]);

    let refused = Error::new(ErrorKind::Throttled, "too many requests").with_status(429);
    let error = failing_clusters(Items::from_iter([Err(refused)])).await;
    assert!(error.unwrap_err().is_retryable());
}

#[tokio::test]
async fn three_workspaces_are_read_at_once() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = client_of(&emulator);
    let workspace = emulator.ready().workspace.clone();
    let counts = count_tasks(&client, [&workspace, &workspace, &workspace]).await;
    let [first, second, third] = counts.unwrap();
    assert!(first > 0 && first == second && second == third);
}

#[tokio::test]
async fn a_list_is_stopped_and_resumed_from_a_saved_position() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = client_of(&emulator);
    let cluster = emulator.ready().clusters.dws[0].clone();
    let list = || client.dws().sync_records(cluster.as_str()).limit(2);
    let mut whole = Vec::new();
    let mut items = list().items();
    while let Some(record) = items.try_next().await.unwrap() {
        whole.push(record.id);
    }
    let mut begun = list().pages();
    let mut read: Vec<_> = begun.try_next().await.unwrap().unwrap().into_items();
    let saved = begun.position().unwrap().to_string();
    let mut rest = list().start_at(saved.parse().unwrap()).items();
    while let Some(record) = rest.try_next().await.unwrap() {
        read.push(record);
    }
    let read: Vec<_> = read.into_iter().map(|record| record.id).collect();
    assert_eq!(read, whole);
}

#[tokio::test]
async fn healthz_of_two_projects_is_not_green_when_one_cannot_be_seen() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = client_of(&emulator);
    let ready = emulator.ready();
    let seen = client.health().cluster(format!("dws:{}", ready.clusters.dws[0]).parse().unwrap());
    let other = client.for_project("f0e1d2c3b4a5968778695a4b3c2d1e0f").unwrap();
    let report = seen.and(other.health().workspace("missing")).check().await;
    assert!(!report.as_ref().unwrap().is_conclusive());
    assert_eq!(healthz(&report), 503);
}

#[tokio::test]
async fn a_report_is_saved_and_read_back() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = client_of(&emulator);
    let workspace = emulator.ready().workspace.clone();
    let report = client.health().workspace(workspace.as_str()).check().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_string(&report).unwrap()).unwrap();
    let saved: Report = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
    assert_eq!(saved, report);
    assert!(saved.verdict > Verdict::Healthy);
}

#[tokio::test]
async fn a_rotating_provider_reports_a_sealed_vault_as_itself() {
    let emulator = Emulator::builder().start().await.unwrap();
    let ready = emulator.ready();
    let vault = RotatingVault::new([(ready.ak.clone(), ready.sk.clone())]);
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(vault)
        .build()
        .unwrap();
    let cluster = ready.clusters.mrs[0].clone();
    client.mrs().is_synchronizing(cluster.as_str()).await.unwrap();
    let error = client.mrs().is_synchronizing(cluster.as_str()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(matches!(error.into(), TeamError::VaultSealed));
}

#[test]
fn a_blocking_program_uses_a_runtime_of_its_own() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let emulator = runtime.block_on(Emulator::builder().start()).unwrap();
    let client = client_of(&emulator);
    let cluster = emulator.ready().clusters.mrs[0].clone();
    let busy = runtime.block_on(client.mrs().is_synchronizing(cluster.as_str()));
    assert!(busy.unwrap().is_some());
    assert_eq!(Service::ALL.len(), 4);
}
