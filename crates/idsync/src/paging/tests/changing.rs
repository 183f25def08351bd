//! What is promised of a list that changes while it is read, for random services and random edits.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use tokio::runtime::{Builder, Runtime};

use super::case::{Bug, Case, Outcome, cases};
use super::model::Total;

/// The promises, each with the reason it is broken.
fn keeps_what_is_promised(case: &Case, outcome: &Outcome) -> TestCaseResult {
    let different: HashSet<_> = outcome.items.iter().collect();
    prop_assert_eq!(different.len(), outcome.items.len(), "an item came twice");
    let passes = outcome.passes.last().copied().unwrap_or_default();
    let allowed = case.passes.max(1 + u8::from(case.confirmed));
    prop_assert!(passes <= allowed, "too many passes");
    if outcome.stood_still(case) {
        prop_assert!(
            outcome.error.is_none(),
            "the list stood still: {:?}",
            outcome.error
        );
        prop_assert!(outcome.is_complete(), "an item was lost");
    }
    if let Some(error) = &outcome.error {
        prop_assert_eq!(passes, allowed, "given up too early");
        prop_assert!(error.to_string().contains("ask again"), "{}", error);
    } else {
        let steady = case.total == Total::OfAll && case.is_monotone();
        if case.confirmed || steady {
            prop_assert!(outcome.is_complete(), "a change went unnoticed");
        }
    }
    Ok(())
}

/// A list that nobody edits, of a service that means what it documents, costs as many requests as it has pages.
fn costs_no_more_than_its_pages(case: &Case, outcome: &Outcome) -> TestCaseResult {
    let still = !outcome.model.edited().contains(&true);
    let plain = case.is_as_documented() && case.cap == usize::MAX && case.total == Total::OfAll;
    if still && plain && !case.confirmed {
        let limit = case.limit as usize;
        // A total that equals a full first page may be the page's own.
        let doubt = usize::from(case.count == limit);
        let pages = case.count.div_ceil(limit).max(1) + doubt;
        prop_assert_eq!(outcome.model.requests(), pages, "requests");
    }
    Ok(())
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn config() -> Config {
    let set = Config::default();
    Config {
        cases: set.cases.max(10_000),
        failure_persistence: None,
        ..set
    }
}

fn run(mut runner: TestRunner, bug: Bug) -> Result<(), TestError<Case>> {
    let runtime = runtime();
    runner.run(&cases(), |case| {
        let outcome = runtime.block_on(case.read(bug));
        keeps_what_is_promised(&case, &outcome)?;
        costs_no_more_than_its_pages(&case, &outcome)
    })
}

#[test]
fn nothing_comes_twice_and_nothing_is_lost_if_the_list_stands_still_for_a_pass() {
    if let Err(failure) = run(TestRunner::new(config()), Bug::None) {
        panic!("{failure}");
    }
}

#[test]
fn a_walk_that_loses_an_item_at_the_edge_of_a_page_is_caught() {
    for bug in [Bug::LosesAtEdge, Bug::SkipsAtEdge] {
        let same_each_time = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let runner = TestRunner::new_with_rng(config(), same_each_time);
        let Err(TestError::Fail(_, smallest)) = run(runner, bug) else {
            panic!("the bug went unnoticed");
        };
        assert_eq!((smallest.count, smallest.limit), (2, 1), "{smallest:?}");
        assert_eq!(smallest.edits.concat().len(), 0, "{smallest:?}");
    }
}

#[test]
fn pages_on_their_way_while_the_list_changes_cost_no_item_once_it_stands_still() {
    let runtime = runtime();
    let hurried = (cases(), 2..6_usize).prop_map(|(case, prefetch)| Case {
        prefetch,
        passes: 15,
        edits: case.edits.into_iter().take(8).collect(),
        ..case
    });
    let result = TestRunner::new(config()).run(&hurried, |case| {
        let outcome = runtime.block_on(case.read(Bug::None));
        let different: HashSet<_> = outcome.items.iter().collect();
        prop_assert_eq!(different.len(), outcome.items.len(), "an item came twice");
        prop_assert!(outcome.error.is_none(), "{:?}", outcome.error);
        let steady = case.total == Total::OfAll && case.is_monotone();
        prop_assert!(
            !(case.confirmed || steady) || outcome.is_complete(),
            "an item was lost"
        );
        if case.total == Total::OfAll {
            costs_no_more_than_its_pages(&case, &outcome)?;
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}
