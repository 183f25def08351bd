//! Which items have come, and in which pass last.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// As many as the low bits of a key can name.
const SHARDS: usize = 16;
const LOW_BITS: u64 = SHARDS as u64 - 1;

/// What an id is known by: 64 bits, whatever its length.
pub(super) type Key = u64;

/// How an item stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sighting {
    New,
    /// It came in an earlier pass.
    Known,
    /// It came in this pass already.
    Repeated,
}

/// The ids that have come, in 9 to 21 bytes each.
///
/// A hash table doubles when it is full, and has both sizes while it does. So the ids are spread over sixteen, which
/// do not double at the same moment.
pub(super) struct Seen {
    shards: [HashSet<Mark>; SHARDS],
    hasher: RandomState,
    /// Items without an id cannot be told apart, only counted.
    unnamed: u64,
    unnamed_in_pass: u64,
    count: u64,
}

/// A key whose low bits gave its shard and hold the number of a pass instead.
#[derive(Clone, Copy)]
struct Mark(u64);

impl Mark {
    fn new(key: Key, pass: u8) -> Self {
        Self(key & !LOW_BITS | u64::from(pass) & LOW_BITS)
    }
}

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        self.0 & !LOW_BITS == other.0 & !LOW_BITS
    }
}

impl Eq for Mark {}

impl Hash for Mark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 & !LOW_BITS).hash(state);
    }
}

impl Seen {
    /// The largest number of a pass that can be told from the others; 0 is for what comes outside any pass.
    pub(super) const LAST_PASS: u8 = 15;

    pub(super) fn new() -> Self {
        Self {
            shards: Default::default(),
            hasher: RandomState::new(),
            unnamed: 0,
            unnamed_in_pass: 0,
            count: 0,
        }
    }

    pub(super) fn key(&self, id: &str) -> Key {
        self.hasher.hash_one(id)
    }

    /// How many different items have come.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn begin_pass(&mut self) {
        self.unnamed_in_pass = 0;
    }

    /// Takes note of an item of pass number `pass`.
    pub(super) fn sight(&mut self, key: Option<Key>, pass: u8) -> Sighting {
        let sighting = match key {
            Some(key) => self.sight_named(key, pass),
            None => self.sight_unnamed(),
        };
        self.count += u64::from(sighting == Sighting::New);
        sighting
    }

    /// Takes note of an item that a later page of this pass will bring again, and says whether it is new.
    ///
    /// One without an id is left for then.
    pub(super) fn greet(&mut self, key: Option<Key>) -> bool {
        let new = key.is_some_and(|key| self.shard(key).insert(Mark::new(key, 0)));
        self.count += u64::from(new);
        new
    }

    fn sight_named(&mut self, key: Key, pass: u8) -> Sighting {
        let mark = Mark::new(key, pass);
        match self.shard(key).replace(mark) {
            None => Sighting::New,
            Some(before) if before.0 == mark.0 => Sighting::Repeated,
            Some(_) => Sighting::Known,
        }
    }

    /// Each pass is taken to bring the same ones in the same order, and then those that are new.
    fn sight_unnamed(&mut self) -> Sighting {
        self.unnamed_in_pass += 1;
        if self.unnamed_in_pass > self.unnamed {
            self.unnamed = self.unnamed_in_pass;
            Sighting::New
        } else {
            Sighting::Known
        }
    }

    fn shard(&mut self, key: Key) -> &mut HashSet<Mark> {
        // Fits: it is below the number of shards.
        #[allow(clippy::cast_possible_truncation, reason = "four bits")]
        let number = (key & LOW_BITS) as usize;
        &mut self.shards[number]
    }
}
