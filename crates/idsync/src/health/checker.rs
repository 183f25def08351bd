//! What is asked about the clusters of one or several projects.

use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;

use super::check::{CheckOptions, CheckRun, ClusterQuestion};
use super::coverage::Expectations;
use super::project::ProjectScope;
use super::{ClusterHealth, ClusterObservation, ClusterRef, Progress, Report, Rules, Source};
use crate::dws::Record;
use crate::{Client, Error, Service, WorkspaceId};

/// A check of the clusters that workspaces have tasks for, and of those that are named.
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
/// What fails in one cluster, service or project is a [`Problem`](super::Problem) of the report, and the check continues. A
/// service that refuses the credentials of a project is not asked again, and listed once.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until the check is awaited"]
pub struct Checker {
    own: ProjectScope,
    others: Vec<ProjectScope>,
    expectations: Expectations,
    options: CheckOptions,
}

impl Checker {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            own: ProjectScope::new(client),
            others: Vec::new(),
            expectations: Expectations::default(),
            options: CheckOptions::default(),
        }
    }

    /// Adds a workspace: every cluster that it has a task for is judged. Can be given several times.
    pub fn workspace<W>(mut self, workspace: W) -> Self
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        let workspace = workspace.try_into().map_err(Into::into);
        self.own.workspaces.push(workspace);
        self
    }

    /// Adds a cluster by name. Can be given several times.
    pub fn cluster(mut self, cluster: ClusterRef) -> Self {
        self.own.named.push(cluster);
        self
    }

    /// Leaves out the clusters that are not [named](Self::cluster); workspaces then only contribute the tasks of
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

    /// Sets which services are asked: short for [`Rules::with_sources`].
    pub fn sources(mut self, services: impl IntoIterator<Item = Service>) -> Self {
        let sources = services.into_iter().map(Source::from);
        self.own.rules = self.own.rules.with_sources(sources);
        self
    }

    /// Adds clusters that the report has to have. One that it lacks is added to it as `unknown`.
    pub fn expect_clusters(mut self, clusters: impl IntoIterator<Item = ClusterRef>) -> Self {
        self.expectations.clusters.extend(clusters);
        self
    }

    /// Sets how many clusters there have to be, all projects together; the report is at best `unknown` if there are fewer.
    pub fn min_clusters(mut self, clusters: u64) -> Self {
        self.expectations.min_clusters = clusters;
        self
    }

    /// Adds what `other` asks for and expects; minimum numbers of clusters add up. How the check is run is set by `self`:
    /// concurrency, hook, clock and end of `other` do not count.
    ///
    /// Checks of the same project at the same endpoints are one: the client and the rules of the first count.
    pub fn and(mut self, other: Self) -> Self {
        let expectations = other.expectations;
        self.expectations.clusters.extend(expectations.clusters);
        let minimum = self.expectations.min_clusters;
        self.expectations.min_clusters = minimum.saturating_add(expectations.min_clusters);
        self.others.push(other.own);
        self.others.extend(other.others);
        self
    }

    /// How many requests are sent at once to each service, all projects together; 8 if not set, at least 1. DWS and MRS
    /// are asked at the same time.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.concurrency = requests.max(1);
        self
    }

    /// Calls `hook` whenever the check has progressed. It should return at once, since the check waits for it.
    pub fn on_progress(mut self, hook: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.on_progress = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` with what was seen of each cluster and how it was judged, as soon as it is. It should return at once,
    /// since the check waits for it.
    pub fn on_cluster(
        mut self,
        hook: impl Fn(&ClusterObservation, &ClusterHealth) + Send + Sync + 'static,
    ) -> Self {
        self.options.on_cluster = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` with each record of DWS that is read, before its cluster is judged. It should return at once, since the
    /// check waits for it.
    pub fn on_record(
        mut self,
        hook: impl Fn(&ClusterObservation, &Record) + Send + Sync + 'static,
    ) -> Self {
        self.options.on_record = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` once, when all lists were read and no cluster was asked at its own service yet, with every cluster.
    ///
    /// It can leave clusters out of the asking, for instance to keep to a budget of requests, and set the readings that an
    /// earlier check made of them.
    pub fn before_asking(
        mut self,
        hook: impl Fn(&mut [ClusterQuestion]) + Send + Sync + 'static,
    ) -> Self {
        self.options.before_asking = Some(Arc::new(hook));
        self
    }

    /// Ends the check when `end` completes: no further request is sent, and calls in progress are dropped.
    ///
    /// The report then has what is known, and is not [complete](Report::complete). What was not asked is a problem of
    /// kind [`Cancelled`](crate::ErrorKind::Cancelled), and makes its cluster at best `unknown`; the flag of MRS does not
    /// where DataArts Studio judges the cluster.
    pub fn until(mut self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        self.options.until = Some(end.boxed().shared());
        self
    }

    /// Sets the source of the time that the judgement takes as the present: this machine's if not set.
    ///
    /// For services with another time, such as an emulator whose clock was moved. Calls are signed by the time of this
    /// machine all the same.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.options.clock = Arc::new(clock);
        self
    }

    /// Asks the services and judges what they say.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there is nothing to ask about in one of the projects, or a workspace id is not valid. What could
    /// not be asked is no error but a [`Problem`](super::Problem) of the report.
    pub async fn check(self) -> Result<Report, Error> {
        let scopes: Vec<_> = std::iter::once(self.own).chain(self.others).collect();
        scopes.iter().try_for_each(ProjectScope::ensure_usable)?;
        let run = CheckRun::begin(scopes, self.options).await;
        Ok(run.report(&self.expectations).await)
    }
}
