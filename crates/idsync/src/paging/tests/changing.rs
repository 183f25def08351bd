//! What is promised of a list that changes while it is read, against random services and random edits.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use tokio::runtime::{Builder, Runtime};

use super::model::{Edit, Model, Total};
use crate::Error;
use crate::paging::{OffsetUnit, Pages};

/// A service, what happens to its list, and how it is read.
#[derive(Clone, Debug)]
struct Case {
    count: usize,
    edits: Vec<Vec<Edit>>,
    limit: u32,
    cap: usize,
    documented: OffsetUnit,
    counts: OffsetUnit,
    floors: bool,
    total: Total,
    passes: u8,
    confirmed: bool,
    prefetch: usize,
}

/// What is wrong with the code under test.
#[derive(Clone, Copy, PartialEq)]
enum Bug {
    None,
    /// The walk loses the first item of each page but the first.
    LosesAtEdge,
    /// The walk asks for each page but the first from one item further on.
    SkipsAtEdge,
}

/// What came of it.
struct Outcome {
    items: Vec<usize>,
    error: Option<Error>,
    /// The number of the pass of each request.
    passes: Vec<u8>,
    model: Model,
}

impl Case {
    fn model(&self) -> Model {
        let model = match self.documented {
            OffsetUnit::Items => Model::dataarts(self.count),
            OffsetUnit::Pages => Model::dws(self.count),
        };
        let model = Model {
            counts: self.counts,
            floors: self.floors,
            cap: self.cap,
            total: self.total,
            ..model
        };
        model.edited_by(self.edits.clone())
    }

    fn is_as_documented(&self) -> bool {
        self.counts == self.documented
    }

    /// Whether the list only grows or only shrinks, as far as anything happens to it.
    fn is_monotone(&self) -> bool {
        let inserts = self
            .edits
            .iter()
            .flatten()
            .filter(|edit| matches!(edit, Edit::Insert(_)));
        let inserts = inserts.count();
        inserts == 0 || inserts == self.edits.iter().flatten().count()
    }

    async fn read(&self, bug: Bug) -> Outcome {
        let model = Model {
            skips_at_edges: bug == Bug::SkipsAtEdge,
            ..self.model()
        };
        let passes = Arc::new(Mutex::new(Vec::new()));
        let mut plan = model.plan(self.limit);
        plan.set_passes(self.passes);
        plan.set_prefetch(self.prefetch);
        let told = Arc::clone(&passes);
        plan.set_on_page(move |progress| told.lock().unwrap().push(progress.pass));
        if self.confirmed {
            plan.confirm();
        }
        let (items, error) = drain(Pages::of(model.clone(), plan), bug).await;
        let passes = passes.lock().unwrap().clone();
        Outcome {
            items,
            error,
            passes,
            model,
        }
    }
}

async fn drain(mut pages: Pages<String>, bug: Bug) -> (Vec<usize>, Option<Error>) {
    let mut items = Vec::new();
    let mut first = true;
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                let lost = usize::from(bug == Bug::LosesAtEdge && !first);
                items.extend(
                    page.items()
                        .skip(lost)
                        .map(|item| item.parse::<usize>().unwrap()),
                );
                first = false;
            }
            Ok(None) => return (items, None),
            Err(error) => return (items, Some(error)),
        }
    }
}

impl Outcome {
    fn is_complete(&self) -> bool {
        let items: HashSet<_> = self.items.iter().collect();
        self.model
            .throughout()
            .iter()
            .all(|item| items.contains(item))
    }

    /// For each pass, whether the list stood still before its first request, and from there to its last.
    fn stillness(&self) -> Vec<(bool, bool)> {
        let edited = self.model.edited();
        let mut stillness: Vec<(bool, bool)> = Vec::new();
        for (request, pass) in self.passes.iter().enumerate() {
            match stillness.get_mut(usize::from(*pass) - 1) {
                Some((_, still)) => *still &= !edited[request],
                None => stillness.push((!edited[request], true)),
            }
        }
        stillness
    }

    /// Whether the list stood still for as long as `case` needs to be certain.
    fn stood_still(&self, case: &Case) -> bool {
        let stillness = self.stillness();
        let once = stillness.iter().any(|(_, still)| *still);
        // A service that means the other thing by `offset` takes one pass to find that out.
        let twice = stillness
            .windows(2)
            .any(|pair| pair[0].1 && pair[1] == (true, true));
        match (case.confirmed, case.is_as_documented()) {
            (false, true) => once,
            (true, true) | (false, false) => twice,
            (true, false) => stillness
                .windows(3)
                .any(|three| three.iter().all(|pass| *pass == (true, true))),
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let insert = || any::<u16>().prop_map(Edit::Insert);
    let delete = || any::<u16>().prop_map(Edit::Delete);
    let mixed = prop_oneof![insert(), delete()];
    prop_oneof![
        Just(Vec::new()),
        often_none(mixed),
        often_none(insert()),
        often_none(delete()),
    ]
}

fn often_none(edit: impl Strategy<Value = Edit> + Clone) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let few = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(edit, 1..4),
    ];
    prop::collection::vec(few, 0..30)
}

/// What `offset` is documented to count, what it counts, and whether it is rounded down.
fn offsets() -> impl Strategy<Value = (OffsetUnit, OffsetUnit, bool)> {
    use OffsetUnit::{Items, Pages};
    let units = || prop_oneof![Just(Items), Just(Pages)];
    prop_oneof![
        3 => (units(), any::<bool>()).prop_map(|(unit, floors)| (unit, unit, floors)),
        1 => (units(), any::<bool>()).prop_map(|(unit, floors)| (unit, unit.other(), floors && unit == Items)),
    ]
}

fn cases() -> impl Strategy<Value = Case> {
    let cap = prop_oneof![3 => Just(usize::MAX), 1 => 1..6_usize];
    let total =
        prop_oneof![3 => Just(Total::OfAll), 1 => Just(Total::OfPage), 1 => Just(Total::Absent)];
    let reading = (1..8_u32, 1..7_u8, any::<bool>());
    // The count comes last, so that it shrinks when all else has.
    (edits(), offsets(), cap, total, reading, 0..25_usize).prop_map(
        |(edits, (documented, counts, floors), cap, total, (limit, passes, confirmed), count)| {
            // Without a total, neither a cap nor the other meaning of `offset` can be told from the end of the list.
            let plain = counts == documented && cap == usize::MAX;
            Case {
                count,
                edits,
                limit,
                cap,
                documented,
                counts,
                floors,
                total: if plain { total } else { Total::OfAll },
                passes,
                confirmed,
                prefetch: 1,
            }
        },
    )
}

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

#[tokio::test]
async fn a_list_that_never_stands_still_is_given_up_with_what_was_read() {
    for passes in 1..=5 {
        let model = Model::dws(20).edited_by(vec![vec![Edit::Insert(0)]; 1000]);
        let mut plan = model.plan(5);
        plan.set_passes(passes);
        let (items, error) = drain(Pages::of(model.clone(), plan), Bug::None).await;
        assert!((0..20).all(|number| items.contains(&number)), "{items:?}");
        let error = error.unwrap().to_string();
        assert!(error.contains("did not stand still"), "{error}");
        assert!(error.contains(&format!("{passes} passes")), "{error}");
    }
}

/// Reads `model` by `limit` and misses nothing that was there throughout.
async fn reads_all(model: Model, limit: u32) {
    let pages = Pages::of(model.clone(), model.plan(limit));
    let (items, error) = drain(pages, Bug::None).await;
    assert!(error.is_none(), "{error:?}");
    let throughout = model.throughout();
    assert!(
        throughout.iter().all(|item| items.contains(item)),
        "{items:?}"
    );
}

#[tokio::test]
async fn an_item_that_comes_twice_tells_of_a_change_that_the_total_hides() {
    let to_the_back = vec![Edit::Insert(0), Edit::Delete(u16::MAX)];
    let to_the_front = vec![Edit::Delete(0), Edit::Insert(u16::MAX)];
    let edits = vec![
        vec![],
        to_the_back,
        [to_the_front.clone(), to_the_front].concat(),
    ];
    reads_all(Model::dataarts(6).edited_by(edits), 2).await;
}

#[tokio::test]
async fn insertions_that_look_like_the_other_unit_are_not_borne_out_by_the_next_page() {
    let model = Model {
        total: Total::Absent,
        ..Model::dws(9)
    };
    let edits = vec![vec![], vec![Edit::Insert(0), Edit::Insert(0)]];
    reads_all(model.edited_by(edits), 3).await;
}

#[tokio::test]
async fn an_insertion_that_looks_like_the_other_unit_does_not_decide_for_later_passes() {
    let twice_in_front = vec![vec![], vec![Edit::Insert(0)], vec![Edit::Insert(0)]];
    let model = Model {
        total: Total::Absent,
        ..Model::dws(5)
    };
    let model = model.edited_by(twice_in_front);
    let mut plan = model.plan(2);
    plan.confirm();
    let (items, error) = drain(Pages::of(model, plan), Bug::None).await;
    assert!(
        error.is_none() && (0..5).all(|number| items.contains(&number)),
        "{items:?}"
    );
}

#[tokio::test]
async fn a_list_of_which_no_two_passes_agree_is_given_up_and_says_so() {
    let swap_first = vec![vec![Edit::Delete(0), Edit::Insert(0)]; 1000];
    let model = Model::dataarts(6).edited_by(swap_first);
    let mut plan = model.plan(2);
    plan.set_passes(1);
    plan.confirm();
    let (_, error) = drain(Pages::of(model.clone(), plan), Bug::None).await;
    let error = error.unwrap().to_string();
    assert!(error.contains("no two of 2 passes"), "{error}");
    assert_eq!(model.requests(), 6);
}

#[tokio::test]
async fn a_change_that_leaves_no_trace_costs_an_item_unless_the_list_is_confirmed() {
    let delete_first_and_append = vec![vec![], vec![Edit::Delete(0), Edit::Insert(u16::MAX)]];
    let read = async |confirmed: bool| {
        let model = Model::dws(6).edited_by(delete_first_and_append.clone());
        let mut plan = model.plan(2);
        if confirmed {
            plan.confirm();
        }
        let (items, error) = drain(Pages::of(model.clone(), plan), Bug::None).await;
        assert!(error.is_none());
        (items, model.requests())
    };
    assert_eq!(read(false).await, (vec![0, 1, 3, 4, 5, 6], 3));
    let (items, requests) = read(true).await;
    assert!(items.contains(&2));
    assert_eq!(
        requests, 9,
        "two passes disagree, the third agrees with the second"
    );
}
