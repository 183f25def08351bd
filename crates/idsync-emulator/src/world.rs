//! The scenario as the services see it: ids given out, lists in order, answers to what is asked.

mod bodies;
mod fleet;
mod listing;
mod placed;

use std::collections::HashMap;

pub(crate) use bodies::{SyncingBody, TaskPage};
pub(crate) use listing::{Filter, Order, OrderBy};

use crate::account::Account;
use crate::ids::{Ids, mix};
use crate::scenario::{ClusterType, Scenario};
use fleet::Fleet;
use listing::Listing;
use placed::Placed;

/// Everything the services can be asked about. It does not change; only times that depend on the clock do.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) account: Account,
    started_ms: i64,
    clusters: Vec<Placed>,
    positions: HashMap<String, usize>,
    fleet: Fleet,
    workspaces: Vec<Workspace>,
    /// The number of records at the first DWS cluster, if it is not the scenario's own.
    first_dws_records: Option<u64>,
    records_salt: u64,
}

#[derive(Debug)]
struct Workspace {
    id: String,
    listing: Listing,
}

/// How much data is generated on top of a scenario.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extra {
    pub(crate) tasks: u32,
    pub(crate) records: Option<u64>,
}

/// Part of a list: how many items to skip, and how many to give at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) skip: u64,
    pub(crate) take: u64,
}

impl World {
    pub(crate) fn new(scenario: &Scenario, seed: u64, extra: Extra, started_ms: i64) -> Self {
        let ids = Ids::new(seed);
        let clusters: Vec<Placed> = scenario
            .clusters
            .iter()
            .map(|cluster| Placed::new(cluster.clone(), ids))
            .collect();
        let positions = clusters
            .iter()
            .enumerate()
            .map(|(at, placed)| (placed.cluster_id.clone(), at))
            .collect();
        Self {
            account: Account::new(ids),
            started_ms,
            positions,
            fleet: Fleet::new(ids, extra.tasks),
            workspaces: workspaces(scenario, ids, extra.tasks),
            clusters,
            first_dws_records: extra.records,
            records_salt: mix(ids.salt("records"), 0),
        }
    }

    /// Ids of the workspaces, in the order of the scenario.
    pub(crate) fn workspace_ids(&self) -> impl Iterator<Item = &str> {
        self.workspaces
            .iter()
            .map(|workspace| workspace.id.as_str())
    }

    /// Ids of the scenario's own clusters of one type, in its order.
    pub(crate) fn cluster_ids(&self, kind: ClusterType) -> impl Iterator<Item = &str> {
        let own = self
            .clusters
            .iter()
            .filter(move |placed| placed.cluster.kind == kind);
        own.map(|placed| placed.cluster_id.as_str())
    }

    /// The id of the scenario's cluster of a name.
    pub(crate) fn cluster_id_of(&self, name: &str) -> Option<&str> {
        let named = self
            .clusters
            .iter()
            .find(|placed| placed.cluster.name == name);
        named.map(|placed| placed.cluster_id.as_str())
    }

    /// The flag of an MRS cluster; `None` if there is no such cluster.
    pub(crate) fn syncing(&self, cluster_id: &str) -> Option<SyncingBody> {
        let (kind, is_synchronizing) = if let Some(own) = self.own_cluster(cluster_id) {
            (own.cluster.kind, own.cluster.syncing)
        } else {
            let n = self.fleet.find(cluster_id)?;
            (Fleet::kind(n), Some(self.fleet.is_running(n)))
        };
        (kind == ClusterType::Mrs).then_some(SyncingBody { is_synchronizing })
    }

    fn own_cluster(&self, cluster_id: &str) -> Option<&Placed> {
        self.clusters.get(*self.positions.get(cluster_id)?)
    }

    fn is_first_dws(&self, cluster_id: &str) -> bool {
        self.cluster_ids(ClusterType::Dws).next() == Some(cluster_id)
    }
}

fn workspaces(scenario: &Scenario, ids: Ids, generated: u32) -> Vec<Workspace> {
    let listed_in = |workspace: usize| {
        let numbered = (0_u32..).zip(&scenario.clusters);
        let own = numbered.filter(move |(_, cluster)| cluster.workspaces.contains(&workspace));
        own.map(|(at, _)| at)
    };
    let own_count = u32::try_from(scenario.clusters.len()).unwrap_or(u32::MAX);
    let numbered = scenario.workspaces.iter().enumerate();
    numbered
        .map(|(at, name)| {
            let mut tasks: Vec<u32> = listed_in(at).collect();
            if at == 0 {
                tasks.extend((0..generated).map(|n| own_count.saturating_add(n)));
            }
            Workspace {
                id: ids.hex32(&format!("workspace {name}")),
                listing: Listing::new(tasks),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
