//! The rule of reading, case by case.

use super::model::{Counts, Edit, Server, Total};
use crate::list::{Items, OffsetUnit, Pages};
use crate::{Error, ErrorKind, Service};
use OffsetUnit::{Items as ByItem, Pages as ByPage};

fn all(count: usize) -> Vec<usize> {
    (0..count).collect()
}

#[tokio::test]
async fn a_list_with_a_trusted_total_costs_as_many_requests_as_it_has_pages() {
    for (unit, items, requests) in [
        (ByPage, 0, 1),
        (ByPage, 9, 1),
        (ByPage, 11, 2),
        (ByPage, 20, 2),
        (ByItem, 95, 10),
    ] {
        let server = Server::new(unit, items, 10);
        let (numbers, error) = server.read().await;
        assert_eq!((numbers, error.is_none()), (all(items), true));
        assert_eq!(server.requests(), requests, "{items} by {unit:?}");
    }
}

#[tokio::test]
async fn a_full_first_page_with_its_own_count_as_total_may_go_on() {
    for (items, requests) in [(10, 3), (30, 5)] {
        let mut server = Server::new(ByPage, items, 10);
        server.total = Total::OfPage;
        assert_eq!(server.read().await.0, all(items));
        assert!(server.requests() <= requests, "{}", server.requests());
    }
}

#[tokio::test]
async fn the_other_unit_is_found_from_the_second_page() {
    for (unit, counts) in [
        (ByPage, Counts::Items),
        (ByPage, Counts::Floor),
        (ByItem, Counts::Pages),
    ] {
        let mut server = Server::new(unit, 95, 10);
        server.counts = counts;
        let (numbers, error) = server.read().await;
        assert_eq!((numbers.len(), error.is_none()), (95, true), "{counts:?}");
        assert_eq!(server.requests(), 11, "{counts:?}");
    }
}

#[tokio::test]
async fn a_server_that_caps_its_pages_is_asked_for_smaller_ones() {
    let mut server = Server::new(ByPage, 95, 1000);
    server.cap = 10;
    assert_eq!(server.read().await.0, all(95));
    assert_eq!(server.requests(), 10);
}

#[tokio::test]
async fn a_server_that_repeats_one_page_ends_as_incomplete() {
    for has_ids in [true, false] {
        let mut server = Server::new(ByPage, 10, 10);
        (server.counts, server.total) = (Counts::Nothing, Total::Absent);
        server.has_ids = has_ids;
        let (numbers, error) = server.read().await;
        let error = error.unwrap();
        assert_eq!((numbers, error.kind()), (all(10), ErrorKind::Incomplete));
        assert_eq!(
            (error.service(), error.operation(), error.attempts()),
            (Some(Service::Dws), Some("listItems"), 3)
        );
    }
}

#[tokio::test]
async fn a_deletion_is_answered_by_a_second_pass_that_delivers_only_what_is_new() {
    let server = Server::new(ByPage, 30, 10).with_edits(vec![vec![Edit::Delete(0)]]);
    let (numbers, error) = server.read().await;
    assert!(error.is_none());
    assert_eq!(numbers.len(), 30);
    assert_eq!(numbers.last(), Some(&10));
}

#[tokio::test]
async fn a_list_that_shrinks_in_both_passes_is_incomplete_after_what_came() {
    let server = Server::new(ByPage, 30, 10).with_edits(vec![vec![Edit::Delete(0)]; 9]);
    let (numbers, error) = server.read().await;
    let error = error.unwrap();
    assert_eq!((numbers.len(), error.kind()), (30, ErrorKind::Incomplete));
}

#[tokio::test]
async fn a_list_that_grows_at_its_start_is_delivered() {
    let edits = vec![vec![Edit::Insert(0)]; 50];
    for (items, most) in [(95, 26), (100, 28)] {
        let server = Server::new(ByPage, items, 10).with_edits(edits.clone());
        let (numbers, error) = server.read().await;
        let came: Vec<_> = numbers.iter().copied().filter(|it| *it < items).collect();
        assert_eq!((came, error.is_none()), (all(items), true));
        assert!(server.requests() <= most, "{}", server.requests());
    }
}

#[tokio::test]
async fn the_requests_for_a_list_that_outgrows_its_first_page_are_bounded() {
    let server = Server::new(ByItem, 5, 5).with_edits(vec![vec![Edit::Insert(0); 2]; 60]);
    let (_, error) = server.read().await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Incomplete);
    let pages = server.state().longest.div_ceil(5);
    assert!(
        server.requests() <= 2 * pages + 2,
        "{pages}: {}",
        server.requests()
    );
}

#[tokio::test]
async fn equal_items_without_an_id_on_one_page_are_distinct() {
    let mut server = Server::new(ByPage, 3, 10);
    server.are_equal = true;
    let (numbers, error) = server.read().await;
    assert_eq!((numbers, error.is_none()), (vec![0; 3], true));
}

#[tokio::test]
async fn an_error_ends_the_stream_which_stays_at_its_end() {
    let mut server = Server::new(ByPage, 30, 10);
    server.fails_at = Some(1);
    let mut items = Pages::read(server).into_items();
    for _ in 0..10 {
        assert!(items.next().await.unwrap().is_ok());
    }
    assert_eq!(
        items.next().await.unwrap().unwrap_err().kind(),
        ErrorKind::Connect
    );
    for _ in 0..3 {
        assert!(items.next().await.is_none());
    }
}

#[tokio::test]
async fn collected_items_are_a_stream_like_any_other() {
    let failure = || Error::new(ErrorKind::Connect, "x");
    let mut items: Items<_> = [Ok(1), Err(failure()), Ok(2)].into_iter().collect();
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    assert!(items.next().await.unwrap().is_err());
    assert_eq!(items.try_next().await.unwrap(), Some(2));
    assert_eq!(items.try_next().await.unwrap(), None);
    assert_eq!(items.position(), None);
}

#[tokio::test]
async fn pages_are_fetched_ahead_from_the_third_on_and_never_past_the_end() {
    let mut server = Server::new(ByPage, 95, 10);
    server.plan.prefetch = 4;
    let mut pages = Pages::read(server.clone());
    let mut requests = Vec::new();
    while pages.try_next().await.unwrap().is_some() {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        requests.push(server.requests());
    }
    assert_eq!(requests, [1, 2, 6, 7, 8, 9, 10, 10, 10, 10]);
}
