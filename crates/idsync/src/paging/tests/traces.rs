//! Changes that show, changes that mislead, and changes that leave no trace.

use super::case::{Bug, drain};
use super::model::{Edit, Model, Total};
use crate::paging::Pages;

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
