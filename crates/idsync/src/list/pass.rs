//! One way through a list from its start, and which items have come.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};

use crate::Error;

/// The most ids that are remembered.
pub(super) const MAX_IDS: usize = 4_000_000;

/// The most ids for which memory is reserved because a total says so.
pub(super) const MAX_RESERVED: usize = 1_000_000;

/// One way through a list from its start.
#[derive(Default)]
pub(super) struct Pass {
    pub(super) is_second: bool,
    /// Of the next page.
    pub(super) index: u64,
    /// The latest total; `None` if the total of the first page cannot be trusted.
    pub(super) total: Option<u64>,
    /// By how much the total grew.
    pub(super) grown: u64,
    /// Whether the list shrank, or changed in an order that pages requested ahead do not tell.
    pub(super) is_unclear: bool,
    /// How many different items came.
    pub(super) count: u64,
}

impl Pass {
    /// Whether the items of the pass and `more` make up the total.
    pub(super) fn has_reached(&self, more: u64) -> bool {
        self.total.is_some_and(|total| self.count + more >= total)
    }
}

/// What comes after a page.
pub(super) enum NextStep {
    Request,
    Fail(Error),
    End,
}

/// How often each item without an id came on one page, by its hash.
pub(super) type Copies = HashMap<u64, u32>;

/// The key of an item without an id. Equal items of one page differ by their number.
pub(super) fn copy_key(hasher: &RandomState, item: &impl Hash, copies: &mut Copies) -> u64 {
    let hash = hasher.hash_one(item);
    let number = copies.entry(hash).or_default();
    *number += 1;
    hasher.hash_one((hash, *number))
}

/// The items that came, known by 64 random bits of hash.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) hasher: RandomState,
    pub(super) delivered: HashSet<u64>,
    /// Of these, what the second pass brought.
    pub(super) second_pass: HashSet<u64>,
}
