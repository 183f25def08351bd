//! The entry point: one client for all services.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::DATE;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use crate::builder::ClientBuilder;
use crate::credentials::ClientContext;
use crate::dataarts::DataArts;
use crate::dws::Dws;
use crate::endpoints::{Endpoints, join};
use crate::health::{Checker, Rules};
use crate::http_client::timed_out;
use crate::mrs::Mrs;
use crate::retry::http_date;
use crate::telemetry::CallTrace;
use crate::transport::{Answer, Call, CallSettings, Operation};
use crate::{
    CredentialProvider, Credentials, Error, ErrorKind, ProjectId, RequestCounts, Service,
    WorkspaceId,
};

/// The lookup of the project of a region. IAM has no OpenAPI document here.
const LIST_PROJECTS: Operation = Operation {
    service: Service::Iam,
    name: "listProjects",
};

/// Reads the identity synchronization of one project.
///
/// A client is cheap to clone, and clones share their connections: build one and keep it. It needs the tokio runtime.
///
/// ```no_run
/// # async fn run() -> Result<(), idsync::Error> {
/// let client = idsync::Client::builder().region("cn-north-4").project_id("0833a573").build()?;
/// let busy = client.mrs().is_synchronizing("cc6588d6").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client(pub(crate) Arc<ClientParts>);

/// What a client consists of.
#[derive(Clone)]
pub(crate) struct ClientParts {
    pub(crate) settings: CallSettings,
    pub(crate) endpoints: Endpoints,
    /// The provider as it was given; the one in `settings` may be bound to the project.
    pub(crate) provider: Arc<dyn CredentialProvider>,
    /// Given, or looked up when it is needed.
    pub(crate) project_id: Arc<OnceCell<ProjectId>>,
    pub(crate) region: Option<String>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) rules: Rules,
    pub(crate) warnings: Vec<String>,
}

impl Client {
    /// Starts to configure a client; the defaults are safe.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// DataArts Studio, as seen from `workspace`. An invalid workspace id is an error when a request is sent.
    pub fn dataarts<W>(&self, workspace: W) -> DataArts
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        DataArts {
            client: self.clone(),
            workspace: workspace.try_into().map_err(Into::into),
        }
    }

    /// Data Warehouse Service.
    pub fn dws(&self) -> Dws {
        Dws {
            client: self.clone(),
        }
    }

    /// MapReduce Service.
    pub fn mrs(&self) -> Mrs {
        Mrs {
            client: self.clone(),
        }
    }

    /// One verdict over all of them.
    pub fn health(&self) -> Checker {
        Checker::new(self.clone())
    }

    /// A client for another project of the same account.
    ///
    /// Both share their connections, the budget of retries, the rate limits and the rules of health; and the credentials,
    /// unless these are tokens for one project: an [`IamUser`](crate::IamUser) logs in for each. The other project has no
    /// [workspaces](Self::workspaces) yet.
    ///
    /// ```
    /// # use idsync::{Client, Credentials};
    /// # let client = Client::builder().region("cn-north-4").project_id("0833a573").credentials(Credentials::token("t"));
    /// # let client = client.build()?;
    /// let other = client.for_project("1944b684")?;
    /// # Ok::<(), idsync::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the id is not valid.
    pub fn for_project<P>(&self, project_id: P) -> Result<Self, Error>
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        let project_id = project_id.try_into().map_err(Into::into)?;
        if self.known_project_id().as_ref() == Some(&project_id) {
            return Ok(self.clone());
        }
        let context = ClientContext {
            http: &self.0.settings.http,
            iam: self.endpoint(Service::Iam),
            project_id: Some(&project_id),
            region: None,
            timeout: self.0.settings.timeouts.attempt,
        };
        let mut parts = ClientParts::clone(&self.0);
        parts.settings.credentials = bound(&parts.provider, &context)?;
        parts.project_id = Arc::new(OnceCell::new_with(Some(project_id)));
        parts.workspaces.clear();
        Ok(Self(Arc::new(parts)))
    }

    /// The deadline of each call, from its begin.
    pub fn timeout(&self) -> Duration {
        self.0.settings.timeouts.call
    }

    /// The region, if one was given or is in the profile.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// The base URL of `service`, without a trailing slash.
    ///
    /// # Errors
    ///
    /// `Configuration` if it has no endpoint: none was given, and none is known in the region.
    pub fn endpoint(&self, service: Service) -> Result<&str, Error> {
        let endpoint = &self.0.endpoints[service as usize];
        endpoint.as_deref().map_err(Clone::clone)
    }

    /// The proxy that requests to `service` go through: its URL without user and password, and the variable or setting
    /// that names it, such as `http://proxy.example:3128 (https_proxy)`.
    pub fn proxy(&self, service: Service) -> Option<String> {
        let url = self.endpoint(service).ok()?.parse().ok()?;
        let proxy = self.0.settings.http.proxies.of(&url)?;
        Some(proxy.to_string())
    }

    /// What of the configuration is unsafe, one sentence each: files with secrets that other users can read.
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    /// The workspaces of the profile; none if no profile was read.
    pub fn workspaces(&self) -> &[WorkspaceId] {
        &self.0.workspaces
    }

    /// The rules by which health is judged unless others are given: those of the profile, else the default ones.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// Where the credentials come from: such as a variable, or a profile and its file.
    pub fn credential_origin(&self) -> &str {
        &self.0.settings.origin
    }

    /// The credentials as a call would use them now, fetched if necessary. The services are not asked whether they accept
    /// them.
    ///
    /// # Errors
    ///
    /// `Credentials` if there are none; the error of the provider; `Timeout` as for any call.
    pub async fn authenticate(&self) -> Result<Credentials, Error> {
        self.0.settings.fetch_credentials(self.deadline()).await
    }

    /// Sends a request without credentials to the base URL of `service`, by the client's proxies and TLS settings. Any
    /// answer counts. Gives the time of the server, as its header `Date` has it.
    ///
    /// # Errors
    ///
    /// `Connect`, `Timeout` or `Configuration` if there is no answer.
    pub async fn ping(&self, service: Service) -> Result<Option<Timestamp>, Error> {
        let url = join(self.endpoint(service)?, "")?;
        let request = reqwest::Request::new(Method::HEAD, url);
        let http = &self.0.settings.http;
        let answer = http.send_within(self.timeout(), request, 0).await?;
        Ok(http_date(answer.headers(), DATE))
    }

    /// How many requests were sent to `service` by this client, its clones, those
    /// [for other projects](Self::for_project), and those that share its [rate](crate::ClientBuilder::rate_of).
    pub fn request_counts(&self, service: Service) -> RequestCounts {
        self.0.settings.limiter.counts(service)
    }

    /// Whether the requests of `other` count together with those of this client.
    pub fn counts_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.settings.limiter, &other.0.settings.limiter)
    }

    /// The project as far as it is known without a request.
    pub fn known_project_id(&self) -> Option<ProjectId> {
        self.0.project_id.get().cloned()
    }

    /// The project whose clusters are read: given, or else looked up by the name of the region at IAM, once for the
    /// client and its clones. Each call does this by itself.
    ///
    /// # Errors
    ///
    /// `NotFound` if the account has no project of that name, `Configuration` if it has several; any other [`Error`] of
    /// the call. None if the project id was given.
    pub async fn project_id(&self) -> Result<ProjectId, Error> {
        self.project_id_before(self.deadline()).await
    }

    /// When a call that begins now must end.
    fn deadline(&self) -> Instant {
        Instant::now() + self.0.settings.timeouts.call
    }

    fn begin(&self, operation: Operation, deadline: Instant) -> Result<Call<'_>, Error> {
        let base_url = self.endpoint(operation.service)?;
        Ok(Call {
            settings: &self.0.settings,
            operation,
            base_url,
            deadline,
            trace: CallTrace::begin(operation, base_url),
            used: None,
        })
    }

    async fn project_id_before(&self, deadline: Instant) -> Result<ProjectId, Error> {
        let look_up = || self.look_up_project(deadline);
        let found = timeout_at(deadline, self.0.project_id.get_or_try_init(look_up)).await;
        found
            .unwrap_or_else(|_| Err(timed_out(self.timeout())))
            .cloned()
    }

    /// `GET /v3/projects`: the main project of a region has the name of the region.
    async fn look_up_project(&self, deadline: Instant) -> Result<ProjectId, Error> {
        let region = self.0.region.as_deref().unwrap_or_default();
        let mut call = self.begin(LIST_PROJECTS, deadline)?;
        let name = utf8_percent_encode(region, NON_ALPHANUMERIC);
        let request = http::Request::get(format!("/v3/projects?name={name}"))
            .body(Bytes::new())
            .map_err(|error| {
                Error::invalid_input("the region cannot be sent").with_source(error)
            })?;
        let span = call.trace.span.clone();
        let outcome = async {
            let answer = call.send(request, None).await?;
            only_project(&answer.body, region).map_err(|error| answer.explain(error))
        };
        let outcome = outcome.instrument(span).await;
        call.end(outcome)
    }

    /// One call of `operation`, within the client's deadline and one span: looks up the project, sends what `build` makes
    /// of it until it is answered with status 200, and gives what `read` makes of the answer.
    pub(crate) async fn call<T>(
        &self,
        operation: Operation,
        build: impl FnOnce(&ProjectId) -> Result<http::Request<Bytes>, idsync_api::InvalidRequest>,
        read: impl FnOnce(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let deadline = self.deadline();
        let mut call = self.begin(operation, deadline)?;
        let span = call.trace.span.clone();
        let outcome = async {
            let project_id = self.project_id_before(deadline).await?;
            let request =
                build(&project_id).map_err(|error| Error::invalid_input(error.to_string()))?;
            let answer = call.send(request, Some(&project_id)).await?;
            read(&answer).map_err(|error| answer.explain(error))
        };
        let outcome = outcome.instrument(span).await;
        call.end(outcome)
    }

    /// Whether both read the same project from the same endpoints.
    pub(crate) fn asks_the_same_as(&self, other: &Self) -> bool {
        let endpoints = |client: &Self| {
            Service::SYNCHRONIZING.map(|it| client.endpoint(it).ok().map(str::to_owned))
        };
        let project_id = self.known_project_id();
        project_id.is_some()
            && project_id == other.known_project_id()
            && endpoints(self) == endpoints(other)
    }
}

/// Shows where requests go and for which project, and no credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("project_id", &self.known_project_id())
            .field("endpoints", &self.0.endpoints)
            .field("credentials", &self.0.settings.origin)
            .finish_non_exhaustive()
    }
}

/// `provider`, or the one that it gives for a client, if it can be used.
pub(crate) fn bound(
    provider: &Arc<dyn CredentialProvider>,
    client: &ClientContext<'_>,
) -> Result<Arc<dyn CredentialProvider>, Error> {
    let bound = provider.for_client(client);
    let bound = bound.unwrap_or_else(|| Arc::clone(provider));
    bound.check()?;
    Ok(bound)
}

/// The id of the one project called `name`. IAM compares whole names, but whether it always did is not documented: what
/// it gives is compared again.
fn only_project(body: &[u8], name: &str) -> Result<ProjectId, Error> {
    let list: Value = serde_json::from_slice(body).unwrap_or_default();
    let projects = list["projects"].as_array().ok_or_else(|| {
        Error::new(ErrorKind::Decode, "the answer has no list of projects").with_path("projects")
    })?;
    let ids: Vec<_> = projects
        .iter()
        .filter(|project| project["name"].as_str().is_none_or(|given| given == name))
        .filter_map(|project| project["id"].as_str())
        .collect();
    match ids.as_slice() {
        [id] => id.parse(),
        [] => {
            let message = format!("the account has no project named {name:?}");
            let error = Error::new(ErrorKind::NotFound, message);
            Err(error.with_hint("check the region, or give the project id"))
        }
        several => Err(Error::configuration(format!(
            "the account has {} projects named {name:?}; give the id of the one to read: {}",
            several.len(),
            several.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<String, String> {
        only_project(body.as_bytes(), "cn-north-4")
            .map(|id| id.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_only_project_of_the_name_is_taken() {
        let body = r#"{"projects": [{"id": "p1", "name": "cn-north-4", "enabled": true},
            {"id": "p2", "name": "cn-north-4_sub"}], "links": {}}"#;
        assert_eq!(read(body).unwrap(), "p1");
    }

    #[test]
    fn an_answer_without_one_project_is_an_error_of_its_own() {
        for (body, expected) in [
            (r#"{"projects": []}"#, "no project named"),
            (r#"{"projects": [{"id": "p1"}, {"id": "p2"}]}"#, "p1, p2"),
            (r#"{"projects": [{"id": "../p2"}]}"#, "project id"),
            (r#"{"projects": null}"#, "no list of projects"),
            ("[]", "no list of projects"),
        ] {
            let error = read(body).unwrap_err();
            assert!(error.contains(expected), "{body}: {error}");
        }
    }
}
