//! How lists end: in errors, at a bound, and at a position to go on from.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::model::{Model, collect, numbers};
use crate::paging::{Listing, OffsetUnit, Page, Pages, Plan, Position, UnreadableItem, in_range};
use crate::{Error, ErrorKind};

#[tokio::test]
async fn an_error_about_a_page_ends_the_stream_after_what_came_before() {
    let dws = Model {
        fail_at: Some(1),
        ..Model::dws(9)
    };
    let items = collect(dws.pages(3).into_items()).await;
    assert_eq!(items.len(), 4);
    assert_eq!(items[3].as_ref().unwrap_err().kind(), ErrorKind::Service);
    assert_eq!(dws.requests(), 2);
}

#[tokio::test]
async fn an_empty_list_is_one_page_with_its_total() {
    let mut pages = Model::dws(0).pages(10);
    let page = pages.try_next().await.unwrap().unwrap();
    assert!(page.is_empty() && page.total() == Some(0));
    assert!(pages.try_next().await.unwrap().is_none());
}

/// Answers every request with the same two items, one of them unreadable, and a total that is never reached.
struct Stuck;

impl Listing for Stuck {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, _: u64, _: u32) -> Result<Page<String>, Error> {
        let error = Error::new(ErrorKind::Decode, "no number").with_path("tasks[1].sync_time");
        let unreadable = UnreadableItem {
            id: Some("bad".into()),
            error,
        };
        Ok(Page::new(
            vec![Ok("good".into()), Err(unreadable)],
            Some(99),
        ))
    }
}

#[tokio::test]
async fn a_service_that_repeats_itself_ends_and_an_unreadable_item_is_told_once() {
    let items = collect(Pages::of(Stuck, Plan::new(OffsetUnit::Pages, 2)).into_items()).await;
    assert_eq!(items.len(), 3);
    assert_eq!(
        items[1].as_ref().unwrap_err().path(),
        Some("tasks[1].sync_time")
    );
    assert!(
        items[2]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("after 2 of 99 items")
    );
}

/// Claims ever more and answers with the same items, in another order each time.
struct Shuffling(AtomicUsize);

impl Listing for Shuffling {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, _: u64, _: u32) -> Result<Page<String>, Error> {
        let request = self.0.fetch_add(1, Ordering::Relaxed);
        assert!(request < 100, "the walk does not end");
        let entries = (0..4).map(|number| Ok(((number + request) % 4).to_string()));
        Ok(Page::new(entries.collect(), Some(u64::MAX)))
    }
}

#[tokio::test]
async fn a_service_that_never_gives_what_it_claims_ends_in_an_error() {
    let pages = Pages::of(
        Shuffling(AtomicUsize::new(0)),
        Plan::new(OffsetUnit::Pages, 4),
    );
    let items = collect(pages.into_items()).await;
    assert_eq!(items.len(), 5);
    assert!(items[4].is_err());
}

#[tokio::test]
async fn an_empty_page_that_claims_a_total_is_an_error_and_not_an_empty_list() {
    struct Hollow;
    impl Listing for Hollow {
        type Item = String;
        fn id(item: &String) -> Option<&str> {
            Some(item)
        }
        async fn fetch(&self, _: u64, _: u32) -> Result<Page<String>, Error> {
            Ok(Page::new(Vec::new(), Some(5)))
        }
    }
    let items = collect(Pages::of(Hollow, Plan::new(OffsetUnit::Pages, 2)).into_items()).await;
    assert_eq!(items.len(), 1);
    assert!(
        items[0]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("after 0 of 5 items")
    );
}

/// Counts five items that it does not give.
struct Overstating(Model);

impl Listing for Overstating {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        let page = self.0.fetch(offset, limit).await?;
        let total = page.total().map(|total| total + 5);
        let entries = page.into_entries().map(|entry| Ok(entry.unwrap()));
        Ok(Page::new(entries.collect(), total))
    }
}

#[tokio::test]
async fn a_service_that_claims_more_than_it_gives_is_asked_once_in_each_unit() {
    let model = Model::dws(20);
    let pages = Pages::of(Overstating(model.clone()), model.plan(5));
    let items = collect(pages.into_items()).await;
    let error = items[20].as_ref().unwrap_err().to_string();
    assert!(
        error.contains("after 20 of 25 items: the service"),
        "{error}"
    );
    assert_eq!(model.requests(), 5 + 2);
}

#[test]
fn positions_and_sizes_that_cannot_be_sent_are_refused() {
    let (offset, limit) = in_range(7, 1000).unwrap();
    assert_eq!((offset, limit.get()), (7, 1000));
    for (offset, limit, reason) in [
        (0, 0, "limit is 0"),
        (1 << 31, 1, "offset is beyond"),
        (0, 1 << 31, "limit is beyond"),
    ] {
        let error = in_range(offset, limit).unwrap_err();
        assert!(
            error.kind() == ErrorKind::InvalidInput && error.to_string().contains(reason),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_bound_on_the_items_ends_the_list_without_asking_for_more() {
    for (wanted, requests) in [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (99, 4)] {
        for prefetch in [1, 3] {
            let model = Model::dataarts(17);
            let mut plan = model.plan(5);
            plan.set_max_items(wanted);
            plan.set_prefetch(prefetch);
            let items = numbers(collect(Pages::of(model.clone(), plan).into_items()).await);
            let expected: Vec<_> = (0..17.min(usize::try_from(wanted).unwrap())).collect();
            assert_eq!(items, expected);
            assert_eq!(
                model.requests(),
                requests,
                "{wanted} items, {prefetch} at once"
            );
        }
    }
}

#[tokio::test]
async fn a_list_goes_on_at_every_position_where_it_was_left() {
    let counts_records = Model {
        counts: OffsetUnit::Items,
        ..Model::dws(30)
    };
    for model in [Model::dws(30), Model::dataarts(30), counts_records] {
        let mut pages = model.pages(4);
        let mut read = Vec::new();
        while let Some(page) = pages.try_next().await.unwrap() {
            read.extend(page.items().cloned());
            if let Some(position) = page.next_position() {
                let rest = rest(&model, position).await;
                let all: HashSet<_> = rest.iter().chain(&read).collect();
                assert_eq!(all.len(), 30, "{model:?} {position:?}");
            }
        }
    }
}

/// What comes from `position` on, after it has been kept somewhere as text.
async fn rest(model: &Model, position: Position) -> Vec<String> {
    let kept = serde_json::to_string(&position).unwrap();
    let mut plan = model.plan(100);
    plan.resume(serde_json::from_str(&kept).unwrap());
    let rest = collect(Pages::of(model.clone(), plan).into_items()).await;
    rest.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_cut_page_is_the_position_to_go_on_from() {
    let model = Model::dws(20);
    let mut plan = model.plan(5);
    plan.set_max_items(7);
    let mut pages = Pages::of(model, plan);
    let position =
        |page: Option<Page<String>>| serde_json::to_value(page.unwrap().next_position()).unwrap();
    let second_page = serde_json::json!({"counts": "pages", "offset": 1, "limit": 5});
    assert_eq!(position(pages.try_next().await.unwrap()), second_page);
    assert_eq!(position(pages.try_next().await.unwrap()), second_page);
    assert!(pages.try_next().await.unwrap().is_none());
}

#[test]
fn a_position_with_an_unknown_field_is_refused() {
    let position = r#"{"counts":"items","offset":1,"limit":5,"page":2}"#;
    assert!(serde_json::from_str::<Position>(position).is_err());
}

/// Gives the same item twice on every reading.
struct Doubled;

impl Listing for Doubled {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        let all = ["a", "b", "b", "c", "d"];
        let from = usize::try_from(offset).unwrap();
        let page = all.iter().skip(from).take(limit as usize);
        Ok(Page::new(
            page.map(|item| Ok((*item).into())).collect(),
            Some(5),
        ))
    }
}

#[tokio::test]
async fn a_list_that_holds_an_item_twice_is_not_taken_for_one_that_changes() {
    let plan = Plan::new(OffsetUnit::Items, 2);
    let items = collect(Pages::of(Doubled, plan).into_items()).await;
    let items: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    assert_eq!(items, ["a", "b", "c", "d"]);
}

/// Has items without an id.
struct Unnamed(Model);

impl Listing for Unnamed {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        item.parse::<usize>()
            .is_ok_and(|number| number % 3 != 2)
            .then_some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        self.0.fetch(offset, limit).await
    }
}

#[tokio::test]
async fn items_without_an_id_come_once_however_often_the_list_is_read() {
    let counts_records = Model {
        counts: OffsetUnit::Items,
        ..Model::dws(17)
    };
    for model in [Model::dws(17), Model::dataarts(17), counts_records] {
        let mut plan = model.plan(3);
        plan.confirm();
        let mut items = numbers(collect(Pages::of(Unnamed(model), plan).into_items()).await);
        items.sort_unstable();
        assert_eq!(items, (0..17).collect::<Vec<_>>());
    }
}
