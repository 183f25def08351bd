//! Saved positions.

use super::model::{Counts, Server};
use crate::ErrorKind;
use crate::list::{OffsetUnit, Pages, Position};

async fn read_from(
    server: &Server,
    position: Option<Position>,
    count: usize,
) -> (Vec<usize>, Option<Position>) {
    let mut server = server.clone();
    server.plan.start = position;
    let mut items = Pages::read(server).into_items();
    let mut numbers = Vec::new();
    while numbers.len() < count
        && let Some(item) = items.try_next().await.unwrap()
    {
        numbers.push(item.number);
    }
    (numbers, items.position())
}

#[tokio::test]
async fn a_list_continues_after_the_item_at_which_it_was_left() {
    for (unit, counts) in [
        (OffsetUnit::Pages, Counts::Pages),
        (OffsetUnit::Pages, Counts::Items),
        (OffsetUnit::Items, Counts::Floor),
        (OffsetUnit::Items, Counts::Pages),
    ] {
        for left_after in [0, 1, 9, 10, 25, 49] {
            let mut server = Server::new(unit, 50, 10);
            server.counts = counts;
            let (mut numbers, position) = read_from(&server, None, left_after).await;
            let saved = position.unwrap().to_string();
            let (rest, end) = read_from(&server, Some(saved.parse().unwrap()), 1000).await;
            numbers.extend(rest);
            numbers.sort_unstable();
            let expected: Vec<_> = (0..50).collect();
            assert_eq!((numbers, end), (expected, None), "{counts:?}, {left_after}");
        }
    }
}

#[tokio::test]
async fn after_an_error_the_position_is_the_page_that_failed() {
    let mut server = Server::new(OffsetUnit::Pages, 30, 10);
    server.fails_at = Some(2);
    let mut pages = Pages::read(server);
    while pages.try_next().await.is_ok() {}
    let position = pages.position().unwrap();
    assert_eq!((position.offset, position.skip), (2, 0));
}

const SAVED: &str =
    r#"{"unit":"items","offset":300,"limit":100,"skip":7,"list":"listItems/other"}"#;

#[test]
fn a_position_saved_by_an_earlier_version_is_read_and_a_damaged_one_refused() {
    let position: Position = SAVED.parse().unwrap();
    assert_eq!(position.to_string(), SAVED);
    for text in ["", "{}", &SAVED.replace("items", "things"), &SAVED[1..]] {
        let error = text.parse::<Position>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text}");
    }
}

#[tokio::test]
async fn a_position_of_another_list_is_refused_before_anything_is_sent() {
    let mut server = Server::new(OffsetUnit::Pages, 30, 10);
    server.plan.start = Some(SAVED.parse().unwrap());
    let error = Pages::read(server.clone()).try_next().await.unwrap_err();
    assert_eq!(
        (error.kind(), server.requests()),
        (ErrorKind::InvalidInput, 0)
    );
    assert!(error.message().contains("listItems/other"), "{error}");
}
