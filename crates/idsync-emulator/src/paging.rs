//! How a service splits its lists into pages. The reference pages leave much of it open.

use std::ops::Range;

use axum::extract::Query;
use http::Uri;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Pages before which items are inserted at the front of a list.
const INSERTING_PAGES: u64 = 20;

/// How one list is split into pages. [`Paging::default`] is as documented by the service.
///
/// ```
/// use idsync_emulator::{OffsetUnit, PageTotal, Paging};
///
/// let capped = Paging {
///     offset: Some(OffsetUnit::FlooredItems),
///     max_page: Some(50),
///     total: PageTotal::Absent,
///     ..Paging::default()
/// };
/// # let _ = capped;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// Unit of `offset`. Default: items for tasks and pages for records, as the reference pages say.
    pub offset: Option<OffsetUnit>,
    /// Maximum number of items of a page, whatever `limit` says. Default: 1,000 tasks or 10,000 records.
    pub max_page: Option<u32>,
    /// Meaning of `total` or `count`. Default: the number of all items.
    pub total: PageTotal,
    /// Number of items inserted at the front of the list before each page after the first, at most 20 times, and at most a
    /// twentieth of the list.
    pub inserts: u32,
    /// Number of items removed from the front of the list before each page after the first.
    pub deletes: u32,
    /// Query parameters without effect, such as `offset` or `sync_status`. Default: none.
    pub ignores: Vec<String>,
}

/// Unit of `offset`.
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

/// Meaning of the total of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageTotal {
    /// The number of all items.
    #[default]
    All,
    /// The number of items on the page.
    Page,
    /// The field is absent.
    Absent,
}

/// `limit` and `offset` of a request, and the documented behaviour of its operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRequest {
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<u32>,
    /// Items of a page without `limit`.
    pub(crate) default_limit: u32,
    /// Maximum number of items of a page.
    pub(crate) max_page: u32,
    /// Unit of `offset`.
    pub(crate) unit: OffsetUnit,
}

impl PageRequest {
    /// # Errors
    ///
    /// The parameter and its range.
    pub(crate) fn check(&self) -> Result<(), String> {
        let max = i32::MAX.unsigned_abs();
        if self.limit.is_some_and(|limit| !(1..=max).contains(&limit)) {
            return Err(format!("`limit` is a whole number from 1 to {max}"));
        }
        if self.offset.is_some_and(|offset| offset > max) {
            return Err(format!("`offset` is a whole number from 0 to {max}"));
        }
        Ok(())
    }
}

impl Paging {
    pub(crate) fn counting(unit: OffsetUnit) -> Self {
        Self {
            offset: Some(unit),
            ..Self::default()
        }
    }

    /// Reads the query of a request without the parameters that have no effect.
    pub(crate) fn read_query<T: DeserializeOwned>(&self, uri: &Uri) -> Result<T, String> {
        let has_effect = |pair: &&str| {
            let name = pair.split('=').next();
            self.ignores.iter().all(|it| Some(it.as_str()) != name)
        };
        let pairs = uri.query().unwrap_or_default().split('&');
        let pairs: Vec<&str> = pairs.filter(has_effect).collect();
        let uri = Uri::try_from(format!("/?{}", pairs.join("&")));
        let query = Query::try_from_uri(&uri.map_err(|error| error.to_string())?);
        query
            .map(|Query(query)| query)
            .map_err(|error| error.body_text())
    }

    /// The positions of a page in a list of `length` items, and its total, for the `call`th request from 0.
    pub(crate) fn page(
        &self,
        request: PageRequest,
        length: u64,
        call: u64,
    ) -> (Range<u64>, Option<u64>) {
        let max_page = self.max_page.unwrap_or(request.max_page).max(1);
        let limit = request.limit.unwrap_or(request.default_limit);
        let limit = u64::from(limit.min(max_page));
        let offset = u64::from(request.offset.unwrap_or(0));
        let skip = match self.offset.unwrap_or(request.unit) {
            OffsetUnit::Items => offset,
            OffsetUnit::FlooredItems => offset - offset % limit,
            OffsetUnit::Pages => offset.saturating_mul(limit),
        };
        let front = self.front(length, call);
        let start = front.saturating_add(skip).min(length);
        let end = start.saturating_add(limit).min(length);
        let total = match self.total {
            PageTotal::All => Some(length - front),
            PageTotal::Page => Some(end - start),
            PageTotal::Absent => None,
        };
        (start..end, total)
    }

    /// Number of items at the front of the list that are not yet inserted, or removed.
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
    use std::collections::BTreeMap;

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
            ignores: vec!["offset".into(), "limit".into()],
            ..Paging::default()
        };
        let uri = "/x?offset=5&order=a%20b&limit=3".parse().unwrap();
        let query: BTreeMap<String, String> = ignores.read_query(&uri).unwrap();
        assert_eq!(query, [("order".into(), "a b".into())].into());
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
