//! Checks whatever a call depends on, and says what to mend.

mod answers;
mod check;
mod clock;
mod route;
mod subject;

use futures_util::future::{join, join3};

use self::answers::Answers;
pub use self::check::{Check, CheckStatus, Examination};
use self::route::{Route, STEPS};
use crate::health::ClusterRef;
use crate::{Client, Error, Service, WorkspaceId};

/// Checks the way to each service (endpoint, name resolution, connection, TLS), the clock, and what each service
/// answers to a call with credentials.
///
/// Each check ends within the timeout of the client's calls. A check that depends on a failed one is skipped.
///
/// ```no_run
/// # async fn run(client: idsync::Client) -> Result<(), idsync::Error> {
/// for check in client.doctor().workspace("f7bc8f2a").examine().await {
///     println!("{:<8} {}: {}", check.status, check.name, check.message);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is checked before `examine`"]
pub struct Doctor {
    client: Client,
    workspace: Option<Result<WorkspaceId, Error>>,
    clusters: Vec<ClusterRef>,
    /// Why no service is asked anything.
    silent: Option<String>,
}

impl Doctor {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            workspace: None,
            clusters: Vec::new(),
            silent: None,
        }
    }

    /// The DataArts Studio workspace to ask for; without one, DataArts Studio is not asked.
    pub fn workspace<W>(mut self, workspace: W) -> Self
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        self.workspace = Some(workspace.try_into().map_err(Into::into));
        self
    }

    /// A cluster to ask for; may be repeated. Without one of a service, one that DataArts Studio lists is taken, else
    /// an id that no cluster has.
    pub fn cluster(mut self, cluster: ClusterRef) -> Self {
        self.clusters.push(cluster);
        self
    }

    /// Leaves out the calls that need credentials, because of what `needs` names: they are told as skipped.
    pub fn without_calls(mut self, needs: impl Into<String>) -> Self {
        self.silent = Some(needs.into());
        self
    }

    /// Makes every check, in the order of their dependence.
    pub async fn examine(&self) -> Vec<Check> {
        let [dataarts, dws, mrs] = Service::SYNCHRONIZING.map(|service| {
            let Self { client, .. } = self;
            Route::to(service, client, client.timeout())
        });
        let (dataarts, dws, mrs) = join3(dataarts, dws, mrs).await;
        let routes = [dataarts, dws, mrs];
        let answers = self.answers(&routes).await;
        let clock = clock::check(routes.iter().find_map(|route| route.skew));
        let mut checks = by_step(routes);
        checks.push(clock);
        checks.extend(answers);
        checks
    }

    /// What [`examine`](Self::examine) would check, had something not failed before it that is called `needs`.
    pub fn skipped(needs: &str) -> Vec<Check> {
        let of_routes = STEPS
            .iter()
            .flat_map(|step| Service::SYNCHRONIZING.map(|service| format!("{step}.{service}")));
        let of_answers = Service::SYNCHRONIZING.map(|service| format!("answer.{service}"));
        of_routes
            .chain(["clock".to_owned()])
            .chain(of_answers)
            .map(|name| Check::skipped(name, route::waits_for(needs)))
            .collect()
    }

    async fn answers(&self, routes: &[Route; 3]) -> Vec<Check> {
        let answers = Answers {
            client: &self.client,
            clusters: &self.clusters,
        };
        let [dataarts, dws, mrs] = routes.each_ref().map(|route| {
            let needed = self.silent.as_deref().or(route.blocked_by.as_deref());
            needed.map_or(Ok(()), |needs| Err(route::waits_for(needs)))
        });
        let (dataarts, listed) = answers.of_dataarts(dataarts, self.workspace.as_ref()).await;
        let (dws, mrs) = join(
            answers.of_dws(dws, listed.dws),
            answers.of_mrs(mrs, listed.mrs),
        )
        .await;
        [vec![dataarts], dws, mrs].concat()
    }
}

/// The same step of every route side by side, as one cause often stops them all.
fn by_step(routes: [Route; 3]) -> Vec<Check> {
    let mut routes = routes.map(|route| route.checks.into_iter());
    let mut checks = Vec::with_capacity(STEPS.len() * routes.len());
    for _ in STEPS {
        checks.extend(routes.iter_mut().filter_map(Iterator::next));
    }
    checks
}
