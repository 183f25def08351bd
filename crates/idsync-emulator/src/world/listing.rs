//! The tasks of a workspace: filtered, ordered, and cut into pages.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Fleet, Placed, TaskPage, Window, World};
use crate::scenario::{ClusterType, Task};

/// Numbers of the tasks that a workspace lists: first the scenario's own, then the generated ones.
#[derive(Debug)]
pub(crate) struct Listing {
    tasks: Vec<u32>,
    /// The same tasks in each order that was ever asked for.
    ordered: [OnceLock<Vec<u32>>; 4],
}

/// Which tasks are wanted; `None` wants all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) cluster_type: Option<String>,
    /// Matches a name that contains it (inferred).
    pub(crate) cluster_name: Option<String>,
    pub(crate) sync_status: Option<String>,
    pub(crate) schedule_status: Option<String>,
}

/// What tasks are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderBy {
    ClusterName,
    CreateTime,
    UpdateTime,
    SyncTime,
}

/// An order and its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) by: OrderBy,
    pub(crate) ascending: bool,
}

impl OrderBy {
    /// The values on the wire.
    pub(crate) const NAMES: &'static [&'static str] =
        &["CLUSTER_NAME", "CREATE_TIME", "UPDATE_TIME", "SYNC_TIME"];

    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "CLUSTER_NAME" => Some(Self::ClusterName),
            "CREATE_TIME" => Some(Self::CreateTime),
            "UPDATE_TIME" => Some(Self::UpdateTime),
            "SYNC_TIME" => Some(Self::SyncTime),
            _ => None,
        }
    }

    fn slot(self, listing: &Listing) -> &OnceLock<Vec<u32>> {
        let [name, create, update, sync] = &listing.ordered;
        match self {
            Self::ClusterName => name,
            Self::CreateTime => create,
            Self::UpdateTime => update,
            Self::SyncTime => sync,
        }
    }
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.cluster_type.is_none()
            && self.cluster_name.is_none()
            && self.sync_status.is_none()
            && self.schedule_status.is_none()
    }
}

impl Listing {
    pub(crate) fn new(tasks: Vec<u32>) -> Self {
        Self {
            tasks,
            ordered: Default::default(),
        }
    }

    fn in_order(&self, world: &World, order: Option<Order>) -> &[u32] {
        let Some(order) = order else {
            return &self.tasks;
        };
        order.by.slot(self).get_or_init(|| {
            let mut tasks = self.tasks.clone();
            match order.by {
                OrderBy::ClusterName => tasks.sort_by_cached_key(|n| world.name(*n).into_owned()),
                OrderBy::CreateTime => tasks.sort_by_cached_key(|n| world.created(*n)),
                OrderBy::UpdateTime => tasks.sort_by_cached_key(|n| world.updated(*n)),
                // A task that never ran has no time and comes first.
                OrderBy::SyncTime => tasks.sort_by_cached_key(|n| world.last_run(*n)),
            }
            tasks
        })
    }
}

impl World {
    /// One page of the tasks of a workspace; `None` if there is no such workspace.
    pub(crate) fn tasks(
        &self,
        workspace_id: &str,
        filter: &Filter,
        order: Option<Order>,
        window: Window,
        now_ms: i64,
    ) -> Option<TaskPage<'_>> {
        let workspace = self
            .workspaces
            .iter()
            .find(|workspace| workspace.id == workspace_id)?;
        let tasks = workspace.listing.in_order(self, order);
        let backwards = order.is_some_and(|order| !order.ascending);
        let (total, numbers) = if backwards {
            self.select(tasks.iter().rev().copied(), filter, window)
        } else {
            self.select(tasks.iter().copied(), filter, window)
        };
        let bodies = numbers.into_iter().map(|n| self.task_body(n, now_ms));
        Some(TaskPage {
            tasks: bodies.collect(),
            total,
        })
    }

    /// How many tasks pass the filter, and those of them that lie in the window.
    fn select(
        &self,
        tasks: impl ExactSizeIterator<Item = u32>,
        filter: &Filter,
        window: Window,
    ) -> (u64, Vec<u32>) {
        let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(window.take).unwrap_or(usize::MAX);
        if filter.is_empty() {
            let total = tasks.len() as u64;
            return (total, tasks.skip(skip).take(take).collect());
        }
        let mut total = 0_usize;
        let mut page = Vec::new();
        for n in tasks.filter(|n| self.passes(*n, filter)) {
            if total >= skip && page.len() < take {
                page.push(n);
            }
            total += 1;
        }
        (total as u64, page)
    }

    fn passes(&self, n: u32, filter: &Filter) -> bool {
        let wants = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        if !wants(&filter.cluster_type, self.kind(n).as_str()) {
            return false;
        }
        if filter
            .cluster_name
            .as_ref()
            .is_some_and(|part| !self.name(n).contains(part.as_str()))
        {
            return false;
        }
        let task = self.task(n);
        wants(&filter.sync_status, &task.sync_status)
            && wants(&filter.schedule_status, task.schedule.status())
    }

    /// The scenario's own cluster of a number, or the number within the generated ones.
    pub(crate) fn numbered(&self, n: u32) -> Result<&Placed, u32> {
        let own = usize::try_from(n).ok().and_then(|at| self.clusters.get(at));
        own.ok_or_else(|| n.saturating_sub(u32::try_from(self.clusters.len()).unwrap_or(u32::MAX)))
    }

    fn kind(&self, n: u32) -> ClusterType {
        self.numbered(n)
            .map_or_else(Fleet::kind, |own| own.cluster.kind)
    }

    fn name(&self, n: u32) -> Cow<'_, str> {
        match self.numbered(n) {
            Ok(own) => Cow::Borrowed(&own.cluster.name),
            Err(n) => Cow::Owned(Fleet::name(n)),
        }
    }

    fn task(&self, n: u32) -> Cow<'_, Task> {
        match self.numbered(n) {
            Ok(own) => Cow::Borrowed(&own.cluster.task),
            Err(n) => Cow::Owned(self.fleet.task(n)),
        }
    }

    fn created(&self, n: u32) -> i64 {
        self.task(n).created.at(self.started_ms, self.started_ms)
    }

    fn updated(&self, n: u32) -> i64 {
        self.task(n).updated.at(self.started_ms, self.started_ms)
    }

    fn last_run(&self, n: u32) -> Option<i64> {
        self.task(n)
            .last_run
            .map(|run| run.at(self.started_ms, self.started_ms))
    }
}
