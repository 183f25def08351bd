//! Every item that was there throughout comes once, within a bound of requests, or the list ends in `incomplete`.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};
use tokio::runtime::Builder;

use super::model::{Counts, Edit, Server, Total};
use crate::ErrorKind;
use crate::list::OffsetUnit;

/// Any server for which the rule gives a guarantee.
fn servers() -> impl Strategy<Value = Server> {
    let unit = prop_oneof![Just(OffsetUnit::Items), Just(OffsetUnit::Pages)];
    let counts = prop_oneof![
        Just(Counts::Items),
        Just(Counts::Floor),
        Just(Counts::Pages),
        Just(Counts::Nothing)
    ];
    let total = prop_oneof![
        3 => Just(Total::OfList),
        1 => Just(Total::OfPage),
        1 => Just(Total::Absent)
    ];
    let cap = prop_oneof![2 => Just(u32::MAX), 1 => 1..12_u32];
    let sizes = (0..160_usize, 1..40_u32, 1..4_usize);
    (unit, counts, total, cap, sizes, any::<bool>()).prop_filter_map(
        "no guarantee",
        |(unit, counts, total, cap, (items, limit, prefetch), has_ids)| {
            let mut server = Server::new(unit, items, limit);
            server.plan.prefetch = prefetch;
            (server.counts, server.total, server.cap) = (counts, total, cap);
            server.has_ids = has_ids;
            // See the documentation of the module.
            let hides_its_cap = total == Total::OfPage && cap < limit;
            let hides_its_unit = total != Total::OfList
                && unit == OffsetUnit::Items
                && matches!(counts, Counts::Pages | Counts::Nothing);
            (!hides_its_cap && !hides_its_unit).then_some(server)
        },
    )
}

/// Between two requests there are insertions or deletions, not both.
fn changing_servers() -> impl Strategy<Value = Server> {
    let inserts = prop::collection::vec(any::<u16>().prop_map(Edit::Insert), 0..4);
    let deletes = prop::collection::vec(any::<u16>().prop_map(Edit::Delete), 0..4);
    let quiet = Just(Vec::new());
    let edits = prop_oneof![4 => quiet, 1 => inserts, 1 => deletes];
    let servers = servers().prop_filter("a change must show", |it| it.total == Total::OfList);
    (servers, prop::collection::vec(edits, 0..30))
        .prop_map(|(server, edits)| server.with_edits(edits))
}

fn check(server: &Server) -> Result<(), TestCaseError> {
    let server = server.restarted();
    let runtime = Builder::new_current_thread().build().unwrap();
    let (numbers, error) = runtime.block_on(server.read());
    let state = server.state();
    let came: HashSet<_> = numbers.iter().copied().collect();
    prop_assert_eq!(came.len(), numbers.len(), "an item came twice");
    let size = usize::try_from(server.plan.limit.min(server.cap)).unwrap();
    let pages = state.longest.div_ceil(size).max(1);
    let requests = state.requests.len();
    prop_assert!(
        requests <= 2 * pages + 2,
        "{requests} requests for {pages} pages"
    );
    match error {
        Some(error) => prop_assert_eq!(error.kind(), ErrorKind::Incomplete),
        None => prop_assert!(state.throughout.is_subset(&came), "an item is missing"),
    }
    Ok(())
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

#[test]
fn a_list_that_does_not_change_is_delivered_or_ends_as_incomplete() {
    let tested = runner(10_000).run(&servers(), |server| check(&server));
    tested.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_list_that_changes_is_delivered_or_ends_as_incomplete() {
    let tested = runner(10_000).run(&changing_servers(), |server| check(&server));
    tested.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_server_that_hides_items_breaks_the_property_and_is_shrunk_to_two_items() {
    let tested = runner(10_000).run(&servers(), |mut server| {
        server.hides = true;
        check(&server)
    });
    match tested {
        Err(TestError::Fail(_, server)) => assert_eq!(server.items, 2, "{server:?}"),
        other => panic!("not noticed: {other:?}"),
    }
}
