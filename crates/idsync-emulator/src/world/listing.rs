//! The tasks of a workspace: filtered, ordered, and cut into pages.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Fleet, Placed, TaskPage, Window, World};
use crate::clock::Time;
use crate::scenario::{ClusterType, Moment, Task};

/// Numbers of the tasks that a workspace lists: first the scenario's own, then the generated ones.
#[derive(Debug)]
pub(crate) struct Listing {
    tasks: Arc<[u32]>,
    /// The same tasks in each order that was ever asked for and holds for good.
    ordered: [OnceLock<Arc<[u32]>>; 3],
    /// The same tasks by their last run, as it was at a time.
    by_run: Mutex<Option<(Time, Arc<[u32]>)>>,
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
            tasks: tasks.into(),
            ordered: Default::default(),
            by_run: Mutex::default(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    fn in_order(&self, world: &World, order: Option<Order>, time: Time) -> Arc<[u32]> {
        let [by_name, by_creation, by_update] = &self.ordered;
        let kept = |slot: &OnceLock<Arc<[u32]>>, sort: &dyn Fn(&mut [u32])| {
            Arc::clone(slot.get_or_init(|| self.sorted(sort)))
        };
        match order.map(|order| order.by) {
            None => Arc::clone(&self.tasks),
            Some(OrderBy::ClusterName) => kept(by_name, &|tasks| {
                tasks.sort_by_cached_key(|n| world.name(*n).into_owned());
            }),
            Some(OrderBy::CreateTime) => kept(by_creation, &|tasks| {
                tasks.sort_by_cached_key(|n| world.moment(*n, time, |task| task.created));
            }),
            Some(OrderBy::UpdateTime) => kept(by_update, &|tasks| {
                tasks.sort_by_cached_key(|n| world.moment(*n, time, |task| task.updated));
            }),
            Some(OrderBy::SyncTime) => self.by_run(world, time),
        }
    }

    fn by_run(&self, world: &World, time: Time) -> Arc<[u32]> {
        let mut known = self.by_run.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, tasks)) = &*known
            && *at == time
        {
            return Arc::clone(tasks);
        }
        // A task that never ran has no time and comes first.
        let tasks = self.sorted(&|tasks| tasks.sort_by_cached_key(|n| world.last_run(*n, time)));
        *known = Some((time, Arc::clone(&tasks)));
        tasks
    }

    fn sorted(&self, sort: &dyn Fn(&mut [u32])) -> Arc<[u32]> {
        let mut tasks = self.tasks.to_vec();
        sort(&mut tasks);
        tasks.into()
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
        time: Time,
    ) -> Option<TaskPage<'_>> {
        let workspace = self
            .workspaces
            .iter()
            .find(|workspace| workspace.id == workspace_id)?;
        let tasks = workspace.listing.in_order(self, order, time);
        let backwards = order.is_some_and(|order| !order.ascending);
        let (total, numbers) = if backwards {
            self.select(tasks.iter().rev().copied(), filter, window, time)
        } else {
            self.select(tasks.iter().copied(), filter, window, time)
        };
        let bodies = numbers.into_iter().filter_map(|n| self.task_body(n, time));
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
        time: Time,
    ) -> (u64, Vec<u32>) {
        let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(window.take).unwrap_or(usize::MAX);
        if filter.is_empty() {
            let total = tasks.len() as u64;
            return (total, tasks.skip(skip).take(take).collect());
        }
        let mut total = 0_usize;
        let mut page = Vec::new();
        for n in tasks.filter(|n| self.passes(*n, filter, time)) {
            if total >= skip && page.len() < take {
                page.push(n);
            }
            total += 1;
        }
        (total as u64, page)
    }

    fn passes(&self, n: u32, filter: &Filter, time: Time) -> bool {
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
        if filter.sync_status.is_none() && filter.schedule_status.is_none() {
            return true;
        }
        self.task(n).is_some_and(|task| {
            let state = task.state(time);
            wants(&filter.sync_status, state.sync_status)
                && wants(&filter.schedule_status, state.schedule_status)
        })
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

    fn task(&self, n: u32) -> Option<Cow<'_, Task>> {
        match self.numbered(n) {
            Ok(own) => own.cluster.task.as_ref().map(Cow::Borrowed),
            Err(n) => Some(Cow::Owned(self.fleet.task(n))),
        }
    }

    fn moment(&self, n: u32, time: Time, of: impl Fn(&Task) -> Moment) -> Option<i64> {
        self.task(n).map(|task| of(&task).at(time))
    }

    fn last_run(&self, n: u32, time: Time) -> Option<i64> {
        self.task(n)?.state(time).last_run
    }
}
