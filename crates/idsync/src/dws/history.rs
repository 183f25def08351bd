//! Reads the records of a cluster from the newest on, as far back as is needed, where their order allows it.

use std::collections::{HashSet, VecDeque};
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use futures_util::stream;
use jiff::Timestamp;

use super::Record;
use crate::Error;
use crate::items::{PageRead, Pages};
use crate::list::{ListOperation, ListReader, Page};

/// The fewest pages of a list of which some can be saved: three of them prove the order.
const FEWEST_PAGES: u64 = 4;

/// Pages that hold at least every record that started after `since`.
///
/// The first, the last and a middle page prove the order: each is monotone, they follow each other, and the last one
/// ends the list. Then the list is read from its newest end back to `since`, and further until each identity source of
/// the oldest page has come; else it is read as a whole.
pub(super) fn pages_since<L>(listing: L, since: Timestamp) -> Pages<Record>
where
    L: ListOperation<Item = Record>,
{
    let reader = match ListReader::new(listing) {
        Ok(reader) => reader,
        Err(error) => return Pages::of(stream::iter([Err(error)]), None),
    };
    let history = HistoryReader {
        reader,
        since,
        way: Way::Unknown,
        ready: VecDeque::new(),
    };
    let next =
        |mut history: HistoryReader<L>| async { history.next().await.map(|read| (read, history)) };
    Pages::of(stream::unfold(history, next), None)
}

struct HistoryReader<L: ListOperation> {
    reader: ListReader<L>,
    since: Timestamp,
    way: Way,
    /// What was read ahead.
    ready: VecDeque<Result<PageRead<Record>, Error>>,
}

/// How the rest of the list is read.
enum Way {
    Unknown,
    Whole,
    Ordered(Ordered),
    End,
}

/// How far a list in order has been read from its newest end.
struct Ordered {
    /// Whether the newest end is the last page.
    is_oldest_first: bool,
    /// The pages that were not read yet.
    rest: Range<u64>,
    /// When the newest and the oldest record of the page that was read last started.
    span: (Timestamp, Timestamp),
    total: u64,
    /// The identity sources of the oldest page that have not come from the newest end yet.
    missing: HashSet<Option<Arc<str>>>,
}

impl<L: ListOperation<Item = Record>> HistoryReader<L> {
    async fn next(&mut self) -> Option<Result<PageRead<Record>, Error>> {
        if let Some(read) = self.ready.pop_front() {
            return Some(read);
        }
        match mem::replace(&mut self.way, Way::End) {
            Way::Unknown => {
                let read = self.read_whole().await?;
                // The last page comes next if the order is proven.
                if let (Ok(read), Some((pages, total))) = (&read, self.reader.pages_left())
                    && pages >= FEWEST_PAGES
                    && let Err(error) = self.prove_order(&read.page, pages - 1, total).await
                {
                    self.ready.push_back(Err(error));
                    self.way = Way::End;
                }
                Some(read)
            }
            Way::Whole => self.read_whole().await,
            Way::Ordered(ordered) => self.go_back(ordered).await,
            Way::End => None,
        }
    }

    async fn read_whole(&mut self) -> Option<Result<PageRead<Record>, Error>> {
        self.way = Way::Whole;
        self.reader.next().await
    }

    /// Reads the last and a middle page.
    async fn prove_order(
        &mut self,
        first: &Page<Record>,
        last: u64,
        total: u64,
    ) -> Result<(), Error> {
        let last_page = self.reader.request(last).await?;
        let before = last * u64::from(self.reader.limit);
        let ends_list = last_page.total() == Some(before + last_page.len() as u64);
        if !ends_list || last_page.total() < Some(total) {
            return Ok(());
        }
        let middle_page = self.reader.request(last.div_ceil(2)).await?;
        let pages = [first, &middle_page, &last_page];
        let mut orders = [false, true].into_iter();
        let proven = orders.find_map(|order| Ordered::proven(pages, last, total, order));
        if let Some(ordered) = proven.filter(|_| are_disjoint(pages)) {
            self.deliver(last_page, ordered);
        }
        Ok(())
    }

    /// The next older page; the whole list after all if it is not where the order says, or records were deleted.
    async fn go_back(&mut self, mut ordered: Ordered) -> Option<Result<PageRead<Record>, Error>> {
        let next = if ordered.is_oldest_first {
            ordered.rest.next_back()
        } else {
            ordered.rest.next()
        };
        let page = match self.reader.request(next?).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        if ordered.take(&page) {
            self.deliver(page, ordered);
            self.ready.pop_front()
        } else {
            self.reader.start_over();
            self.read_whole().await
        }
    }

    /// Delivers a page, and continues with the next older one unless that is not needed.
    fn deliver(&mut self, mut page: Page<Record>, ordered: Ordered) {
        self.reader.keep_news(&mut page, 0);
        let (_, oldest) = ordered.span;
        let is_enough = oldest <= self.since && ordered.missing.is_empty();
        self.ready.push_back(Ok(PageRead {
            page,
            place: None,
            next: None,
            stopped_early: is_enough && !ordered.rest.is_empty(),
        }));
        self.way = if is_enough {
            Way::End
        } else {
            Way::Ordered(ordered)
        };
    }
}

impl Ordered {
    /// A list whose first, middle and last page are in this order.
    fn proven(
        mut pages: [&Page<Record>; 3],
        last: u64,
        total: u64,
        is_oldest_first: bool,
    ) -> Option<Self> {
        if is_oldest_first {
            pages.reverse();
        }
        let [newest, _, oldest] = pages;
        let [first, middle, end] = pages.map(|page| span(page, is_oldest_first));
        let (first, middle, end) = (first?, middle?, end?);
        let is_in_order = first.1 >= middle.0 && middle.1 >= end.0;
        is_in_order.then(|| Self {
            is_oldest_first,
            rest: 1..last,
            span: first,
            total,
            missing: &sources(oldest) - &sources(newest),
        })
    }

    /// Notes the next older page, unless it contradicts the order.
    fn take(&mut self, page: &Page<Record>) -> bool {
        let Some(span) = span(page, self.is_oldest_first) else {
            return false;
        };
        let total = page.total().unwrap_or_default();
        let is_right = span.0 <= self.span.0 && total >= self.total;
        let sources = sources(page);
        self.missing.retain(|source| !sources.contains(source));
        (self.span, self.total) = (span, total);
        is_right
    }
}

/// When the newest and the oldest record of a page started; `None` if they are not in this order, or one has no time.
fn span(page: &Page<Record>, is_oldest_first: bool) -> Option<(Timestamp, Timestamp)> {
    if page.errors().next().is_some() {
        return None;
    }
    let times = page.items().iter().map(|record| record.start_time);
    let mut times = times.collect::<Option<Vec<_>>>()?;
    if is_oldest_first {
        times.reverse();
    }
    let span = (*times.first()?, *times.last()?);
    times.is_sorted_by(|one, next| one >= next).then_some(span)
}

/// Whether no record is on two of the pages, as it is where the service ignores the offset.
fn are_disjoint(pages: [&Page<Record>; 3]) -> bool {
    let mut seen = HashSet::new();
    let mut records = pages.into_iter().flat_map(Page::items);
    records.all(|record| seen.insert(record))
}

fn sources(page: &Page<Record>) -> HashSet<Option<Arc<str>>> {
    let records = page.items().iter();
    records.map(|it| it.identity_source_id.clone()).collect()
}
