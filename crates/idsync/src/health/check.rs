//! The thin layer that asks the services and hands what they said to the judgement.

mod fleet;
mod survey;

use jiff::Timestamp;

use self::fleet::Fleet;
use self::survey::Survey;
use super::{
    ClusterObservation, ClusterRef, NoteCode, Problem, Report, Rules, Source, judge, judge_cluster,
};
use crate::{Client, Error, ProjectId, WorkspaceId};

/// How many questions are asked at once where nothing else is set.
const DEFAULT_CONCURRENCY: usize = 8;

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
        Self {
            rules: client.rules().clone(),
            client,
            workspaces: Vec::new(),
            named: Vec::new(),
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

    /// Sets the rules of the judgement; [those of the client](Client::rules) if not set.
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
    /// Where DataArts Studio and a cluster's own service disagree, both are asked once more: most of the time, a run just
    /// began or ended between the two questions.
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
        let workspaces: Result<Vec<_>, _> = self.workspaces.iter().cloned().collect();
        let survey = Survey::new(&self.client, workspaces?, self.concurrency);
        let listing = survey.tasks().await;
        let problems = listing
            .errors
            .iter()
            .map(|error| Problem::new(Source::DataArts, None, error))
            .collect();
        let mut fleet = Fleet::of(listing.tasks);
        for cluster in &self.named {
            fleet.add_named(cluster);
        }
        let clusters = survey.services(fleet.into_clusters().collect()).await;
        let clusters = self.settle_disagreements(&survey, clusters).await;
        let project_id = self.client.known_project_id();
        Ok(judge(
            project_id.as_ref().map(ProjectId::as_str),
            &clusters,
            problems,
            &self.rules,
            Timestamp::now(),
        ))
    }

    /// Asks once more about the clusters of which two sources disagree. An answer that does not come leaves what was
    /// known.
    async fn settle_disagreements(
        &self,
        survey: &Survey<'_>,
        clusters: Vec<ClusterObservation>,
    ) -> Vec<ClusterObservation> {
        let now = Timestamp::now();
        let (doubtful, mut settled): (Vec<_>, Vec<_>) = clusters
            .into_iter()
            .partition(|cluster| is_contradictory(cluster, &self.rules, now));
        if doubtful.is_empty() {
            return settled;
        }
        let fleet = Fleet::of(survey.tasks().await.tasks);
        let fresh = doubtful
            .iter()
            .map(|cluster| fleet.updated(cluster))
            .collect();
        let fresh = survey.services(fresh).await;
        let newest = doubtful
            .into_iter()
            .zip(fresh)
            .map(|(old, fresh)| fresh.or_as_known(old));
        settled.extend(newest);
        settled
    }
}

fn is_contradictory(cluster: &ClusterObservation, rules: &Rules, now: Timestamp) -> bool {
    let health = judge_cluster(cluster, rules, now);
    health
        .notes
        .iter()
        .any(|note| note.code == NoteCode::SourcesDisagree)
}
