//! What the query of a page asks for, and links to other queries.

use jiff::SignedDuration;
use serde::Deserialize;
use url::Url;

use crate::store::OverviewFilter;

/// Clusters on one page.
const ROWS: u32 = 50;

/// What the query of a page asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageQuery {
    pub(super) range: String,
    pub(super) unwell: String,
    pub(super) project: String,
    pub(super) q: String,
    pub(super) page: u32,
    /// `1` reloads the page every 5 seconds. Not the default: a forced reload disturbs readers, above all with assistive technology.
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

    /// The query of this page with or without reloading.
    pub(super) fn switch(&self) -> String {
        let other = Self {
            refresh: if self.is_live() {
                String::new()
            } else {
                "1".to_owned()
            },
            ..self.clone()
        };
        let (range, _) = self.range();
        let link = other.link(range, self.is_unwell(), self.page);
        link.trim_start_matches('/').to_owned()
    }

    pub(super) fn filter(&self) -> OverviewFilter {
        OverviewFilter {
            only_unwell: self.is_unwell(),
            project_id: (!self.project.is_empty()).then(|| self.project.clone()),
            search: self.q.trim().to_owned(),
            offset: self.page.saturating_mul(ROWS),
            limit: ROWS,
        }
    }

    /// The address of this page with another range, filter or number.
    pub(super) fn link(&self, range: &str, unwell: bool, page: u32) -> String {
        let Ok(mut url) = Url::parse("http://localhost/") else {
            return "/".to_owned();
        };
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("range", range);
            if unwell {
                query.append_pair("unwell", "1");
            }
            for (name, value) in [("project", &self.project), ("q", &self.q)] {
                if !value.is_empty() {
                    query.append_pair(name, value);
                }
            }
            if self.is_live() {
                query.append_pair("refresh", "1");
            }
            if page > 0 {
                query.append_pair("page", &page.to_string());
            }
        }
        format!("/?{}", url.query().unwrap_or_default())
    }
}
