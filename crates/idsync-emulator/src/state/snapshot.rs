//! The whole state at one moment, for those who test against it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::{ClusterEntry, RecordList, State};
use crate::clock::ServiceTime;
use crate::scenario::form::{ClusterType, Verdict};

/// Every cluster counted, and some of them shown.
#[derive(Debug, Serialize)]
pub(crate) struct Snapshot<'a> {
    workspaces: Vec<WorkspaceSummary<'a>>,
    /// How many clusters have to get each verdict.
    planted: BTreeMap<Verdict, u64>,
    total: u64,
    clusters: Vec<ClusterSummary<'a>>,
}

/// A workspace and how many tasks it lists.
#[derive(Debug, Serialize)]
struct WorkspaceSummary<'a> {
    id: &'a str,
    name: &'a str,
    project_id: &'a str,
    tasks: usize,
}

/// A cluster as it is now.
#[derive(Debug, Serialize)]
struct ClusterSummary<'a> {
    cluster_id: &'a str,
    cluster_name: &'a str,
    cluster_type: ClusterType,
    /// `None` if DataArts Studio does not know the cluster.
    task: Option<TaskSummary<'a>>,
    /// Whether its own service has a run in progress; `None` if it does not say.
    running: Option<bool>,
    /// DWS: how many records there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<u64>,
    /// The verdict of a health check: now if it was generated, at the start of the clock if the scenario tells.
    verdict: Option<Verdict>,
}

/// The task of a cluster as it is now.
#[derive(Debug, Serialize)]
struct TaskSummary<'a> {
    id: &'a str,
    sync_status: String,
    schedule_status: &'static str,
    sync_time: Option<i64>,
}

impl State {
    /// Counts everything, and shows the clusters at these positions: the scenario's own in its order, then the generated ones.
    pub(crate) fn snapshot(&self, shown: Range<usize>, time: ServiceTime) -> Snapshot<'_> {
        let workspaces = self.workspaces.iter().map(|workspace| WorkspaceSummary {
            id: &workspace.id,
            name: &workspace.name,
            project_id: self
                .projects
                .get(workspace.project)
                .map_or("", |project| project.id.as_str()),
            tasks: workspace.tasks.len(),
        });
        let mut planted = BTreeMap::new();
        for verdict in self.clusters.iter().filter_map(|it| it.verdict(time)) {
            *planted.entry(verdict).or_default() += 1;
        }
        let clusters = self.clusters.iter().skip(shown.start).take(shown.len());
        Snapshot {
            workspaces: workspaces.collect(),
            planted,
            total: self.clusters.len() as u64,
            clusters: clusters.map(|it| ClusterSummary::new(it, time)).collect(),
        }
    }
}

impl<'a> ClusterSummary<'a> {
    fn new(cluster: &'a ClusterEntry, time: ServiceTime) -> Self {
        let task = cluster.task.as_ref().map(|task| {
            let state = task.state(time);
            TaskSummary {
                id: &task.id,
                sync_status: state.sync_status.to_owned(),
                schedule_status: state.schedule_status,
                sync_time: state.last_run(),
            }
        });
        let is_dws = cluster.kind == ClusterType::Dws;
        Self {
            cluster_id: &cluster.cluster_id,
            cluster_name: &cluster.name,
            cluster_type: cluster.kind,
            task,
            running: cluster.is_running(time),
            records: is_dws.then(|| RecordList::new(cluster, time).len()),
            verdict: cluster.verdict(time),
        }
    }
}
