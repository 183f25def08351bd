//! One way through a list from its start.

/// One way through the list from its start.
#[derive(Default)]
pub(super) struct Pass {
    pub(super) is_second: bool,
    /// Of the next page.
    pub(super) index: u64,
    /// The latest total that can be trusted.
    pub(super) total: Option<u64>,
    pub(super) is_trusted: bool,
    /// Whether the list shrank, or changed in an order that pages requested ahead do not tell.
    pub(super) is_unclear: bool,
    /// By how much the total grew since the page before.
    pub(super) growth: u64,
    /// How many different items came.
    pub(super) count: u64,
    /// How many items were inserted in front of what was read: each makes one item come again, at the begin of a page.
    pub(super) inserted: u64,
    /// Whether items came again for another reason, so that `inserted` says nothing.
    pub(super) is_mixed: bool,
}

/// What came with a page.
#[derive(Clone, Copy, Default)]
pub(crate) struct Arrivals {
    pub(super) received: u64,
    /// New in this pass.
    pub(super) news: u64,
    /// Not new, and before the first new item.
    pub(super) repeats_in_front: u64,
}

impl Arrivals {
    pub(super) fn repeats(self) -> u64 {
        self.received - self.news
    }
}

impl Pass {
    pub(super) fn add(&mut self, arrivals: Arrivals) {
        let repeats = arrivals.repeats();
        self.count += arrivals.news;
        self.inserted += repeats;
        self.is_mixed |= repeats > self.growth || repeats != arrivals.repeats_in_front;
    }

    /// Whether all items came that the total counts, those `before` the first page included. An item that was inserted in
    /// front of what was read need not come.
    pub(super) fn is_complete(&self, before: u64) -> bool {
        let inserted = if self.is_mixed { 0 } else { self.inserted };
        !self.is_unclear && self.has_reached(before + inserted)
    }

    /// Whether the items of the pass and `more` make up the total.
    pub(super) fn has_reached(&self, more: u64) -> bool {
        self.total.is_some_and(|total| self.count + more >= total)
    }
}
