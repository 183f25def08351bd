//! Lists: one page (`send`), page after page (`pages`), or every item (`items`), requested while the stream is read.
//!
//! # Guarantees
//!
//! - **Each id comes once.** Items without an id are compared by all of their fields.
//! - **What was in the list from the first request to the last is delivered**, or else the stream ends with an error of
//!   kind [`Incomplete`](ErrorKind::Incomplete) after everything that could be read. Growth is no error: an item that
//!   is inserted meanwhile may or may not be delivered.
//! - **An unreadable field costs that field**, which is `None` in its item; an unreadable item costs that item. Either
//!   is an error of kind [`Decode`](ErrorKind::Decode) with a [path](Error::path), after which the stream continues.
//!   Any other error ends the stream. A stream that has ended stays at its end.
//! - **The number of requests is bounded**: at most twice the pages of the list plus two, and 10,000 pages in one pass.
//!   Up to 4 million ids are remembered, in about 20 bytes each.
//!
//! # How a list is read
//!
//! DWS counts pages in `offset`; DataArts Studio counts items and may round down to a multiple of `limit`. A server that
//! counts the other thing, makes pages smaller than asked for, or reports no total is recognised by its first two pages. A
//! list ends at its total where that can be trusted, else at the first page that brings nothing new. If the total shrank
//! or was not reached, the list is read a second time.
//!
//! Two changes leave no trace in the answers and may hide an item: as many insertions as deletions between the same two
//! pages, and a deletion where the service does not tell the total of the whole list.

mod pass;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::future::Future;
use std::hash::BuildHasher;
use std::mem;

use tokio::task::JoinSet;
use tracing::Instrument;

use self::pass::{Copies, MAX_IDS, MAX_RESERVED, NextStep, Pass, Seen, copy_key};
pub use crate::items::Page;
pub use crate::items::{Items, Pages};
use crate::items::{PagePlace, PageRead};
pub use crate::list_request::Position;
pub(crate) use crate::list_request::{ListOperation, OffsetUnit, Plan, in_range, list_request};
use crate::transport::Operation;
use crate::{Error, ErrorKind};

/// The most pages of one pass.
const MAX_PAGES: u64 = 10_000;

/// Requests the page that the plan of `listing` begins with.
pub(crate) async fn one_page<L: ListOperation>(listing: L) -> Result<Page<L::Item>, Error> {
    let reader = ListReader::new(listing)?;
    let Position { offset, skip, .. } = reader.start;
    let mut page = reader.listing.fetch(offset, reader.limit).await?;
    if skip > 0 {
        page.keep(&vec![false; skip], &[]);
    }
    Ok(page)
}

/// Reads a list to its end. The state between two pages.
pub(crate) struct ListReader<L: ListOperation> {
    listing: L,
    /// Where the first page begins, and how many of its items were delivered to an earlier reader. The unit is the one that
    /// the service turned out to count.
    start: Position,
    /// What the server turned out to give.
    pub(crate) limit: u32,
    unit_is_settled: bool,
    first_page_items: usize,
    /// Whether the next page is the second once more, in the other unit.
    is_trial: bool,
    /// Whether the page that made the unit doubtful was empty.
    second_page_was_empty: bool,
    seen: Seen,
    pass: Pass,
    requests: u32,
    /// The largest total that could be trusted.
    largest_total: Option<u64>,
    /// Pages that were requested ahead, in order. Dropping one cancels it.
    ahead: VecDeque<JoinSet<Result<Page<L::Item>, Error>>>,
    step: NextStep,
}

impl<L: ListOperation> ListReader<L> {
    /// # Errors
    ///
    /// `InvalidInput` if the plan starts at a position of another list.
    pub(crate) fn new(listing: L) -> Result<Self, Error> {
        let (name, plan) = (listing.name(), listing.plan());
        let start = plan.start.clone().unwrap_or_else(|| Position {
            unit: plan.unit,
            offset: plan.offset,
            limit: plan.limit,
            skip: 0,
            list: name.as_str().into(),
        });
        if *start.list != *name {
            let list = &start.list;
            let message =
                format!("the position is one of the list {list}, and the request is for {name}");
            return Err(Error::invalid_input(message));
        }
        Ok(Self {
            limit: start.limit,
            unit_is_settled: start.offset > 0,
            start,
            first_page_items: 0,
            is_trial: false,
            second_page_was_empty: false,
            seen: Seen::default(),
            pass: Pass::default(),
            requests: 0,
            largest_total: None,
            ahead: VecDeque::new(),
            step: NextStep::Request,
            listing,
        })
    }

    /// The next page that brings something new; the first one in any case, so that its total is known.
    pub(crate) async fn next(&mut self) -> Option<Result<PageRead<L::Item>, Error>> {
        loop {
            match mem::replace(&mut self.step, NextStep::End) {
                NextStep::End => return None,
                NextStep::Fail(error) => return Some(Err(error)),
                NextStep::Request => {}
            }
            let read = match self.page().await {
                Ok(page) => self.take(page),
                Err(error) => return Some(Err(error)),
            };
            if self.requests == 1 || !read.page.is_empty() {
                return Some(Ok(read));
            }
        }
    }

    /// After the first page: how many pages the list has, and its total, if there are more and the total can be trusted.
    pub(crate) fn pages_left(&self) -> Option<(u64, u64)> {
        let total = self.pass.total?;
        let is_first = self.pass.index == 1 && self.start.offset == 0;
        let goes_on = is_first && matches!(self.step, NextStep::Request);
        goes_on.then(|| (self.pages(total), total))
    }

    /// Reads the whole list next, from its start.
    pub(crate) fn start_over(&mut self) {
        self.pass.is_second = false;
        self.step = self.read_again();
    }

    /// Where the next page begins.
    pub(crate) fn position(&self) -> Position {
        match self.pass.index {
            0 => self.place(0, self.start.skip),
            // While the unit is not known, the second page is what follows the items of the first.
            1 if !self.unit_is_settled || self.is_trial => self.place(0, self.first_page_items),
            index => self.place(index, 0),
        }
    }

    fn place(&self, index: u64, skip: usize) -> Position {
        Position {
            offset: self.offset(index),
            limit: self.limit,
            skip,
            ..self.start.clone()
        }
    }

    /// What to send for page `index` of a pass.
    fn offset(&self, index: u64) -> u64 {
        let steps = match self.start.unit {
            OffsetUnit::Items => index.saturating_mul(self.limit.into()),
            OffsetUnit::Pages => index,
        };
        self.start.offset.saturating_add(steps)
    }

    /// How many items lie before the first page.
    fn items_before(&self) -> u64 {
        match self.start.unit {
            OffsetUnit::Items => self.start.offset,
            OffsetUnit::Pages => self.start.offset.saturating_mul(self.limit.into()),
        }
    }

    /// The next page, and the requests for those after it.
    async fn page(&mut self) -> Result<Page<L::Item>, Error> {
        let ahead = self.ahead.len() as u64;
        // How many pages may be requested at once now; 0 if they are requested one at a time.
        let window = match self.pass.total {
            Some(total) if self.is_prefetching() => {
                let left = self.pages(total).saturating_sub(self.pass.index);
                left.min(self.listing.plan().prefetch as u64)
                    .min(ahead.saturating_add(self.requests_left()))
            }
            _ => 0,
        };
        for number in ahead..window {
            let page = self.request(self.pass.index + number);
            let mut task = JoinSet::new();
            task.spawn(page.in_current_span());
            self.ahead.push_back(task);
        }
        let Some(mut task) = self.ahead.pop_front() else {
            return self.request(self.pass.index).await;
        };
        match task.join_next().await {
            Some(Ok(answer)) => answer,
            _ => Err(self.error(
                ErrorKind::Cancelled,
                "the runtime shut down before a page came",
            )),
        }
    }

    /// Requests page `index` of a pass.
    pub(crate) fn request(
        &mut self,
        index: u64,
    ) -> impl Future<Output = Result<Page<L::Item>, Error>> + Send + 'static + use<L> {
        self.requests = self.requests.saturating_add(1);
        let (listing, offset, limit) = (self.listing.clone(), self.offset(index), self.limit);
        async move { listing.fetch(offset, limit).await }
    }

    /// Of two passes, and one request more for each.
    fn requests_left(&self) -> u64 {
        let most = |total| self.pages(total).max(1).saturating_mul(2).saturating_add(2);
        let most = self.largest_total.map_or(u64::MAX, most);
        most.saturating_sub(self.requests.into())
    }

    /// Whether pages are requested ahead. The second pass is read in order, to be sure of the order of changes.
    fn is_prefetching(&self) -> bool {
        let prefetch = self.listing.plan().prefetch;
        prefetch > 1 && self.pass.index >= 2 && !self.pass.is_second
    }

    /// How many pages hold a list of `total` items, those before the first page not counted.
    fn pages(&self, total: u64) -> u64 {
        let items = total.saturating_sub(self.items_before());
        items.div_ceil(u64::from(self.limit).max(1))
    }

    /// Leaves on `page` what is new, and decides what comes next.
    fn take(&mut self, mut page: Page<L::Item>) -> PageRead<L::Item> {
        let items = page.items.len();
        let (index, is_first) = (self.pass.index, self.requests == 1);
        let skip = if is_first { self.start.skip } else { 0 };
        if is_first {
            self.first_page_items = items;
        }
        let received = page.len() as u64;
        self.judge_total(received, page.total);
        let news = self.keep_news(&mut page, skip);
        self.pass.count += news;
        self.step = self.step_after(received, news);
        let is_out = self.ahead.is_empty() && self.requests_left() == 0;
        if is_out && matches!(self.step, NextStep::Request) {
            self.step = NextStep::Fail(self.incomplete("it changes faster than it can be read"));
        }
        let goes_on = matches!(self.step, NextStep::Request);
        if !goes_on {
            self.ahead.clear();
        }
        let position = if self.is_trial {
            self.place(0, self.first_page_items)
        } else {
            self.place(index, skip)
        };
        PageRead {
            place: Some(PagePlace {
                position,
                is_whole: !self.is_trial && page.items.len() + skip == items,
            }),
            next: goes_on.then(|| self.position()),
            stopped_early: false,
            page,
        }
    }

    /// Decides on the first page whether the total can be trusted and whether the server makes smaller pages. A later one
    /// that is above a page is of the list, and bounds the requests at least.
    fn judge_total(&mut self, received: u64, total: Option<u64>) {
        if self.pass.index == 0 {
            let limit = u64::from(self.limit);
            let end = self.items_before().saturating_add(received);
            let is_short = received < limit;
            let goes_on = total.is_some_and(|total| total > end);
            let is_aligned = self.start.unit == OffsetUnit::Pages
                || self.start.offset.is_multiple_of(limit.max(1));
            self.pass.total = total.filter(|_| is_aligned && (goes_on || is_short));
            if received > 0 && is_short && (goes_on || total.is_none()) {
                self.limit = u32::try_from(received).unwrap_or(self.limit);
            }
        }
        if total > Some(self.limit.into()) {
            self.largest_total = self.largest_total.max(total);
        }
        if let (Some(total), Some(before)) = (total, self.pass.total) {
            self.pass.total = Some(total);
            let came_ahead = self.is_prefetching() && total != before;
            self.pass.is_unclear |= total < before || came_ahead;
            self.pass.grown += total.saturating_sub(before);
            self.largest_total = self.largest_total.max(Some(total));
            // Makes room at once: a table that grows holds both sizes for a while.
            let delivered = &mut self.seen.delivered;
            let most = usize::try_from(total)
                .unwrap_or(usize::MAX)
                .min(MAX_RESERVED);
            delivered.reserve(most.saturating_sub(delivered.len()));
        }
    }

    /// Leaves on `page` what was never delivered, and returns how many items are new in this pass.
    pub(crate) fn keep_news(&mut self, page: &mut Page<L::Item>, skip: usize) -> u64 {
        let (hasher, mut copies) = (self.seen.hasher.clone(), Copies::new());
        let mut news = 0;
        let mut note = |key: u64| {
            let is_new = self.seen.delivered.insert(key);
            let is_new_in_pass = if self.pass.is_second {
                self.seen.second_pass.insert(key)
            } else {
                is_new
            };
            news += u64::from(is_new_in_pass);
            is_new
        };
        let items = page.items.iter().map(|item| match L::id(item) {
            Some(id) if !id.is_empty() => hasher.hash_one(id),
            _ => copy_key(&hasher, item, &mut copies),
        });
        let mut items: Vec<_> = items.map(&mut note).collect();
        let others = page.unreadable_items();
        let others = others.map(|hash| copy_key(&hasher, &hash, &mut copies));
        let others: Vec<_> = others.map(note).collect();
        items.iter_mut().take(skip).for_each(|kept| *kept = false);
        page.keep(&items, &others);
        news
    }

    /// What follows a page on which `received` items came, `news` of them new in this pass.
    fn step_after(&mut self, received: u64, news: u64) -> NextStep {
        if self.seen.delivered.len() > MAX_IDS {
            return NextStep::Fail(self.incomplete("it has more than 4,000,000 items"));
        }
        // Whether the second page says that the service counts the other thing in `offset`.
        let is_doubtful = self.pass.index == 1
            && !self.unit_is_settled
            && !self.pass.has_reached(self.items_before())
            && (received == 0 || received - news > self.pass.grown);
        if is_doubtful {
            self.unit_is_settled = true;
            self.is_trial = true;
            self.second_page_was_empty = received == 0;
            self.start.unit = self.start.unit.other();
            return NextStep::Request;
        }
        if mem::take(&mut self.is_trial) && news == 0 {
            self.start.unit = self.start.unit.other();
        }
        let before = self.items_before();
        if !self.pass.is_unclear && self.pass.has_reached(before) {
            return NextStep::End;
        }
        let is_short = received < self.limit.into();
        if is_short && self.pass.is_unclear {
            return self.read_again();
        }
        if news > 0 {
            return self.go_on();
        }
        if let Some(total) = self.pass.total {
            return if received == 0 && self.has_only_grown(total) {
                NextStep::End
            } else {
                self.read_again()
            };
        }
        if is_short || self.second_page_was_empty {
            return NextStep::End;
        }
        NextStep::Fail(
            self.incomplete("the service gives the same items again, whatever the offset"),
        )
    }

    /// Whether, past the end of the list, all that is missing was inserted in front of what was read.
    fn has_only_grown(&self, total: u64) -> bool {
        let pass = &self.pass;
        let is_past_end = pass.is_second && pass.index >= self.pages(total);
        is_past_end && !pass.is_unclear && pass.has_reached(self.items_before() + pass.grown)
    }

    fn go_on(&mut self) -> NextStep {
        self.pass.index += 1;
        if self.pass.index < MAX_PAGES {
            return NextStep::Request;
        }
        let limit = self.limit;
        let cause = format!("it has more than 10,000 pages of {limit}; raise the page size");
        NextStep::Fail(self.incomplete(&cause))
    }

    /// Begins the second pass, or fails after it.
    fn read_again(&mut self) -> NextStep {
        if self.pass.is_second {
            let total = self.pass.total.unwrap_or_default();
            let count = self.items_before() + self.pass.count;
            let cause = format!(
                "the service reports a total of {total} and returned {count}, or the list shrank while it was read; try again"
            );
            return NextStep::Fail(self.incomplete(&cause));
        }
        self.ahead.clear();
        self.pass = Pass {
            is_second: true,
            ..Pass::default()
        };
        NextStep::Request
    }

    fn incomplete(&self, cause: &str) -> Error {
        let message = format!("the list could not be read to its end: {cause}");
        self.error(ErrorKind::Incomplete, message)
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        let Operation { service, name } = L::OPERATION;
        Error::new(kind, message)
            .with_operation(service, name)
            .with_attempts(self.requests)
    }
}
