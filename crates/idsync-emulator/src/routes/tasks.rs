//! DataArts Studio: the user synchronization tasks of a workspace.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::clock::ServiceTime;
use crate::error::ApiError;
use crate::paging::{OffsetUnit, PageRequest, Paging};
use crate::scenario::form::ClusterType;
use crate::state::ClusterEntry;

pub(super) const PATH: &str = "/v1/{project_id}/security/member-sync-tasks";

/// Items of a page if no limit is given. Not documented; sibling operations use 10.
const DEFAULT_LIMIT: u32 = 10;

/// A larger limit gives pages of this many items. Not documented; inferred.
const LARGEST_PAGE: u32 = 1_000;

/// No error codes are published for this operation; clients can only show them.
const INVALID_PARAMETER: &str = "DLS.0400";
const UNKNOWN_WORKSPACE: &str = "DLS.0404";

/// The documented values of parameters.
const SYNC_STATUSES: &str = "UNKNOWN NOT_SYNC SYNCING SYNC_SUCCESS SYNC_FAIL";
const SCHEDULE_STATUSES: &str = "NOT_SCHEDULE SCHEDULING";
const ORDERS: &str = "CLUSTER_NAME CREATE_TIME UPDATE_TIME SYNC_TIME";

/// The query of a request. A direction without a field has no meaning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskQuery {
    limit: Option<u32>,
    offset: Option<u32>,
    cluster_type: Option<ClusterType>,
    /// Matches a name that contains it (inferred).
    cluster_name: Option<String>,
    sync_status: Option<String>,
    schedule_status: Option<String>,
    order_by: Option<String>,
    order_by_asc: Option<bool>,
}

pub(super) async fn list(
    Extract(app): Extract<Arc<AppState>>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    query: Result<Query<TaskQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let workspace_id = workspace_id(&headers)?;
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let query = query.checked().map_err(invalid)?;
    let query = query.heeded(&app.tasks_paging);
    let workspace = app.state.workspace(&project_id, workspace_id);
    let workspace = workspace.ok_or_else(unknown_workspace)?;
    let time = app.clock.time();
    let mut clusters: Vec<&ClusterEntry> = app.state.listed(workspace).collect();
    clusters.retain(|cluster| query.matches(cluster, time));
    query.sort(&mut clusters, time);
    let request = PageRequest {
        limit: query.limit,
        offset: query.offset,
        default_limit: DEFAULT_LIMIT,
        max_page: LARGEST_PAGE,
        unit: OffsetUnit::Items,
    };
    let call = app.counters.task_pages.fetch_add(1, Ordering::Relaxed);
    let (range, total) = app.tasks_paging.page(request, clusters.len() as u64, call);
    let positions = range.filter_map(|at| clusters.get(usize::try_from(at).ok()?));
    let tasks = positions.filter_map(|cluster| app.state.task_body(cluster, time));
    let mut page = json!({ "tasks": tasks.collect::<Vec<_>>() });
    if let Some(total) = total {
        page["total"] = total.into();
    }
    Ok(Json(page))
}

fn workspace_id(headers: &HeaderMap) -> Result<&str, ApiError> {
    let header = headers.get("workspace").filter(|id| !id.is_empty());
    let missing = || invalid("The request header workspace is missing or empty.");
    // An id that is not ASCII is that of no workspace.
    let id = header.ok_or_else(missing)?.to_str();
    id.map_err(|_| unknown_workspace())
}

fn unknown_workspace() -> ApiError {
    ApiError::service(
        StatusCode::BAD_REQUEST,
        UNKNOWN_WORKSPACE,
        "Workspace does not exists. Check the header workspace, and X-Project-Id.",
    )
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::service(StatusCode::BAD_REQUEST, INVALID_PARAMETER, message)
}

impl TaskQuery {
    /// # Errors
    ///
    /// Parameter and documented values, for a value that is not documented.
    fn checked(self) -> Result<Self, String> {
        check_page(self.limit, self.offset)?;
        for (name, value, allowed) in [
            ("sync_status", &self.sync_status, SYNC_STATUSES),
            ("schedule_status", &self.schedule_status, SCHEDULE_STATUSES),
            ("order_by", &self.order_by, ORDERS),
        ] {
            if let Some(value) = value
                && !allowed.split(' ').any(|known| known == value)
            {
                return Err(format!("`{name}` is one of {allowed}"));
            }
        }
        Ok(self)
    }

    /// Without the filters that the emulated service ignores.
    fn heeded(self, paging: &Paging) -> Self {
        Self {
            cluster_type: self.cluster_type.filter(|_| paging.heeds("cluster_type")),
            cluster_name: self.cluster_name.filter(|_| paging.heeds("cluster_name")),
            sync_status: self.sync_status.filter(|_| paging.heeds("sync_status")),
            schedule_status: self
                .schedule_status
                .filter(|_| paging.heeds("schedule_status")),
            order_by: self.order_by.filter(|_| paging.heeds("order_by")),
            ..self
        }
    }

    fn matches(&self, cluster: &ClusterEntry, time: ServiceTime) -> bool {
        let part = self.cluster_name.as_deref().unwrap_or_default();
        if self.cluster_type.is_some_and(|kind| kind != cluster.kind)
            || !cluster.name.contains(part)
        {
            return false;
        }
        if self.sync_status.is_none() && self.schedule_status.is_none() {
            return true;
        }
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        cluster.task.as_ref().is_some_and(|task| {
            let state = task.state(time);
            is(&self.sync_status, state.sync_status)
                && is(&self.schedule_status, state.schedule_status)
        })
    }

    /// Ascending unless the query says otherwise (inferred). A task that never ran has no time and comes first.
    fn sort(&self, clusters: &mut [&ClusterEntry], time: ServiceTime) {
        let task = |cluster: &&ClusterEntry| cluster.task.clone();
        match self.order_by.as_deref() {
            Some("CLUSTER_NAME") => clusters.sort_by(|a, b| a.name.cmp(&b.name)),
            Some("CREATE_TIME" | "UPDATE_TIME") => {
                let at = usize::from(self.order_by.as_deref() == Some("UPDATE_TIME"));
                clusters.sort_by_cached_key(|it| {
                    task(it).and_then(|task| task.configured(time).get(at).copied())
                });
            }
            Some(_) => clusters.sort_by_cached_key(|it| {
                let task = it.task.as_ref();
                task.and_then(|task| task.state(time).last_run())
            }),
            None => return,
        }
        if self.order_by_asc == Some(false) {
            clusters.reverse();
        }
    }
}

/// The range of `limit` and `offset` at both services.
///
/// # Errors
///
/// Parameter and range.
pub(super) fn check_page(limit: Option<u32>, offset: Option<u32>) -> Result<(), String> {
    let most = i32::MAX.unsigned_abs();
    if limit.is_some_and(|limit| !(1..=most).contains(&limit)) {
        return Err(format!("`limit` is a whole number from 1 to {most}"));
    }
    if offset.is_some_and(|offset| offset > most) {
        return Err(format!("`offset` is a whole number from 0 to {most}"));
    }
    Ok(())
}
