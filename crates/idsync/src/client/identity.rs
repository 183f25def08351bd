//! Who asks, and for which project: what the caller said, completed from the environment and the files.

use std::sync::Arc;

use crate::credentials::{self, Surroundings};
use crate::health::Rules;
use crate::profile::Profiles;
use crate::project::Project;
use crate::region::{EndpointChoice, Environment, WrittenEndpoint};
use crate::{CredentialProvider, CredentialSource, Error, ProjectId, Service, WorkspaceId};

const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

/// What the caller said.
#[derive(Clone, Debug, Default)]
pub(super) struct IdentityChoice {
    pub(super) project_id: Option<Result<ProjectId, Error>>,
    pub(super) credentials: Option<CredentialSource>,
    pub(super) profile: Option<String>,
}

/// Everything that could be found without asking a service.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    source: CredentialSource,
    project_id: Option<ProjectId>,
    /// Where the credentials come from, in words.
    pub(super) origin: String,
    pub(super) workspaces: Vec<WorkspaceId>,
    pub(super) rules: Rules,
}

impl IdentityChoice {
    /// Completes the choice, and that of the region and the endpoints, from the profile.
    ///
    /// # Errors
    ///
    /// `Credentials` if there are none; `Usage` if something that was found cannot be used.
    pub(super) fn settle(
        self,
        endpoints: &mut EndpointChoice,
        environment: Environment<'_>,
    ) -> Result<Identity, Error> {
        let given = self.project_id.transpose()?;
        let is_placed = endpoints.for_all.is_some() || endpoints.region.is_some();
        let is_complete = given.is_some() && self.credentials.is_some() && is_placed;
        let profiles = if is_complete && self.profile.is_none() {
            Profiles::unread()
        } else {
            Profiles::read(self.profile.as_deref(), environment)?
        };
        let written = match given {
            Some(id) => Some(id),
            None => written_project(&profiles, environment)?,
        };
        if let Some(own) = profiles.own() {
            endpoints.region = endpoints.region.take().or_else(|| own.region.clone());
            endpoints.from_files.extend(own.endpoints.iter().cloned());
        }
        let found = match self.credentials {
            Some(source) => credentials::Found::given(source),
            None => credentials::find(environment, &profiles)?,
        };
        let covers_iam = |one: &WrittenEndpoint| matches!(one.service, None | Some(Service::Iam));
        if !endpoints.from_files.iter().any(covers_iam) {
            endpoints.from_files.extend(found.iam_endpoint);
        }
        Ok(Identity {
            source: found.source,
            project_id: written.or(found.project_id),
            origin: found.origin,
            workspaces: profiles
                .own()
                .map(|own| own.workspaces.clone())
                .unwrap_or_default(),
            rules: profiles
                .own()
                .map(|own| own.rules.clone())
                .unwrap_or_default(),
        })
    }
}

/// The project that the environment or the profile names; the profile first if the caller chose it.
fn written_project(
    profiles: &Profiles,
    environment: Environment<'_>,
) -> Result<Option<ProjectId>, Error> {
    let own = profiles.own().and_then(|own| own.project_id.clone());
    if own.is_some() && profiles.is_chosen() {
        return Ok(own);
    }
    match environment(PROJECT) {
        Some(id) => id.parse().map(Some),
        None => Ok(own),
    }
}

impl Identity {
    /// The same one who asks, for another project; its workspaces are not known.
    pub(super) fn for_project(&self, project_id: ProjectId) -> Self {
        Self {
            project_id: Some(project_id),
            workspaces: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether the credentials are good for the project of the client only.
    pub(super) fn follows_project(&self) -> bool {
        self.source.follows_project()
    }

    /// The provider of credentials, checked as far as that is possible without asking.
    pub(super) fn connect(
        &self,
        around: Surroundings<'_>,
    ) -> Result<Arc<dyn CredentialProvider>, Error> {
        let around = Surroundings {
            project_id: self.project_id.as_ref(),
            ..around
        };
        let provider = self.source.clone().connect(&around)?;
        provider.check()?;
        Ok(provider)
    }

    /// The project, or how it will be found.
    ///
    /// # Errors
    ///
    /// `Usage` if there is neither a project id nor a region.
    pub(super) fn project(&self, region: Option<&str>) -> Result<Project, Error> {
        match (&self.project_id, region) {
            (Some(id), _) => Ok(Project::Given(id.clone())),
            (None, Some(region)) => Ok(Project::of_region(region.to_owned())),
            (None, None) => Err(Error::configuration(format!(
                "no project id: give one, or a region to look it up by, or set {PROJECT}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests;
