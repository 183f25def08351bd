//! Lists that are resumed, or change while they are read.

use std::collections::HashSet;

use idsync::ErrorKind;
use idsync::list::Position;
use idsync_emulator::{Emulator, Fault, FaultKind, OffsetUnit, Operation};

use crate::session::Session;

const MANY: u32 = 57;

async fn with_many(dataarts: OffsetUnit, dws: OffsetUnit) -> Session {
    let emulator = Emulator::builder().tasks(MANY).records(MANY.into());
    let emulator = emulator.dataarts_offset(dataarts).dws_offset(dws);
    Session::with(emulator, |client| client).await
}

#[tokio::test]
async fn a_list_is_resumed_at_a_saved_position() {
    for dws in [OffsetUnit::Pages, OffsetUnit::Items] {
        let session = with_many(OffsetUnit::Items, dws).await;
        let expected = session.records().await.unwrap().len();
        let records = || session.client.dws().sync_records(session.dws_cluster());
        let mut first = records().limit(10).items();
        let mut ids = HashSet::new();
        for _ in 0..25 {
            ids.insert(first.try_next().await.unwrap().unwrap().id);
        }
        let saved = serde_json::to_string(&first.position()).unwrap();
        drop(first);
        let position: Option<Position> = serde_json::from_str(&saved).unwrap();
        let mut rest = records().start_at(position.unwrap()).items();
        let mut count = 25;
        while let Some(record) = rest.try_next().await.unwrap() {
            count += 1;
            ids.insert(record.id);
        }
        assert_eq!((ids.len(), count), (expected, expected), "{dws:?}");
    }
}

/// Answers the next request for records with this page of a list of `count`.
fn show_next(session: &Session, page: &[&str], count: usize) {
    let records: Vec<_> = page
        .iter()
        .map(|id| serde_json::json!({"id": id}))
        .collect();
    let body = serde_json::json!({"count": count, "sync_records": records});
    let kind = FaultKind::body(body.to_string());
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
async fn a_list_that_shrinks_in_both_passes_ends_as_incomplete() {
    let session = Session::start().await;
    for ids in [["a", "b"], ["c", "d"]] {
        show_next(&session, &ids, 5);
        show_next(&session, &["e"], 4);
    }
    let records = session.client.dws().sync_records(session.dws_cluster());
    let mut records = records.limit(2).items();
    let mut count = 0;
    let error = loop {
        match records.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("the list was taken for complete"),
            Err(error) => break error,
        }
    };
    assert_eq!((count, error.kind()), (5, ErrorKind::Incomplete), "{error}");
    assert_eq!(error.operation(), Some("listSyncRecords"));
    assert_eq!(error.attempts(), 4);
    assert!(records.try_next().await.unwrap().is_none());
}
