//! Pages, filters and order over real HTTP.

use idsync::ErrorKind;
use idsync::dataarts::{ClusterType, ScheduleStatus, SyncStatus, TaskOrder};
use idsync_emulator::{Emulator, Operation};

use crate::session::Session;

#[tokio::test]
async fn the_offset_counts_items_in_dataarts_and_pages_in_dws() {
    let session = Session::with(Emulator::builder().tasks(45).records(45), |client| client).await;
    let dataarts = session.client.dataarts(session.workspace());
    let mut tasks = dataarts.tasks().limit(20).pages();
    while tasks.try_next().await.unwrap().is_some() {}
    let dws = session.client.dws();
    let mut records = dws.sync_records(session.dws_cluster()).limit(20).pages();
    while records.try_next().await.unwrap().is_some() {}
    let asked = |operation: Operation| -> Vec<String> {
        let requests = session.requests().into_iter();
        let of_operation = requests.filter(|request| request.operation == Some(operation));
        of_operation.map(|request| request.query).take(3).collect()
    };
    let tasks = [
        "limit=20&offset=0",
        "limit=20&offset=20",
        "limit=20&offset=40",
    ];
    assert_eq!(asked(Operation::Tasks), tasks);
    let records = [
        "offset=0&limit=20",
        "offset=1&limit=20",
        "offset=2&limit=20",
    ];
    assert_eq!(asked(Operation::Records), records);
}

#[tokio::test]
async fn every_filter_and_order_reaches_the_service() {
    let session = Session::start().await;
    let page = session
        .client
        .dataarts(session.workspace())
        .tasks()
        .cluster_type(ClusterType::Dws)
        .cluster_name("a+b c~*é")
        .sync_status(SyncStatus::SyncFail)
        .schedule_status(ScheduleStatus::NotSchedule)
        .order_by(TaskOrder::SyncTime)
        .ascending(false)
        .limit(5)
        .offset(10)
        .send()
        .await
        .unwrap();
    assert!(page.is_empty());
    let request = &session.requests()[0];
    let mut pairs: Vec<_> = request.query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "cluster_name=a%2Bb%20c~%2A%C3%A9",
            "cluster_type=DWS",
            "limit=5",
            "offset=10",
            "order_by=SYNC_TIME",
            "order_by_asc=false",
            "schedule_status=NOT_SCHEDULE",
            "sync_status=SYNC_FAIL",
        ]
    );
    assert_eq!(request.header("workspace"), Some(session.workspace()));
}

#[tokio::test]
async fn an_invalid_parameter_is_refused_before_a_request() {
    let session = Session::start().await;
    let dataarts = session.client.dataarts(session.workspace());
    let mut refused = vec![
        dataarts.tasks().limit(0).send().await.unwrap_err(),
        dataarts.tasks().offset(1 << 31).send().await.unwrap_err(),
        session
            .client
            .dataarts("a b")
            .tasks()
            .send()
            .await
            .unwrap_err(),
    ];
    for id in ["..", ""] {
        refused.push(
            session
                .client
                .dws()
                .sync_records(id)
                .send()
                .await
                .unwrap_err(),
        );
        refused.push(session.client.mrs().is_synchronizing(id).await.unwrap_err());
    }
    for error in refused {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.attempts(), 0);
    }
    assert!(session.requests().is_empty());
}
