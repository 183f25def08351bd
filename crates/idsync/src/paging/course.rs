//! Which windows of a list are asked for, one after another.

use super::{OffsetUnit, Position};

/// The arithmetic between the number of a page, what a request says, and the items that it should bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Course {
    unit: OffsetUnit,
    /// Of the first page, in `unit`.
    start: u64,
    limit: u32,
}

impl Course {
    pub(super) fn new(unit: OffsetUnit, start: u64, limit: u32) -> Self {
        Self { unit, start, limit }
    }

    pub(super) fn unit(self) -> OffsetUnit {
        self.unit
    }

    pub(super) fn limit(self) -> u32 {
        self.limit
    }

    /// Whether it begins where the list does.
    pub(super) fn is_whole(self) -> bool {
        self.start == 0
    }

    /// What to ask for to get page `index`, counted from the start.
    pub(super) fn request(self, index: u64) -> Position {
        let steps = match self.unit {
            OffsetUnit::Items => index.saturating_mul(self.limit.into()),
            OffsetUnit::Pages => index,
        };
        Position {
            counts: self.unit,
            offset: self.start.saturating_add(steps),
            limit: self.limit,
        }
    }

    /// How many items of the list lie before page `index`.
    pub(super) fn items_before(self, index: u64) -> u64 {
        let start = match self.unit {
            OffsetUnit::Items => self.start,
            OffsetUnit::Pages => self.start.saturating_mul(self.limit.into()),
        };
        start.saturating_add(index.saturating_mul(self.limit.into()))
    }

    /// By how much a page may lie earlier than asked, since a service may round a position down.
    pub(super) fn slack(self) -> u64 {
        match self.unit {
            OffsetUnit::Items => self.start.checked_rem(self.limit.into()).unwrap_or(0),
            OffsetUnit::Pages => 0,
        }
    }

    /// The same way in smaller steps.
    pub(super) fn with_limit(self, limit: u32) -> Self {
        Self { limit, ..self }
    }

    /// The same way for a service that counts the other thing.
    pub(super) fn other_unit(self) -> Self {
        let limit = self.limit.into();
        let start = match self.unit {
            OffsetUnit::Items => self.start.checked_div(limit).unwrap_or(0),
            OffsetUnit::Pages => self.start.saturating_mul(limit),
        };
        Self {
            unit: self.unit.other(),
            start,
            ..self
        }
    }
}
