//! Access keys and tokens, and where they come from.

mod cache;
mod ecs_metadata;
mod environment;
mod iam_user;
pub(crate) mod profile;

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use self::ecs_metadata::EcsMetadata;
pub use self::iam_user::IamUser;
use self::profile::{Profile, Profiles};
use crate::config::Environment;
use crate::http_client::HttpClient;
use crate::{Error, ErrorKind, ProjectId};

/// Credentials for the services: an access key with its secret, or an IAM token.
///
/// `Debug` shows which kind it is and no part of the secrets. Cheap to clone.
///
/// ```
/// use idsync::Credentials;
///
/// let permanent = Credentials::access_key("AKEXAMPLE", "an example secret");
/// let temporary = Credentials::access_key("AKEXAMPLE", "an example secret").with_security_token("a token");
/// let token = Credentials::token("MIIF…");
/// assert_eq!(format!("{permanent:?}"), "Credentials(access key)");
/// # let _ = (temporary, token);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(pub(crate) Arc<Secret>);

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Secret {
    AccessKey(AccessKey),
    Token(String),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) security_token: Option<String>,
}

impl Credentials {
    /// A permanent access key (AK) and its secret (SK): each request is signed with SDK-HMAC-SHA256.
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self::key(access_key.into(), secret_key.into(), None)
    }

    /// A permanent access key, or a temporary one with its token.
    fn key(id: String, secret: String, security_token: Option<String>) -> Self {
        Self(Arc::new(Secret::AccessKey(AccessKey {
            id,
            secret,
            security_token,
        })))
    }

    /// An IAM token, valid for up to 24 hours: sent as `X-Auth-Token`.
    pub fn token(token: impl Into<String>) -> Self {
        Self(Arc::new(Secret::Token(token.into())))
    }

    /// Adds the security token that belongs to a temporary access key: sent and signed as `X-Security-Token`.
    ///
    /// Has no effect on an IAM token.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<String>) -> Self {
        if let Secret::AccessKey(key) = Arc::make_mut(&mut self.0) {
            key.security_token = Some(token.into());
        }
        self
    }

    /// What kind they are: `access key`, `temporary access key` or `IAM token`.
    pub fn kind(&self) -> &'static str {
        match &*self.0 {
            Secret::AccessKey(key) if key.security_token.is_none() => "access key",
            Secret::AccessKey(_) => "temporary access key",
            Secret::Token(_) => "IAM token",
        }
    }

    /// Reads the process environment: `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, with
    /// `HUAWEICLOUD_SDK_SECURITY_TOKEN` if set; else `IDSYNC_TOKEN`.
    ///
    /// # Errors
    ///
    /// `Credentials`, with the variables that are missing or cannot be used.
    pub fn from_environment() -> Result<Self, Error> {
        let found = environment::read(&crate::config::process_environment)?;
        found.map(|(credentials, _)| credentials).ok_or_else(|| {
            Error::new(ErrorKind::Credentials, "no credentials in the environment")
                .with_hint(environment::REMEDY)
        })
    }

    /// Every value that must not be shown, with what it is.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = match &*self.0 {
            Secret::AccessKey(key) => [
                ("access key", Some(&key.id)),
                ("secret key", Some(&key.secret)),
                ("security token", key.security_token.as_ref()),
            ],
            Secret::Token(token) => [("IAM token", Some(token)), ("", None), ("", None)],
        };
        all.into_iter()
            .filter_map(|(what, value)| Some((what, value?.as_str())))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({})", self.kind())
    }
}

/// Checks a key, secret or token: no quotes, comments or white space from a file or variable may surround it. `what`
/// names it and where it comes from.
///
/// # Errors
///
/// `Credentials`, with what is wrong and never the value.
pub(crate) fn check_secret(what: &str, value: &str) -> Result<(), Error> {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    // A comment sign within a secret is part of it; behind white space it begins a comment.
    let mut words = value.split(char::is_whitespace).skip(1);
    let fault = if value.is_empty() {
        "is empty"
    } else if value.ends_with(['\n', '\r']) {
        "ends with a line break"
    } else if value != value.trim() {
        "begins or ends with white space"
    } else if value.starts_with(is_quote) || value.ends_with(is_quote) {
        "has a quotation mark at its edge"
    } else if words.any(|word| word.starts_with(['#', ';'])) {
        "has a comment behind it"
    } else if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        "contains a control character, or one that is not ASCII"
    } else {
        return Ok(());
    };
    let message = format!("the {what} {fault}; nothing was sent");
    Err(Error::new(ErrorKind::Credentials, message).with_hint(
        "remove it where the value is set; `echo` adds a line break and `printf %s` does not",
    ))
}

/// What [`CredentialProvider::credentials`] returns.
pub type ProvidedCredentials<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send + 'a>>;

/// Provides credentials for each request.
///
/// Implementations keep what they fetched until it is about to expire, and fetch once for concurrent callers.
/// [`Credentials`] always provide themselves; [`IamUser`] and [`EcsMetadata`] fetch some. `Arc<P>` of a provider is a provider,
/// `dyn CredentialProvider` included.
///
/// ```
/// use idsync::{CredentialProvider, Credentials, Error, ProvidedCredentials};
///
/// #[derive(Debug)]
/// struct FromVault;
///
/// impl CredentialProvider for FromVault {
///     fn credentials(&self) -> ProvidedCredentials<'_> {
///         Box::pin(async { Err(Error::credentials("the vault is sealed").transient(true)) })
///     }
/// }
///
/// let builder = idsync::Client::builder().credentials(FromVault);
/// ```
pub trait CredentialProvider: fmt::Debug + Send + Sync + 'static {
    /// The credentials to use now, within the deadline of the call that needs them.
    fn credentials(&self) -> ProvidedCredentials<'_>;

    /// Drops `credentials` that a service refused as expired or invalid.
    ///
    /// Returns whether asking again may give others; the request is then sent once more. The default is `false`.
    fn invalidate(&self, credentials: &Credentials) -> bool {
        let _ = credentials;
        false
    }

    /// Where the credentials come from, for errors: such as a profile and its file.
    fn origin(&self) -> String {
        "the caller".to_owned()
    }

    /// Checks what can be checked without a request, when a client is built.
    ///
    /// # Errors
    ///
    /// `Credentials` or `Configuration` if nothing that this provider gives can be used.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The same provider, completed with what a client knows: where IAM is and which project a token must be for.
    /// `None`, the default, if it needs neither.
    #[doc(hidden)]
    fn for_client(&self, client: &ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        let _ = client;
        None
    }
}

/// What a provider may need of the client that it serves.
#[derive(Debug)]
pub struct ClientContext<'a> {
    pub(crate) http: &'a HttpClient,
    /// The endpoint of IAM, or why there is none.
    pub(crate) iam: Result<&'a str, Error>,
    pub(crate) project_id: Option<&'a ProjectId>,
    pub(crate) region: Option<&'a str>,
    /// For one request.
    pub(crate) timeout: Duration,
}

impl CredentialProvider for Credentials {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(ready(Ok(self.clone())))
    }

    fn check(&self) -> Result<(), Error> {
        self.secrets()
            .try_for_each(|(what, value)| check_secret(what, value))
    }
}

impl<P: CredentialProvider + ?Sized> CredentialProvider for Arc<P> {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        (**self).credentials()
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        (**self).invalidate(credentials)
    }

    fn origin(&self) -> String {
        (**self).origin()
    }

    fn check(&self) -> Result<(), Error> {
        (**self).check()
    }

    fn for_client(&self, client: &ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        (**self).for_client(client)
    }
}

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
    for is_profile in [profiles.is_chosen, !profiles.is_chosen] {
        let found = if is_profile {
            profiles.credentials()?
        } else {
            let found = environment::read(environment)?
                .map(|(credentials, origin)| Found::new(Arc::new(credentials), origin));
            found.ok_or_else(|| "the environment has neither a key nor a token".to_owned())
        };
        match found {
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
    let metadata = EcsMetadata::after(tried, endpoint.as_deref());
    let origin = metadata.origin();
    Ok(Found::new(Arc::new(metadata), origin))
}

/// No source has credentials: why, for each that was tried.
fn none_found(tried: &str) -> Error {
    let message = format!("no credentials found: {tried}");
    Error::new(ErrorKind::Credentials, message).with_hint(environment::REMEDY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_what_is_wrong_with_a_secret_and_does_not_show_it() {
        for (value, fault) in [
            ("", "is empty"),
            ("SECRET\n", "ends with a line break"),
            (" SECRET", "begins or ends with white space"),
            ("\"SECRET\"", "quotation mark"),
            ("SECRET # prod", "comment"),
            ("SECRET ;prod", "comment"),
            ("SEC\nRET", "a control character"),
            ("SECRÉT", "not ASCII"),
        ] {
            let keys = Credentials::access_key("ak", value);
            let error = keys.check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(fault) && shown.contains("secret key"),
                "{value:?}: {shown}"
            );
            assert!(!shown.contains("SEC"), "{shown}");
        }
        for good in ["an example secret", "/a+b=c/D9==", "a#b", "a;b"] {
            assert!(Credentials::token(good).check().is_ok(), "{good}");
        }
    }

    #[test]
    fn a_shared_provider_is_a_provider() {
        let shared: Arc<dyn CredentialProvider> = Arc::new(Credentials::token(""));
        assert!(Arc::new(shared).check().is_err());
    }

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
