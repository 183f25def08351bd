//! Where credentials are looked for when none are given.

use std::sync::{Arc, OnceLock};

use super::profile::{Lookup, Profiles};
use super::{CredentialProvider, Credentials, ProvidedCredentials, environment};
use crate::config::{Environment, process_environment};
use crate::endpoints::EndpointSetting;
use crate::{Error, ErrorKind, ProjectId};

/// The credentials that were found, and what is written beside them.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) provider: Arc<dyn CredentialProvider>,
    /// A description of where they come from.
    pub(crate) origin: String,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) iam_endpoint: Option<EndpointSetting>,
}

impl Found {
    pub(crate) fn new(provider: Arc<dyn CredentialProvider>, origin: String) -> Self {
        Self {
            provider,
            origin,
            project_id: None,
            iam_endpoint: None,
        }
    }
}

/// Takes the first source that has credentials: a profile that the caller chose, the environment, the default profile,
/// the metadata service.
///
/// A source that is absent is passed over; one that is there and cannot be used ends the search, since a mistake in it
/// would otherwise be answered with the credentials of another account.
///
/// # Errors
///
/// `Credentials` if there are none, with each source that was tried; what is wrong with a source.
pub(crate) fn find(environment: Environment<'_>, profiles: &Profiles) -> Result<Found, Error> {
    let mut tried = Vec::new();
    let variables = || {
        Ok(match environment::read(environment)? {
            Some((key, origin)) => Lookup::Found(Found::new(Arc::new(key), origin)),
            None => Lookup::Absent("the environment has neither a key nor a token".into()),
        })
    };
    let profile = || profiles.credentials();
    let in_order: [&dyn Fn() -> Result<Lookup<Found>, Error>; 2] = if profiles.is_chosen() {
        [&profile, &variables]
    } else {
        [&variables, &profile]
    };
    for source in in_order {
        match source()? {
            Lookup::Found(found) => return Ok(found),
            Lookup::Absent(why) => tried.push(why),
        }
    }
    metadata(environment, &tried)
}

/// The last source, which only a request can tell of: it is asked when the first call needs credentials.
#[cfg(feature = "metadata")]
fn metadata(environment: Environment<'_>, tried: &[String]) -> Result<Found, Error> {
    const OFF: &str = "IDSYNC_NO_METADATA";
    if environment(OFF).is_some() {
        let tried = tried.join("; ");
        return Err(none_found(&format!(
            "{tried}; the metadata service is switched off by {OFF}"
        )));
    }
    let endpoint = environment("IDSYNC_METADATA_ENDPOINT");
    let metadata = super::EcsMetadata::after(tried, endpoint);
    let origin = metadata.origin();
    Ok(Found::new(Arc::new(metadata), origin))
}

#[cfg(not(feature = "metadata"))]
fn metadata(_: Environment<'_>, tried: &[String]) -> Result<Found, Error> {
    Err(none_found(&tried.join("; ")))
}

/// No source has credentials: why, for each that was tried.
pub(super) fn none_found(tried: &str) -> Error {
    let message = format!("no credentials found: {tried}");
    Error::new(ErrorKind::Credentials, message).with_hint(environment::REMEDY)
}

/// The sources that a client uses where no credentials are given: the environment, the profile `basic` or that of
/// `IDSYNC_PROFILE`, the metadata service of a cloud server.
///
/// They are searched when credentials are needed for the first time. Use it to build a provider of your own around it.
#[derive(Debug, Default)]
pub struct DefaultChain {
    profile: Option<String>,
    found: OnceLock<Result<Found, Error>>,
}

impl DefaultChain {
    /// The chain with the default profile.
    pub fn new() -> Self {
        Self::default()
    }

    /// Searches the profile of this name first; it must exist.
    #[must_use]
    pub fn profile(name: impl Into<String>) -> Self {
        Self {
            profile: Some(name.into()),
            found: OnceLock::new(),
        }
    }

    fn found(&self) -> Result<&Found, Error> {
        let search = || {
            let environment = &process_environment;
            let profiles = Profiles::read(self.profile.as_deref(), environment)?;
            find(environment, &profiles)
        };
        let found = self.found.get_or_init(search);
        found.as_ref().map_err(Clone::clone)
    }
}

impl CredentialProvider for DefaultChain {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(async { self.found()?.provider.credentials().await })
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        self.found()
            .is_ok_and(|found| found.provider.invalidate(credentials))
    }

    fn origin(&self) -> String {
        self.found().map_or_else(
            |_| "the default chain".to_owned(),
            |found| found.origin.clone(),
        )
    }

    fn for_client(&self, client: &super::ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        self.found().ok()?.provider.for_client(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(variables: &[(&str, &str)], profile: Option<&str>) -> Result<String, Error> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        std::fs::write(
            &path,
            "[basic]\nak = AB\nsk = SB\n[prod]\nak = AP\nsk = SP\n",
        )
        .unwrap();
        let environment = |name: &str| {
            if name == "HUAWEICLOUD_SDK_CREDENTIALS_FILE" {
                return Some(path.display().to_string());
            }
            let mut variables = variables.iter();
            variables
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let profiles = Profiles::read(profile, &environment)?;
        find(&environment, &profiles).map(|found| found.origin)
    }

    #[test]
    #[cfg(feature = "config-files")]
    fn a_chosen_profile_beats_the_environment_which_beats_the_default_profile() {
        let variables = [("HUAWEICLOUD_SDK_AK", "A"), ("HUAWEICLOUD_SDK_SK", "S")];
        for (variables, profile, origin) in [
            (&variables[..], Some("prod"), "[prod]"),
            (&variables[..], None, "HUAWEICLOUD_SDK_AK"),
            (&[], None, "[basic]"),
        ] {
            assert!(search(variables, profile).unwrap().contains(origin));
        }
    }

    #[test]
    fn a_source_that_is_there_and_cannot_be_used_ends_the_search() {
        let error = search(&[("HUAWEICLOUD_SDK_AK", "A")], None).unwrap_err();
        assert!(
            error.to_string().contains("HUAWEICLOUD_SDK_SK is not"),
            "{error}"
        );
    }
}
