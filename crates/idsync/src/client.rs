//! The entry point: one client for the three services.

mod builder;
mod identity;
mod kin;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use idsync_api::InvalidRequest;
use url::Url;

pub use self::builder::ClientBuilder;
use self::identity::Identity;
use crate::dataarts::DataArts;
use crate::doctor::Doctor;
use crate::dws::Dws;
use crate::health::{Checker, Rules};
use crate::iam::project_named;
use crate::mrs::Mrs;
use crate::project::Project;
use crate::region::Endpoints;
use crate::transport::{Answer, Call, Operation, Settings};
use crate::{Credentials, Error, ErrorKind, ProjectId, Service, WorkspaceId};

/// Reads the identity synchronization of one project.
///
/// A client is cheap to clone, and clones share their connections: make one and keep it.
///
/// ```no_run
/// # async fn run() -> Result<(), idsync::Error> {
/// let client = idsync::Client::builder().region("cn-north-4").project_id("0833a573").build()?;
/// let busy = client.mrs().is_synchronizing("cc6588d6").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    endpoints: Arc<Endpoints>,
    project: Arc<Project>,
    identity: Arc<Identity>,
    region: Option<Arc<str>>,
}

impl Client {
    /// Starts to configure a client; the defaults are safe.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The project whose clusters are read: given, or else looked up by the name of the region at IAM, once for the
    /// client and its clones. Each call does this by itself.
    ///
    /// The lookup is a call of its own, with its own deadline and retries.
    ///
    /// # Errors
    ///
    /// `NotFound` if the account has no project of that name, `Usage` if it has several; any other [`Error`] of the
    /// call. None if the project id was given.
    pub async fn project_id(&self) -> Result<ProjectId, Error> {
        let client = self.clone();
        let look_up = |region: String| async move {
            let base_url = client.endpoints.get(Service::Iam)?;
            let call = Call::new(
                Arc::clone(&client.settings),
                None,
                Service::Iam,
                "listProjects",
            );
            project_named(&call, base_url, &region).await
        };
        self.project.id(look_up).await
    }

    /// The project as far as it is known without asking IAM.
    pub fn known_project_id(&self) -> Option<ProjectId> {
        self.project.known()
    }

    /// The region that was given, or that the profile names.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The workspaces that the profile lists; none if no profile was read.
    pub fn workspaces(&self) -> &[WorkspaceId] {
        &self.identity.workspaces
    }

    /// The rules by which health is judged unless others are given: those of the profile, else the default ones.
    pub fn rules(&self) -> &Rules {
        &self.identity.rules
    }

    /// Where the credentials come from, in words: such as `the environment`, or a profile and its file.
    pub fn credential_origin(&self) -> &str {
        &self.identity.origin
    }

    /// The credentials as a call would use them now; fetched if need be, so that a later call need not.
    ///
    /// Says nothing of whether the services accept them.
    ///
    /// # Errors
    ///
    /// `Credentials` if there are none; what kept a token or key from being fetched; `Timeout` as for any call.
    pub async fn authenticate(&self) -> Result<Credentials, Error> {
        let Settings {
            credentials,
            timeouts,
            ..
        } = &*self.settings;
        let timeout = timeouts.call;
        let fetched = tokio::time::timeout(timeout, credentials.credentials()).await;
        let late = |_| {
            Error::new(
                ErrorKind::Timeout,
                format!("no credentials within {timeout:?}"),
            )
        };
        let fetched = fetched.map_err(late)??;
        fetched.fit_for_headers()?;
        Ok(fetched)
    }

    /// DataArts Studio, as seen from `workspace`.
    ///
    /// A workspace id that is not valid is an error when something is asked.
    pub fn dataarts<W>(&self, workspace: W) -> DataArts
    where
        W: TryInto<WorkspaceId>,
        W::Error: Into<Error>,
    {
        DataArts::new(self.clone(), workspace.try_into().map_err(Into::into))
    }

    /// Data Warehouse Service.
    pub fn dws(&self) -> Dws {
        Dws::new(self.clone())
    }

    /// MapReduce Service.
    pub fn mrs(&self) -> Mrs {
        Mrs::new(self.clone())
    }

    /// One verdict over all of them.
    pub fn health(&self) -> Checker {
        Checker::new(self.clone())
    }

    /// Checks the way to each service, the clock, and what the services answer.
    pub fn doctor(&self) -> Doctor {
        Doctor::new(self.clone())
    }

    /// The base URL of `service`.
    pub(crate) fn endpoint(&self, service: Service) -> Result<&str, Error> {
        self.endpoints.get(service)
    }

    /// The host of the proxy that `url` is asked through.
    pub(crate) fn proxy_for(&self, url: &Url) -> Option<&str> {
        self.settings.proxies.host_for(url)
    }

    /// The connections, for what is no operation of a service.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.settings.http
    }

    /// How long one call may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.settings.timeouts.call
    }

    /// Builds a request of `operation`, sends it, and reads the answer.
    pub(crate) async fn call<T>(
        &self,
        operation: Operation,
        build: impl FnOnce(&str, &ProjectId) -> Result<http::Request<Bytes>, InvalidRequest> + Send,
        read: impl FnOnce(&Answer<'_>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let prepared = self.prepare(operation.service, operation.name).await?;
        let request = build(prepared.base_url, &prepared.project_id);
        let answer = prepared.call.send(request).await?;
        read(&answer).map_err(|error| answer.explain(error))
    }

    /// What one call of `service` needs: the address, the project, and a way to send the request. `operation` is the
    /// name in the OpenAPI document.
    pub(crate) async fn prepare(
        &self,
        service: Service,
        operation: &'static str,
    ) -> Result<Prepared<'_>, Error> {
        let base_url = self.endpoints.get(service)?;
        let project_id = self.project_id().await?;
        let settings = Arc::clone(&self.settings);
        let call = Call::new(settings, Some(project_id.clone()), service, operation);
        Ok(Prepared {
            base_url,
            project_id,
            call,
        })
    }
}

/// See [`Client::prepare`].
pub(crate) struct Prepared<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) project_id: ProjectId,
    pub(crate) call: Call,
}

/// Shows where requests go and for which project, and no credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("project_id", &self.known_project_id())
            .field("endpoints", &self.endpoints)
            .field("credentials", &self.identity.origin)
            .finish_non_exhaustive()
    }
}
