//! Lists that are bounded, read ahead, watched, left and resumed, or that change, over real HTTP.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use idsync::paging::{Position, Progress};
use idsync_emulator::{Emulator, Fault, FaultKind, OffsetUnit, Operation};

use crate::session::Session;

const MANY: u32 = 57;

async fn with_many(dataarts: OffsetUnit, dws: OffsetUnit) -> Session {
    let emulator = Emulator::builder().tasks(MANY).records(MANY.into());
    let emulator = emulator.dataarts_offset(dataarts).dws_offset(dws);
    Session::with(emulator, |client| client).await
}

#[tokio::test]
async fn pages_that_are_asked_for_ahead_come_in_the_order_of_the_service() {
    for (dataarts, dws) in [
        (OffsetUnit::Items, OffsetUnit::Pages),
        (OffsetUnit::FlooredItems, OffsetUnit::Items),
    ] {
        let session = with_many(dataarts, dws).await;
        let mut orders = Vec::new();
        for prefetch in [1, 4] {
            let workspace = session.client.dataarts(session.workspace());
            let mut tasks = workspace.tasks().limit(7).prefetch(prefetch).items();
            let mut order = Vec::new();
            while let Some(task) = tasks.try_next().await.unwrap() {
                order.push(task.id);
            }
            let records = session.client.dws().sync_records(session.dws_cluster());
            let mut records = records.limit(7).prefetch(prefetch).items();
            while let Some(record) = records.try_next().await.unwrap() {
                order.push(record.id);
            }
            orders.push(order);
        }
        assert!(orders[0].len() >= 114, "{}", orders[0].len());
        assert_eq!(orders[0], orders[1]);
    }
}

#[tokio::test]
async fn a_bound_on_the_items_sends_no_request_behind_them() {
    let session = with_many(OffsetUnit::Items, OffsetUnit::Pages).await;
    let records = session.client.dws().sync_records(session.dws_cluster());
    let mut records = records.limit(5).max_items(12).prefetch(8).items();
    let mut count = 0;
    while records.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, session.requests().len()), (12, 3));
}

#[tokio::test]
async fn progress_is_told_page_by_page() {
    let session = with_many(OffsetUnit::Items, OffsetUnit::Pages).await;
    let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let notes = Arc::clone(&told);
    let workspace = session.client.dataarts(session.workspace());
    let tasks = workspace.tasks().limit(25).max_items(60);
    let mut pages = tasks
        .on_page(move |progress| notes.lock().unwrap().push(*progress))
        .pages();
    let total = pages.try_next().await.unwrap().unwrap().total();
    while pages.try_next().await.unwrap().is_some() {}
    let told = told.lock().unwrap();
    let steps: Vec<_> = told.iter().map(|told| (told.pages, told.items)).collect();
    assert_eq!(steps[..2], [(1, 25), (2, 50)]);
    assert!(
        told.iter()
            .all(|told| told.total == total && told.pass == 1)
    );
}

#[tokio::test]
async fn a_list_that_was_left_goes_on_from_the_position_that_was_kept() {
    for dws in [OffsetUnit::Pages, OffsetUnit::Items] {
        let session = with_many(OffsetUnit::Items, dws).await;
        let expected = session.records().await.unwrap().len();
        let records = || session.client.dws().sync_records(session.dws_cluster());
        let mut pages = records().limit(10).pages();
        let mut ids = HashSet::new();
        let mut kept = String::new();
        for _ in 0..3 {
            let page = pages.try_next().await.unwrap().unwrap();
            kept = serde_json::to_string(&page.next_position()).unwrap();
            ids.extend(page.items().map(|record| record.id.clone()));
        }
        drop(pages);
        let position: Option<Position> = serde_json::from_str(&kept).unwrap();
        let mut rest = records().resume(position.unwrap()).items();
        let mut count = 0;
        while let Some(record) = rest.try_next().await.unwrap() {
            count += 1;
            ids.insert(record.id);
        }
        assert_eq!(ids.len(), expected, "{dws:?}");
        assert!(count < expected, "{dws:?}");
    }
}

/// Lets the next request for records see a list that holds `ids`, and be given those of one page of it.
fn show_next(session: &Session, page: &[&str], count: usize) {
    let records: Vec<_> = page
        .iter()
        .map(|id| serde_json::json!({"id": id}))
        .collect();
    let body = serde_json::json!({"count": count, "sync_records": records});
    let kind = FaultKind::Body(body.to_string().into());
    let fault = Fault::on(Operation::Records, kind).times(1);
    session.emulator.add_fault(fault).unwrap();
}

#[tokio::test]
async fn a_list_that_changed_while_it_was_read_is_read_again() {
    let session = Session::start().await;
    show_next(&session, &["a", "b"], 4);
    // The first record is gone, and with it the third has moved to the page that was read already.
    show_next(&session, &["d"], 3);
    show_next(&session, &["b", "c"], 3);
    show_next(&session, &["d"], 3);
    let records = session.client.dws().sync_records(session.dws_cluster());
    let mut records = records.limit(2).items();
    let mut ids = Vec::new();
    while let Some(record) = records.try_next().await.unwrap() {
        ids.push(record.id.unwrap());
    }
    assert_eq!(ids, ["a", "b", "d", "c"]);
    assert_eq!(session.requests().len(), 4);
}

#[tokio::test]
async fn a_list_that_never_stands_still_ends_in_an_error_behind_what_was_read() {
    let session = Session::start().await;
    for count in [3, 4, 5, 6] {
        show_next(&session, &["a", "b"], count);
        show_next(&session, &["c", "d"], count + 1);
        show_next(&session, &["e", "f"], 6);
    }
    let records = session.client.dws().sync_records(session.dws_cluster());
    let mut records = records.limit(2).passes(2).items();
    let mut count = 0;
    let error = loop {
        match records.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("the list was taken for complete"),
            Err(error) => break error,
        }
    };
    assert!(count >= 4, "{count}");
    assert!(error.to_string().contains("did not stand still"), "{error}");
    assert!(records.try_next().await.unwrap().is_none());
}
