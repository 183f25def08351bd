//! The pages: all clusters, and one cluster.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use idsync::health::render_times;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Site;
use super::query::PageQuery;
use super::timeline::{HEIGHT, WIDTH, bars, label, lasting};
use crate::cluster_key::ClusterKey;
use crate::fleet::KnownCluster;
use crate::monitor::{Snapshot, lock};
use crate::{ClusterHistory, HistorySpell, MonitorError};

/// Clusters on one page.
const ROWS: usize = 50;

/// Runs that the page of a cluster shows.
const MOST_RUNS: usize = 50;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    from: Timestamp,
    range: &'static str,
    /// The clusters of this page with their spells, oldest first.
    rows: Vec<(&'a KnownCluster, Vec<HistorySpell>)>,
    /// How many clusters the query lets through.
    total: usize,
    projects: BTreeSet<&'a str>,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "cluster.html")]
struct ClusterPage<'a> {
    frame: Frame<'a>,
    from: Timestamp,
    history: ClusterHistory,
    known: Arc<KnownCluster>,
}

/// What every page has, and how it shows times.
struct Frame<'a> {
    site: &'a Site,
    query: &'a PageQuery,
    now: Timestamp,
    snapshot: Option<Arc<Snapshot>>,
}

pub(super) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, include_str!("../../templates/style.css"))
}

pub(super) async fn overview(State(site): State<Site>, Query(query): Query<PageQuery>) -> Response {
    response(site, move |site| overview_page(site, &query)).await
}

pub(super) async fn cluster(
    State(site): State<Site>,
    Path(key): Path<ClusterKey>,
    Query(query): Query<PageQuery>,
) -> Response {
    response(site, move |site| cluster_page(site, &key, &query)).await
}

/// Makes a page on a thread that may wait for the history.
async fn response(
    site: Site,
    page: impl FnOnce(&Site) -> Result<Option<String>, MonitorError> + Send + 'static,
) -> Response {
    let monitor = Arc::clone(&site.monitor);
    match monitor.blocking(move |_| page(&site)).await {
        Ok(Some(page)) => Html(page).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such cluster\n").into_response(),
        Err(error) => {
            tracing::warn!("{error}");
            let message = "the history cannot be read\n";
            (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        }
    }
}

fn overview_page(site: &Site, query: &PageQuery) -> Result<Option<String>, MonitorError> {
    let frame = Frame::new(site, query);
    let (range, length) = query.range();
    let from = frame.before(length);
    let monitor = &site.monitor;
    let fleet = Arc::clone(&lock(&monitor.state).fleet);
    let clusters = fleet.select(query.is_unwell(), &query.project, query.q.trim());
    let page = usize::try_from(query.page).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for cluster in clusters.chunks(ROWS).nth(page).into_iter().flatten() {
        let spells = monitor.store.reader().spells(cluster.key.row(), from)?;
        rows.push((*cluster, spells));
    }
    let has_next = page < clusters.len().saturating_sub(1) / ROWS;
    let projects = fleet.present().map(|one| one.key.project_id.as_str());
    let link = |page| query.link(page, |_| {});
    rendered(&OverviewPage {
        frame,
        from,
        range,
        rows,
        total: clusters.len(),
        projects: projects.collect(),
        previous: query.page.checked_sub(1).map(link),
        next: has_next.then(|| link(query.page + 1)),
    })
}

fn cluster_page(
    site: &Site,
    key: &ClusterKey,
    query: &PageQuery,
) -> Result<Option<String>, MonitorError> {
    let frame = Frame::new(site, query);
    let length = match query.range.as_str() {
        "" => SignedDuration::from_hours(7 * 24),
        _ => query.range().1,
    };
    let from = frame.before(length);
    let history = site.monitor.store.reader().history(key, from)?;
    let (Some(history), Some(known)) = (history, site.monitor.known(key)) else {
        return Ok(None);
    };
    rendered(&ClusterPage {
        frame,
        from,
        history,
        known,
    })
}

fn rendered(page: &impl Template) -> Result<Option<String>, MonitorError> {
    let failed = |error| MonitorError::caused("the page failed", error);
    page.render().map(Some).map_err(failed)
}

impl<'a> Frame<'a> {
    fn new(site: &'a Site, query: &'a PageQuery) -> Self {
        Self {
            site,
            query,
            now: site.monitor.now(),
            snapshot: site.monitor.snapshot(),
        }
    }

    fn before(&self, length: SignedDuration) -> Timestamp {
        self.now.checked_sub(length).unwrap_or(Timestamp::MIN)
    }

    fn zone(&self) -> String {
        let now = self.now.to_zoned(self.site.zone.clone());
        now.strftime("%Z").to_string()
    }

    fn shown(&self, time: &Timestamp) -> String {
        let local = time.to_zoned(self.site.zone.clone());
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// How long ago a time was.
    fn age(&self, time: &Timestamp) -> String {
        self.lasted(time, None)
    }

    /// How long something lasted, or lasts by now.
    fn lasted(&self, began: &Timestamp, ended: Option<&Timestamp>) -> String {
        lasting(ended.unwrap_or(&self.now).as_second() - began.as_second())
    }

    /// A message with its times in the zone of the page.
    fn message(&self, message: &str) -> String {
        render_times(message, |time| self.shown(&time))
    }
}

/// The address of the page of a cluster.
fn href(key: &ClusterKey) -> String {
    let base = Url::parse("http://localhost");
    base.map_or_else(|_| String::new(), |base| key.page(&base).path().to_owned())
}
