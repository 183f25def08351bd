//! Lists that stand still, of services that mean different things.

use super::model::{Model, Total, collect, numbers};
use crate::paging::{OffsetUnit, Pages};

fn sorted(mut numbers: Vec<usize>) -> Vec<usize> {
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn every_item_comes_once_and_in_order_when_the_service_means_what_it_documents() {
    for count in 0..=20 {
        for limit in 1..=7 {
            for total in [Total::OfAll, Total::OfPage, Total::Absent] {
                let dws = Model {
                    total,
                    ..Model::dws(count)
                };
                assert_eq!(
                    dws.items(limit).await,
                    (0..count).collect::<Vec<_>>(),
                    "{dws:?} {limit}"
                );
                for floors in [true, false] {
                    let dataarts = Model {
                        floors,
                        total,
                        ..Model::dataarts(count)
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
        let dws = Model::dws(count);
        dws.items(limit).await;
        assert_eq!(dws.requests(), requests, "{count} items by {limit}");
    }
}

#[tokio::test]
async fn a_service_that_means_the_other_thing_by_offset_loses_nothing() {
    for count in 0..=30 {
        for limit in 1..=8 {
            let dws = Model {
                counts: OffsetUnit::Items,
                ..Model::dws(count)
            };
            assert_eq!(
                sorted(dws.items(limit).await),
                (0..count).collect::<Vec<_>>(),
                "{dws:?} {limit}"
            );
            let dataarts = Model {
                counts: OffsetUnit::Pages,
                ..Model::dataarts(count)
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
    let dws = Model {
        counts: OffsetUnit::Items,
        ..Model::dws(1000)
    };
    assert_eq!(dws.items(100).await.len(), 1000);
    assert_eq!(dws.requests(), 11);
}

#[tokio::test]
async fn a_service_that_caps_the_page_size_loses_nothing() {
    for cap in 1..=6 {
        for count in 0..=20 {
            let dws = Model {
                cap,
                ..Model::dws(count)
            };
            assert_eq!(
                dws.items(10).await,
                (0..count).collect::<Vec<_>>(),
                "{dws:?}"
            );
            for floors in [true, false] {
                let dataarts = Model {
                    floors,
                    cap,
                    ..Model::dataarts(count)
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
async fn a_start_that_the_service_rounds_down_loses_nothing_behind_it() {
    for offset in 0..20 {
        for limit in 1..=7 {
            for floors in [true, false] {
                let dataarts = Model {
                    floors,
                    ..Model::dataarts(20)
                };
                let mut plan = dataarts.plan(limit);
                plan.offset = offset;
                let items = Pages::of(dataarts.clone(), plan).into_items();
                let items = numbers(collect(items).await);
                let asked_for = usize::try_from(offset).unwrap()..20;
                let last = &items[items.len() - asked_for.len()..];
                assert_eq!(last, asked_for.collect::<Vec<_>>(), "{dataarts:?} {limit}");
            }
        }
    }
}
