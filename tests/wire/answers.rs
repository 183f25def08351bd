//! Responses that differ from the documents: each is an error with its place, never an empty success.

use idsync::{Error, ErrorKind, Service};
use idsync_emulator::FaultKind;

use crate::session::Session;

/// Every entry of the first page of records.
async fn entries(body: &str) -> Vec<Result<idsync::dws::Record, Error>> {
    let session = Session::start().await;
    session.answer_with(body);
    session
        .client
        .dws()
        .sync_records(session.dws_cluster())
        .send()
        .await
        .unwrap()
        .into_entries()
        .collect()
}

#[tokio::test]
async fn the_error_of_a_body_that_is_not_json_shows_its_start() {
    let session = Session::start().await;
    session.break_with(&FaultKind::Html);
    for error in session.errors().await {
        assert_eq!(error.status(), Some(200));
        assert!(error.message().contains("<html"), "{error}");
        assert!(error.request_id().is_some(), "{error}");
    }
}

#[tokio::test]
async fn an_unreadable_field_or_item_is_an_error_with_its_path() {
    for (bad, entries_of_it, place) in [
        (
            r#"{"id":"b","start_time":"1747637723055"}"#,
            2,
            "sync_records[1].start_time",
        ),
        ("null", 1, "sync_records[1]"),
    ] {
        let body = format!(r#"{{"sync_records":[{{"id":"a"}},{bad},{{"id":"c"}}],"count":3}}"#);
        let entries = entries(&body).await;
        assert_eq!(entries.len(), 2 + entries_of_it, "{bad}");
        let error = entries
            .iter()
            .find_map(|entry| entry.as_ref().err())
            .unwrap();
        assert_eq!(
            (error.kind(), error.service(), error.path()),
            (ErrorKind::Decode, Some(Service::Dws), Some(place))
        );
        assert_eq!((error.status(), error.attempts()), (Some(200), 1));
    }
}
