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
    items: Vec<T>,
    unreadable: Vec<Unreadable>,
    total: Option<u64>,
}

/// Something on a page that could not be read.
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
    /// The total.
    Total,
}

impl<T> Page<T> {
    /// A page of readable items, for tests of code that reads pages. `total` is what the service would tell.
    pub fn new(items: Vec<T>, total: Option<u64>) -> Self {
        Self::decoded(items, total, Vec::new())
    }

    pub(crate) fn decoded(items: Vec<T>, total: Option<u64>, unreadable: Vec<Unreadable>) -> Self {
        Self {
            items,
            unreadable,
            total,
        }
    }

    /// The same page with an unreadable field of its last item, for tests of code that reads pages.
    #[must_use]
    pub fn with_error(mut self, error: Error) -> Self {
        self.unreadable.push(Unreadable {
            after: self.items.len(),
            part: LostPart::Field,
            error,
        });
        self
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
    pub fn into_entries(self) -> Entries<T> {
        Entries {
            items: self.items.into_iter(),
            unreadable: self.unreadable.into_iter(),
            delivered: 0,
        }
    }

    /// The page without the items for which `is_wanted` does not hold, and without the errors of their fields.
    pub(crate) fn filtered(mut self, is_wanted: impl Fn(&T) -> bool) -> Self {
        let items: Vec<_> = self.items.iter().map(is_wanted).collect();
        self.keep(&items, &[]);
        self
    }

    /// Applies `explain` to the errors.
    pub(crate) fn explain(mut self, explain: impl Fn(Error) -> Error) -> Self {
        for unreadable in &mut self.unreadable {
            unreadable.error = explain(unreadable.error.clone());
        }
        self
    }

    /// The hashes of the unreadable items.
    pub(crate) fn unreadable_items(&self) -> impl Iterator<Item = u64> {
        self.unreadable
            .iter()
            .filter_map(|unreadable| match unreadable.part {
                LostPart::Item(hash) => Some(hash),
                LostPart::Field | LostPart::Total => None,
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
                LostPart::Total => None,
            };
            unreadable.after = kept_before(unreadable.after);
            kept.unwrap_or(true)
        });
        let mut flags = items.iter();
        self.items.retain(|_| flags.next().copied().unwrap_or(true));
    }
}

/// The items of a page and its errors, in order.
#[derive(Clone, Debug)]
pub struct Entries<T> {
    items: vec::IntoIter<T>,
    unreadable: vec::IntoIter<Unreadable>,
    delivered: usize,
}

impl<T> Entries<T> {
    pub(crate) fn none() -> Self {
        Page::new(Vec::new(), None).into_entries()
    }

    /// How many items have been delivered, errors not counted.
    pub(crate) fn delivered(&self) -> usize {
        self.delivered
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.items.as_slice().is_empty() && self.unreadable.as_slice().is_empty()
    }
}

impl<T> Iterator for Entries<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next_error = self.unreadable.as_slice().first();
        if next_error.is_some_and(|it| it.after <= self.delivered) {
            return self.unreadable.next().map(|it| Err(it.error));
        }
        match self.items.next() {
            Some(item) => {
                self.delivered += 1;
                Some(Ok(item))
            }
            None => self.unreadable.next().map(|it| Err(it.error)),
        }
    }
}
