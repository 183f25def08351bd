//! The thin layer that asks the services and hands what they said to the judgement.

mod fleet;

use std::fmt;
use std::str::FromStr;

use futures_util::stream::{self, StreamExt};
use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;

use self::fleet::Fleet;
use super::{ClusterObservation, Problem, Reading, RecordHistory, Report, Rules, Source, judge};
use crate::dataarts::Task;
use crate::{Client, ClusterId, Error, ProjectId, Service, WorkspaceId};

/// How many questions are asked at once where nothing else is set.
const DEFAULT_CONCURRENCY: usize = 8;

/// A cluster that is named by hand, so that it is asked whether DataArts Studio knows it or not.
///
/// Written `dws:ID` or `mrs:ID`.
///
/// ```
/// use idsync::health::ClusterRef;
///
/// let cluster: ClusterRef = "dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0".parse()?;
/// assert_eq!(cluster.to_string(), "dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0");
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClusterRef {
    /// A cluster of Data Warehouse Service.
    Dws(ClusterId),
    /// A cluster of MapReduce Service.
    Mrs(ClusterId),
}

impl ClusterRef {
    fn id(&self) -> &ClusterId {
        match self {
            Self::Dws(id) | Self::Mrs(id) => id,
        }
    }

    fn service(&self) -> Service {
        match self {
            Self::Dws(_) => Service::Dws,
            Self::Mrs(_) => Service::Mrs,
        }
    }

    fn cluster_type(&self) -> ClusterType {
        match self {
            Self::Dws(_) => ClusterType::Dws,
            Self::Mrs(_) => ClusterType::Mrs,
        }
    }
}

impl FromStr for ClusterRef {
    type Err = Error;

    /// # Errors
    ///
    /// A usage error if the service is neither `dws` nor `mrs`, or the id is not valid.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            Some(("dws", id)) => Ok(Self::Dws(id.parse()?)),
            Some(("mrs", id)) => Ok(Self::Mrs(id.parse()?)),
            _ => Err(Error::usage(format!(
                "the cluster {text:?} names no service; write dws:ID or mrs:ID"
            ))),
        }
    }
}

impl fmt::Display for ClusterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service(), self.id())
    }
}

/// A question for the health of clusters: those that workspaces have tasks for, and those that are named.
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// let report = client.health().workspace("f7bc8f2a").cluster("mrs:5f6a7b8c".parse()?).check().await?;
/// for cluster in &report.clusters {
///     println!("{} {:?}", cluster.verdict, cluster.cluster_name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until the check is awaited"]
pub struct HealthCheck {
    client: Client,
    workspaces: Vec<Result<WorkspaceId, Error>>,
    named: Vec<ClusterRef>,
    rules: Rules,
    concurrency: usize,
}

impl HealthCheck {
    pub(crate) fn new(client: Client) -> Self {
        let rules = Rules::default();
        Self {
            client,
            workspaces: Vec::new(),
            named: Vec::new(),
            rules,
            concurrency: DEFAULT_CONCURRENCY,
        }
    }

    /// Adds a workspace: every cluster that it has a task for is judged. Can be given several times.
    pub fn workspace<W>(mut self, workspace: W) -> Self
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        self.workspaces
            .push(workspace.try_into().map_err(Into::into));
        self
    }

    /// Adds a cluster by hand. Can be given several times.
    pub fn cluster(mut self, cluster: ClusterRef) -> Self {
        self.named.push(cluster);
        self
    }

    /// Sets the rules of the judgement.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// How many questions are asked at once; 8 if not set, at least 1.
    pub fn concurrency(mut self, questions: usize) -> Self {
        self.concurrency = questions.max(1);
        self
    }

    /// Asks the services and judges what they say.
    ///
    /// # Errors
    ///
    /// `Usage` if neither a workspace nor a cluster is given, or a workspace id is not valid. A service that could not
    /// be asked is no error but a [`Problem`] of the report.
    pub async fn check(self) -> Result<Report, Error> {
        if self.workspaces.is_empty() && self.named.is_empty() {
            return Err(Error::usage(
                "nothing to check: give a workspace or a cluster",
            ));
        }
        let workspaces = self
            .workspaces
            .iter()
            .cloned()
            .collect::<Result<Vec<_>, _>>()?;
        let mut fleet = Fleet::default();
        let mut listings = stream::iter(workspaces)
            .map(|workspace| self.tasks_of(workspace))
            .buffered(self.concurrency);
        let mut problems = Vec::new();
        while let Some(listing) = listings.next().await {
            fleet.add_tasks(listing.tasks);
            problems.extend(
                listing
                    .errors
                    .iter()
                    .map(|error| Problem::new(Source::DataArts, None, error)),
            );
        }
        for cluster in &self.named {
            fleet.add_named(cluster);
        }
        let asked = stream::iter(fleet.into_clusters())
            .map(|cluster| self.ask(cluster))
            .buffered(self.concurrency);
        let clusters: Vec<_> = asked.collect().await;
        let project_id = self.client.known_project_id();
        Ok(judge(
            project_id.as_ref().map(ProjectId::as_str),
            &clusters,
            problems,
            &self.rules,
            Timestamp::now(),
        ))
    }

    /// The tasks of a workspace as far as they could be read.
    async fn tasks_of(&self, workspace: WorkspaceId) -> Listing {
        let mut pages = self.client.dataarts(workspace).tasks().pages();
        let mut listing = Listing::default();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => {
                    for entry in page.into_entries() {
                        match entry {
                            Ok(task) => listing.tasks.push(task),
                            Err(error) => listing.errors.push(error),
                        }
                    }
                }
                Err(error) => listing.errors.push(error),
            }
        }
        listing
    }

    /// Asks a cluster's own service about it.
    async fn ask(&self, cluster: ClusterObservation) -> ClusterObservation {
        let Some(id) = &cluster.cluster_id else {
            return cluster;
        };
        match &cluster.cluster_type {
            Some(ClusterType::Dws) => {
                let records = self.records_of(id).await.into();
                cluster.with_records(records)
            }
            Some(ClusterType::Mrs) => {
                let flag = self.client.mrs().is_synchronizing(id).await.into();
                cluster.with_iam_sync(flag)
            }
            _ => cluster,
        }
    }

    /// Every record of a cluster: without one page, the newest record would not be known.
    async fn records_of(&self, cluster_id: &str) -> Result<RecordHistory, Error> {
        let mut pages = self.client.dws().sync_records(cluster_id).pages();
        let mut history = RecordHistory::default();
        while let Some(page) = pages.try_next().await? {
            for entry in page.into_entries() {
                match entry {
                    Ok(record) => history.records.push(record),
                    Err(error) => history.unreadable.push(error),
                }
            }
        }
        Ok(history)
    }
}

/// What one workspace listed.
#[derive(Default)]
struct Listing {
    tasks: Vec<Task>,
    errors: Vec<Error>,
}
