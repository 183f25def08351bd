//! One project, as it is asked about.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::auth_state::AuthState;
use super::check::CheckOptions;
use super::cluster_index::ClusterIndex;
use super::{ClusterObservation, ClusterRef, Problem, Reading, Rules, Source};
use crate::{Client, Error, Service, WorkspaceId};

/// What is asked about one project, and by which rules it is judged.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) client: Client,
    pub(super) rules: Rules,
    pub(super) workspaces: Vec<Result<WorkspaceId, Error>>,
    pub(super) named: Vec<ClusterRef>,
    pub(super) only_named: bool,
}

impl Scope {
    pub(super) fn new(client: Client) -> Self {
        Self {
            rules: client.rules().clone(),
            client,
            workspaces: Vec::new(),
            named: Vec::new(),
            only_named: false,
        }
    }

    /// # Errors
    ///
    /// `InvalidInput` if there is nothing to ask about, or a workspace id is not valid.
    pub(super) fn ensure_usable(&self) -> Result<(), Error> {
        if self.workspaces.is_empty() && self.named.is_empty() {
            return Err(Error::invalid_input(
                "nothing to check: give a workspace or a cluster",
            ));
        }
        let invalid = self.workspaces.iter().find_map(|id| id.as_ref().err());
        invalid.map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// One project that is checked, and what is known of it so far.
#[derive(Debug)]
pub(super) struct ProjectCheck {
    pub(super) client: Client,
    pub(super) rules: Rules,
    pub(super) workspaces: Vec<WorkspaceId>,
    named: Vec<ClusterRef>,
    only_named: bool,
    pub(super) project_id: Option<String>,
    /// The numbers of the scopes that ask about the project.
    pub(super) scopes: Vec<usize>,
    /// Why nothing can be asked about the project at all.
    closed: Option<Error>,
    auth: AuthState,
    index: Mutex<ClusterIndex>,
    /// How many clusters were judged.
    pub(super) judged: AtomicU64,
}

impl ProjectCheck {
    /// Finds out which project it is, where that has to be asked.
    pub(super) async fn of(number: usize, scope: Scope, options: &CheckOptions) -> Self {
        let project_id = options.bound(scope.client.project_id()).await;
        let closed = project_id.as_ref().err().cloned();
        let is_chinese = scope
            .client
            .region()
            .is_some_and(|region| region.starts_with("cn-"));
        let rules = if is_chinese {
            scope.rules.in_china()
        } else {
            scope.rules
        };
        let asks_workspaces = rules.asks(Source::DataArts);
        let workspaces = scope.workspaces.into_iter().flatten();
        Self {
            project_id: project_id.ok().map(|id| id.as_str().to_owned()),
            workspaces: distinct(workspaces.filter(|_| asks_workspaces)),
            closed,
            auth: AuthState::default(),
            client: scope.client,
            rules,
            named: scope.named,
            only_named: scope.only_named,
            scopes: vec![number],
            index: Mutex::default(),
            judged: AtomicU64::new(0),
        }
    }

    /// Adds what is asked about by `other` if it is the same project; gives `other` back if not.
    pub(super) fn merge(&mut self, other: Self) -> Option<Self> {
        if !self.client.asks_the_same_as(&other.client) {
            return Some(other);
        }
        let workspaces = std::mem::take(&mut self.workspaces);
        self.workspaces = distinct(workspaces.into_iter().chain(other.workspaces));
        self.named.extend(other.named);
        self.only_named &= other.only_named;
        self.scopes.extend(other.scopes);
        None
    }

    /// The answer of `service` to `question`, which is not sent where the service refuses the credentials.
    pub(super) async fn ask<T>(
        &self,
        service: Service,
        options: &CheckOptions,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let closed = self.closed.clone();
        if let Some(error) = closed.or_else(|| self.auth.refusal(service)) {
            return Err(error);
        }
        let answer = options.bound(question).await;
        self.auth.note(service, answer.as_ref().err());
        answer
    }

    pub(super) fn index(&self) -> MutexGuard<'_, ClusterIndex> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clusters to ask about, with what the lists say of them.
    pub(super) fn take_clusters(&self) -> Vec<ClusterObservation> {
        let mut index = std::mem::take(&mut *self.index());
        for named in &self.named {
            index.add_named(named);
        }
        let is_asked = !self.workspaces.is_empty();
        let error = index.error().cloned();
        let mut clusters = index.into_clusters();
        clusters.retain(|cluster| !self.only_named || self.names(cluster));
        for cluster in &mut clusters {
            cluster.project_id.clone_from(&self.project_id);
            let tasks = match std::mem::take(&mut cluster.tasks) {
                Reading::Read(tasks) => tasks,
                _ => Vec::new(),
            };
            cluster.tasks = match (&error, is_asked) {
                (Some(error), _) if tasks.is_empty() => Reading::Unavailable(error.clone()),
                (Some(error), _) => Reading::Partial(tasks, error.clone()),
                (None, true) => Reading::Read(tasks),
                (None, false) => Reading::NotAsked,
            };
        }
        clusters
    }

    fn names(&self, cluster: &ClusterObservation) -> bool {
        let mut named = self.named.iter();
        named.any(|named| Some(named.id().as_str()) == cluster.cluster_id.as_deref())
    }

    pub(super) fn count_judged(&self) {
        self.judged.fetch_add(1, Ordering::Relaxed);
    }

    /// A problem that concerns no single cluster.
    pub(super) fn problem(
        &self,
        source: Source,
        workspace: Option<&WorkspaceId>,
        error: &Error,
    ) -> Problem {
        Problem {
            project_id: self.project_id.clone(),
            workspace_id: workspace.map(|workspace| workspace.as_str().to_owned()),
            ..Problem::new(source, None, error)
        }
    }

    /// Why nothing, or nothing of a service, can be asked about the project.
    pub(super) fn refusals(&self) -> Vec<Problem> {
        let closed = self
            .closed
            .iter()
            .cloned()
            .map(|error| (Source::All, error));
        let refusals = closed.chain(self.auth.refusals());
        refusals
            .map(|(source, error)| self.problem(source, None, &error))
            .collect()
    }
}

/// Each workspace once, in the order in which they are given.
fn distinct(workspaces: impl Iterator<Item = WorkspaceId>) -> Vec<WorkspaceId> {
    let mut seen = HashSet::new();
    workspaces
        .filter(|workspace| seen.insert(workspace.clone()))
        .collect()
}
