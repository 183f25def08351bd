//! The entry point: one client for the three services.

mod builder;

use std::fmt;
use std::sync::Arc;

use idsync_api::Inner;

pub use self::builder::ClientBuilder;
use crate::dataarts::DataArts;
use crate::dws::Dws;
use crate::health::HealthCheck;
use crate::mrs::Mrs;
use crate::region::Endpoints;
use crate::transport::{Call, Settings};
use crate::{Error, ProjectId, Service, WorkspaceId};

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
}

impl Client {
    /// Starts to configure a client; the defaults are safe.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The project whose clusters are read.
    pub fn project_id(&self) -> &ProjectId {
        &self.settings.project_id
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
    pub fn health(&self) -> HealthCheck {
        HealthCheck::new(self.clone())
    }

    /// What the generated client needs for one call of `service`: its address, and a transport that knows the
    /// operation by its name in the OpenAPI document.
    pub(crate) fn call(
        &self,
        service: Service,
        operation: &'static str,
    ) -> Result<Prepared<'_>, Error> {
        let call = Arc::new(Call::new(Arc::clone(&self.settings), service, operation));
        let inner = Inner(Arc::<Call>::clone(&call));
        Ok(Prepared {
            base_url: self.endpoints.get(service)?,
            http: self.settings.http.clone(),
            inner,
            call,
        })
    }
}

/// See [`Client::call`].
pub(crate) struct Prepared<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) http: reqwest::Client,
    pub(crate) inner: Inner,
    pub(crate) call: Arc<Call>,
}

/// Shows where requests go and for which project, and no credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("project_id", &self.settings.project_id)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}
