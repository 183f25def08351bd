//! Bodies that are no document, documents of another shape, and values that mean nothing.

use idsync::ErrorKind;
use idsync_emulator::FaultKind;

use super::outcome::{Outcome, Place, fails, unreadable};
use super::row::Row;
use super::run::check;
use Outcome::{Reads, Says};
use Place::{Flag, Item, List, Nowhere, Total};

/// Both lists with these items and this total.
fn lists(items: &str, total: &str) -> String {
    format!(r#"{{"tasks":{items},"total":{total},"sync_records":{items},"count":{total}}}"#)
}

/// Both lists with `item` between two good ones, and nothing about the flag.
fn among_good(name: &'static str, item: &str) -> Row {
    let items = format!(r#"[{{"id":"a"}},{item},{{"id":"c"}}]"#);
    Row::body(name, lists(&items, "3"), Reads(2, vec![Item(1)])).flag(Says(None))
}

/// The same, where the item can be read but for one field.
fn with_bad_field(name: &'static str, item: &str) -> Row {
    let items = format!(r#"[{{"id":"a"}},{item},{{"id":"c"}}]"#);
    Row::body(name, lists(&items, "3"), Reads(3, vec![Item(1)])).flag(Says(None))
}

#[tokio::test]
async fn what_is_no_document_is_a_failure_and_not_an_empty_list() {
    let no_document = |name, body: &str| Row::body(name, body, unreadable(Nowhere));
    check(vec![
        Row::of("a page of HTML", FaultKind::Html, unreadable(Nowhere)),
        Row::of("broken JSON", FaultKind::BadJson, unreadable(Nowhere)),
        Row::of("half a document", FaultKind::HalfJson, unreadable(Nowhere)),
        no_document("nothing", ""),
        no_document("blanks", " \r\n\t"),
        no_document("a null", "null"),
        no_document("a list", "[]"),
        no_document("a list of a document", "[{\"tasks\":[]}]"),
        no_document("two documents", "{} {}"),
        no_document("a control character", "{\"tasks\":[{\"id\":\"a\u{1}\"}]}"),
        no_document("no depth at all", &"[".repeat(200_000)),
    ])
    .await;
}

#[tokio::test]
async fn a_document_without_its_list_is_a_failure_unless_it_says_that_there_is_nothing() {
    let no_list = |name, body: String| Row::body(name, body, unreadable(List)).flag(Says(None));
    check(vec![
        no_list("no field at all", "{}".into()),
        no_list("other fields", r#"{"records":[],"size":0}"#.into()),
        no_list("a null and a total", lists("null", "3")),
        no_list("an object", lists("{}", "0")),
        no_list("a null that is negative", lists("null", "-1")),
        Row::body("a null of nothing", lists("null", "0"), Reads(0, vec![])).flag(Says(None)),
        Row::body(
            "an empty list of nothing",
            lists("[]", "0"),
            Reads(0, vec![]),
        )
        .flag(Says(None)),
        Row::body(
            "an empty list of three",
            lists("[]", "3"),
            fails(ErrorKind::Incomplete),
        )
        .list_requests(2)
        .flag(Says(None)),
    ])
    .await;
}

#[tokio::test]
async fn what_means_nothing_costs_its_field_or_its_item() {
    check(vec![
        among_good("a null", "null"),
        among_good("a number", "7"),
        with_bad_field("an id that is a number", r#"{"id":7}"#),
        among_good("an id twice", r#"{"id":"b","id":"b"}"#),
        with_bad_field("half a character", r#"{"id":"\ud800"}"#),
        with_bad_field(
            "a time in words",
            r#"{"id":"b","sync_time":"now","start_time":"now"}"#,
        ),
        with_bad_field(
            "a message without depth",
            &format!(
                r#"{{"id":"b","sync_msg":{0}{1},"fail_reason":{0}{1}}}"#,
                "[".repeat(100),
                "]".repeat(100)
            ),
        ),
    ])
    .await;
}

#[tokio::test]
async fn odd_lists_are_read_as_far_as_they_go() {
    let two = r#"[{"id":"a"},{"id":"b"}]"#;
    let read =
        |name, body: String, good, bad| Row::body(name, body, Reads(good, bad)).flag(Says(None));
    // Without a total, a server that gives the same page whatever the offset ends as incomplete.
    let endless = |name, body: String, bad: Vec<_>| {
        let bad = bad.into_iter().chain([Nowhere]).collect();
        let row = Row::body(name, body, Reads(2, bad));
        row.list_requests(3).flag(Says(None))
    };
    check(vec![
        Row::body(
            "an item twice",
            lists(r#"[{"id":"a"},{"id":"a"},{"id":"b"}]"#, "3"),
            Reads(2, vec![Nowhere]),
        )
        .list_requests(4)
        .flag(Says(None)),
        read("items without an id", lists("[{},{}]", "2"), 2, vec![]),
        endless("a total in words", lists(two, "\"2\""), vec![Total]),
        endless("a total that is an object", lists(two, "{}"), vec![Total]),
        endless(
            "no total",
            format!(r#"{{"tasks":{two},"sync_records":{two}}}"#),
            vec![],
        ),
        read("a total too small", lists(two, "1"), 2, vec![]),
    ])
    .await;
}

#[tokio::test]
async fn a_flag_that_is_no_boolean_is_a_failure() {
    // The lists find nothing in these documents, which is a failure of its own.
    let flag = |name, body: &str, outcome| Row::body(name, body, unreadable(List)).flag(outcome);
    check(vec![
        flag("true", r#"{"is_synchronizing":true}"#, Says(Some(true))),
        flag("a null", r#"{"is_synchronizing":null}"#, Says(None)),
        flag("another name", r#"{"is-synchronizing":true}"#, Says(None)),
        flag("a text", r#"{"is_synchronizing":"true"}"#, unreadable(Flag)),
        flag("an object", r#"{"is_synchronizing":{}}"#, unreadable(Flag)),
        flag(
            "twice",
            r#"{"is_synchronizing":true,"is_synchronizing":false}"#,
            unreadable(Nowhere),
        ),
    ])
    .await;
}
