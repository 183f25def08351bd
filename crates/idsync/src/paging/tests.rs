//! The walk against model services that mean different things by `offset`, `limit` and `total`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Items, Listing, OffsetUnit, Page, Pages, Start, UnreadableItem};
use crate::{Error, ErrorKind};

/// What the modelled service tells as the number of items.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Total {
    OfAll,
    OfPage,
    Absent,
}

/// A service with `count` items, named `0`, `1`, …
#[derive(Clone, Debug)]
struct Model<const DOCUMENTED_AS_PAGES: bool> {
    count: usize,
    counts: OffsetUnit,
    floors: bool,
    cap: usize,
    total: Total,
    fail_at: Option<usize>,
    requests: Arc<AtomicUsize>,
}

type Dws = Model<true>;
type DataArts = Model<false>;

impl<const PAGES: bool> Model<PAGES> {
    fn new(count: usize) -> Self {
        let counts = if PAGES {
            OffsetUnit::Pages
        } else {
            OffsetUnit::Items
        };
        Self {
            count,
            counts,
            floors: false,
            cap: 1000,
            total: Total::OfAll,
            fail_at: None,
            requests: Arc::default(),
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    fn pages(&self, limit: u32) -> Pages<String> {
        Pages::of(self.clone(), Start { offset: 0, limit })
    }

    async fn items(&self, limit: u32) -> Vec<usize> {
        collect(self.pages(limit).into_items())
            .await
            .into_iter()
            .map(|item| item.unwrap().parse().unwrap())
            .collect()
    }
}

impl<const PAGES: bool> Listing for Model<PAGES> {
    type Item = String;

    const OFFSET: OffsetUnit = if PAGES {
        OffsetUnit::Pages
    } else {
        OffsetUnit::Items
    };

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        if self.fail_at == Some(request) {
            return Err(Error::new(ErrorKind::Service, "down"));
        }
        let (offset, size) = (
            usize::try_from(offset).unwrap(),
            (limit as usize).min(self.cap),
        );
        let from = match self.counts {
            OffsetUnit::Pages => offset * size,
            OffsetUnit::Items if self.floors => offset / size * size,
            OffsetUnit::Items => offset,
        };
        let entries: Vec<_> = (from..self.count)
            .take(size)
            .map(|number| Ok(number.to_string()))
            .collect();
        let total = match self.total {
            Total::OfAll => Some(self.count as u64),
            Total::OfPage => Some(entries.len() as u64),
            Total::Absent => None,
        };
        Ok(Page::new(entries, total))
    }
}

async fn collect(mut items: Items<String>) -> Vec<Result<String, Error>> {
    let mut all = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => all.push(Ok(item)),
            Ok(None) => return all,
            Err(error) => all.push(Err(error)),
        }
    }
}

fn sorted(mut numbers: Vec<usize>) -> Vec<usize> {
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn every_item_comes_once_and_in_order_when_the_service_means_what_it_documents() {
    for count in 0..=20 {
        for limit in 1..=7 {
            for total in [Total::OfAll, Total::OfPage, Total::Absent] {
                let dws = Dws {
                    total,
                    ..Dws::new(count)
                };
                assert_eq!(
                    dws.items(limit).await,
                    (0..count).collect::<Vec<_>>(),
                    "{dws:?} {limit}"
                );
                for floors in [true, false] {
                    let dataarts = DataArts {
                        floors,
                        total,
                        ..DataArts::new(count)
                    };
                    assert_eq!(
                        dataarts.items(limit).await,
                        (0..count).collect::<Vec<_>>(),
                        "{dataarts:?} {limit}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_known_total_saves_the_request_behind_the_last_page() {
    for (count, limit, requests) in [
        (0, 10, 1),
        (9, 10, 1),
        (11, 10, 2),
        (20, 10, 2),
        (95, 10, 10),
    ] {
        let dws = Dws::new(count);
        dws.items(limit).await;
        assert_eq!(dws.requests(), requests, "{count} items by {limit}");
    }
}

#[tokio::test]
async fn a_service_that_means_the_other_thing_by_offset_loses_nothing() {
    for count in 0..=30 {
        for limit in 1..=8 {
            let dws = Dws {
                counts: OffsetUnit::Items,
                ..Dws::new(count)
            };
            assert_eq!(
                sorted(dws.items(limit).await),
                (0..count).collect::<Vec<_>>(),
                "{dws:?} {limit}"
            );
            let dataarts = DataArts {
                counts: OffsetUnit::Pages,
                ..DataArts::new(count)
            };
            assert_eq!(
                sorted(dataarts.items(limit).await),
                (0..count).collect::<Vec<_>>(),
                "{dataarts:?} {limit}"
            );
        }
    }
}

#[tokio::test]
async fn a_service_that_counts_records_where_pages_are_documented_is_found_out_at_once() {
    let dws = Dws {
        counts: OffsetUnit::Items,
        ..Dws::new(1000)
    };
    assert_eq!(dws.items(100).await.len(), 1000);
    assert_eq!(dws.requests(), 11);
}

#[tokio::test]
async fn a_service_that_caps_the_page_size_loses_nothing() {
    for cap in 1..=6 {
        for count in 0..=20 {
            let dws = Dws {
                cap,
                ..Dws::new(count)
            };
            assert_eq!(
                dws.items(10).await,
                (0..count).collect::<Vec<_>>(),
                "{dws:?}"
            );
            for floors in [true, false] {
                let dataarts = DataArts {
                    floors,
                    cap,
                    ..DataArts::new(count)
                };
                assert_eq!(
                    dataarts.items(10).await,
                    (0..count).collect::<Vec<_>>(),
                    "{dataarts:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_error_about_a_page_ends_the_stream_after_what_came_before() {
    let dws = Dws {
        fail_at: Some(1),
        ..Dws::new(9)
    };
    let items = collect(dws.pages(3).into_items()).await;
    assert_eq!(items.len(), 4);
    assert_eq!(items[3].as_ref().unwrap_err().kind(), ErrorKind::Service);
    assert_eq!(dws.requests(), 2);
}

#[tokio::test]
async fn an_empty_list_is_one_page_with_its_total() {
    let mut pages = Dws::new(0).pages(10);
    let page = pages.try_next().await.unwrap().unwrap();
    assert!(page.is_empty() && page.total() == Some(0));
    assert!(pages.try_next().await.unwrap().is_none());
}

/// Answers every request with the same two items, one of them unreadable, and a total that is never reached.
struct Stuck;

impl Listing for Stuck {
    type Item = String;

    const OFFSET: OffsetUnit = OffsetUnit::Items;

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
    let items = collect(
        Pages::of(
            Stuck,
            Start {
                offset: 0,
                limit: 2,
            },
        )
        .into_items(),
    )
    .await;
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

    const OFFSET: OffsetUnit = OffsetUnit::Pages;

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
        Start {
            offset: 0,
            limit: 4,
        },
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
        const OFFSET: OffsetUnit = OffsetUnit::Pages;
        fn id(item: &String) -> Option<&str> {
            Some(item)
        }
        async fn fetch(&self, _: u64, _: u32) -> Result<Page<String>, Error> {
            Ok(Page::new(Vec::new(), Some(5)))
        }
    }
    let items = collect(
        Pages::of(
            Hollow,
            Start {
                offset: 0,
                limit: 2,
            },
        )
        .into_items(),
    )
    .await;
    assert_eq!(items.len(), 1);
    assert!(
        items[0]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("after 0 of 5 items")
    );
}

#[test]
fn positions_and_sizes_that_cannot_be_sent_are_refused() {
    assert_eq!(super::in_range(7, 1000).unwrap(), (7, 1000));
    for (offset, limit, reason) in [
        (0, 0, "limit is 0"),
        (1 << 31, 1, "offset is beyond"),
        (0, 1 << 31, "limit is beyond"),
    ] {
        let error = super::in_range(offset, limit).unwrap_err();
        assert!(
            error.kind() == ErrorKind::Usage && error.to_string().contains(reason),
            "{error}"
        );
    }
}
