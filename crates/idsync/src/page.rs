//! One page of a list.

use std::vec;

use crate::Error;

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
