//! One project of a check, and its clusters.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use idsync_api::dataarts_studio::enums::{ClusterType, SyncStatus};
use jiff::Timestamp;

use super::check::CheckOptions;
use super::observation::service_of;
use super::rules::china;
use super::{ClusterObservation, ClusterRef, Problem, Reading, Rules, Source};
use crate::dataarts::Task;
use crate::{Client, Error, ErrorKind, Service, WorkspaceId};

/// A service that rejects the credentials this many times and accepts none is not asked again: one rejection may concern one
/// cluster.
const ENOUGH_REFUSALS: usize = 3;

/// The workspaces, clusters and rules of one project.
#[derive(Clone, Debug)]
pub(super) struct ProjectScope {
    pub(super) client: Client,
    pub(super) rules: Rules,
    /// Each once.
    pub(super) workspaces: Vec<WorkspaceId>,
    pub(super) invalid_workspace: Option<Error>,
    pub(super) named: Vec<ClusterRef>,
    pub(super) only_named: bool,
}

impl ProjectScope {
    pub(super) fn add_workspace(&mut self, workspace: WorkspaceId) {
        if !self.workspaces.contains(&workspace) {
            self.workspaces.push(workspace);
        }
    }
}

/// One project of a check that runs.
#[derive(Debug)]
pub(super) struct ProjectCheck {
    pub(super) scope: ProjectScope,
    /// The project id, or why nothing can be asked about the project.
    pub(super) id: Result<String, Error>,
    /// The rejections of the credentials by each service; none once it has accepted them.
    refusals: Mutex<HashMap<Service, Option<Vec<Error>>>>,
    pub(super) index: Mutex<ClusterIndex>,
}

impl ProjectCheck {
    /// Looks up the project id if it is not set.
    pub(super) async fn of(mut scope: ProjectScope, options: &CheckOptions) -> Self {
        let id = options.bound(scope.client.project_id()).await;
        let region = &scope.client.0.region;
        if region.as_ref().is_some_and(|it| it.starts_with("cn-")) {
            scope.rules.zone.get_or_insert_with(china);
        }
        if !scope.rules.asks(Source::DataArts) {
            scope.workspaces.clear();
        }
        Self {
            id: id.map(|id| id.as_str().to_owned()),
            scope,
            refusals: Mutex::default(),
            index: Mutex::default(),
        }
    }

    /// Merges `other` if it is the same project; otherwise returns it.
    pub(super) fn merge(&mut self, other: Self) -> Option<Self> {
        if !self.scope.client.asks_the_same_as(&other.scope.client) {
            return Some(other);
        }
        for workspace in other.scope.workspaces {
            self.scope.add_workspace(workspace);
        }
        self.scope.named.extend(other.scope.named);
        self.scope.only_named &= other.scope.only_named;
        None
    }

    /// The answer of `service` to `question`, which is not sent if the service rejects the credentials.
    pub(super) async fn ask<T>(
        &self,
        service: Service,
        options: &CheckOptions,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.id.as_ref().map_err(Error::clone)?;
        if let Some(error) = self.refusal(service, ENOUGH_REFUSALS) {
            return Err(error);
        }
        let answer = options.bound(question).await;
        let mut refusals = lock(&self.refusals);
        let refusals = refusals.entry(service).or_insert(Some(Vec::new()));
        match answer.as_ref().map_err(|error| (error.kind(), error)) {
            Err((ErrorKind::Authentication | ErrorKind::Credentials, error)) => {
                if let Some(refusals) = refusals {
                    refusals.push(error.clone());
                }
            }
            // The service accepted the credentials.
            Ok(_) | Err((ErrorKind::Permission | ErrorKind::NotFound | ErrorKind::Decode, _)) => {
                *refusals = None;
            }
            Err(_) => {}
        }
        answer
    }

    /// The first refusal of a service that refused at least so many requests and accepted none.
    fn refusal(&self, service: Service, least: usize) -> Option<Error> {
        let refusals = lock(&self.refusals);
        let refusals = refusals.get(&service)?.as_ref()?;
        let first = refusals.first().cloned();
        first.filter(|_| refusals.len() >= least)
    }

    /// The clusters to ask about, with their tasks.
    pub(super) fn take_clusters(&self) -> Vec<ClusterObservation> {
        let mut index = std::mem::take(&mut *lock(&self.index));
        for named in &self.scope.named {
            let cluster = index.cluster(Some(named.id().as_str()));
            cluster.cluster_type = Some(named.cluster_type());
        }
        let is_asked = !self.scope.workspaces.is_empty();
        let is_named = |cluster: &ClusterObservation| {
            let mut named = self.scope.named.iter().map(|it| it.id().as_str());
            named.any(|id| Some(id) == cluster.cluster_id.as_deref())
        };
        let clusters = index.clusters.into_values();
        let clusters = clusters.filter(|it| !self.scope.only_named || is_named(it));
        let mut clusters: Vec<_> = clusters.collect();
        for cluster in &mut clusters {
            cluster.project_id = self.id.clone().ok();
            cluster.tasks = match (std::mem::take(&mut cluster.tasks), index.error.clone()) {
                (Reading::Read(tasks), Some(error)) => Reading::Partial(tasks, error),
                (_, Some(error)) => Reading::Unavailable(error),
                (Reading::NotAsked, None) if is_asked => Reading::Read(Vec::new()),
                (tasks, None) => tasks,
            };
        }
        clusters
    }

    /// A problem that concerns no single cluster.
    pub(super) fn problem(
        &self,
        source: Source,
        workspace: Option<&WorkspaceId>,
        error: &Error,
    ) -> Problem {
        Problem {
            project_id: self.id.clone().ok(),
            workspace_id: workspace.map(|workspace| workspace.as_str().to_owned()),
            ..Problem::new(source, None, error)
        }
    }

    /// Why the project, or one of its services, cannot be asked.
    pub(super) fn refusals(&self) -> Vec<Problem> {
        let closed = self.id.clone().err().map(|error| (Source::All, error));
        let services = Service::SYNCHRONIZING.into_iter();
        let refusals = services.filter_map(|it| Some((it.into(), self.refusal(it, 2)?)));
        let refusals = closed.into_iter().chain(refusals);
        refusals
            .map(|(source, error)| self.problem(source, None, &error))
            .collect()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clusters of a project, each once. What is known of each does not depend
/// on the order of tasks and workspaces.
#[derive(Debug, Default)]
pub(super) struct ClusterIndex {
    /// By id, and a number that tells those without an id apart.
    pub(super) clusters: BTreeMap<(Option<String>, usize), ClusterObservation>,
    error: Option<Error>,
}

impl ClusterIndex {
    /// Adds the cluster of a task that `workspace` lists, as read at `read_at`.
    pub(super) fn add_task(&mut self, workspace: &WorkspaceId, task: Task, read_at: Timestamp) {
        let task = lean(task);
        let cluster = self.cluster(task.cluster_id.as_deref());
        let name = task.cluster_name.as_deref().map(str::to_owned);
        let names = [cluster.cluster_name.take(), name].into_iter().flatten();
        cluster.cluster_name = names.min();
        // A type that names a service has precedence.
        let types = [cluster.cluster_type.take(), task.cluster_type.clone()];
        let types = types.into_iter().flatten();
        cluster.cluster_type =
            types.min_by_key(|it: &ClusterType| (service_of(it).is_none(), it.as_str().to_owned()));
        let read_before = cluster.tasks_read_at.into_iter();
        cluster.tasks_read_at = read_before.chain([read_at]).min();
        let workspace = workspace.as_str().to_owned();
        if let Err(place) = cluster.workspaces.binary_search(&workspace) {
            cluster.workspaces.insert(place, workspace);
        }
        match &mut cluster.tasks {
            // The workspaces of an instance list the same tasks.
            Reading::Read(tasks) if tasks.contains(&task) => {}
            Reading::Read(tasks) => tasks.push(task),
            tasks => *tasks = Reading::Read(vec![task]),
        }
    }

    /// Notes that a list could not be read in full: every cluster may have more tasks.
    pub(super) fn add_error(&mut self, error: &Error) {
        let errors = [self.error.take(), Some(error.clone())];
        let errors = errors.into_iter().flatten();
        self.error = errors.min_by_key(ToString::to_string);
    }

    /// The cluster with this id, added if it is not known; one without an id is always added.
    fn cluster(&mut self, id: Option<&str>) -> &mut ClusterObservation {
        let number = id.map_or(self.clusters.len(), |_| 0);
        let cluster = self.clusters.entry((id.map(str::to_owned), number));
        cluster.or_insert_with_key(|(id, _)| ClusterObservation {
            cluster_id: id.clone(),
            ..ClusterObservation::default()
        })
    }
}

/// A task without the fields that no judgement needs, which are most of its memory.
fn lean(task: Task) -> Task {
    let has_failed = task.sync_status == Some(SyncStatus::SyncFail);
    Task {
        project_id: None,
        domain_id: None,
        instance_id: None,
        data_connection_workspace: None,
        data_connection_id: None,
        data_connection_name: None,
        sync_msg: task.sync_msg.filter(|_| has_failed),
        create_user: None,
        update_user: None,
        ..task
    }
}
