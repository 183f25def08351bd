//! One run of a check: lists the workspaces, asks about each cluster, and judges what is answered.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Shared, select};
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::coverage::add_missing;
use super::project::{ProjectCheck, ProjectScope, lock};
use super::report::Judged;
use super::{
    ClusterHealth, ClusterObservation, ClusterRef, Problem, Reading, RecordHistory, Report, Source,
    judge_cluster,
};
use crate::dws::Record;
use crate::list::Pages;
use crate::{Error, ErrorKind, Service, WorkspaceId};

/// Maximum number of unreadable parts of one list that are reported.
const MOST_UNREADABLE: usize = 10;

type OnCluster = dyn Fn(&ClusterObservation, &ClusterHealth) + Send + Sync;
type OnRecord = dyn Fn(&ClusterObservation, &Record) + Send + Sync;
type BeforeAsking = dyn Fn(&mut [(ClusterObservation, bool)]) + Send + Sync;

/// How a check runs, independent of what it asks.
#[derive(Clone, Default)]
pub(super) struct CheckOptions {
    /// The clusters that the report must have.
    pub(super) expected: Vec<ClusterRef>,
    /// How many clusters it must have at least.
    pub(super) min_clusters: u64,
    /// The number of concurrent requests to each service.
    pub(super) concurrency: usize,
    pub(super) on_progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    pub(super) on_cluster: Option<Arc<OnCluster>>,
    pub(super) on_record: Option<Arc<OnRecord>>,
    pub(super) before_asking: Option<Arc<BeforeAsking>>,
    pub(super) until: Option<Shared<BoxFuture<'static, ()>>>,
    pub(super) clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
}

impl CheckOptions {
    /// The current time for the judgement.
    fn now(&self) -> Timestamp {
        let clock = self.clock.as_ref();
        clock.map_or_else(Timestamp::now, |clock| clock())
    }

    /// The answer to `question`, unless the check is ended before there is one.
    pub(super) async fn bound<T>(
        &self,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(end) = self.until.clone() else {
            return question.await;
        };
        // Polled first, so that no request is sent after the end.
        match select(end, pin!(question)).await {
            Either::Left(_) => Err(Error::new(
                ErrorKind::Cancelled,
                "the check was ended before this was answered",
            )),
            Either::Right((answer, _)) => answer,
        }
    }
}

impl fmt::Debug for CheckOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckOptions").finish_non_exhaustive()
    }
}

/// How far a check has progressed; each number only grows.
///
/// Given to the hook of [`Checker::on_progress`](super::Checker::on_progress).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Number of workspaces of all projects.
    pub workspaces: u64,
    /// Number of workspaces that have been listed, completely or not.
    pub listed: u64,
    /// Number of known clusters, without ignored ones.
    pub known: u64,
    /// Number of clusters that have been judged.
    pub asked: u64,
    /// Number of ignored clusters.
    pub ignored: u64,
    /// Number of problems. The report may have fewer: a service that rejects the credentials of a project is
    /// listed once.
    pub problems: u64,
}

/// A cluster, and whether its own service is asked. Boxed, so that the memory of each is freed as soon as it is judged.
type Question = Box<(ClusterObservation, bool)>;

/// One run of a check.
pub(super) struct CheckRun {
    projects: Vec<ProjectCheck>,
    options: CheckOptions,
    state: Mutex<(Progress, Judged)>,
}

impl CheckRun {
    /// Looks up the projects, and merges checks of the same project.
    pub(super) async fn begin(scopes: Vec<ProjectScope>, options: CheckOptions) -> Self {
        let mut found = stream::iter(scopes)
            .map(|scope| ProjectCheck::of(scope, &options).boxed())
            .buffered(options.concurrency);
        let mut projects: Vec<ProjectCheck> = Vec::new();
        while let Some(project) = found.next().await {
            let new = projects
                .iter_mut()
                .try_fold(project, |project, known| known.merge(project));
            projects.extend(new);
        }
        drop(found);
        let (mut progress, mut judged) = (Progress::default(), Judged::default());
        for project in &projects {
            progress.workspaces += project.scope.workspaces.len() as u64;
            judged.add_sources(&project.scope.rules);
        }
        Self {
            projects,
            options,
            state: Mutex::new((progress, judged)),
        }
    }

    /// Lists the workspaces, asks about each cluster, and makes the report.
    pub(super) async fn report(self) -> Report {
        let mut lists = Vec::new();
        for project in &self.projects {
            lists.extend(project.scope.workspaces.iter().map(|it| (project, it)));
        }
        stream::iter(lists)
            .for_each_concurrent(self.options.concurrency, |(project, workspace)| {
                self.list(project, workspace).boxed()
            })
            .await;
        let is_dws = |(_, question): &(_, Question)| question.0.service() == Some(Service::Dws);
        let (dws, others) = self.questions().partition(is_dws);
        tokio::join!(self.judge_all(dws), self.judge_all(others));
        let now = self.options.now();
        let (_, mut judged) = std::mem::take(&mut *lock(&self.state));
        let refusals = self.projects.iter().flat_map(ProjectCheck::refusals);
        judged.problems.extend(refusals);
        add_missing(&mut judged, &self.options, &self.projects, now);
        let project_id = match self.projects.as_slice() {
            [only] => only.id.clone().ok(),
            _ => None,
        };
        judged.into_report(project_id, now)
    }

    /// Lists the tasks of one workspace, as far as they can be read.
    async fn list(&self, project: &ProjectCheck, workspace: &WorkspaceId) {
        let tasks = project.scope.client.dataarts(workspace.clone()).tasks();
        let add = |task| {
            let now = self.options.now();
            lock(&project.index).add_task(workspace, task, now);
        };
        let mut pages = tasks.pages();
        let (mut errors, end) = self.read(project, Service::DataArts, &mut pages, add).await;
        if let Some(error) = end {
            lock(&project.index).add_error(&error);
            errors.push(error);
        }
        self.update(|progress, judged| {
            progress.listed += 1;
            progress.problems += errors.len() as u64;
            let problem = |error| project.problem(Source::DataArts, Some(workspace), error);
            judged.problems.extend(errors.iter().map(problem));
        });
    }

    /// Reads a list to its end. Gives the errors of the parts that could not be read, at most [`MOST_UNREADABLE`], and why the
    /// list was not read to its end.
    async fn read<T>(
        &self,
        project: &ProjectCheck,
        service: Service,
        pages: &mut Pages<T>,
        mut add: impl FnMut(T),
    ) -> (Vec<Error>, Option<Error>) {
        let mut unreadable = Vec::new();
        loop {
            match project.ask(service, &self.options, pages.try_next()).await {
                Ok(Some(page)) => page.into_entries().for_each(|entry| match entry {
                    Ok(item) => add(item),
                    Err(error) if unreadable.len() < MOST_UNREADABLE => unreadable.push(error),
                    Err(_) => {}
                }),
                Ok(None) => return (unreadable, None),
                Err(error) => return (unreadable, Some(error)),
            }
        }
    }

    /// The clusters that are not ignored, after the hook has seen them.
    fn questions(&self) -> impl Iterator<Item = (&ProjectCheck, Question)> {
        let (mut projects, mut questions, mut ignored) = (Vec::new(), Vec::new(), 0);
        for project in &self.projects {
            let rules = &project.scope.rules;
            for cluster in project.take_clusters() {
                if rules.ignores(&cluster) {
                    ignored += 1;
                    continue;
                }
                let limits = rules.for_cluster(&cluster);
                let service = cluster.service();
                let is_asked = service.is_some_and(|service| limits.asks(service.into()));
                projects.push(project);
                questions.push((cluster, is_asked));
            }
        }
        self.update(|progress, judged| {
            judged.ignored = ignored;
            judged.clusters.reserve_exact(questions.len());
            progress.ignored = ignored;
            progress.known = questions.len() as u64;
        });
        if let Some(hook) = &self.options.before_asking {
            hook(&mut questions);
        }
        let questions = questions.into_iter().map(Box::new);
        projects.into_iter().zip(questions)
    }

    async fn judge_all(&self, questions: Vec<(&ProjectCheck, Question)>) {
        stream::iter(questions)
            .for_each_concurrent(self.options.concurrency, |(project, question)| {
                self.judge(project, question).boxed()
            })
            .await;
    }

    /// Asks about a cluster at its own service, and judges it.
    async fn judge(&self, project: &ProjectCheck, question: Question) {
        let (mut cluster, is_asked) = *question;
        let id = cluster.cluster_id.as_ref().filter(|_| is_asked).cloned();
        match (id, cluster.service()) {
            (Some(id), Some(Service::Dws)) => {
                cluster.records = self.records(project, &cluster, &id).await;
            }
            (Some(id), Some(Service::Mrs)) => {
                let flag = project.scope.client.mrs().is_synchronizing(&id);
                let flag = project.ask(Service::Mrs, &self.options, flag).await;
                cluster.iam_sync = flag.map_or_else(Reading::Unavailable, Reading::Read);
            }
            _ => {}
        }
        let health = judge_cluster(&cluster, &project.scope.rules, self.options.now());
        if let Some(hook) = &self.options.on_cluster {
            hook(&cluster, &health);
        }
        let problems = Problem::of(&cluster);
        self.update(|progress, judged| {
            progress.asked += 1;
            progress.problems += problems.len() as u64;
            judged.clusters.push((health, problems));
        });
    }

    /// The records of a cluster, as far as they can be read.
    async fn records(
        &self,
        project: &ProjectCheck,
        cluster: &ClusterObservation,
        id: &str,
    ) -> Reading<RecordHistory> {
        let now = self.options.now();
        let limits = project.scope.rules.for_cluster(cluster);
        let oldest = now.checked_sub(limits.history()).unwrap_or(Timestamp::MIN);
        let records = project.scope.client.dws().sync_records(id);
        let mut pages = records.back_to(oldest).pages();
        let mut history = RecordHistory::new(now);
        let add = |record: Record| {
            if let Some(hook) = &self.options.on_record {
                hook(cluster, &record);
            }
            history.add(&record);
        };
        let (unreadable, end) = self.read(project, Service::Dws, &mut pages, add).await;
        if pages.stopped_early() {
            history = history.cut_at(oldest);
        }
        match (end, unreadable.into_iter().next()) {
            (Some(error), None) if history.is_empty() => Reading::Unavailable(error),
            (Some(error), _) | (None, Some(error)) => Reading::Partial(history, error),
            (None, None) => Reading::Read(history),
        }
    }

    /// Changes the state, and reports the progress.
    fn update(&self, change: impl FnOnce(&mut Progress, &mut Judged)) {
        let progress = {
            let mut state = lock(&self.state);
            let (progress, judged) = &mut *state;
            change(progress, judged);
            *progress
        };
        if let Some(hook) = &self.options.on_progress {
            hook(progress);
        }
    }
}
