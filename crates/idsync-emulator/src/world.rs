//! The scenario as the services see it: ids given out, lists in order, answers to what is asked.

mod bodies;
mod census;
mod fleet;
mod history;
mod listing;
mod placed;
mod records;

use std::borrow::Cow;
use std::collections::HashMap;

pub(crate) use bodies::{SyncingBody, TaskPage};
pub(crate) use census::Census;
pub(crate) use listing::{Filter, Order, OrderBy};

use crate::account::Account;
use crate::clock::Time;
use crate::ids::{Ids, mix};
use crate::scenario::{ClusterType, Generated, Scenario};
use fleet::Fleet;
use listing::Listing;
use placed::Placed;

/// Everything the services can be asked about. It does not change: what it tells follows from the time of the question, so that
/// a clock may go at any pace, and may jump.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) account: Account,
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
    name: String,
    listing: Listing,
}

/// Part of a list: how many items to skip, and how many to give at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) skip: u64,
    pub(crate) take: u64,
}

impl World {
    /// The world of a scenario; what is in `extra` comes before what the scenario says of generated data.
    pub(crate) fn new(scenario: &Scenario, seed: u64, extra: Generated) -> Self {
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
        let own = scenario.generated;
        let tasks = extra.tasks.or(own.tasks).unwrap_or(0);
        let records_each = extra.records_each.or(own.records_each);
        Self {
            account: Account::new(ids),
            positions,
            fleet: Fleet::new(ids, tasks, records_each.unwrap_or(fleet::RECORDS)),
            workspaces: workspaces(scenario, ids, tasks),
            clusters,
            first_dws_records: extra.records.or(own.records),
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
    pub(crate) fn syncing(&self, cluster_id: &str, time: Time) -> Option<SyncingBody> {
        let placed = self.placed(cluster_id)?;
        let is_synchronizing = placed.is_synchronizing(time);
        (placed.cluster.kind == ClusterType::Mrs).then_some(SyncingBody { is_synchronizing })
    }

    /// The cluster of an id, of the scenario or generated.
    fn placed(&self, cluster_id: &str) -> Option<Cow<'_, Placed>> {
        if let Some(at) = self.positions.get(cluster_id) {
            return self.clusters.get(*at).map(Cow::Borrowed);
        }
        let n = self.fleet.find(cluster_id)?;
        Some(Cow::Owned(self.fleet.placed(n)))
    }

    fn is_first_dws(&self, cluster_id: &str) -> bool {
        self.cluster_ids(ClusterType::Dws).next() == Some(cluster_id)
    }
}

fn workspaces(scenario: &Scenario, ids: Ids, generated: u32) -> Vec<Workspace> {
    let listed_in = |workspace: usize| {
        let numbered = (0_u32..).zip(&scenario.clusters);
        let own = numbered.filter(move |(_, cluster)| {
            cluster.task.is_some() && cluster.workspaces.contains(&workspace)
        });
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
                name: name.clone(),
                listing: Listing::new(tasks),
            }
        })
        .collect()
}

#[cfg(test)]
mod over_time;
#[cfg(test)]
mod tests;
