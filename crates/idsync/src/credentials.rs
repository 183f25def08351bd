//! Who asks: an access key or an IAM token, and where it comes from.

mod chain;
mod environment;
mod hcloud;
mod logins;
mod metadata;
mod provider;
mod source;
mod user;

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

pub(crate) use self::chain::{Found, find};
pub use self::metadata::EcsMetadata;
pub use self::provider::{CredentialProvider, ProvidedCredentials};
pub use self::source::CredentialSource;
pub(crate) use self::source::Surroundings;
pub use self::user::IamUser;
use crate::{Error, ErrorKind};

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
pub struct Credentials(Arc<Secret>);

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Secret {
    AccessKey {
        access_key: String,
        secret_key: String,
        security_token: Option<String>,
    },
    Token(String),
}

impl Credentials {
    /// A permanent access key (AK) and its secret (SK): each request is signed with SDK-HMAC-SHA256.
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self(Arc::new(Secret::AccessKey {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            security_token: None,
        }))
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
        if let Secret::AccessKey { security_token, .. } = Arc::make_mut(&mut self.0) {
            *security_token = Some(token.into());
        }
        self
    }

    /// What kind they are: `access key`, `temporary access key` or `IAM token`.
    pub fn kind(&self) -> &'static str {
        match self.secret() {
            Secret::AccessKey {
                security_token: None,
                ..
            } => "access key",
            Secret::AccessKey { .. } => "temporary access key",
            Secret::Token(_) => "IAM token",
        }
    }

    /// Reads the process environment: `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, with
    /// `HUAWEICLOUD_SDK_SECURITY_TOKEN` if set; else `IDSYNC_TOKEN`.
    ///
    /// # Errors
    ///
    /// A credentials error that names the variables which are missing.
    pub fn from_environment() -> Result<Self, Error> {
        environment::read(&|name| std::env::var(name).ok())?.ok_or_else(|| {
            Error::new(
                ErrorKind::Credentials,
                format!("no credentials found; {}", environment::REMEDY),
            )
        })
    }

    /// Checks that every part can travel in a header, before anything is sent.
    pub(crate) fn fit_for_headers(&self) -> Result<(), Error> {
        match self.secret() {
            Secret::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => {
                fits_a_header("access key", access_key)?;
                if secret_key.is_empty() {
                    return Err(unusable("secret key", "is empty"));
                }
                security_token
                    .as_deref()
                    .map_or(Ok(()), |token| fits_a_header("security token", token))
            }
            Secret::Token(token) => fits_a_header("IAM token", token),
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }

    /// Every value that must not appear in what the user sees.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        match self.secret() {
            Secret::AccessKey {
                access_key,
                secret_key,
                security_token,
            } => [Some(access_key), Some(secret_key), security_token.as_ref()]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect(),
            Secret::Token(token) => vec![token],
        }
    }
}

fn fits_a_header(what: &str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(unusable(what, "is empty"));
    }
    match HeaderValue::from_str(value) {
        Ok(_) if value.is_ascii() && value.trim() == value && !value.contains(',') => Ok(()),
        _ => Err(unusable(
            what,
            "has a character that cannot be sent; is a space or line break caught in it?",
        )),
    }
}

fn unusable(what: &str, why: &str) -> Error {
    Error::new(ErrorKind::Credentials, format!("the {what} {why}"))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({})", self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_part_of_a_secret() {
        for credentials in [
            Credentials::access_key("AKSECRET", "SKSECRET"),
            Credentials::access_key("AKSECRET", "SKSECRET").with_security_token("STSECRET"),
            Credentials::token("TOKENSECRET"),
        ] {
            assert!(!format!("{credentials:?} {credentials:#?}").contains("SECRET"));
        }
    }

    #[test]
    fn a_value_that_cannot_be_sent_is_refused_without_being_shown() {
        for bad in [
            Credentials::access_key("", "sk"),
            Credentials::access_key("ak", ""),
            Credentials::access_key("ak\n", "sk"),
            Credentials::access_key("ak, SignedHeaders=x", "sk"),
            Credentials::access_key("ak", "sk").with_security_token("é"),
            Credentials::token(" token"),
        ] {
            let error = bad.check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert!(!error.to_string().contains("SignedHeaders"));
        }
    }
}
