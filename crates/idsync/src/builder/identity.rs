//! Who a client is: credentials, project and endpoints, as given or found.

use std::sync::Arc;

use super::ClientBuilder;
use crate::config::Environment;
use crate::credentials::profile::{PROJECT, Profile, Profiles};
use crate::credentials::{Found, find};
use crate::endpoints::EndpointSettings;
use crate::{CredentialProvider, Error, ProjectId};

/// Everything that can be known without a request.
pub(super) struct Identity {
    pub(super) endpoints: EndpointSettings,
    pub(super) project_id: Option<ProjectId>,
    pub(super) provider: Arc<dyn CredentialProvider>,
    pub(super) origin: String,
    pub(super) profile: Profile,
    pub(super) warnings: Vec<String>,
}

impl ClientBuilder {
    /// Completes what was given from the environment and the files.
    pub(super) fn identity(&self, environment: Environment<'_>) -> Result<Identity, Error> {
        let given = self.project_id.clone().transpose()?;
        let mut endpoints = self.endpoints.clone();
        let is_placed = !endpoints.given.is_empty() || endpoints.region.is_some();
        let is_complete = given.is_some() && self.credentials.is_some() && is_placed;
        let profiles = if is_complete && self.profile.is_none() {
            Profiles::none()
        } else {
            Profiles::read(self.profile.as_deref(), environment)?
        };
        let written = match given {
            Some(id) => Some(id),
            None => profiles.project_id(environment)?,
        };
        let found = match &self.credentials {
            Some(provider) => Found::new(Arc::clone(provider), provider.origin()),
            None => find(environment, &profiles)?,
        };
        let profile = profiles.own().cloned().unwrap_or_default();
        endpoints.region = endpoints.region.or_else(|| profile.region.clone());
        endpoints.written.extend_from_slice(&profile.endpoints);
        let mut project_id = written;
        if let Some(beside) = found.profile {
            endpoints.written.extend_from_slice(&beside.endpoints);
            project_id = project_id.or_else(|| beside.project_id.clone());
        }
        if project_id.is_none() && endpoints.region.is_none() {
            return Err(Error::configuration(format!(
                "no project id: give one, or a region to look it up by, or set {PROJECT}"
            )));
        }
        Ok(Identity {
            endpoints,
            project_id,
            provider: found.provider,
            origin: found.origin,
            profile,
            warnings: profiles.warnings,
        })
    }
}
