//! The whole world at one moment, for those who test against it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::history::History;
use super::{Placed, Window, World};
use crate::clock::Time;
use crate::scenario::{ClusterType, Verdict};

/// Every cluster counted, and some of them told.
#[derive(Debug, Serialize)]
pub(crate) struct Census<'a> {
    workspaces: Vec<WorkspaceCount<'a>>,
    /// How many clusters earn each verdict.
    planted: BTreeMap<Verdict, u64>,
    total: u64,
    clusters: Vec<ClusterState>,
}

/// A workspace and how many tasks it lists.
#[derive(Debug, Serialize)]
struct WorkspaceCount<'a> {
    id: &'a str,
    name: &'a str,
    tasks: usize,
}

/// A cluster as it is now.
#[derive(Debug, Serialize)]
struct ClusterState {
    cluster_id: String,
    cluster_name: String,
    cluster_type: ClusterType,
    /// `None` if DataArts Studio does not know the cluster.
    task: Option<TaskSummary>,
    /// Whether its own service tells of a run that is under way; `None` if it does not tell.
    running: Option<bool>,
    /// DWS: how many records there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<u64>,
    /// What a health check has to say of it: now if it was generated, at the start of the clock if the scenario tells.
    verdict: Option<Verdict>,
}

/// The task of a cluster as it is now.
#[derive(Debug, Serialize)]
struct TaskSummary {
    id: String,
    sync_status: String,
    schedule_status: &'static str,
    sync_time: Option<i64>,
}

impl World {
    /// Counts everything, and tells the clusters of a window: the scenario's own in its order, then the generated ones.
    pub(crate) fn census(&self, window: Window, time: Time) -> Census<'_> {
        let total = self.clusters.len() as u64 + u64::from(self.fleet.count());
        let end = window.skip.saturating_add(window.take).min(total);
        let workspaces = self.workspaces.iter().map(|workspace| WorkspaceCount {
            id: &workspace.id,
            name: &workspace.name,
            tasks: workspace.listing.len(),
        });
        Census {
            workspaces: workspaces.collect(),
            planted: self.planted(time),
            total,
            clusters: (window.skip..end)
                .filter_map(|n| self.cluster_state(u32::try_from(n).ok()?, time))
                .collect(),
        }
    }

    fn planted(&self, time: Time) -> BTreeMap<Verdict, u64> {
        let own = self.clusters.iter().filter_map(|own| own.cluster.verdict);
        let generated = (0..self.fleet.count()).map(|n| self.fleet.verdict(n, time));
        own.chain(generated)
            .fold(BTreeMap::new(), |mut counts, verdict| {
                *counts.entry(verdict).or_default() += 1;
                counts
            })
    }

    fn cluster_state(&self, n: u32, time: Time) -> Option<ClusterState> {
        match self.numbered(n) {
            Ok(own) => Some(self.state_of(own, own.cluster.verdict, time)),
            Err(n) if n < self.fleet.count() => {
                let verdict = self.fleet.verdict(n, time);
                Some(self.state_of(&self.fleet.placed(n), Some(verdict), time))
            }
            Err(_) => None,
        }
    }

    fn state_of(&self, placed: &Placed, verdict: Option<Verdict>, time: Time) -> ClusterState {
        let kind = placed.cluster.kind;
        let history = (kind == ClusterType::Dws).then(|| History::of(placed, time));
        let running = match &history {
            Some(history) => Some(history.is_running()),
            None => placed.is_synchronizing(time),
        };
        ClusterState {
            cluster_id: placed.cluster_id.clone(),
            cluster_name: placed.cluster.name.clone(),
            cluster_type: kind,
            task: TaskSummary::of(placed, time),
            running,
            records: history.map(|history| self.record_count(placed, &history)),
            verdict,
        }
    }
}

impl TaskSummary {
    fn of(placed: &Placed, time: Time) -> Option<Self> {
        let state = placed.cluster.task.as_ref()?.state(time);
        Some(Self {
            id: placed.task_id.clone(),
            sync_status: state.sync_status.to_owned(),
            schedule_status: state.schedule_status,
            sync_time: state.last_run,
        })
    }
}
