//! What the query of a page asks for, and links to other queries.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What the query of a page asks for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct PageQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) range: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) unwell: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) project: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) q: String,
    pub(super) page: u32,
    /// `1` reloads the page every 5 seconds. Not the default: a forced reload disturbs readers, above all with assistive technology.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) refresh: String,
}

impl PageQuery {
    /// Name and length of the time that timelines show.
    pub(super) fn range(&self) -> (&'static str, SignedDuration) {
        match self.range.as_str() {
            "1h" => ("1h", SignedDuration::from_hours(1)),
            "7d" => ("7d", SignedDuration::from_hours(7 * 24)),
            "30d" => ("30d", SignedDuration::from_hours(30 * 24)),
            _ => ("24h", SignedDuration::from_hours(24)),
        }
    }

    pub(super) fn is_unwell(&self) -> bool {
        self.unwell == "1"
    }

    pub(super) fn is_live(&self) -> bool {
        self.refresh == "1"
    }

    /// A link to this page with or without reloading.
    pub(super) fn switch(&self) -> String {
        let refresh = if self.is_live() { "" } else { "1" };
        self.link(self.page, |query| refresh.clone_into(&mut query.refresh))
    }

    /// A link to the first page for another range.
    pub(super) fn range_link(&self, range: &str) -> String {
        self.link(0, |query| range.clone_into(&mut query.range))
    }

    /// A link to the first page of unwell clusters for `1`, of all for nothing.
    pub(super) fn unwell_link(&self, unwell: &str) -> String {
        self.link(0, |query| unwell.clone_into(&mut query.unwell))
    }

    /// A link to a page of clusters, counted from 0, with something else in its query.
    pub(super) fn link(&self, page: u32, change: impl FnOnce(&mut Self)) -> String {
        let mut query = self.clone();
        query.page = page;
        change(&mut query);
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("?{query}")
    }
}
