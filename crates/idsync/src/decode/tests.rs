//! Pages with fields and items that cannot be read.

use serde_json::json;

use super::WireItem;
use crate::dataarts::{SyncStatus, Task};
use crate::dws::{Record, RecordStatus};
use crate::list::Page;
use crate::transport::Answer;
use crate::{Error, ErrorKind, Service};

fn page<T: WireItem>(body: &[u8]) -> Result<Page<T>, Error> {
    super::page(&Answer::given(Service::Dws, body))
}

fn flag(body: &[u8]) -> Result<Option<bool>, Error> {
    super::flag(&Answer::given(Service::Mrs, body))
}

fn records(items: &str) -> Page<Record> {
    let body = format!(r#"{{"count":3,"sync_records":{items}}}"#);
    page(body.as_bytes()).unwrap()
}

fn paths<'a>(errors: impl Iterator<Item = &'a Error>) -> Vec<&'a str> {
    errors
        .map(|error| error.path().unwrap_or_default())
        .collect()
}

#[test]
fn a_page_decodes_straight_into_domain_types() {
    let body = json!({"total": 1, "new": {"x": [1]}, "tasks": [{
        "id": "a", "sync_status": "SYNC_FAIL", "sync_time": 1_710_901_516_000_i64,
        "create_time": 0, "cluster_name": null, "new": [],
    }]});
    let page = page::<Task>(body.to_string().as_bytes()).unwrap();
    assert_eq!((page.total(), page.errors().count()), (Some(1), 0));
    let expected = Task {
        id: Some("a".into()),
        sync_status: Some(SyncStatus::SyncFail),
        sync_time: Some("2024-03-20T02:25:16Z".parse().unwrap()),
        ..Task::default()
    };
    assert_eq!(page.items(), [expected]);
}

#[test]
fn repeated_texts_share_their_memory() {
    let page = records(
        r#"[{"identity_source_id":"source-1"},{"identity_source_id":"source-2"},{"identity_source_id":"source-1"}]"#,
    );
    let sources: Vec<_> = page
        .items()
        .iter()
        .map(|record| record.identity_source_id.clone().unwrap())
        .collect();
    assert_eq!(*sources[1], *"source-2");
    assert!(std::sync::Arc::ptr_eq(&sources[0], &sources[2]));
}

#[test]
fn a_field_that_cannot_be_read_costs_that_field() {
    for (field, value) in [
        ("start_time", "\"now\""),
        ("start_time", "1.5"),
        ("start_time", "9223372036854775807"),
        ("start_time", "99999999999999999999"),
        ("add_count", "-1"),
        ("failed_count", "\"0\""),
        ("status", "7"),
        ("fail_reason", "[]"),
        ("identity_source_id", "{}"),
    ] {
        let page = records(&format!(
            r#"[{{"id":"a"}},{{"id":"b","status":"FAILED","end_time":1000,"{field}":{value}}},{{"id":"c"}}]"#
        )
        .replace(r#""status":"FAILED","end_time":1000,"status""#, r#""end_time":1000,"status""#));
        assert_eq!(page.items().len(), 3, "{field}");
        let record = &page.items()[1];
        assert!(record.end_time.is_some(), "{field}");
        assert_eq!(
            record.status,
            (field != "status").then_some(RecordStatus::Failed)
        );
        assert_eq!(paths(page.errors()), [format!("sync_records[1].{field}")]);
    }
}

#[test]
fn every_field_that_cannot_be_read_is_reported() {
    let page = records(r#"[{"id":7,"add_count":-1,"status":"FAILED"}]"#);
    assert_eq!(page.items()[0].status, Some(RecordStatus::Failed));
    assert_eq!(
        paths(page.errors()),
        ["sync_records[0].add_count", "sync_records[0].id"]
    );
}

#[test]
fn an_item_that_is_no_object_costs_that_item() {
    for item in ["null", "[]", "\"b\"", "7", r#"{"id":"b","id":"b"}"#] {
        let page = records(&format!(r#"[{{"id":"a"}},{item},{{"id":"c"}}]"#));
        assert_eq!((page.items().len(), page.len()), (2, 3), "{item}");
        assert_eq!(paths(page.errors()), ["sync_records[1]"], "{item}");
        let entries: Vec<_> = page.into_entries().map(|entry| entry.is_ok()).collect();
        assert_eq!(entries, [true, false, true], "{item}");
    }
}

#[test]
fn a_list_that_is_missing_is_an_error_unless_the_total_says_that_it_is_empty() {
    let empty = page::<Record>(br#"{"sync_records":null,"count":0}"#).unwrap();
    assert!(empty.is_empty());
    for body in [
        "{}",
        r#"{"sync_records":null}"#,
        r#"{"count":2}"#,
        r#"{"sync_records":{}}"#,
    ] {
        let error = page::<Record>(body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Decode, Some("sync_records")),
            "{body}"
        );
    }
}

#[test]
fn an_error_code_in_place_of_every_expected_field_is_that_error() {
    let body = br#"{"error_code":"12000003","error_msg":"The cluster does not exist."}"#;
    for error in [
        page::<Record>(body).unwrap_err(),
        page::<Task>(body).unwrap_err(),
        flag(body).unwrap_err(),
    ] {
        assert_eq!(error.code(), Some("12000003"));
        assert_eq!(error.message(), "The cluster does not exist.");
    }
    assert_eq!(flag(body).unwrap_err().kind(), ErrorKind::NotFound);
    let both = br#"{"error_code":"DQC.0000","sync_records":[],"count":0,"is_synchronizing":true}"#;
    assert!(page::<Record>(both).unwrap().is_empty());
    assert_eq!(flag(both).unwrap(), Some(true));
    assert_eq!(flag(b"{}").unwrap(), None);
}

#[test]
fn domain_types_read_what_they_write() {
    let record = Record {
        id: Some("a".into()),
        identity_source_id: Some("s".into()),
        start_time: Some("2024-03-20T02:25:16.5Z".parse().unwrap()),
        status: Some("PAUSED".into()),
        add_count: Some(3),
        ..Record::default()
    };
    let text = serde_json::to_string(&record).unwrap();
    assert!(text.contains("2024-03-20T02:25:16.5Z"), "{text}");
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    let task = Task {
        id: Some("t".into()),
        update_time: Some("2024-03-20T02:25:16Z".parse().unwrap()),
        ..Task::default()
    };
    let text = serde_json::to_string(&task).unwrap();
    assert_eq!(serde_json::from_str::<Task>(&text).unwrap(), task);
}
