//! MRS: whether a cluster is synchronizing IAM users.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::error::{ApiError, service_error};
use crate::scenario::form::ClusterType;

pub(super) const PATH: &str = "/v2/{project_id}/clusters/{cluster_id}/iam-sync";

/// Both codes are from the error table of MRS, which answers them with 400.
const INVALID_PARAMETER: &str = "12000002";
const UNKNOWN_CLUSTER: &str = "12000003";

/// A query without parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

pub(super) async fn show(
    State(app): State<Arc<AppState>>,
    Path((project_id, cluster_id)): Path<(String, String)>,
    query: Result<Query<NoQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    query.map_err(|error| invalid(error.body_text()))?;
    check_range(&cluster_id)?;
    let cluster = app
        .state
        .cluster(ClusterType::Mrs, &project_id, &cluster_id);
    let cluster = cluster.ok_or_else(|| {
        let message = "The cluster does not exist.";
        service_error(UNKNOWN_CLUSTER, message)
    })?;
    Ok(Json(match cluster.is_synchronizing(app.time()) {
        Some(flag) => json!({ "is_synchronizing": flag }),
        None => json!({}),
    }))
}

/// 1 to 64 letters, digits, `_` and `-` (reference page).
fn check_range(cluster_id: &str) -> Result<(), ApiError> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (1..=64).contains(&cluster_id.len()) && cluster_id.bytes().all(known) {
        return Ok(());
    }
    Err(invalid(
        "Invalid cluster ID: it has 1 to 64 letters, digits, underscores and hyphens.",
    ))
}

fn invalid(message: impl Into<String>) -> ApiError {
    service_error(INVALID_PARAMETER, message)
}
