//! What is kept of a list while it is read.

use allocation_counter::measure;

use crate::Error;
use crate::paging::{Listing, OffsetUnit, Page, Pages, Plan};

const LIMIT: u32 = 1000;

/// What one id may cost.
const BYTES_PER_ITEM: u64 = 24;

/// What there is whatever the length of the list.
const FIXED: u64 = 16 * 1024;

/// A list of this many items, made as they are asked for.
struct Long(u64);

impl Long {
    fn page(&self, offset: u64) -> Page<String> {
        let numbers = offset..self.0.min(offset + u64::from(LIMIT));
        let items = numbers.map(|number| {
            Ok(format!(
                "an-id-that-is-much-longer-than-its-hash-{number:020}"
            ))
        });
        Page::new(items.collect(), Some(self.0))
    }
}

impl Listing for Long {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, _: u32) -> Result<Page<String>, Error> {
        Ok(self.page(offset))
    }
}

fn read(count: u64, prefetch: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut plan = Plan::new(OffsetUnit::Items, LIMIT);
    plan.set_prefetch(prefetch);
    plan.confirm();
    runtime.block_on(async {
        let mut items = Pages::of(Long(count), plan).into_items();
        let mut read = 0;
        while items.try_next().await.unwrap().is_some() {
            read += 1;
        }
        assert_eq!(read, count);
    });
}

#[test]
fn a_list_costs_its_pages_on_their_way_and_24_bytes_an_item() {
    let page = measure(|| drop(Long(u64::MAX).page(0))).bytes_max;
    // Just before and just behind where the tables double, and in between.
    for count in [10_000, 57_000, 58_500, 80_000, 114_000, 117_000] {
        for prefetch in [1, 4] {
            let peak = measure(|| read(count, prefetch)).bytes_max;
            // One more is in the reader's hands.
            let pages = (prefetch as u64 + 1) * page;
            let allowed = FIXED + pages + BYTES_PER_ITEM * count;
            assert!(
                peak <= allowed,
                "{count} items, {prefetch} at once: {peak} of {allowed} bytes"
            );
        }
    }
}
