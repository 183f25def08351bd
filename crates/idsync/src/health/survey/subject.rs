//! One project, as it is asked about.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::access::Access;
use crate::health::check::Scope;
use crate::health::pace::Pace;
use crate::health::report::Judged;
use crate::health::{ClusterHealth, ClusterRef, Problem, Rules, Source};
use crate::{Client, Error, ProjectId, Service, WorkspaceId};

/// What is asked about one project, of whom, and what has come of it.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) client: Client,
    pub(super) rules: Rules,
    pub(super) workspaces: Vec<WorkspaceId>,
    pub(super) named: Vec<ClusterRef>,
    only_named: bool,
    pub(super) project_id: Option<String>,
    access: Access,
    judged: Mutex<Judged>,
}

impl Subject {
    /// Finds out which project it is, where that has to be asked.
    pub(super) async fn of(scope: Scope, pace: &Pace) -> Self {
        let project_id = pace.bound(scope.client.project_id()).await;
        let access = project_id.as_ref().err().map(Access::none);
        Self {
            project_id: project_id.ok().as_ref().map(text),
            access: access.unwrap_or_default(),
            client: scope.client,
            rules: scope.rules,
            workspaces: distinct(scope.workspaces.into_iter().flatten()),
            named: scope.named,
            only_named: scope.only_named,
            judged: Mutex::default(),
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
        None
    }

    /// Whether the cluster with this id is asked about.
    pub(super) fn asks_about(&self, cluster_id: Option<&str>) -> bool {
        let mut named = self.named.iter();
        !self.only_named || named.any(|named| Some(named.id().as_str()) == cluster_id)
    }

    /// The answer of `service` to `question`, which is not begun if the answer is known.
    pub(super) async fn ask<T>(
        &self,
        service: Service,
        pace: &Pace,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        if let Some(refusal) = self.access.refusal(service) {
            return Err(refusal);
        }
        let answer = pace.bound(question).await;
        self.access.note(service, &answer);
        answer
    }

    pub(super) fn keep(&self, health: ClusterHealth, problems: Vec<Problem>) {
        self.judged().clusters.push((health, problems));
    }

    pub(super) fn keep_ignored(&self) {
        self.judged().ignored += 1;
    }

    /// Keeps what went wrong with the list of a workspace.
    pub(super) fn keep_errors(&self, errors: &[Error]) {
        let problems = errors
            .iter()
            .map(|error| problem(self.project_id.as_deref(), Source::DataArts, error));
        self.judged().problems.extend(problems);
    }

    /// All that has come of it, with refused credentials told once.
    pub(super) fn take_judged(&self) -> Judged {
        let mut judged = std::mem::take(&mut *self.judged());
        for (_, problems) in &mut judged.clusters {
            problems.retain(|problem| !self.access.covers(problem));
        }
        judged
            .problems
            .retain(|problem| !self.access.covers(problem));
        let refusals = self.access.refusals_to_tell();
        let told = refusals
            .iter()
            .map(|(source, error)| problem(self.project_id.as_deref(), *source, error));
        judged.problems.extend(told);
        judged
    }

    fn judged(&self) -> MutexGuard<'_, Judged> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A problem that concerns no single cluster.
fn problem(project_id: Option<&str>, source: Source, error: &Error) -> Problem {
    Problem {
        project_id: project_id.map(str::to_owned),
        ..Problem::new(source, None, error)
    }
}

fn text(project_id: &ProjectId) -> String {
    project_id.as_str().to_owned()
}

/// Each workspace once, in the order in which they are given.
fn distinct(workspaces: impl Iterator<Item = WorkspaceId>) -> Vec<WorkspaceId> {
    let mut seen = std::collections::HashSet::new();
    workspaces
        .filter(|workspace| seen.insert(workspace.clone()))
        .collect()
}
