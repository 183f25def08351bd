//! Where credentials are looked for when none are given.

use super::hcloud;
use super::metadata::MetadataProvider;
use super::{
    CredentialProvider, CredentialSource, Credentials, EcsMetadata, ProvidedCredentials,
    environment,
};
use crate::profile::{Lookup, Profiles};
use crate::region::{Environment, WrittenEndpoint};
use crate::{Error, ErrorKind, ProjectId};

/// Set to any value, it keeps the metadata service from being asked.
const NO_METADATA: &str = "IDSYNC_NO_METADATA";

/// Another address of the metadata service.
const METADATA_ENDPOINT: &str = "IDSYNC_METADATA_ENDPOINT";

/// The credentials that were found, and what else stands beside them.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) source: CredentialSource,
    /// Where they come from, in words.
    pub(crate) origin: String,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) iam_endpoint: Option<WrittenEndpoint>,
}

/// Takes the first source that has credentials: a profile that the caller chose, the environment, the profile else,
/// the current profile of `KooCLI`, the metadata service.
///
/// The official SDKs look in the same order. A source that is absent is passed over; one that is there and cannot be
/// used ends the search, since a mistake in it would otherwise be answered with somebody else's credentials.
///
/// # Errors
///
/// `Credentials` if there are none, with each source that was tried and why it does not serve; what is wrong with a
/// source.
pub(crate) fn find(environment: Environment<'_>, profiles: &Profiles) -> Result<Found, Error> {
    let mut tried = Vec::new();
    let (own, shared) = (|| Ok(own(profiles)), || shared(profiles));
    let variables = || variables(environment);
    let koocli = || hcloud::read(environment).map(from_koocli);
    let in_order: [&dyn Fn() -> Result<Lookup<Found>, Error>; 4] = if profiles.is_chosen() {
        [&own, &shared, &variables, &koocli]
    } else {
        [&variables, &own, &shared, &koocli]
    };
    for source in in_order {
        match source()? {
            Lookup::Found(found) => return Ok(found),
            Lookup::Absent(why) => tried.push(why),
        }
    }
    metadata(environment, tried)
}

fn variables(environment: Environment<'_>) -> Result<Lookup<Found>, Error> {
    Ok(match environment::read(environment)? {
        Some(credentials) => Lookup::Found(Found::of(credentials, environment::ORIGIN)),
        None => Lookup::Absent("the environment has neither a key nor a token".into()),
    })
}

fn own(profiles: &Profiles) -> Lookup<Found> {
    match &profiles.own {
        Lookup::Found(profile) => match &profile.credentials {
            Some(source) => Lookup::Found(Found::of(source.clone(), &profile.origin)),
            None => Lookup::Absent(format!("{} has no credentials", profile.origin)),
        },
        Lookup::Absent(why) => Lookup::Absent(why.clone()),
    }
}

fn shared(profiles: &Profiles) -> Result<Lookup<Found>, Error> {
    let shared = profiles.shared.as_ref().map_err(Clone::clone)?;
    Ok(match shared {
        Lookup::Found(profile) => Lookup::Found(Found {
            project_id: profile.project_id.clone(),
            iam_endpoint: profile.iam_endpoint.clone(),
            ..Found::of(profile.credentials.clone(), &profile.origin)
        }),
        Lookup::Absent(why) => Lookup::Absent(why.clone()),
    })
}

fn from_koocli(lookup: Lookup<hcloud::Key>) -> Lookup<Found> {
    match lookup {
        Lookup::Found(key) => Lookup::Found(Found::of(key.credentials, &key.origin)),
        Lookup::Absent(why) => Lookup::Absent(why),
    }
}

/// The last source, which only a request can tell of: it is made when the first call needs credentials.
fn metadata(environment: Environment<'_>, mut tried: Vec<String>) -> Result<Found, Error> {
    if environment(NO_METADATA).is_some() {
        tried.push(format!(
            "the metadata service is not asked, by {NO_METADATA}"
        ));
        return Err(none_found(&tried.join("; ")));
    }
    let service = match environment(METADATA_ENDPOINT) {
        Some(url) => EcsMetadata::new().endpoint(url),
        None => EcsMetadata::new(),
    };
    let last = LastSource {
        metadata: service.connect()?,
        tried: tried.join("; "),
    };
    Ok(Found::of(last, "the ECS metadata service"))
}

fn none_found(tried: &str) -> Error {
    let message = format!("no credentials found: {tried}; {}", environment::REMEDY);
    Error::new(ErrorKind::Credentials, message)
}

impl Found {
    /// What the caller gave, so that nothing had to be found.
    pub(crate) fn given(source: CredentialSource) -> Self {
        Self::of(source, "given by the caller")
    }

    fn of(source: impl Into<CredentialSource>, origin: &str) -> Self {
        Self {
            source: source.into(),
            origin: origin.to_owned(),
            project_id: None,
            iam_endpoint: None,
        }
    }
}

/// The metadata service after all else; where it fails too, the error tells of all sources.
#[derive(Debug)]
struct LastSource {
    metadata: MetadataProvider,
    tried: String,
}

impl CredentialProvider for LastSource {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(async move {
            let key = self.metadata.credentials().await;
            key.map_err(|error| none_found(&format!("{}; {}", self.tried, error.message())))
        })
    }

    fn refused(&self, credentials: &Credentials) -> bool {
        self.metadata.refused(credentials)
    }
}

#[cfg(test)]
mod tests;
