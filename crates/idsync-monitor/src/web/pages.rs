//! The pages: all clusters, and one cluster.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use idsync::health::{ClusterHealth, Verdict, render_times};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Site;
use super::query::PageQuery;
use super::timeline::{HEIGHT, Timeline, WIDTH, lasting, timeline};
use crate::cluster_key::ClusterKey;
use crate::monitor::{Snapshot, lock};
use crate::store::{HistoryRun, Overview, OverviewRow};
use crate::{ClusterHistory, MonitorError};

/// Runs that the page of a cluster shows.
const MOST_RUNS: usize = 50;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    status: Status,
    rows: Vec<Row>,
    total: u64,
    projects: Vec<String>,
    project: String,
    search: String,
    range: &'static str,
    unwell: bool,
    link_all: String,
    link_unwell: String,
    /// Name and address of each range.
    ranges: Vec<(&'static str, String)>,
    previous: Option<String>,
    next: Option<String>,
}

/// The line at the top of each page.
struct Status {
    verdict: String,
    counts: Vec<(Verdict, u64)>,
    swept: String,
    oldest: Option<String>,
    /// What could not be read as a whole.
    problems: Vec<String>,
    zone: String,
    is_live: bool,
    /// The query that begins or ends reloading.
    switch: String,
}

struct Row {
    href: String,
    name: String,
    cluster_type: String,
    verdict: Verdict,
    since: String,
    summary: String,
    timeline: Timeline,
}

#[derive(Template)]
#[template(path = "cluster.html")]
struct ClusterPage {
    status: Status,
    history: ClusterHistory,
    health: ClusterHealth,
    title: String,
    since: String,
    unwell: Option<String>,
    timeline: Timeline,
    spells: Vec<[String; 4]>,
    runs: Vec<RunRow>,
    rate: String,
    facts: Vec<(&'static str, String)>,
}

struct RunRow {
    started: String,
    lasted: String,
    source: String,
    status: String,
    class: &'static str,
    counts: String,
    reason: String,
}

pub(super) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, include_str!("../../templates/style.css"))
}

pub(super) async fn overview(State(site): State<Site>, Query(query): Query<PageQuery>) -> Response {
    let page = tokio::task::spawn_blocking(move || overview_page(&site, &query)).await;
    rendered(
        page.map_err(|error| MonitorError::caused("the page failed", error))
            .flatten(),
    )
}

pub(super) async fn cluster(
    State(site): State<Site>,
    Path((project, cluster_type, id)): Path<(String, String, String)>,
    Query(query): Query<PageQuery>,
) -> Response {
    let key = ClusterKey::of_path(project, cluster_type, id);
    let page = tokio::task::spawn_blocking(move || cluster_page(&site, &key, &query)).await;
    match page
        .map_err(|error| MonitorError::caused("the page failed", error))
        .flatten()
    {
        Ok(Some(page)) => rendered(Ok(page)),
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such cluster\n").into_response(),
        Err(error) => rendered::<ClusterPage>(Err(error)),
    }
}

fn rendered<T: Template>(page: Result<T, MonitorError>) -> Response {
    let text = page.and_then(|page| {
        page.render()
            .map_err(|error| MonitorError::caused("the page failed", error))
    });
    match text {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::warn!("{error}");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the history cannot be read\n",
            )
                .into_response()
        }
    }
}

fn overview_page(site: &Site, query: &PageQuery) -> Result<OverviewPage, MonitorError> {
    let now = site.monitor.now();
    let (range, length) = query.range();
    let from = now.checked_sub(length).unwrap_or(Timestamp::MIN);
    let filter = query.filter();
    let Overview {
        rows,
        total,
        projects,
    } = site.monitor.store.reader().overview(&filter, from)?;
    let has_next = u64::from(filter.offset) + (rows.len() as u64) < total;
    let unwell = filter.only_unwell;
    let page = |page| query.link(range, unwell, page);
    let times = Times { site, now };
    let rows = rows.iter().map(|row| times.row(row, from));
    Ok(OverviewPage {
        status: status(site, now, query),
        rows: rows.collect(),
        total,
        projects,
        project: query.project.clone(),
        search: query.q.clone(),
        range,
        unwell,
        link_all: query.link(range, false, 0),
        link_unwell: query.link(range, true, 0),
        ranges: ["1h", "24h", "7d", "30d"]
            .map(|range| (range, query.link(range, unwell, 0)))
            .into(),
        previous: query.page.checked_sub(1).map(page),
        next: has_next.then(|| page(query.page + 1)),
    })
}

fn href(key: &ClusterKey) -> String {
    let url = Url::parse("http://localhost/").ok();
    let path = url.map(|mut url| {
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(key.path());
        }
        url.path().to_owned()
    });
    path.unwrap_or_default()
}

fn cluster_page(
    site: &Site,
    key: &ClusterKey,
    query: &PageQuery,
) -> Result<Option<ClusterPage>, MonitorError> {
    let now = site.monitor.now();
    let (_, length) = match query.range.as_str() {
        "" => ("7d", SignedDuration::from_hours(7 * 24)),
        _ => query.range(),
    };
    let from = now.checked_sub(length).unwrap_or(Timestamp::MIN);
    let Some(history) = site.monitor.store.reader().history(key, from)? else {
        return Ok(None);
    };
    let known = lock(&site.monitor.state).fleet.get(key).cloned();
    let Some(known) = known else { return Ok(None) };
    let times = Times { site, now };
    let spells = history.spells.iter().rev().map(|spell| {
        let ended = spell.ended_at.unwrap_or(now);
        let lasted = lasting(ended.as_second() - spell.began_at.as_second());
        let summary = spell.summary.clone().unwrap_or_default();
        [
            times.shown(spell.began_at),
            lasted,
            spell.verdict.to_string(),
            summary,
        ]
    });
    let runs = history.runs.iter().take(MOST_RUNS);
    Ok(Some(ClusterPage {
        status: status(site, now, query),
        title: known.title().to_owned(),
        since: times.ago(history.since),
        unwell: history.unwell_since.map(|since| times.ago(since)),
        timeline: timeline(&history.spells, from, now),
        spells: spells.collect(),
        runs: runs.map(|run| times.run(run)).collect(),
        rate: rate(&history),
        facts: times.facts(&known.health, known.asked_at),
        health: ClusterHealth::clone(&known.health),
        history,
    }))
}

fn rate(history: &ClusterHistory) -> String {
    match history.success_rate {
        Some(rate) => format!(
            "{} of {} ended runs succeeded ({:.1} %)",
            history.succeeded_runs,
            history.ended_runs,
            rate * 100.0
        ),
        None => "no run has ended in this time".to_owned(),
    }
}

/// Times as pages show them.
struct Times<'a> {
    site: &'a Site,
    now: Timestamp,
}

impl Times<'_> {
    fn shown(&self, time: Timestamp) -> String {
        let local = time.to_zoned(self.site.zone.clone());
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn ago(&self, time: Timestamp) -> String {
        let seconds = self.now.as_second() - time.as_second();
        format!("{} ({})", self.shown(time), lasting(seconds))
    }

    /// A message with its times in the zone of the page.
    fn message(&self, message: &str) -> String {
        render_times(message, |time| self.shown(time))
    }

    fn row(&self, row: &OverviewRow, from: Timestamp) -> Row {
        let key = ClusterKey {
            project_id: row.project_id.clone(),
            cluster_type: row.cluster_type.clone(),
            cluster_id: row.cluster_id.clone(),
        };
        // The present reason, which says how long a run takes by now; the spell has the first one.
        let known = lock(&self.site.monitor.state).fleet.get(&key).cloned();
        let summary = known.map(|known| self.message(known.summary()));
        let since = row.unwell_since.unwrap_or(row.since);
        Row {
            href: href(&key),
            name: row.name.clone().unwrap_or_else(|| row.cluster_id.clone()),
            cluster_type: row.cluster_type.to_uppercase(),
            verdict: row.verdict,
            since: lasting(self.now.as_second() - since.as_second()),
            summary: summary.unwrap_or_default(),
            timeline: timeline(&row.spells, from, self.now),
        }
    }

    fn run(&self, run: &HistoryRun) -> RunRow {
        let lasted = run
            .ended_at
            .map(|ended| ended.as_second() - run.started_at.as_second());
        let counts = [
            ("+", run.add_count),
            ("~", run.update_count),
            ("−", run.delete_count),
            ("✖", run.failed_count),
        ];
        let counts = counts
            .into_iter()
            .filter_map(|(sign, count)| Some(format!("{sign}{}", count?)));
        RunRow {
            started: self.shown(run.started_at),
            lasted: lasted.map_or_else(|| "–".to_owned(), lasting),
            source: run.source.clone(),
            status: run.status.clone().unwrap_or_default(),
            class: match run.succeeded {
                Some(true) => "healthy",
                Some(false) => "failing",
                None => "unknown",
            },
            counts: counts.collect::<Vec<_>>().join(" "),
            reason: run.fail_reason.clone().unwrap_or_default(),
        }
    }

    fn facts(
        &self,
        health: &ClusterHealth,
        asked_at: Option<Timestamp>,
    ) -> Vec<(&'static str, String)> {
        let times = [
            ("Last attempt", health.last_attempt_at),
            ("Last success", health.last_success_at),
            ("Last change", health.last_change_at),
            ("Next due", health.next_due_at),
            ("Failing since", health.failing_since),
            ("Service answered", asked_at),
        ];
        let times = times
            .into_iter()
            .filter_map(|(name, time)| Some((name, self.shown(time?))));
        let failures = health
            .consecutive_failures
            .map(|count| ("Failures in a row", count.to_string()));
        times.chain(failures).collect()
    }
}

fn status(site: &Site, now: Timestamp, query: &PageQuery) -> Status {
    let zone = now.to_zoned(site.zone.clone());
    let zone = zone.strftime("%Z").to_string();
    let Some(snapshot) = site.monitor.snapshot() else {
        return Status {
            verdict: "unknown".to_owned(),
            counts: Vec::new(),
            swept: "no sweep yet".to_owned(),
            oldest: None,
            problems: Vec::new(),
            zone,
            is_live: query.is_live(),
            switch: query.switch(),
        };
    };
    let age = |time: Timestamp| lasting(now.as_second() - time.as_second());
    Status {
        verdict: snapshot.report.verdict.to_string(),
        counts: snapshot.report.counts.clone().into_iter().rev().collect(),
        swept: format!("swept {} ago", age(snapshot.at)),
        oldest: oldest(&snapshot).map(|time| format!("oldest answer {}", age(time))),
        problems: snapshot
            .report
            .reasons
            .iter()
            .map(|reason| reason.message.clone())
            .collect(),
        zone,
        is_live: query.is_live(),
        switch: query.switch(),
    }
}

fn oldest(snapshot: &Snapshot) -> Option<Timestamp> {
    let asked = snapshot
        .fleet
        .present()
        .filter_map(|cluster| cluster.asked_at);
    asked.min()
}
