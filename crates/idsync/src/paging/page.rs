//! One answer of a list operation.

use super::Position;
use crate::Error;

/// One page of a list, in the order of the service.
#[derive(Clone, Debug)]
pub struct Page<T> {
    entries: Vec<Result<T, UnreadableItem>>,
    total: Option<u64>,
    next: Option<Position>,
}

/// An item that does not decode, with its id where at least that can be read.
#[derive(Clone, Debug)]
pub(crate) struct UnreadableItem {
    pub(crate) id: Option<String>,
    pub(crate) error: Error,
}

impl<T> Page<T> {
    pub(crate) fn new(entries: Vec<Result<T, UnreadableItem>>, total: Option<u64>) -> Self {
        Self {
            entries,
            total,
            next: None,
        }
    }

    /// How many items the service says there are, on all pages.
    ///
    /// The DWS page does not say whether its `count` is that of all records or of the page.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Where the list goes on behind this page, for a later request to [resume](crate::dataarts::ListTasks::resume) from.
    ///
    /// `None` for the last page, and for one that was asked for by `send`. Where the list changed while it was read
    /// and is about to be read again, the start of the list; where `max_items` cut the page, the page itself.
    pub fn next_position(&self) -> Option<Position> {
        self.next
    }

    /// How many items the page holds, the unreadable ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the page holds nothing at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The items that could be read.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().flatten()
    }

    /// What is wrong with the items that could not be read; each error has its path.
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        self.entries
            .iter()
            .filter_map(|entry| entry.as_ref().err())
            .map(|unreadable| &unreadable.error)
    }

    /// Every item in order, or what is wrong with it.
    pub fn into_entries(self) -> impl Iterator<Item = Result<T, Error>> {
        self.entries
            .into_iter()
            .map(|entry| entry.map_err(|unreadable| unreadable.error))
    }

    /// Applies `explain` to the errors of unreadable items.
    pub(crate) fn explain(mut self, explain: impl Fn(Error) -> Error) -> Self {
        for unreadable in self
            .entries
            .iter_mut()
            .filter_map(|entry| entry.as_mut().err())
        {
            unreadable.error = explain(unreadable.error.clone());
        }
        self
    }

    /// Keeps the entries of which `keep` holds; it is given the id of each.
    pub(crate) fn retain(
        &mut self,
        id: impl Fn(&T) -> Option<&str>,
        mut keep: impl FnMut(Option<&str>) -> bool,
    ) {
        self.entries.retain(|entry| match entry {
            Ok(item) => keep(id(item)),
            Err(unreadable) => keep(unreadable.id.as_deref()),
        });
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.entries.truncate(length);
    }

    pub(super) fn with_next_position(self, next: Option<Position>) -> Self {
        Self { next, ..self }
    }

    /// The ids of the entries, in order.
    pub(super) fn ids<'a>(
        &'a self,
        id: impl Fn(&'a T) -> Option<&'a str> + Clone,
    ) -> impl DoubleEndedIterator<Item = Option<&'a str>> + Clone {
        self.entries.iter().map(move |entry| match entry {
            Ok(item) => id(item),
            Err(unreadable) => unreadable.id.as_deref(),
        })
    }
}
