//! DWS: the synchronization records of a cluster's identity sources.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use super::paging::PageRequest;
use crate::builder::OffsetUnit;
use crate::gateway::{ApiError, service_error};
use crate::scenario::form::ClusterType;
use crate::state::RecordList;

pub(super) const PATH: &str = "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records";

/// Default number of records of a page (reference page), and maximum number (inferred).
const PAGES: (u32, u32) = (1_000, 10_000);

/// The published code of DWS for values out of range.
const INVALID_QUERY: &str = "DWS.5038";

/// No code and no 404 is published for an unknown cluster of DWS: this is the code for an invalid id, with 400 (inferred).
const UNKNOWN_CLUSTER: &str = "DWS.5064";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    offset: Option<u32>,
    limit: Option<u32>,
}

/// `count` is the number of all records (inferred).
pub(super) async fn list(
    State(app): State<Arc<AppState>>,
    Path((project_id, cluster_id)): Path<(String, String)>,
    query: Result<Query<RecordQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let invalid = |error: String| service_error(INVALID_QUERY, error);
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let page = PageRequest::new(query.limit, query.offset, PAGES).map_err(invalid)?;
    let state = &app.state;
    let cluster = state.cluster(ClusterType::Dws, &project_id, &cluster_id);
    let unknown = "Invalid UUID: no DWS cluster has this ID.";
    let cluster = cluster.ok_or_else(|| service_error(UNKNOWN_CLUSTER, unknown))?;
    let time = app.live().clock.time();
    let records = RecordList::new(cluster, time);
    let unit = app.settings.dws_offset.unwrap_or(OffsetUnit::Pages);
    let positions = page.range(unit, records.len);
    let page: Vec<Value> = positions.filter_map(|at| records.get(at)).collect();
    Ok(Json(json!({"sync_records": page, "count": records.len})))
}
