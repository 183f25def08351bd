//! What a client is told about its credentials, and how that becomes their provider.

use std::sync::Arc;
use std::time::Duration;

use super::user::TokenProvider;
use super::{CredentialProvider, EcsMetadata, IamUser};
use crate::iam::{Login, Scope};
use crate::{Error, ProjectId};

/// Where a client's credentials come from: any [`CredentialProvider`], such as [`Credentials`](crate::Credentials)
/// themselves, an [`IamUser`], or [`EcsMetadata`].
///
/// Made by `into()`, which [`ClientBuilder::credentials`](crate::ClientBuilder::credentials) does by itself.
#[derive(Clone, Debug)]
pub struct CredentialSource(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Provider(Arc<dyn CredentialProvider>),
    User(IamUser),
    Metadata(EcsMetadata),
}

/// What a source needs of the client that it will serve.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    pub(crate) http: &'a reqwest::Client,
    /// The endpoint of IAM, or why there is none.
    pub(crate) iam: Result<&'a str, Error>,
    pub(crate) project_id: Option<&'a ProjectId>,
    pub(crate) region: Option<&'a str>,
    pub(crate) timeout: Duration,
}

impl CredentialSource {
    /// Whether what it gives is good for the project of the client only, so that another project needs its own.
    pub(crate) fn follows_project(&self) -> bool {
        match &self.0 {
            Kind::User(user) => user.scope().is_none(),
            Kind::Provider(_) | Kind::Metadata(_) => false,
        }
    }

    /// The provider; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// `Usage` if something is missing to ask with: the endpoint of IAM, or what a token shall be good for.
    pub(crate) fn connect(
        self,
        around: &Surroundings<'_>,
    ) -> Result<Arc<dyn CredentialProvider>, Error> {
        Ok(match self.0 {
            Kind::Provider(provider) => provider,
            Kind::User(user) => Arc::new(TokenProvider::new(login(user, around)?)),
            Kind::Metadata(metadata) => Arc::new(metadata.connect()?),
        })
    }
}

fn login(user: IamUser, around: &Surroundings<'_>) -> Result<Login, Error> {
    let scope = user.scope().or_else(|| scope_of(around)).ok_or_else(|| {
        Error::configuration(
            "an IAM user needs a project id or a region, which the token shall be good for",
        )
    })?;
    Ok(Login {
        http: around.http.clone(),
        base_url: around.iam.clone()?.to_owned(),
        user,
        scope: scope?,
        timeout: around.timeout,
    })
}

fn scope_of(around: &Surroundings<'_>) -> Option<Result<Scope, Error>> {
    let project_id = around.project_id.cloned().map(Scope::ProjectId);
    let scope = project_id.or_else(|| {
        let region = around.region?;
        Some(Scope::ProjectName(region.to_owned()))
    });
    scope.map(Ok)
}

impl<P: CredentialProvider> From<P> for CredentialSource {
    fn from(provider: P) -> Self {
        Self(Kind::Provider(Arc::new(provider)))
    }
}

impl From<IamUser> for CredentialSource {
    fn from(user: IamUser) -> Self {
        Self(Kind::User(user))
    }
}

impl From<EcsMetadata> for CredentialSource {
    fn from(metadata: EcsMetadata) -> Self {
        Self(Kind::Metadata(metadata))
    }
}
