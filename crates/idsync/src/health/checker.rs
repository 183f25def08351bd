//! The builder of a check of one or several projects.

use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;

use super::check::{CheckOptions, CheckRun};
use super::project::ProjectScope;
use super::{ClusterHealth, ClusterObservation, ClusterRef, Progress, Report, Rules};
use crate::dws::Record;
use crate::{Client, Error, WorkspaceId};

/// A check of the clusters that the tasks of workspaces push into, and of clusters that are named.
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// let report = client.health().workspace("f7bc8f2a").cluster("mrs:5f6a7b8c".parse()?).check().await?;
/// for cluster in &report.clusters {
///     println!("{} {:?}", cluster.verdict, cluster.cluster_name);
/// }
/// # Ok(()) }
/// ```
///
/// Several projects are checked in one run, each with its own client and rules:
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// let other = client.for_project("1944b684")?;
/// let check = client.health().workspace("f7bc8f2a").and(other.health().workspace("a1b2c3d4"));
/// println!("{}", check.check().await?.verdict);
/// # Ok(()) }
/// ```
///
/// A failure of one cluster, service or project is a [`Problem`](super::Problem) of the report, and the check continues. A
/// service that rejects the credentials of a project is not asked again, and is listed once.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until the check is awaited"]
pub struct Checker {
    own: ProjectScope,
    others: Vec<ProjectScope>,
    options: CheckOptions,
}

impl Checker {
    pub(crate) fn new(client: Client) -> Self {
        let own = ProjectScope {
            rules: client.rules().clone(),
            client,
            workspaces: Vec::new(),
            invalid_workspace: None,
            named: Vec::new(),
            only_named: false,
        };
        Self {
            own,
            others: Vec::new(),
            options: CheckOptions {
                concurrency: 8,
                ..CheckOptions::default()
            },
        }
    }

    /// Adds a workspace: every cluster that one of its tasks pushes into is judged. Can be called several times.
    pub fn workspace<W>(mut self, workspace: W) -> Self
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        match workspace.try_into() {
            Ok(workspace) => self.own.add_workspace(workspace),
            Err(error) => self.own.invalid_workspace = Some(error.into()),
        }
        self
    }

    /// Adds a cluster, whether a workspace lists it or not. Can be called several times.
    pub fn cluster(mut self, cluster: ClusterRef) -> Self {
        self.own.named.push(cluster);
        self
    }

    /// Leaves out clusters that were not [added](Self::cluster) by name; workspaces then only contribute the tasks of
    /// those.
    pub fn only_named(mut self) -> Self {
        self.own.only_named = true;
        self
    }

    /// Sets the rules of the judgement; [those of the client](Client::rules) if not set.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.own.rules = rules;
        self
    }

    /// Adds clusters that the report must have. A missing one is added to the report as `unknown`.
    pub fn expect_clusters(mut self, clusters: impl IntoIterator<Item = ClusterRef>) -> Self {
        self.options.expected.extend(clusters);
        self
    }

    /// Sets the minimum number of clusters of all projects together; with fewer, the report is at best `unknown`.
    pub fn min_clusters(mut self, clusters: u64) -> Self {
        self.options.min_clusters = clusters;
        self
    }

    /// Adds the projects and expectations of `other`; minimum numbers of clusters add up. The options of `self` apply: the
    /// concurrency, hooks, clock and end of `other` are ignored.
    ///
    /// Checks of the same project at the same endpoints are merged: the client and the rules of the first apply.
    pub fn and(mut self, other: Self) -> Self {
        self.options.expected.extend(other.options.expected);
        let minimum = self.options.min_clusters;
        self.options.min_clusters = minimum.saturating_add(other.options.min_clusters);
        self.others.push(other.own);
        self.others.extend(other.others);
        self
    }

    /// Sets the number of concurrent requests to each service, of all projects together. Default 8, at least 1. DWS and MRS
    /// are asked at the same time.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.concurrency = requests.max(1);
        self
    }

    /// Calls `hook` whenever the check progresses. It should return quickly, because the check waits for it.
    pub fn on_progress(mut self, hook: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.on_progress = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` with the observation and the health of each cluster as soon as it is judged. It should return quickly,
    /// because the check waits for it.
    pub fn on_cluster(
        mut self,
        hook: impl Fn(&ClusterObservation, &ClusterHealth) + Send + Sync + 'static,
    ) -> Self {
        self.options.on_cluster = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` with each record of DWS that is read, before its cluster is judged. It should return quickly, because the
    /// check waits for it.
    pub fn on_record(
        mut self,
        hook: impl Fn(&ClusterObservation, &Record) + Send + Sync + 'static,
    ) -> Self {
        self.options.on_record = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` once, after all lists were read and before a cluster is asked at its own service, with every cluster and
    /// whether it will be asked; false where it has no service, or the rules leave that out.
    ///
    /// The hook can leave out other clusters, for instance to keep to a budget of requests, and set the readings that an
    /// earlier check made of them.
    pub fn before_asking(
        mut self,
        hook: impl Fn(&mut [(ClusterObservation, bool)]) + Send + Sync + 'static,
    ) -> Self {
        self.options.before_asking = Some(Arc::new(hook));
        self
    }

    /// Ends the check when `end` completes: no further request is sent, and calls in progress are dropped.
    ///
    /// The report then has what is known, and is not [complete](Report::complete). What was not asked is a problem of
    /// kind [`Cancelled`](crate::ErrorKind::Cancelled), and makes its cluster at best `unknown`; except the flag of MRS,
    /// where DataArts Studio judges the cluster.
    pub fn until(mut self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        self.options.until = Some(end.boxed().shared());
        self
    }

    /// Sets the clock of the judgement. Default: that of this machine.
    ///
    /// For services with another time, such as an emulator whose clock was moved. Requests are signed with the time of this
    /// machine regardless.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.options.clock = Some(Arc::new(clock));
        self
    }

    /// Asks the services and judges their answers.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if a project has neither a workspace nor a cluster, or a workspace id is not valid. A service that could
    /// not be asked is not an error, but a [`Problem`](super::Problem) of the report.
    pub async fn check(self) -> Result<Report, Error> {
        let scopes: Vec<_> = std::iter::once(self.own).chain(self.others).collect();
        for scope in &scopes {
            if let Some(error) = &scope.invalid_workspace {
                return Err(error.clone());
            }
            if scope.workspaces.is_empty() && scope.named.is_empty() {
                let why = "nothing to check: give a workspace or a cluster";
                return Err(Error::invalid_input(why));
            }
        }
        let run = CheckRun::begin(scopes, self.options).await;
        Ok(run.report().await)
    }
}
