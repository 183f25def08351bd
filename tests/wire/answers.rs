//! Answers that are not what the operations document: each is an error with its place, never an empty success.

use idsync::dws::RecordStatus;
use idsync::{Error, ErrorKind, Service};
use idsync_emulator::{Emulator, Fault, FaultKind, Operation};

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
async fn a_success_that_is_no_document_is_a_decode_error_that_shows_its_start() {
    for kind in [FaultKind::Html, FaultKind::BadJson, FaultKind::HalfJson] {
        let session = Session::start().await;
        session.break_with(&kind);
        for error in session.errors().await {
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Decode, Some(200)),
                "{kind:?}: {error}"
            );
            assert!(error.request_id().is_some(), "{kind:?}: {error}");
        }
    }
    let session = Session::start().await;
    session.break_with(&FaultKind::Html);
    assert!(
        session
            .syncing()
            .await
            .unwrap_err()
            .message()
            .contains("<html")
    );
}

#[tokio::test]
async fn a_success_of_another_shape_is_a_decode_error() {
    for body in [
        "",
        "[]",
        "null",
        "true",
        "\"text\"",
        "[{}]",
        "{} trailing",
        "{\"a\":1",
        "\u{1}",
    ] {
        let session = Session::start().await;
        session.answer_with(body);
        for error in session.errors().await {
            assert_eq!(error.kind(), ErrorKind::Decode, "{body:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_list_that_is_missing_or_null_is_an_error_unless_the_total_says_it_is_empty() {
    for body in [
        "{}",
        r#"{"tasks":null,"sync_records":null}"#,
        r#"{"tasks":null,"total":3,"sync_records":null,"count":3}"#,
        r#"{"tasks":{},"sync_records":{}}"#,
        r#"{"tasks":"none","sync_records":"none"}"#,
    ] {
        let session = Session::start().await;
        session.answer_with(body);
        for (error, path) in [
            (session.tasks().await.unwrap_err(), "tasks"),
            (session.records().await.unwrap_err(), "sync_records"),
        ] {
            assert_eq!(
                (error.kind(), error.path()),
                (ErrorKind::Decode, Some(path)),
                "{body}: {error}"
            );
        }
    }
    let session = Session::start().await;
    session.answer_with(r#"{"tasks":null,"total":0,"sync_records":null,"count":0}"#);
    assert!(
        session.tasks().await.unwrap().is_empty() && session.records().await.unwrap().is_empty()
    );
}

#[tokio::test]
async fn a_list_that_claims_more_than_it_gives_is_an_error() {
    let session = Session::start().await;
    session.answer_with(r#"{"tasks":[],"total":3,"sync_records":[],"count":3}"#);
    for error in [
        session.tasks().await.unwrap_err(),
        session.records().await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("after 0 of 3"), "{error}");
    }
}

#[tokio::test]
async fn one_unreadable_item_costs_that_item_and_names_its_place() {
    for (bad, place) in [
        (
            r#"{"id":"b","start_time":"1747637723055"}"#,
            "sync_records[1].start_time",
        ),
        (r#"{"id":"b","add_count":-1}"#, "sync_records[1].add_count"),
        (
            r#"{"id":"b","start_time":9223372036854775807}"#,
            "sync_records[1].start_time",
        ),
        (r#"{"id":"b","end_time":1.5}"#, "sync_records[1].end_time"),
        (
            r#"{"id":"b","failed_count":99999999999999999999999}"#,
            "sync_records[1].failed_count",
        ),
        (r#"{"id":["b"]}"#, "sync_records[1].id"),
        (r#"{"id":"b","id":"c"}"#, "sync_records[1]"),
        ("[]", "sync_records[1]"),
        ("\"b\"", "sync_records[1]"),
        ("null", "sync_records[1]"),
    ] {
        let body = format!(r#"{{"sync_records":[{{"id":"a"}},{bad},{{"id":"c"}}],"count":3}}"#);
        let entries = entries(&body).await;
        assert_eq!(entries.len(), 3, "{bad}");
        assert_eq!(entries[0].as_ref().unwrap().id.as_deref(), Some("a"));
        assert_eq!(entries[2].as_ref().unwrap().id.as_deref(), Some("c"));
        let error = entries[1].as_ref().unwrap_err();
        assert_eq!(
            (error.kind(), error.service()),
            (ErrorKind::Decode, Some(Service::Dws))
        );
        assert!(
            error.path().is_some_and(|path| path.starts_with(place)),
            "{bad}: {error}"
        );
    }
}

#[tokio::test]
async fn an_unreadable_total_costs_one_error_and_no_item() {
    let entries = entries(r#"{"sync_records":[{"id":"a"}],"count":"1"}"#).await;
    assert_eq!(entries[0].as_ref().unwrap().id.as_deref(), Some("a"));
    assert_eq!(entries[1].as_ref().unwrap_err().path(), Some("count"));
    assert_eq!(entries.len(), 2);
}

#[tokio::test]
async fn values_and_fields_that_this_version_does_not_know_are_kept_or_passed_over() {
    let entries = entries(
        r#"{"sync_records":[{"id":"a","status":"PAUSED","new":{"x":[1]}}],"count":1,"more":0}"#,
    )
    .await;
    let record = entries[0].as_ref().unwrap();
    assert_eq!(
        record.status.as_ref().map(RecordStatus::as_str),
        Some("PAUSED")
    );
}

#[tokio::test]
async fn the_flag_is_a_boolean_or_absent_and_nothing_else() {
    for (body, expected) in [
        (r#"{"is_synchronizing":true}"#, Some(true)),
        (r#"{"is_synchronizing":false}"#, Some(false)),
        ("{}", None),
        (r#"{"is_synchronizing":null}"#, None),
        ("\u{feff}{\"is_synchronizing\":true}", Some(true)),
    ] {
        let session = Session::start().await;
        session.answer_with(body);
        assert_eq!(session.syncing().await.unwrap(), expected, "{body}");
    }
    for body in [
        r#"{"is_synchronizing":"false"}"#,
        r#"{"is_synchronizing":0}"#,
        r#"{"is_synchronizing":{}}"#,
    ] {
        let session = Session::start().await;
        session.answer_with(body);
        let error = session.syncing().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Decode, Some("is_synchronizing")),
            "{body}: {error}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_told_by_its_host_and_not_followed() {
    for status in [301, 302, 307, 308] {
        let session = Session::start().await;
        let fault = Fault::everywhere(FaultKind::status_with(status, ""))
            .header("Location", "https://elsewhere.example/login?next=secret");
        session.emulator.add_fault(fault).unwrap();
        for error in session.errors().await {
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Redirect, Some(status))
            );
            assert!(
                error.message().contains("elsewhere.example")
                    && !error.message().contains("secret"),
                "{error}"
            );
        }
        assert_eq!(session.requests().len(), 3);
    }
}

#[tokio::test]
async fn another_success_than_200_is_an_error() {
    for status in [201, 202, 204, 206] {
        let session = Session::start().await;
        session.break_with(&FaultKind::status_with(status, ""));
        for error in session.errors().await {
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Service, Some(status)),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_beyond_the_bound_is_not_read_to_its_end() {
    let session = Session::with(Emulator::builder(), |client| client.largest_answer(10_000)).await;
    session.break_with(&FaultKind::Oversized { bytes: u64::MAX });
    for error in session.errors().await {
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    }
    assert_eq!(session.requests().len(), 3);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_connection_error() {
    let session = Session::start().await;
    session.break_with(&FaultKind::Truncated);
    for error in session.errors().await {
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Connect, 3),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_content_type_does_not_matter_where_the_document_is_right() {
    let session = Session::start().await;
    session.break_with(&FaultKind::ContentType("text/plain".into()));
    assert!(!session.tasks().await.unwrap().is_empty());
}

#[tokio::test]
async fn errors_of_every_known_shape_give_code_and_message() {
    for (body, code) in [
        (
            r#"{"error_code":"DWS.5001","error_msg":"no\nway"}"#,
            Some("DWS.5001"),
        ),
        (r#"{"error":{"code":400,"message":"no way"}}"#, Some("400")),
        (r#"{"errorCode":"X","errorMsg":"no way"}"#, Some("X")),
        (r#"{"message":"no way","request_id":"from-the-body"}"#, None),
        ("no way", None),
    ] {
        let session = Session::start().await;
        session.break_with(&FaultKind::status_with(400, body.to_owned()));
        for error in session.errors().await {
            assert_eq!((error.code(), error.status()), (code, Some(400)), "{error}");
            assert!(error.message().contains("no way"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_cluster_that_does_not_exist_is_not_found_although_mrs_answers_400() {
    let session = Session::start().await;
    let error = session
        .client
        .mrs()
        .is_synchronizing("no-such-cluster")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::NotFound, Some(400)),
        "{error}"
    );
    session
        .emulator
        .add_fault(Fault::on(Operation::Records, FaultKind::status(404)).times(1))
        .unwrap();
    assert_eq!(
        session.records().await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn an_error_names_the_operation_as_the_documents_do() {
    let session = Session::start().await;
    session.break_with(&FaultKind::status(500));
    let names = session
        .errors()
        .await
        .map(|error| (error.service(), error.operation()));
    assert_eq!(
        names,
        [
            (Some(Service::DataArts), Some("listSecurityMemberSyncTasks")),
            (Some(Service::Dws), Some("listSyncRecords")),
            (Some(Service::Mrs), Some("listClusterSyncTaskStatus")),
        ]
    );
}
