//! The JSON API: the same forms as the command prints.

use std::cmp::Reverse;
use std::io::{self, Write};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use idsync::health::{ClusterHealth, Report, Rules};
use jiff::{SignedDuration, Timestamp};
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Chunks, Site};
use crate::ClusterHistory;
use crate::cluster_key::ClusterKey;
use crate::monitor::{Monitor, Snapshot};

/// How far back a history goes where nothing is given.
const DEFAULT_SINCE: &str = "7d";

/// How many clusters one page of the list has at most.
const MOST_CLUSTERS: usize = 1_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    offset: usize,
    limit: Option<usize>,
    verdict: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HistoryQuery {
    since: Option<String>,
}

/// One page of the clusters.
#[derive(Serialize)]
struct ClusterPage<'a> {
    /// How many clusters there are on all pages.
    total: usize,
    clusters: Vec<&'a ClusterHealth>,
}

/// A refusal, in the form of the command's errors.
fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
    let error = json!({ "error": { "kind": kind, "message": message } });
    (status, Json(error)).into_response()
}

fn no_sweep() -> Response {
    let message = "no sweep has ended yet";
    refusal(StatusCode::SERVICE_UNAVAILABLE, "incomplete", message)
}

/// The report of the last sweep, with every cluster.
pub(super) async fn report(State(site): State<Site>) -> Response {
    let Some(snapshot) = site.monitor.snapshot() else {
        return no_sweep();
    };
    let parts = move || {
        let render = |chunks: &mut Chunks| write_report(&snapshot, chunks);
        snapshot.report_text.get(render)
    };
    super::text("application/json", parts).await
}

/// Writes the report with the clusters of the fleet, worst first, without a copy of them.
fn write_report(snapshot: &Snapshot, chunks: &mut Chunks) -> io::Result<()> {
    let report = serde_json::to_string(&snapshot.report)?;
    // No text within the report has a quotation mark that is not escaped.
    let (before, after) = report
        .split_once("\"clusters\":[")
        .ok_or(io::ErrorKind::InvalidData)?;
    let mut clusters: Vec<_> = snapshot.fleet.present().map(|one| &*one.health).collect();
    clusters.sort_by(|one, other| rank(one).cmp(&rank(other)));
    write!(chunks, "{before}\"clusters\":[")?;
    let mut text = Vec::new();
    for (index, cluster) in clusters.into_iter().enumerate() {
        text.clear();
        if index > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, cluster)?;
        chunks.write_all(&text)?;
    }
    chunks.write_all(after.as_bytes())
}

fn rank(cluster: &ClusterHealth) -> impl Ord {
    let (name, id) = (&cluster.cluster_name, &cluster.cluster_id);
    (Reverse(cluster.verdict), name, id)
}

/// The clusters of the last sweep, page by page.
pub(super) async fn clusters(State(site): State<Site>, Query(query): Query<ListQuery>) -> Response {
    let Some(snapshot) = site.monitor.snapshot() else {
        return no_sweep();
    };
    let clusters = snapshot.fleet.present().filter(|cluster| {
        let verdict = query.verdict.as_deref();
        verdict.is_none_or(|verdict| cluster.verdict().as_str() == verdict)
    });
    let limit = query.limit.unwrap_or(MOST_CLUSTERS).min(MOST_CLUSTERS);
    let clusters: Vec<_> = clusters.collect();
    let page = clusters.iter().skip(query.offset).take(limit);
    let page = ClusterPage {
        total: clusters.len(),
        clusters: page.map(|cluster| &*cluster.health).collect(),
    };
    Json(page).into_response()
}

/// One cluster of the last sweep.
pub(super) async fn cluster(State(site): State<Site>, Path(key): Path<ClusterKey>) -> Response {
    match site.monitor.known(&key) {
        Some(known) => Json(&*known.health).into_response(),
        None => no_cluster(),
    }
}

fn no_cluster() -> Response {
    let message = "there is no such cluster";
    refusal(StatusCode::NOT_FOUND, "not_found", message)
}

/// The past of one cluster.
pub(super) async fn history(
    State(site): State<Site>,
    Path(key): Path<ClusterKey>,
    Query(query): Query<HistoryQuery>,
) -> Response {
    let text = query.since.as_deref().unwrap_or(DEFAULT_SINCE);
    let Some(from) = since(text, site.monitor.now()) else {
        let message = "since: give a duration such as 7d, or a time such as 2026-11-22T06:00:00Z";
        return refusal(StatusCode::BAD_REQUEST, "invalid_input", message);
    };
    let read = move |monitor: &Monitor| monitor.store.reader().history(&key, from);
    match site.monitor.blocking(read).await {
        Ok(Some(history)) => Json(history).into_response(),
        Ok(None) => no_cluster(),
        Err(_) => {
            let message = "the history cannot be read";
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "service", message)
        }
    }
}

fn since(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let age = Rules::parse_duration(text).ok()?;
    now.checked_sub(SignedDuration::try_from(age).ok()?).ok()
}

/// The OpenAPI document of this API.
pub(super) async fn openapi() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, document().to_string()).into_response()
}

fn document() -> Value {
    let mut generator = SchemaSettings::openapi3().for_serialize().into_generator();
    generator.subschema_for::<Report>();
    generator.subschema_for::<ClusterHistory>();
    let paths = include_str!("../../templates/openapi.json");
    let mut document: Value = serde_json::from_str(paths).unwrap_or_default();
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["components"]["schemas"] = generator.take_definitions(true).into();
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_document_has_a_schema() {
        let document = document();
        let text = document.to_string();
        let references: Vec<_> = text.split("\"#/components/schemas/").skip(1).collect();
        assert!(references.len() > 4, "{text}");
        for reference in references {
            let name = reference.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"][name].is_object(),
                "{name}"
            );
        }
    }
}
