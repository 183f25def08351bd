//! Bodies that are not JSON, or JSON of another shape.

use idsync::ErrorKind;
use idsync_emulator::FaultKind;

use super::outcome::{Outcome, Place, fails, unreadable};
use super::row::Row;
use super::run::check;
use Outcome::{Reads, Says};
use Place::{Flag, List, Nowhere, Total};

/// Both lists with these items and this total.
fn lists(items: &str, total: &str) -> String {
    format!(r#"{{"tasks":{items},"total":{total},"sync_records":{items},"count":{total}}}"#)
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_an_error_and_not_an_empty_list() {
    let not_json = |name, body: &str| Row::body(name, body, unreadable(Nowhere));
    check(vec![
        Row::of("a page of HTML", FaultKind::Html, unreadable(Nowhere)),
        not_json("broken JSON", "{\"tasks\": [,], 'count': 0x1}"),
        not_json("half a document", "{\"tasks\": [{\"id\": "),
        not_json("an empty body", ""),
        not_json("blanks", " \r\n\t"),
        not_json("a null", "null"),
        not_json("a list", "[]"),
        not_json("a list of a document", "[{\"tasks\":[]}]"),
        not_json("two documents", "{} {}"),
        not_json("a control character", "{\"tasks\":[{\"id\":\"a\u{1}\"}]}"),
        not_json("unbounded nesting", &"[".repeat(200_000)),
    ])
    .await;
}

#[tokio::test]
async fn unusual_lists_are_read_as_far_as_possible() {
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
async fn a_flag_that_is_not_a_boolean_is_an_error() {
    // These documents have no list, which is another error.
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
