//! Reads the records of a cluster from the newest on, as far back as is needed, where their order allows it.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use futures_util::stream;
use jiff::Timestamp;

use super::Record;
use crate::Error;
use crate::items::{Pages, Read};
use crate::list::{Listing, Page, Reader};

/// The fewest pages of a list of which some can be saved: three of them prove the order.
const FEWEST_PAGES: u64 = 4;

/// Pages that hold at least every record that started after `since`.
///
/// The first, the last and a middle page prove the order: each is monotone, they follow each other, and the last one
/// ends the list. Then the list is read from its newest end back to `since`, and further until each identity source of
/// the oldest page has come; else it is read as a whole.
pub(super) fn pages_since<L>(listing: L, since: Timestamp) -> Pages<Record>
where
    L: Listing<Item = Record>,
{
    let reader = match Reader::new(listing) {
        Ok(reader) => reader,
        Err(error) => return Pages::of(stream::iter([Err(error)]), None),
    };
    let history = History {
        reader,
        since,
        way: Way::Unknown,
        ready: VecDeque::new(),
    };
    let next = |mut history: History<L>| async { history.next().await.map(|read| (read, history)) };
    Pages::of(stream::unfold(history, next), None)
}

struct History<L: Listing> {
    reader: Reader<L>,
    since: Timestamp,
    way: Way,
    /// Pages that were read to prove the order.
    ready: VecDeque<Result<Read<Record>, Error>>,
}

/// How the rest of the list is read.
enum Way {
    Unknown,
    Whole,
    Ordered(Ordered),
    End,
}

/// The pages from the newest end on, the first of them already read.
struct Ordered {
    direction: Direction,
    /// The page after which the next one follows.
    index: u64,
    /// The page at the other end.
    end: u64,
    /// The span of the page at `index`.
    span: Span,
    total: u64,
    /// The identity sources of the oldest page that have not come from the newest end yet.
    missing: Sources,
}

type Sources = BTreeSet<Option<Arc<str>>>;

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    NewestFirst,
    OldestFirst,
}

/// The time that the records of one page span, all of which have a time.
#[derive(Clone, Copy)]
struct Span {
    first: Timestamp,
    last: Timestamp,
}

impl<L: Listing<Item = Record>> History<L> {
    async fn next(&mut self) -> Option<Result<Read<Record>, Error>> {
        if let Some(read) = self.ready.pop_front() {
            return Some(read);
        }
        match &self.way {
            Way::Unknown => self.begin().await,
            Way::Whole => self.reader.next().await,
            Way::Ordered(_) => self.go_back().await,
            Way::End => None,
        }
    }

    /// The first page; the pages that prove the order come next, if they do.
    async fn begin(&mut self) -> Option<Result<Read<Record>, Error>> {
        self.way = Way::Whole;
        let read = self.reader.next().await?;
        if let (Ok(read), Some((pages, total))) = (&read, self.reader.pages_left())
            && pages >= FEWEST_PAGES
            && let Err(error) = self.prove(&read.page, pages, total).await
        {
            self.ready.push_back(Err(error));
            self.way = Way::End;
        }
        Some(read)
    }

    async fn prove(&mut self, page: &Page<Record>, pages: u64, total: u64) -> Result<(), Error> {
        let (middle, end) = (pages / 2, pages - 1);
        let last_page = self.reader.request(end).await?;
        let Some(direction) = self.order_of(page, &last_page, end, total) else {
            return Ok(());
        };
        let middle_page = self.reader.request(middle).await?;
        let pages = [page, &middle_page, &last_page];
        if !are_disjoint(pages) {
            return Ok(());
        }
        let spans = pages.map(|page| Span::of(page, direction));
        let [Some(first), Some(middle_span), Some(last)] = spans else {
            return Ok(());
        };
        if !first.precedes(middle_span, direction) || !middle_span.precedes(last, direction) {
            return Ok(());
        }
        let (oldest, newest, index, far, span) = match direction {
            Direction::NewestFirst => (&last_page, page, 0, end, first),
            Direction::OldestFirst => (page, &last_page, end, 0, last),
        };
        let ordered = Ordered {
            missing: &sources(oldest) - &sources(newest),
            direction,
            index,
            end: far,
            span,
            total,
        };
        let is_last = ordered.is_enough(self.since);
        self.deliver(last_page, false);
        self.deliver(middle_page, is_last && ordered.has_older());
        self.way = if is_last {
            Way::End
        } else {
            Way::Ordered(ordered)
        };
        Ok(())
    }

    /// The order that the first and the last page suggest, if the last one ends the list.
    fn order_of(
        &self,
        first: &Page<Record>,
        last: &Page<Record>,
        end: u64,
        total: u64,
    ) -> Option<Direction> {
        let before = end * u64::from(self.reader.limit);
        let ends_list = last.total() == Some(before + last.len() as u64);
        let has_grown = last.total().is_some_and(|last| last >= total);
        if !ends_list || !has_grown {
            return None;
        }
        [Direction::NewestFirst, Direction::OldestFirst]
            .into_iter()
            .find(|direction| {
                let spans = (Span::of(first, *direction), Span::of(last, *direction));
                matches!(spans, (Some(first), Some(last)) if first.precedes(last, *direction))
            })
    }

    /// The next older page; the whole list after all if it is not where the order says, or records were deleted.
    async fn go_back(&mut self) -> Option<Result<Read<Record>, Error>> {
        let Way::Ordered(mut ordered) = std::mem::replace(&mut self.way, Way::End) else {
            return None;
        };
        ordered.step();
        if ordered.is_at_end() {
            return None;
        }
        let page = match self.reader.request(ordered.index).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        if !ordered.take(&page) {
            self.reader.start_over();
            self.way = Way::Whole;
            return self.reader.next().await;
        }
        let is_last = ordered.is_enough(self.since);
        self.deliver(page, is_last && ordered.has_older());
        if !is_last {
            self.way = Way::Ordered(ordered);
        }
        self.ready.pop_front()
    }

    fn deliver(&mut self, mut page: Page<Record>, stopped_early: bool) {
        self.reader.keep_news(&mut page, 0);
        self.ready.push_back(Ok(Read {
            page,
            place: None,
            next: None,
            stopped_early,
        }));
    }
}

impl Ordered {
    /// Moves on to the next older page.
    fn step(&mut self) {
        self.index = match self.direction {
            Direction::NewestFirst => self.index + 1,
            Direction::OldestFirst => self.index.saturating_sub(1),
        };
    }

    fn is_at_end(&self) -> bool {
        self.index == self.end
    }

    /// Whether there are pages behind the page at hand that were not read.
    fn has_older(&self) -> bool {
        self.index.abs_diff(self.end) > 1
    }

    /// Whether the pages read go back to `since`, and to a record of every known source.
    fn is_enough(&self, since: Timestamp) -> bool {
        self.span.first.min(self.span.last) <= since && self.missing.is_empty()
    }

    /// Takes note of the page at `index`, unless it denies the order.
    fn take(&mut self, page: &Page<Record>) -> bool {
        let Some(span) = Span::of(page, self.direction) else {
            return false;
        };
        let fits = match self.direction {
            Direction::NewestFirst => span.first <= self.span.first,
            Direction::OldestFirst => span.last <= self.span.last,
        };
        let total = page.total().unwrap_or_default();
        let is_right = fits && total >= self.total;
        let sources = sources(page);
        self.missing.retain(|source| !sources.contains(source));
        (self.span, self.total) = (span, total);
        is_right
    }
}

impl Span {
    /// The span of a page whose records all are in this order; `None` if they are not, or one has no time.
    fn of(page: &Page<Record>, direction: Direction) -> Option<Self> {
        if page.errors().next().is_some() {
            return None;
        }
        let times: Option<Vec<_>> = page
            .items()
            .iter()
            .map(|record| record.start_time)
            .collect();
        let times = times?;
        let in_order = match direction {
            Direction::NewestFirst => times.is_sorted_by(|a, b| a >= b),
            Direction::OldestFirst => times.is_sorted(),
        };
        let span = Self {
            first: *times.first()?,
            last: *times.last()?,
        };
        in_order.then_some(span)
    }

    /// Whether `next` can stand behind it in the list.
    fn precedes(self, next: Self, direction: Direction) -> bool {
        match direction {
            Direction::NewestFirst => self.last >= next.first,
            Direction::OldestFirst => self.last <= next.first,
        }
    }
}

/// Whether no record is on two of the pages, as it is where the service ignores the offset.
fn are_disjoint(pages: [&Page<Record>; 3]) -> bool {
    let mut seen = HashSet::new();
    let mut records = pages.into_iter().flat_map(Page::items);
    records.all(|record| seen.insert(record))
}

fn sources(page: &Page<Record>) -> Sources {
    let sources = page.items().iter();
    sources
        .map(|record| record.identity_source_id.clone())
        .collect()
}
