//! The pages and the items of a list, as streams.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use crate::list::{ListOperation, ListReader, Position};
use crate::page::Page;
use crate::{Error, ErrorKind};

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
