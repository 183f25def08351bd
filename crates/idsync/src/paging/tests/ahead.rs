//! Pages on their way: how many, in which order, and what becomes of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use tokio::task::yield_now;

use super::model::{Model, Total, collect, numbers};
use crate::paging::{Listing, Page, Pages, Plan};
use crate::{Error, ErrorKind};

/// A service that takes the longer for a page the earlier it is in the list.
#[derive(Clone)]
struct Slow {
    model: Model,
    traffic: Arc<Traffic>,
}

#[derive(Default)]
struct Traffic {
    running: AtomicUsize,
    most: AtomicUsize,
    answered: AtomicUsize,
}

/// One request, from its beginning until it is answered or cancelled.
struct Running<'a>(&'a Traffic);

impl<'a> Running<'a> {
    fn in_traffic(traffic: &'a Traffic) -> Self {
        let running = traffic.running.fetch_add(1, Ordering::Relaxed) + 1;
        traffic.most.fetch_max(running, Ordering::Relaxed);
        Self(traffic)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Slow {
    fn new(model: Model) -> Self {
        let traffic = Arc::default();
        Self { model, traffic }
    }

    fn pages(&self, limit: u32, prefetch: usize) -> Pages<String> {
        let mut plan: Plan = self.model.plan(limit);
        plan.set_prefetch(prefetch);
        Pages::of(self.clone(), plan)
    }

    fn running(&self) -> usize {
        self.traffic.running.load(Ordering::Relaxed)
    }
}

impl Listing for Slow {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        let _running = Running::in_traffic(&self.traffic);
        let answer = self.model.fetch(offset, limit).await;
        for _ in offset..100 {
            yield_now().await;
        }
        self.traffic.answered.fetch_add(1, Ordering::Relaxed);
        answer
    }
}

#[tokio::test]
async fn as_many_pages_as_wanted_are_on_their_way_and_come_in_their_order() {
    for prefetch in [0, 1, 2, 5] {
        for model in [Model::dws(95), Model::dataarts(95)] {
            let slow = Slow::new(model);
            let items = collect(slow.pages(10, prefetch).into_items()).await;
            assert_eq!(numbers(items), (0..95).collect::<Vec<_>>());
            assert_eq!(slow.traffic.most.load(Ordering::Relaxed), prefetch.max(1));
            assert_eq!(slow.model.requests(), 10);
        }
    }
}

#[tokio::test]
async fn pages_that_lie_ahead_come_while_the_reader_is_busy() {
    let slow = Slow::new(Model::dataarts(50));
    let mut pages = slow.pages(10, 4);
    for _ in 0..2 {
        pages.try_next().await.unwrap();
    }
    for _ in 0..200 {
        yield_now().await;
    }
    assert_eq!(slow.traffic.answered.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn nothing_runs_on_when_the_stream_is_dropped() {
    let slow = Slow::new(Model::dws(1000));
    let mut pages = slow.pages(10, 4);
    pages.try_next().await.unwrap();
    assert!(pages.try_next().now_or_never().is_none());
    yield_now().await;
    assert_eq!(slow.running(), 4);
    drop(pages);
    yield_now().await;
    assert_eq!(slow.running(), 0);
    assert_eq!(slow.traffic.answered.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_failure_comes_in_its_place_and_nothing_comes_behind_it() {
    let slow = Slow::new(Model {
        fail_at: Some(3),
        ..Model::dws(100)
    });
    let items = collect(slow.pages(10, 5).into_items()).await;
    let (failure, before) = items.split_last().unwrap();
    assert_eq!(before.len(), 30);
    assert_eq!(failure.as_ref().unwrap_err().kind(), ErrorKind::Service);
    yield_now().await;
    assert_eq!(slow.running(), 0);
}

#[tokio::test]
async fn without_a_total_little_is_asked_behind_the_end() {
    for total in [Total::Absent, Total::OfPage] {
        for count in 0..40 {
            let slow = Slow::new(Model {
                total,
                ..Model::dws(count)
            });
            let items = collect(slow.pages(5, 4).into_items()).await;
            assert_eq!(numbers(items), (0..count).collect::<Vec<_>>());
            assert!(slow.model.requests() <= count / 5 + 1 + 3, "{count} items");
        }
    }
}
