//! A page of a list, and the pages and the items of a list as streams.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use crate::list::{ListOperation, ListReader, Position};
use crate::{Error, ErrorKind};

/// One page of a list, in the order of the service.
///
/// ```
/// use idsync::dws::Record;
/// use idsync::list::Page;
///
/// let page = Page::new(vec![Record::default()], Some(25));
/// assert_eq!((page.items().len(), page.total()), (1, Some(25)));
/// ```
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) unreadable: Vec<Unreadable>,
    pub(crate) total: Option<u64>,
}

/// A part of a page that could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    /// How many items of the page come before it.
    pub(crate) after: usize,
    pub(crate) part: LostPart,
    pub(crate) error: Error,
}

/// What an error costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostPart {
    /// A field of the item before.
    Field,
    /// An item, with a hash of its text.
    Item(u64),
    /// The total, or the encoding.
    OfPage,
}

impl<T> Page<T> {
    /// A page of readable items, for tests of code that reads pages. `total` is what the service would tell.
    pub fn new(items: Vec<T>, total: Option<u64>) -> Self {
        Self {
            items,
            unreadable: Vec::new(),
            total,
        }
    }

    /// How many items the service says there are, on all pages; `None` if it does not say.
    ///
    /// The DWS reference does not say whether its `count` is that of all records or of the page.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The items, in order. A field that could not be read is `None`, and one of the [`errors`](Self::errors).
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The items, without the errors.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Everything that could not be read: fields, items and the total. Each error has its [path](Error::path).
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        self.unreadable.iter().map(|unreadable| &unreadable.error)
    }

    /// The number of items, unreadable ones included.
    pub fn len(&self) -> usize {
        self.items.len() + self.unreadable_items().count()
    }

    /// Whether there is no item, not even an unreadable one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every item in order, each followed by the errors of its fields; an unreadable item is one error.
    pub fn into_entries(self) -> vec::IntoIter<Result<T, Error>> {
        let mut entries = Vec::with_capacity(self.items.len() + self.unreadable.len());
        let mut unreadable = self.unreadable.into_iter().peekable();
        for (index, item) in self.items.into_iter().enumerate() {
            while let Some(lost) = unreadable.next_if(|it| it.after <= index) {
                entries.push(Err(lost.error));
            }
            entries.push(Ok(item));
        }
        entries.extend(unreadable.map(|lost| Err(lost.error)));
        entries.into_iter()
    }

    /// The hashes of the unreadable items.
    pub(crate) fn unreadable_items(&self) -> impl Iterator<Item = u64> {
        self.unreadable
            .iter()
            .filter_map(|unreadable| match unreadable.part {
                LostPart::Item(hash) => Some(hash),
                LostPart::Field | LostPart::OfPage => None,
            })
    }

    /// Keeps the items, and the unreadable items, for which the flag at their place is set.
    pub(crate) fn keep(&mut self, items: &[bool], unreadable_items: &[bool]) {
        let kept_before = |place: usize| items.iter().take(place).filter(|kept| **kept).count();
        let mut flags = unreadable_items.iter();
        self.unreadable.retain_mut(|unreadable| {
            let kept = match unreadable.part {
                LostPart::Item(_) => flags.next().copied(),
                LostPart::Field => items.get(unreadable.after.wrapping_sub(1)).copied(),
                LostPart::OfPage => None,
            };
            unreadable.after = kept_before(unreadable.after);
            kept.unwrap_or(true)
        });
        let mut flags = items.iter();
        self.items.retain(|_| flags.next().copied().unwrap_or(true));
    }
}

/// The pages of a list, requested one after another while the stream is read.
///
/// A page without anything new is left out, unless it is the first. See the [module](crate::list) for the guarantees.
#[must_use = "nothing is requested until the stream is read"]
pub struct Pages<T> {
    stream: stream::Fuse<BoxStream<'static, Result<PageRead<T>, Error>>>,
    position: Option<Position>,
    stopped_early: bool,
}

/// Every item of a list, requested page by page while the stream is read.
///
/// See the [module](crate::list) for the guarantees, and for the errors after which the stream continues. Tests of code that
/// reads items can make their own:
///
/// ```
/// use idsync::Error;
/// use idsync::dataarts::Task;
/// use idsync::list::Items;
///
/// async fn names(mut tasks: Items<Task>) -> Result<Vec<String>, Error> {
///     let mut names = Vec::new();
///     while let Some(task) = tasks.try_next().await? {
///         names.extend(task.cluster_name.as_deref().map(str::to_owned));
///     }
///     Ok(names)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Error> {
/// let mut task = Task::default();
/// task.cluster_name = Some("hadoop-1".into());
/// assert_eq!(names(Items::from_iter([Ok(task)])).await?, ["hadoop-1"]);
/// # Ok(()) }
/// ```
#[must_use = "nothing is requested until the stream is read"]
pub struct Items<T> {
    pages: Pages<T>,
    /// The rest of the page at hand.
    entries: vec::IntoIter<Result<T, Error>>,
    /// Where that page continues.
    place: Option<PagePlace>,
}

/// A page, where it starts, and where the list continues after it.
pub(crate) struct PageRead<T> {
    pub(crate) page: Page<T>,
    /// Not known where a list is read in another order than the service's.
    pub(crate) place: Option<PagePlace>,
    pub(crate) next: Option<Position>,
    /// Whether it is the last page that is read although there are others.
    pub(crate) stopped_early: bool,
}

/// The start of a page.
pub(crate) struct PagePlace {
    pub(crate) position: Position,
    /// Whether the place of an item is its number: none was left out because it had come before.
    pub(crate) is_whole: bool,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn read<L: ListOperation<Item = T>>(listing: L) -> Self {
        match ListReader::new(listing) {
            Ok(reader) => {
                let position = Some(reader.position());
                let read = |mut reader: ListReader<L>| async {
                    reader.next().await.map(|page| (page, reader))
                };
                Self::of(stream::unfold(reader, read), position)
            }
            Err(error) => Self::of(stream::iter([Err(error)]), None),
        }
    }

    pub(crate) fn of(
        stream: impl Stream<Item = Result<PageRead<T>, Error>> + Send + 'static,
        position: Option<Position>,
    ) -> Self {
        Self {
            stream: stream.boxed().fuse(),
            position,
            stopped_early: false,
        }
    }

    /// Every item of these pages.
    pub fn into_items(self) -> Items<T> {
        Items {
            pages: self,
            entries: Vec::new().into_iter(),
            place: None,
        }
    }
}

impl<T> Pages<T> {
    /// Where to continue after the pages that were read; `None` at the end of the list.
    ///
    /// After an error it is the page that failed.
    pub fn position(&self) -> Option<Position> {
        self.position.clone()
    }

    /// Whether the stream ended before older records of the list, which were not needed: see
    /// [`back_to`](crate::dws::ListRecords::back_to).
    pub fn stopped_early(&self) -> bool {
        self.stopped_early
    }

    /// The next page, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Any error of a call, and `Incomplete` where the list could not be read to its end. Each ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        StreamExt::next(self).await.transpose()
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<PageRead<T>, Error>>> {
        let read = ready!(self.stream.poll_next_unpin(context));
        match &read {
            Some(Ok(read)) => {
                self.position.clone_from(&read.next);
                self.stopped_early = read.stopped_early;
            }
            Some(Err(error)) if error.kind() != ErrorKind::Incomplete => {}
            Some(Err(_)) | None => self.position = None,
        }
        Poll::Ready(read)
    }
}

impl<T> Items<T> {
    /// Where to continue after the items that were read; `None` at the end of the list.
    ///
    /// If items of the page were left out because they had come before, it is the start of that page, and the rest of
    /// that page is delivered again.
    pub fn position(&self) -> Option<Position> {
        if self.entries.as_slice().is_empty() {
            return self.pages.position();
        }
        self.place.as_ref().map(|place| place.position.clone())
    }

    /// The next item or an error, or `None` at the end; to read on after an error that costs a field or an item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        StreamExt::next(self).await
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    ///
    /// `Decode` with a path for a field or an item that cannot be read; the stream can be read on. Any error of a call,
    /// and `Incomplete` where the list could not be read to its end, which end the stream.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().await.transpose()
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let read = ready!(self.poll_read(context));
        Poll::Ready(read.map(|read| read.map(|read| read.page)))
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(entry) = self.entries.next() {
                if let Some(place) = &mut self.place {
                    place.position.skip += usize::from(place.is_whole && entry.is_ok());
                }
                return Poll::Ready(Some(entry));
            }
            match ready!(self.pages.poll_read(context)) {
                Some(Ok(read)) => {
                    self.entries = read.page.into_entries();
                    self.place = read.place;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Items of your own, for tests of code that reads items.
impl<T: Send + 'static> FromIterator<Result<T, Error>> for Items<T> {
    fn from_iter<I: IntoIterator<Item = Result<T, Error>>>(items: I) -> Self {
        let items: Vec<_> = items.into_iter().collect();
        Self {
            entries: items.into_iter(),
            ..Pages::of(stream::empty(), None).into_items()
        }
    }
}

// No item is ever pinned.
impl<T> Unpin for Items<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}
