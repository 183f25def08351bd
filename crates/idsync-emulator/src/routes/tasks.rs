//! DataArts Studio: the user synchronization tasks of a workspace.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use super::paging::PageRequest;
use crate::builder::OffsetUnit;
use crate::clock::ServiceTime;
use crate::gateway::{ApiError, service_error};
use crate::scenario::form::ClusterType;
use crate::state::ClusterEntry;

pub(super) const PATH: &str = "/v1/{project_id}/security/member-sync-tasks";

/// Default number of tasks of a page, as in sibling operations, and maximum number (inferred).
const PAGES: (u32, u32) = (10, 1_000);

/// DataArts Studio publishes no error codes for its operation.
const INVALID_QUERY: &str = "DLS.0400";
const UNKNOWN_WORKSPACE: &str = "DLS.0404";

/// The documented values of parameters.
const SYNC_STATUSES: &str = "UNKNOWN NOT_SYNC SYNCING SYNC_SUCCESS SYNC_FAIL";
const SCHEDULE_STATUSES: &str = "NOT_SCHEDULE SCHEDULING";
const ORDERS: &str = "CLUSTER_NAME CREATE_TIME UPDATE_TIME SYNC_TIME";

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

/// `GET` of the tasks.
pub(super) async fn list(
    State(app): State<Arc<AppState>>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    query: Result<Query<TaskQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let invalid = |error: String| service_error(INVALID_QUERY, error);
    let workspace_id = headers.get("workspace").filter(|id| !id.is_empty());
    let missing = || invalid("The request header workspace is missing or empty.".to_owned());
    let workspace_id = workspace_id.ok_or_else(missing)?;
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let page = PageRequest::new(query.limit, query.offset, PAGES).map_err(invalid)?;
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
