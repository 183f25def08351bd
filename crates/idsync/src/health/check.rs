//! One run of a check: lists the workspaces, asks about each cluster, and judges what is answered.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Shared, select};
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::coverage::Expectations;
use super::project::{ProjectCheck, Scope};
use super::report::Judged;
use super::rules::ClusterRules;
use super::{
    ClusterHealth, ClusterObservation, Problem, Reading, RecordHistory, Report, Source,
    judge_cluster,
};
use crate::{Error, ErrorKind, Service, WorkspaceId};

/// How many requests are sent at once to each service where nothing else is set.
const DEFAULT_CONCURRENCY: usize = 8;

/// How many unreadable parts of one workspace's list are reported.
const MOST_UNREADABLE: usize = 10;

pub(super) type OnCluster = dyn Fn(&ClusterObservation, &ClusterHealth) + Send + Sync;

/// How a check is run, whatever it asks.
#[derive(Clone)]
pub(super) struct CheckOptions {
    pub(super) concurrency: usize,
    pub(super) on_progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    pub(super) on_cluster: Option<Arc<OnCluster>>,
    pub(super) until: Option<Shared<BoxFuture<'static, ()>>>,
    pub(super) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            concurrency: DEFAULT_CONCURRENCY,
            on_progress: None,
            on_cluster: None,
            until: None,
            clock: Arc::new(Timestamp::now),
        }
    }
}

impl CheckOptions {
    /// The time that the judgement takes as the present.
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The answer to `question`, unless the check is ended before there is one.
    pub(super) async fn bound<T>(
        &self,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(end) = self.until.clone() else {
            return question.await;
        };
        // The end is polled first, so that nothing is sent once it has come.
        match select(end, pin!(question)).await {
            Either::Left(_) => Err(ended()),
            Either::Right((answer, _)) => answer,
        }
    }
}

fn ended() -> Error {
    let message = "the check was ended before this was answered";
    Error::new(ErrorKind::Cancelled, message)
}

impl fmt::Debug for CheckOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckOptions")
            .field("concurrency", &self.concurrency)
            .field("has_end", &self.until.is_some())
            .finish_non_exhaustive()
    }
}

/// How far a check has progressed; each number only grows.
///
/// Given to the hook of [`Checker::on_progress`](super::Checker::on_progress).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many workspaces there are, of all projects.
    pub workspaces: u64,
    /// How many of these have been listed, as far as that could be done.
    pub listed: u64,
    /// How many clusters are known so far, without those that are left out.
    pub known: u64,
    /// How many of these are judged.
    pub asked: u64,
    /// How many clusters are left out so far.
    pub ignored: u64,
    /// How many problems there are so far. The report may have fewer: a service that refuses the credentials of a project
    /// is listed once.
    pub problems: u64,
}

/// A cluster and the project that it is asked about in.
type Question = (Arc<ProjectCheck>, ClusterObservation);

/// One run of a check.
pub(super) struct Check {
    projects: Vec<Arc<ProjectCheck>>,
    options: CheckOptions,
    progress: Mutex<Progress>,
    judged: Mutex<Judged>,
}

impl Check {
    /// Finds out which projects there are, each once.
    pub(super) async fn begin(scopes: Vec<Scope>, options: CheckOptions) -> Self {
        let mut found = stream::iter(scopes.into_iter().enumerate())
            .map(|(number, scope)| ProjectCheck::of(number, scope, &options).boxed())
            .buffered(options.concurrency);
        let mut projects: Vec<ProjectCheck> = Vec::new();
        while let Some(project) = found.next().await {
            let new = projects
                .iter_mut()
                .try_fold(project, |project, known| known.merge(project));
            projects.extend(new);
        }
        drop(found);
        let workspaces = projects.iter().map(|project| project.workspaces.len());
        let progress = Progress {
            workspaces: workspaces.sum::<usize>() as u64,
            ..Progress::default()
        };
        Self {
            projects: projects.into_iter().map(Arc::new).collect(),
            options,
            progress: Mutex::new(progress),
            judged: Mutex::default(),
        }
    }

    /// Asks everything there is to ask.
    pub(super) async fn report(self, expectations: &Expectations) -> Report {
        self.list_all().await;
        let (mut dws, mut mrs) = (Vec::new(), Vec::new());
        for (project, cluster) in self.clusters() {
            match cluster.service() {
                Some(Service::Dws) => dws.push((project, cluster)),
                Some(Service::Mrs) => mrs.push((project, cluster)),
                _ => self.conclude(&project, &cluster),
            }
        }
        tokio::join!(self.ask_all(dws), self.ask_all(mrs));
        self.conclude_all(expectations)
    }

    async fn list_all(&self) {
        let lists = self.projects.iter().flat_map(|project| {
            let workspaces = project.workspaces.iter();
            workspaces.map(|workspace| (Arc::clone(project), workspace.clone()))
        });
        let lists: Vec<_> = lists.collect();
        stream::iter(lists)
            .for_each_concurrent(self.options.concurrency, |(project, workspace)| {
                self.list(project, workspace).boxed()
            })
            .await;
    }

    /// Lists the tasks of one workspace, as far as they can be read.
    async fn list(&self, project: Arc<ProjectCheck>, workspace: WorkspaceId) {
        let mut pages = project.client.dataarts(workspace.clone()).tasks().pages();
        let mut problems = Vec::new();
        loop {
            let page = project.ask(Service::DataArts, &self.options, pages.try_next());
            let error = match page.await {
                Ok(Some(page)) => {
                    let now = self.options.now();
                    let mut index = project.index();
                    for entry in page.into_entries() {
                        match entry {
                            Ok(task) => index.add_task(&workspace, task, now),
                            Err(error) => problems.push(error),
                        }
                    }
                    continue;
                }
                Ok(None) => None,
                Err(error) => Some(error),
            };
            problems.truncate(MOST_UNREADABLE);
            if let Some(error) = error {
                project.index().add_error(&error);
                problems.push(error);
            }
            break;
        }
        let problem = |error| project.problem(Source::DataArts, Some(&workspace), error);
        let problems: Vec<_> = problems.iter().map(problem).collect();
        self.advance(|progress| {
            progress.listed += 1;
            progress.problems += problems.len() as u64;
        });
        self.judged().problems.extend(problems);
    }

    /// The clusters to ask about; those that are left out by rule are counted.
    fn clusters(&self) -> Vec<Question> {
        let mut clusters = Vec::new();
        for project in &self.projects {
            for cluster in project.take_clusters() {
                if project.rules.leave_out(cluster.name()) {
                    self.judged().ignored += 1;
                    self.advance(|progress| progress.ignored += 1);
                } else {
                    self.advance(|progress| progress.known += 1);
                    clusters.push((Arc::clone(project), cluster));
                }
            }
        }
        clusters
    }

    /// Asks about the clusters of one service.
    async fn ask_all(&self, clusters: Vec<Question>) {
        stream::iter(clusters)
            .for_each_concurrent(self.options.concurrency, |(project, cluster)| {
                async move {
                    let cluster = self.ask(&project, cluster).await;
                    self.conclude(&project, &cluster);
                }
                .boxed()
            })
            .await;
    }

    /// What is known of a cluster with what its own service says of it.
    async fn ask(&self, project: &ProjectCheck, cluster: ClusterObservation) -> ClusterObservation {
        let rules = project.rules.for_cluster(cluster.name());
        let (Some(id), Some(service)) = (cluster.cluster_id.clone(), cluster.service()) else {
            return cluster;
        };
        if !rules.asks(service.into()) {
            return cluster;
        }
        if service == Service::Dws {
            return cluster.with_records(self.records(project, &id, &rules).await);
        }
        let mrs = project.client.mrs();
        let flag = mrs.is_synchronizing(&id);
        let flag = project.ask(service, &self.options, flag).await;
        cluster.with_iam_sync(flag.into())
    }

    /// The records of a cluster, as far as they can be read.
    async fn records(
        &self,
        project: &ProjectCheck,
        id: &str,
        rules: &ClusterRules,
    ) -> Reading<RecordHistory> {
        let now = self.options.now();
        let oldest = now.checked_sub(rules.history()).unwrap_or(Timestamp::MIN);
        let records = project.client.dws().sync_records(id);
        let mut pages = records.back_to(oldest).pages();
        let mut history = RecordHistory::new(now);
        let mut unreadable = None;
        let mut has_page = false;
        let error = loop {
            let page = project.ask(Service::Dws, &self.options, pages.try_next());
            match page.await {
                Ok(Some(page)) => {
                    has_page = true;
                    for entry in page.into_entries() {
                        match entry {
                            Ok(record) => history.add(record),
                            Err(error) => unreadable = unreadable.or(Some(error)),
                        }
                    }
                }
                Ok(None) => break unreadable,
                Err(error) if has_page => break Some(error),
                Err(error) => return Reading::Unavailable(error),
            }
        };
        if pages.stopped_early() {
            history = history.cut_at(oldest);
        }
        match error {
            Some(error) => Reading::Partial(history, error),
            None => Reading::Read(history),
        }
    }

    /// Judges a cluster of which all that can be known is known.
    fn conclude(&self, project: &ProjectCheck, cluster: &ClusterObservation) {
        let health = judge_cluster(cluster, &project.rules, self.options.now());
        if let Some(hook) = &self.options.on_cluster {
            hook(cluster, &health);
        }
        project.count_judged();
        let problems = Problem::of(cluster);
        self.advance(|progress| {
            progress.asked += 1;
            progress.problems += problems.len() as u64;
        });
        self.judged().clusters.push((health, problems));
    }

    fn conclude_all(self, expectations: &Expectations) -> Report {
        let now = self.options.now();
        let mut judged = std::mem::take(&mut *self.judged());
        for project in &self.projects {
            judged.allow(&project.rules);
            judged.problems.extend(project.refusals());
        }
        expectations.apply(&mut judged, &self.projects, now);
        let mut ids = self.projects.iter().map(|project| &project.project_id);
        let first = ids.next().cloned().flatten();
        let project_id = first.filter(|first| ids.all(|id| id.as_ref() == Some(first)));
        judged.into_report(project_id, now)
    }

    fn judged(&self) -> MutexGuard<'_, Judged> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the check has progressed, and reports it.
    fn advance(&self, step: impl FnOnce(&mut Progress)) {
        let progress = {
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            step(&mut progress);
            *progress
        };
        if let Some(hook) = &self.options.on_progress {
            hook(progress);
        }
    }
}
