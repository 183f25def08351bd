//! DWS: the synchronization records of a cluster's identity sources.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::error::ApiError;
use crate::paging::{OffsetUnit, PageRequest};
use crate::scenario::form::ClusterType;
use crate::state::RecordList;

pub(super) const PATH: &str = "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records";

/// Records of a page without `limit` (reference page).
const DEFAULT_LIMIT: u32 = 1_000;

/// Most records of a page. Not documented; inferred.
const MAX_PAGE: u32 = 10_000;

/// The published code for values out of range.
const INVALID_PARAMETER: &str = "DWS.5038";

/// No code and no 404 is published for an unknown cluster: this is the code for an invalid id, with 400 (inferred).
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
    uri: Uri,
) -> Result<Json<Value>, ApiError> {
    let invalid = |error: String| ApiError::service(INVALID_PARAMETER, error);
    let query: RecordQuery = app.records_paging.read_query(&uri).map_err(invalid)?;
    let page = PageRequest {
        limit: query.limit,
        offset: query.offset,
        default_limit: DEFAULT_LIMIT,
        max_page: MAX_PAGE,
        unit: OffsetUnit::Pages,
    };
    page.check().map_err(invalid)?;
    let cluster = app
        .state
        .cluster(ClusterType::Dws, &project_id, &cluster_id);
    let unknown = "Invalid UUID: no DWS cluster has this ID.";
    let cluster = cluster.ok_or_else(|| ApiError::service(UNKNOWN_CLUSTER, unknown))?;
    let records = RecordList::new(cluster, app.clock.time());
    let call = app.record_page_count.fetch_add(1, Ordering::Relaxed);
    let (range, count) = app.records_paging.page(page, records.len(), call);
    let records = range.filter_map(|at| records.get(at));
    let mut body = json!({ "sync_records": records.collect::<Vec<_>>() });
    if let Some(count) = count {
        body["count"] = count.into();
    }
    Ok(Json(body))
}
