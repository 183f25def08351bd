//! How a service cuts its lists into pages. The reference pages leave much of it open.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

/// Pages before which items appear at the front of a list.
const INSERTING_PAGES: u64 = 20;

/// How one list is paged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// What `offset` counts. Default: items for tasks and pages for records, as the reference pages say.
    pub offset: Option<OffsetUnit>,
    /// Most items of a page, whatever `limit` says. Default: 1,000 tasks or 10,000 records.
    pub max_page: Option<u32>,
    /// What `total` or `count` tells. Default: the number of all items.
    pub total: PageTotal,
    /// So many items appear at the front of the list before each page after the first, until 20 times as many have appeared, or a twentieth of the list.
    pub inserts: u32,
    /// So many items disappear from the front of the list before each page after the first.
    pub deletes: u32,
    /// Query parameters that have no effect, such as `offset` or `sync_status`. Default: none.
    pub ignores: Vec<String>,
}

/// What `offset` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OffsetUnit {
    /// Items.
    Items,
    /// Items, rounded down to a multiple of `limit`, as sibling operations of DataArts Studio do.
    FlooredItems,
    /// Pages of `limit` items.
    Pages,
}

/// What a page tells of the length of its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageTotal {
    /// The number of all items.
    #[default]
    All,
    /// The number of items on the page.
    Page,
    /// Nothing: the field is left out.
    Absent,
}

/// What a request asks for, and what the operation does unless told otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRequest {
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<u32>,
    /// Size of a page if no limit is given.
    pub(crate) default_limit: u32,
    /// A larger limit gives pages of this size.
    pub(crate) max_page: u32,
    /// What `offset` counts according to the reference page.
    pub(crate) unit: OffsetUnit,
}

impl Paging {
    pub(crate) fn counting(unit: OffsetUnit) -> Self {
        Self {
            offset: Some(unit),
            ..Self::default()
        }
    }

    /// Whether a query parameter has an effect.
    pub(crate) fn heeds(&self, parameter: &str) -> bool {
        self.ignores.iter().all(|ignored| ignored != parameter)
    }

    /// The positions of a page in a list of `length` items, and the total that is reported, at the `call`th request from 0.
    pub(crate) fn page(
        &self,
        request: PageRequest,
        length: u64,
        call: u64,
    ) -> (Range<u64>, Option<u64>) {
        let limit = request.limit.filter(|_| self.heeds("limit"));
        let max_page = self.max_page.unwrap_or(request.max_page).max(1);
        let take = u64::from(limit.unwrap_or(request.default_limit).min(max_page));
        let offset = request.offset.filter(|_| self.heeds("offset"));
        let offset = u64::from(offset.unwrap_or(0));
        let skip = match self.offset.unwrap_or(request.unit) {
            OffsetUnit::Items => offset,
            OffsetUnit::FlooredItems => offset - offset % take,
            OffsetUnit::Pages => offset.saturating_mul(take),
        };
        let front = self.front(length, call);
        let start = front.saturating_add(skip).min(length);
        let end = start.saturating_add(take).min(length);
        let total = match self.total {
            PageTotal::All => Some(length - front),
            PageTotal::Page => Some(end - start),
            PageTotal::Absent => None,
        };
        (start..end, total)
    }

    /// How many items at the front of the list are not there yet, or no more.
    fn front(&self, length: u64, call: u64) -> u64 {
        let hidden = (u64::from(self.inserts) * INSERTING_PAGES).min(length / 20);
        let inserted = call.saturating_mul(self.inserts.into());
        let deleted = call.saturating_mul(self.deletes.into());
        hidden
            .saturating_sub(inserted)
            .saturating_add(deleted)
            .min(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(limit: u32, offset: u32) -> PageRequest {
        PageRequest {
            limit: Some(limit),
            offset: Some(offset),
            default_limit: 10,
            max_page: 1_000,
            unit: OffsetUnit::Items,
        }
    }

    fn page(paging: &Paging, limit: u32, offset: u32, call: u64) -> (Range<u64>, Option<u64>) {
        paging.page(request(limit, offset), 25, call)
    }

    fn long_page(paging: &Paging, call: u64) -> (Range<u64>, Option<u64>) {
        paging.page(request(5, 0), 1_000, call)
    }

    #[test]
    fn an_offset_counts_items_floored_items_or_pages() {
        for (unit, expected) in [
            (OffsetUnit::Items, 9..13),
            (OffsetUnit::FlooredItems, 8..12),
            (OffsetUnit::Pages, 25..25),
        ] {
            let paging = Paging {
                offset: Some(unit),
                ..Paging::default()
            };
            assert_eq!(page(&paging, 4, 9, 0), (expected, Some(25)));
        }
    }

    #[test]
    fn a_page_is_capped_and_parameters_may_have_no_effect() {
        let paging = Paging {
            max_page: Some(3),
            total: PageTotal::Page,
            ..Paging::default()
        };
        assert_eq!(page(&paging, 100, 23, 0), (23..25, Some(2)));
        let ignores = Paging {
            total: PageTotal::Absent,
            ignores: vec!["offset".into(), "limit".into()],
            ..Paging::default()
        };
        assert_eq!(page(&ignores, 3, 5, 0), (0..10, None));
    }

    #[test]
    fn items_come_and_go_at_the_front_between_two_pages() {
        let grows = Paging {
            inserts: 2,
            ..Paging::default()
        };
        assert_eq!(long_page(&grows, 0), (40..45, Some(960)));
        assert_eq!(long_page(&grows, 1), (38..43, Some(962)));
        assert_eq!(long_page(&grows, 30), (0..5, Some(1_000)));
        assert_eq!(page(&grows, 5, 0, 0), (1..6, Some(24)));
        let shrinks = Paging {
            deletes: 10,
            ..Paging::default()
        };
        assert_eq!(page(&shrinks, 5, 5, 1), (15..20, Some(15)));
        assert_eq!(page(&shrinks, 5, 0, 3), (25..25, Some(0)));
    }
}
