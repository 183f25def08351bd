//! MRS: whether a cluster is synchronizing IAM users.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::gateway::{ApiError, service_error};
use crate::scenario::form::ClusterType;

pub(super) const PATH: &str = "/v2/{project_id}/clusters/{cluster_id}/iam-sync";

/// Both codes are from the error table of MRS, which answers them with 400.
const INVALID_CLUSTER_ID: &str = "12000002";
const UNKNOWN_CLUSTER: &str = "12000003";

/// A query without parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// A cluster ID has 1 to 64 letters, digits, `_` and `-` (reference page).
pub(super) async fn show(
    State(app): State<Arc<AppState>>,
    Path((project_id, cluster_id)): Path<(String, String)>,
    query: Result<Query<NoQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    query.map_err(|error| service_error(INVALID_CLUSTER_ID, error.body_text()))?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !(1..=64).contains(&cluster_id.len()) || !cluster_id.bytes().all(is_allowed) {
        let message =
            "Invalid cluster ID: it has 1 to 64 letters, digits, underscores and hyphens.";
        return Err(service_error(INVALID_CLUSTER_ID, message));
    }
    let state = &app.state;
    let cluster = state.cluster(ClusterType::Mrs, &project_id, &cluster_id);
    let unknown = "The cluster does not exist.";
    let cluster = cluster.ok_or_else(|| service_error(UNKNOWN_CLUSTER, unknown))?;
    let time = app.live().clock.time();
    Ok(Json(match cluster.is_synchronizing(time) {
        Some(flag) => json!({ "is_synchronizing": flag }),
        None => json!({}),
    }))
}
