//! Where credentials are looked for when none are given.

use std::sync::Arc;

use super::profile::{Lookup, Profile, Profiles};
use super::{CredentialProvider, environment};
use crate::config::Environment;
use crate::{Error, ErrorKind};

/// The credentials that were found, and where.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) provider: Arc<dyn CredentialProvider>,
    /// A description of where they come from.
    pub(crate) origin: String,
    /// What is written beside them, if they are of a profile.
    pub(crate) profile: Option<&'a Profile>,
}

impl Found<'_> {
    pub(crate) fn new(provider: Arc<dyn CredentialProvider>, origin: String) -> Self {
        Self {
            provider,
            origin,
            profile: None,
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
pub(crate) fn find<'a>(
    environment: Environment<'_>,
    profiles: &'a Profiles,
) -> Result<Found<'a>, Error> {
    let mut tried = Vec::new();
    let variables = || {
        let found = environment::read(environment)?
            .map(|(credentials, origin)| Found::new(Arc::new(credentials), origin));
        Ok(found.ok_or_else(|| "the environment has neither a key nor a token".to_owned()))
    };
    let profile = || profiles.credentials();
    let in_order: [&dyn Fn() -> Result<Lookup<Found<'a>>, Error>; 2] = if profiles.is_chosen {
        [&profile, &variables]
    } else {
        [&variables, &profile]
    };
    for source in in_order {
        match source()? {
            Ok(found) => return Ok(found),
            Err(why) => tried.push(why),
        }
    }
    metadata(environment, &tried.join("; "))
}

/// The last source, which only a request can tell of: it is asked when the first call needs credentials.
fn metadata(environment: Environment<'_>, tried: &str) -> Result<Found<'static>, Error> {
    const OFF: &str = "IDSYNC_NO_METADATA";
    if environment(OFF).is_some() {
        return Err(none_found(&format!(
            "{tried}; the metadata service is switched off by {OFF}"
        )));
    }
    let endpoint = environment("IDSYNC_METADATA_ENDPOINT");
    let metadata = super::EcsMetadata::after(tried, endpoint.as_deref());
    let origin = metadata.origin();
    Ok(Found::new(Arc::new(metadata), origin))
}

/// No source has credentials: why, for each that was tried.
pub(super) fn none_found(tried: &str) -> Error {
    let message = format!("no credentials found: {tried}");
    Error::new(ErrorKind::Credentials, message).with_hint(environment::REMEDY)
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
        // A source that is there and cannot be used ends the search.
        assert!(search(&variables[..1], None).is_err());
    }
}
