//! How a service splits its lists into pages.

use std::ops::Range;

use crate::builder::OffsetUnit;

/// The page of a list that a request asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageRequest {
    limit: u64,
    offset: u64,
}

impl PageRequest {
    /// Reads the parameters `limit` and `offset`. A page has `default` items without `limit`, and at most `max`.
    ///
    /// # Errors
    ///
    /// The parameter that is out of range, and its range.
    pub(super) fn new(
        limit: Option<u32>,
        offset: Option<u32>,
        (default, max): (u32, u32),
    ) -> Result<Self, String> {
        let highest = i32::MAX.unsigned_abs();
        let (limit, offset) = (limit.unwrap_or(default), offset.unwrap_or(0));
        if !(1..=highest).contains(&limit) {
            return Err(format!("`limit` is a whole number from 1 to {highest}"));
        }
        if offset > highest {
            return Err(format!("`offset` is a whole number from 0 to {highest}"));
        }
        Ok(Self {
            limit: limit.min(max).into(),
            offset: offset.into(),
        })
    }

    /// The positions of the page in a list of `length` items.
    pub(super) fn range(self, unit: OffsetUnit, length: u64) -> Range<u64> {
        let skip = match unit {
            OffsetUnit::Items => self.offset,
            OffsetUnit::FlooredItems => self.offset - self.offset % self.limit,
            OffsetUnit::Pages => self.offset.saturating_mul(self.limit),
        };
        let start = skip.min(length);
        start..start.saturating_add(self.limit).min(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_counts_items_floored_items_or_pages() {
        for (unit, expected) in [
            (OffsetUnit::Items, 9..13),
            (OffsetUnit::FlooredItems, 8..12),
            (OffsetUnit::Pages, 25..25),
        ] {
            let page = PageRequest::new(Some(4), Some(9), (10, 1_000)).unwrap();
            assert_eq!(page.range(unit, 25), expected);
        }
    }

    #[test]
    fn a_page_has_at_most_the_maximum_of_items() {
        let page = PageRequest::new(Some(100), None, (10, 3)).unwrap();
        assert_eq!(page.range(OffsetUnit::Items, 25), 0..3);
    }
}
