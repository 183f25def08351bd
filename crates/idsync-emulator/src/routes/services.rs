//! The three reading operations: the tasks of DataArts Studio, the records of DWS and the flag of MRS.

use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::builder::OffsetUnit;
use crate::clock::ServiceTime;
use crate::gateway::{ApiError, gateway_error};
use crate::scenario::form::ClusterType;
use crate::state::{ClusterEntry, RecordList};

pub(super) const TASKS: &str = "/v1/{project_id}/security/member-sync-tasks";
pub(super) const RECORDS: &str = "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records";
pub(super) const SYNCING: &str = "/v2/{project_id}/clusters/{cluster_id}/iam-sync";

/// Default number of tasks of a page, as in sibling operations, and maximum number (inferred).
const TASK_PAGES: (u32, u32) = (10, 1_000);

/// Default number of records of a page (reference page), and maximum number (inferred).
const RECORD_PAGES: (u32, u32) = (1_000, 10_000);

/// DataArts Studio publishes no error codes for its operation.
const INVALID_TASK_QUERY: &str = "DLS.0400";
const UNKNOWN_WORKSPACE: &str = "DLS.0404";

/// The published code of DWS for values out of range.
const INVALID_RECORD_QUERY: &str = "DWS.5038";

/// No code and no 404 is published for an unknown cluster of DWS: this is the code for an invalid id, with 400 (inferred).
const UNKNOWN_DWS_CLUSTER: &str = "DWS.5064";

/// Both codes are from the error table of MRS, which answers them with 400.
const INVALID_CLUSTER_ID: &str = "12000002";
const UNKNOWN_MRS_CLUSTER: &str = "12000003";

/// The documented values of parameters.
const SYNC_STATUSES: &str = "UNKNOWN NOT_SYNC SYNCING SYNC_SUCCESS SYNC_FAIL";
const SCHEDULE_STATUSES: &str = "NOT_SCHEDULE SCHEDULING";
const ORDERS: &str = "CLUSTER_NAME CREATE_TIME UPDATE_TIME SYNC_TIME";

/// 400 from DataArts Studio, DWS or MRS.
fn service_error(code: &str, message: impl Into<String>) -> ApiError {
    gateway_error(StatusCode::BAD_REQUEST, code, message)
}

/// The page of a list that a request asks for.
#[derive(Clone, Copy, Debug)]
struct PageRequest {
    limit: u64,
    offset: u64,
}

impl PageRequest {
    /// Reads the parameters `limit` and `offset`. A page has `default` items without `limit`, and at most `max`.
    ///
    /// # Errors
    ///
    /// The parameter that is out of range, and its range.
    fn new(
        limit: Option<u32>,
        offset: Option<u32>,
        (default, max): (u32, u32),
    ) -> Result<Self, String> {
        let highest = i32::MAX.unsigned_abs();
        let (limit, offset) = (limit.unwrap_or(default), offset.unwrap_or(0));
        if !(1..=highest).contains(&limit) {
            return Err(format!("`limit` is a whole number from 1 to {highest}"));
        }
        if offset > highest {
            return Err(format!("`offset` is a whole number from 0 to {highest}"));
        }
        Ok(Self {
            limit: limit.min(max).into(),
            offset: offset.into(),
        })
    }

    /// The positions of the page in a list of `length` items.
    fn range(self, unit: OffsetUnit, length: u64) -> Range<u64> {
        let skip = match unit {
            OffsetUnit::Items => self.offset,
            OffsetUnit::FlooredItems => self.offset - self.offset % self.limit,
            OffsetUnit::Pages => self.offset.saturating_mul(self.limit),
        };
        let start = skip.min(length);
        start..start.saturating_add(self.limit).min(length)
    }
}

/// The query for tasks. `order_by_asc` without `order_by` has no effect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskQuery {
    limit: Option<u32>,
    offset: Option<u32>,
    cluster_type: Option<ClusterType>,
    /// Part of a name (inferred).
    cluster_name: Option<String>,
    sync_status: Option<String>,
    schedule_status: Option<String>,
    order_by: Option<String>,
    order_by_asc: Option<bool>,
}

/// DataArts Studio: the user synchronization tasks of a workspace.
pub(super) async fn tasks(
    State(app): State<Arc<AppState>>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    query: Result<Query<TaskQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let invalid = |error: String| service_error(INVALID_TASK_QUERY, error);
    let workspace_id = headers.get("workspace").filter(|id| !id.is_empty());
    let missing = || invalid("The request header workspace is missing or empty.".to_owned());
    let workspace_id = workspace_id.ok_or_else(missing)?;
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let page = PageRequest::new(query.limit, query.offset, TASK_PAGES).map_err(invalid)?;
    query.check().map_err(invalid)?;
    let mut workspaces = app.state.workspaces.iter();
    let workspace = workspaces.find(|it| *workspace_id == *it.id && it.project_id == project_id);
    let unknown = "Workspace does not exists. Check the header workspace, and X-Project-Id.";
    let workspace = workspace.ok_or_else(|| service_error(UNKNOWN_WORKSPACE, unknown))?;
    let time = app.live().clock.time();
    let mut clusters: Vec<&ClusterEntry> = app.state.listed(workspace).collect();
    clusters.retain(|cluster| query.matches(cluster, time));
    query.sort(&mut clusters, time);
    let unit = app.settings.dataarts_offset.unwrap_or(OffsetUnit::Items);
    let positions = page.range(unit, clusters.len() as u64);
    let page = positions.filter_map(|at| clusters.get(usize::try_from(at).ok()?));
    let tasks = page.filter_map(|cluster| app.state.task_body(cluster, time));
    let tasks: Vec<Value> = tasks.collect();
    Ok(Json(json!({"tasks": tasks, "total": clusters.len()})))
}

impl TaskQuery {
    /// # Errors
    ///
    /// The parameter and its documented values.
    fn check(&self) -> Result<(), String> {
        for (name, value, allowed) in [
            ("sync_status", &self.sync_status, SYNC_STATUSES),
            ("schedule_status", &self.schedule_status, SCHEDULE_STATUSES),
            ("order_by", &self.order_by, ORDERS),
        ] {
            let is_allowed = |value: &String| allowed.split(' ').any(|known| known == value);
            if !value.as_ref().is_none_or(is_allowed) {
                return Err(format!("`{name}` is one of {allowed}"));
            }
        }
        Ok(())
    }

    fn matches(&self, cluster: &ClusterEntry, time: ServiceTime) -> bool {
        let part = self.cluster_name.as_deref().unwrap_or_default();
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        self.cluster_type.is_none_or(|it| it == cluster.form.kind)
            && cluster.form.name.contains(part)
            && cluster.task.as_ref().is_some_and(|task| {
                let state = task.state(time);
                is(&self.sync_status, state.sync_status)
                    && is(&self.schedule_status, state.schedule_status)
            })
    }

    /// Ascending by default (inferred). A task that never ran has no time and comes first.
    fn sort(&self, clusters: &mut [&ClusterEntry], time: ServiceTime) {
        match self.order_by.as_deref() {
            None => return,
            Some("CLUSTER_NAME") => clusters.sort_by_key(|it| &it.form.name),
            Some(order) => clusters.sort_by_cached_key(|it| {
                let state = it.task.as_ref()?.state(time);
                match order {
                    "CREATE_TIME" => Some(state.created),
                    "UPDATE_TIME" => Some(state.updated),
                    _ => state.last_run,
                }
            }),
        }
        if self.order_by_asc == Some(false) {
            clusters.reverse();
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    offset: Option<u32>,
    limit: Option<u32>,
}

/// DWS: the synchronization records of a cluster's identity sources. `count` is the number of all records (inferred).
pub(super) async fn records(
    State(app): State<Arc<AppState>>,
    Path((project_id, cluster_id)): Path<(String, String)>,
    query: Result<Query<RecordQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let invalid = |error: String| service_error(INVALID_RECORD_QUERY, error);
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let page = PageRequest::new(query.limit, query.offset, RECORD_PAGES).map_err(invalid)?;
    let state = &app.state;
    let cluster = state.cluster(ClusterType::Dws, &project_id, &cluster_id);
    let unknown = "Invalid UUID: no DWS cluster has this ID.";
    let cluster = cluster.ok_or_else(|| service_error(UNKNOWN_DWS_CLUSTER, unknown))?;
    let time = app.live().clock.time();
    let records = RecordList::new(cluster, time);
    let unit = app.settings.dws_offset.unwrap_or(OffsetUnit::Pages);
    let positions = page.range(unit, records.len);
    let page: Vec<Value> = positions.filter_map(|at| records.get(at)).collect();
    Ok(Json(json!({"sync_records": page, "count": records.len})))
}

/// A query without parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// MRS: whether a cluster is synchronizing IAM users. A cluster ID has 1 to 64 letters, digits, `_` and `-` (reference page).
pub(super) async fn syncing(
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
    let cluster = cluster.ok_or_else(|| service_error(UNKNOWN_MRS_CLUSTER, unknown))?;
    let time = app.live().clock.time();
    Ok(Json(match cluster.is_synchronizing(time) {
        Some(flag) => json!({ "is_synchronizing": flag }),
        None => json!({}),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_counts_items_floored_items_or_pages() {
        for (unit, expected) in [
            (OffsetUnit::Items, 9..13),
            (OffsetUnit::FlooredItems, 8..12),
            (OffsetUnit::Pages, 25..25),
        ] {
            let page = PageRequest::new(Some(4), Some(9), (10, 1_000)).unwrap();
            assert_eq!(page.range(unit, 25), expected);
        }
    }

    #[test]
    fn a_page_has_at_most_the_maximum_of_items() {
        let page = PageRequest::new(Some(100), None, (10, 3)).unwrap();
        assert_eq!(page.range(OffsetUnit::Items, 25), 0..3);
    }
}
