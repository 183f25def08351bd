//! What is asked about one project.

use std::future::Future;

use jiff::Timestamp;

use super::pace::Pace;
use super::{ClusterRef, Fleet, Progress, Report, Rules};
use crate::{Client, Error, WorkspaceId};

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
///
/// Several projects are asked about in one run by a [`Fleet`].
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until the check is awaited"]
pub struct HealthCheck {
    scope: Scope,
    pace: Pace,
}

/// What is asked about one project, and by which rules it is judged.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) client: Client,
    pub(super) rules: Rules,
    pub(super) workspaces: Vec<Result<WorkspaceId, Error>>,
    pub(super) named: Vec<ClusterRef>,
    pub(super) only_named: bool,
}

impl HealthCheck {
    pub(crate) fn new(client: Client) -> Self {
        let scope = Scope {
            rules: client.rules().clone(),
            client,
            workspaces: Vec::new(),
            named: Vec::new(),
            only_named: false,
        };
        Self {
            scope,
            pace: Pace::default(),
        }
    }

    /// Adds a workspace: every cluster that it has a task for is judged. Can be given several times.
    pub fn workspace<W>(mut self, workspace: W) -> Self
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        let workspace = workspace.try_into().map_err(Into::into);
        self.scope.workspaces.push(workspace);
        self
    }

    /// Adds a cluster by hand. Can be given several times.
    pub fn cluster(mut self, cluster: ClusterRef) -> Self {
        self.scope.named.push(cluster);
        self
    }

    /// Leaves out the clusters that are not [named by hand](Self::cluster): workspaces then only tell which tasks there
    /// are for those.
    pub fn only_named(mut self) -> Self {
        self.scope.only_named = true;
        self
    }

    /// Sets the rules of the judgement; [those of the client](Client::rules) if not set.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.scope.rules = rules;
        self
    }

    /// How many questions are asked at once of each service; 8 if not set, at least 1.
    pub fn concurrency(mut self, questions: usize) -> Self {
        self.pace.set_concurrency(questions);
        self
    }

    /// Calls a hook whenever the check has come further; see [`Fleet::on_progress`].
    pub fn on_progress(mut self, hook: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.pace.set_on_progress(hook);
        self
    }

    /// Ends the check when `end` completes, with a report on what is known; see [`Fleet::until`].
    pub fn until(mut self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        self.pace.set_until(end);
        self
    }

    /// Sets where the time comes from by which is judged; see [`Fleet::clock`].
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.pace.set_clock(clock);
        self
    }

    /// Asks the services and judges what they say; see [`Fleet::check`].
    ///
    /// # Errors
    ///
    /// `Usage` if neither a workspace nor a cluster is given, or a workspace id is not valid. A service that could not
    /// be asked is no error but a [`Problem`](super::Problem) of the report.
    pub async fn check(self) -> Result<Report, Error> {
        Fleet::of(self.scope, self.pace).check().await
    }

    pub(super) fn into_scope(self) -> Scope {
        self.scope
    }
}

impl Scope {
    /// # Errors
    ///
    /// `Usage` if there is nothing to ask about, or a workspace id is not valid.
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
