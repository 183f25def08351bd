//! DWS: the synchronization records of a cluster's identity sources.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use super::tasks::check_page;
use crate::error::ApiError;
use crate::paging::{OffsetUnit, PageRequest};
use crate::scenario::form::ClusterType;
use crate::state::RecordList;

pub(super) const PATH: &str = "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records";

/// Size of a page if no limit is given (reference page).
const DEFAULT_LIMIT: u32 = 1_000;

/// A larger limit gives pages of this many records. The page names no maximum; inferred.
const LARGEST_PAGE: u32 = 10_000;

/// DWS publishes this code for values out of range.
const INVALID_PARAMETER: &str = "DWS.5038";

/// DWS publishes no code for a cluster that does not exist and no 404 for this operation: its code for a bad id is
/// used, with 400 (inferred).
const UNKNOWN_CLUSTER: &str = "DWS.5064";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    offset: Option<u32>,
    limit: Option<u32>,
}

/// The page does not say whether `count` means all records or those on it: all (inferred).
pub(super) async fn list(
    Extract(app): Extract<Arc<AppState>>,
    Path((project_id, cluster_id)): Path<(String, String)>,
    query: Result<Query<RecordQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let refuse = |code, message: String| ApiError::service(StatusCode::BAD_REQUEST, code, message);
    let query = query.map_err(|error| refuse(INVALID_PARAMETER, error.body_text()))?;
    check_page(query.limit, query.offset).map_err(|error| refuse(INVALID_PARAMETER, error))?;
    let cluster = app
        .state
        .cluster(ClusterType::Dws, &project_id, &cluster_id)
        .ok_or_else(|| {
            let message = "Invalid UUID: no DWS cluster has this ID.";
            refuse(UNKNOWN_CLUSTER, message.to_owned())
        })?;
    let records = RecordList::new(cluster, app.clock.time());
    let request = PageRequest {
        limit: query.limit,
        offset: query.offset,
        default_limit: DEFAULT_LIMIT,
        max_page: LARGEST_PAGE,
        unit: OffsetUnit::Pages,
    };
    let call = app.counters.record_pages.fetch_add(1, Ordering::Relaxed);
    let (range, count) = app.records_paging.page(request, records.len(), call);
    let records: Vec<Value> = range.filter_map(|at| records.get(at)).collect();
    let mut page = json!({ "sync_records": records });
    if let Some(count) = count {
        page["count"] = count.into();
    }
    Ok(Json(page))
}
