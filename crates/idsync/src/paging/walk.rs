//! The way through a list, page by page, whatever the service means by `offset`.

use std::collections::HashSet;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};

use super::Page;
use crate::{Error, ErrorKind};

/// There and back: a unit that was taken for wrong by chance gets a second try.
const MOST_SWITCHES: u8 = 2;

/// What a list operation counts in `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OffsetUnit {
    /// The position of an item, which a service may round down to a multiple of `limit`.
    Items,
    /// The number of a page, from 0.
    Pages,
}

/// A list operation with its filters set.
pub(crate) trait Listing: Send + Sync + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// What the documentation says of `offset`.
    const OFFSET: OffsetUnit;

    /// What makes an item the same on two pages.
    fn id(item: &Self::Item) -> Option<&str>;

    /// Asks for one page.
    fn fetch(
        &self,
        offset: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;
}

/// Where a walk begins and how large its steps are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// In the unit of the operation.
    pub(crate) offset: u64,
    pub(crate) limit: u32,
}

/// The state between two pages.
///
/// A service may mean the other thing by `offset`, or cap the page below `limit`. Both show: in items that come
/// twice, or in a list that ends before its total. What was seen is known by id, so that reading a page again is
/// harmless, and skipping one is what has to be avoided.
pub(crate) struct Walk<L> {
    listing: L,
    unit: OffsetUnit,
    start: Start,
    /// As large as the service really makes them.
    limit: u32,
    /// How many pages lie between the start and the next one.
    index: u64,
    seen: Seen,
    /// The second id of the first page: where a service that counts items starts its page 1.
    second_id: Option<String>,
    last_first_id: Option<String>,
    switches: u8,
    /// `None` at the end.
    upcoming: Option<Step>,
}

/// What comes after a page.
enum Step {
    Ask,
    Fail(Error),
}

/// What a page told about the way through the list.
struct Answer {
    received: u64,
    fresh: u64,
    total: Option<u64>,
    /// It begins like the page before.
    repeated: bool,
    /// See [`Walk::is_shifted_by_one`].
    shifted: bool,
}

impl<L: Listing> Walk<L> {
    pub(crate) fn new(listing: L, start: Start) -> Self {
        Self {
            listing,
            unit: L::OFFSET,
            start,
            limit: start.limit,
            index: 0,
            seen: Seen::default(),
            second_id: None,
            last_first_id: None,
            switches: 0,
            upcoming: Some(Step::Ask),
        }
    }

    /// The next page that holds something new; the first one in any case, so that its total is known.
    ///
    /// A list that ends before the total it claims ends in an error: what is missing must not look complete.
    pub(crate) async fn next(&mut self) -> Option<Result<Page<L::Item>, Error>> {
        while let Some(step) = self.upcoming.take() {
            match step {
                Step::Fail(error) => return Some(Err(error)),
                Step::Ask => {
                    let first = self.index == 0;
                    let page = match self.listing.fetch(self.offset(), self.limit).await {
                        Ok(page) => self.take_in(page),
                        Err(error) => return Some(Err(error)),
                    };
                    if first || !page.is_empty() {
                        return Some(Ok(page));
                    }
                }
            }
        }
        None
    }

    fn offset(&self) -> u64 {
        let steps = match self.unit {
            OffsetUnit::Items => self.index.saturating_mul(self.limit.into()),
            OffsetUnit::Pages => self.index,
        };
        self.start.offset.saturating_add(steps)
    }

    /// Leaves in `page` what is new and settles what comes after it.
    fn take_in(&mut self, mut page: Page<L::Item>) -> Page<L::Item> {
        let received = page.len() as u64;
        let first_id = page.ids(L::id).next().flatten().map(str::to_owned);
        if self.index == 0 {
            self.second_id = page.ids(L::id).nth(1).flatten().map(str::to_owned);
        }
        page.retain(L::id, |id| self.seen.insert(id));
        let answer = Answer {
            received,
            fresh: page.len() as u64,
            // A total that equals a full page may be the count of the page: only the next page tells.
            total: page
                .total()
                .filter(|total| *total != received || received < self.limit.into()),
            repeated: first_id.is_some() && first_id == self.last_first_id,
            shifted: self.is_shifted_by_one(received, first_id.as_deref()),
        };
        self.last_first_id = first_id;
        self.upcoming = self.after(&answer);
        page
    }

    fn after(&mut self, answer: &Answer) -> Option<Step> {
        // From another start than the beginning, the total does not tell how much is still to come.
        let total = answer.total.filter(|_| self.start.offset == 0);
        let missing = total.is_some_and(|total| self.seen.count < total);
        if total.is_some() && !missing {
            return None;
        }
        match (answer.fresh, answer.received) {
            (0, received) if missing => Some(self.after_nothing_new(received, answer)),
            (0, _) => None,
            (_, received) if received < self.limit.into() && answer.total.is_none() => None,
            _ if answer.shifted && self.switches == 0 => Some(self.switch_unit()),
            (_, received) => {
                if self.index == 0 {
                    // The service makes pages smaller than asked for; positions have to follow.
                    self.limit = u32::try_from(received)
                        .unwrap_or(self.limit)
                        .min(self.limit);
                }
                Some(self.advance())
            }
        }
    }

    /// The total says that there is more, and the page had nothing of it.
    fn after_nothing_new(&mut self, received: u64, answer: &Answer) -> Step {
        let rereading = self.switches > 0 && self.index < self.seen.count;
        if rereading && received > 0 && !answer.repeated && !answer.shifted {
            // The second way through passes what the first has seen, at least one item a page.
            return self.advance();
        }
        if self.index > 0 && self.switches < MOST_SWITCHES {
            return self.switch_unit();
        }
        Step::Fail(Error::new(
            ErrorKind::Service,
            format!(
                "the list ended after {} of {} items: it changed while it was read, or the service did not give all; ask again",
                self.seen.count,
                answer.total.unwrap_or_default()
            ),
        ))
    }

    fn advance(&mut self) -> Step {
        self.index += 1;
        Step::Ask
    }

    /// Starts over behind the first page, reading `offset` the other way; nothing is handed out twice.
    fn switch_unit(&mut self) -> Step {
        self.switches += 1;
        self.unit = match self.unit {
            OffsetUnit::Items => OffsetUnit::Pages,
            OffsetUnit::Pages => OffsetUnit::Items,
        };
        self.index = 1;
        Step::Ask
    }

    /// Whether page 1 begins with the second item of page 0: the service was asked for a page and went one item on.
    ///
    /// With pages of one or two items this may be chance, and going on by one item loses nothing.
    fn is_shifted_by_one(&self, received: u64, first_id: Option<&str>) -> bool {
        self.unit == OffsetUnit::Pages
            && self.start.offset == 0
            && self.index == 1
            && received > 2
            && first_id.is_some()
            && first_id == self.second_id.as_deref()
    }
}

/// Which ids were seen: 8 bytes each, whatever their length.
#[derive(Default)]
struct Seen {
    ids: HashSet<u64>,
    hasher: RandomState,
    /// Items without an id count, but cannot be told apart.
    count: u64,
}

impl Seen {
    /// Whether `id` is new.
    fn insert(&mut self, id: Option<&str>) -> bool {
        let new = id.is_none_or(|id| self.ids.insert(self.hasher.hash_one(id)));
        self.count += u64::from(new);
        new
    }
}
