//! Clients of one account for several projects.

use std::sync::Arc;

use super::Client;
use super::identity::Identity;
use crate::credentials::Surroundings;
use crate::project::Project;
use crate::transport::Settings;
use crate::{Error, ProjectId, Service};

impl Client {
    /// A client for another project of the same account.
    ///
    /// Both share their connections, the budget of retries, the rate limits, and the rules of health; and the credentials,
    /// unless these are tokens for the project of the client: an [`IamUser`](crate::IamUser) whose scope is not given
    /// then logs in for each project. The other project has no [workspaces](Self::workspaces) yet.
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
    /// `Usage` if the id is not valid.
    pub fn for_project<P>(&self, project_id: P) -> Result<Self, Error>
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        let project_id = project_id.try_into().map_err(Into::into)?;
        if self.known_project_id().as_ref() == Some(&project_id) {
            return Ok(self.clone());
        }
        let identity = self.identity.for_project(project_id.clone());
        Ok(Self {
            settings: self.settings_for(&identity)?,
            endpoints: Arc::clone(&self.endpoints),
            project: Arc::new(Project::Given(project_id)),
            identity: Arc::new(identity),
            region: self.region.clone(),
        })
    }

    /// The settings with the credentials of `identity`, which differ where they follow the project.
    fn settings_for(&self, identity: &Identity) -> Result<Arc<Settings>, Error> {
        if !identity.follows_project() {
            return Ok(Arc::clone(&self.settings));
        }
        let credentials = identity.connect(Surroundings {
            http: &self.settings.http,
            iam: self.endpoints.get(Service::Iam),
            project_id: None,
            region: None,
            timeout: self.settings.timeouts.call,
        })?;
        Ok(Arc::new(Settings {
            credentials,
            ..Settings::clone(&self.settings)
        }))
    }

    /// Whether both ask the same services about the same project.
    pub(crate) fn asks_the_same_as(&self, other: &Self) -> bool {
        let endpoint =
            |client: &Self, service| client.endpoints.get(service).ok().map(str::to_owned);
        let project_id = self.known_project_id();
        project_id.is_some()
            && project_id == other.known_project_id()
            && Service::ALL
                .into_iter()
                .all(|service| endpoint(self, service) == endpoint(other, service))
    }
}
