//! Types that can be shared, and calls that can be spawned; that it compiles is most of the test.

use idsync::health::{Checker, Report};
use idsync::list::{Items, Page, Pages};
use idsync::{Client, Credentials, Error, dataarts, dws};

use crate::session::Session;

fn can_be_shared<T: Clone + Send + Sync + 'static>() {}

fn can_be_moved<T: Send + 'static>() {}

/// A future that a runtime may move between its threads.
fn can_be_spawned<F: Future + Send>(future: F) -> F {
    future
}

#[test]
fn clients_requests_and_reports_can_be_shared_between_threads() {
    can_be_shared::<Client>();
    can_be_shared::<Credentials>();
    can_be_shared::<Error>();
    can_be_shared::<Report>();
    can_be_shared::<Checker>();
    can_be_shared::<dataarts::ListTasks>();
    can_be_shared::<dws::ListRecords>();
    can_be_moved::<Page<dataarts::Task>>();
    can_be_moved::<Pages<dataarts::Task>>();
    can_be_moved::<Items<dws::Record>>();
}

#[tokio::test]
async fn every_call_can_be_spawned() {
    let session = Session::start().await;
    let client = &session.client;
    let (workspace, cluster) = (session.workspace(), session.mrs_cluster());
    let records = || client.dws().sync_records(session.dws_cluster());
    let mut items = records().items();
    let mut pages = client.dataarts(workspace).tasks().prefetch(2).pages();

    assert!(can_be_spawned(client.project_id()).await.is_ok());
    assert!(can_be_spawned(client.authenticate()).await.is_ok());
    assert!(can_be_spawned(records().send()).await.is_ok());
    assert!(can_be_spawned(items.try_next()).await.is_ok());
    assert!(can_be_spawned(pages.try_next()).await.is_ok());
    assert!(
        can_be_spawned(client.mrs().is_synchronizing(cluster))
            .await
            .is_ok()
    );
    let check = || client.health().workspace(workspace);
    assert!(can_be_spawned(check().check()).await.is_ok());
    assert!(can_be_spawned(check().and(check()).check()).await.is_ok());
}
