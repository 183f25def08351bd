//! Where credentials come from while a client lives.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use super::Credentials;
use crate::Error;

/// What [`CredentialProvider::credentials`] gives: a future that can be sent between threads.
pub type ProvidedCredentials<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send + 'a>>;

/// Gives credentials for each request.
///
/// Implementations keep what they fetched until it is about to expire, and fetch once for concurrent callers.
/// [`Credentials`] themselves are a provider that always gives the same.
///
/// ```
/// use idsync::{CredentialProvider, Credentials, ProvidedCredentials};
///
/// #[derive(Debug)]
/// struct FromVault;
///
/// impl CredentialProvider for FromVault {
///     fn credentials(&self) -> ProvidedCredentials<'_> {
///         Box::pin(async { Ok(Credentials::token("fetched from the vault")) })
///     }
/// }
///
/// let builder = idsync::Client::builder().credentials(FromVault);
/// ```
pub trait CredentialProvider: fmt::Debug + Send + Sync + 'static {
    /// The credentials to use now; within the deadline of the call that needs them.
    fn credentials(&self) -> ProvidedCredentials<'_>;

    /// Tells that a service refused `credentials` as expired or invalid.
    ///
    /// Returns whether asking again may give others; the request is then sent once more. Never, unless implemented.
    fn refused(&self, credentials: &Credentials) -> bool {
        let _ = credentials;
        false
    }

    /// Checks what can be checked without asking anyone, when the client is built.
    ///
    /// # Errors
    ///
    /// A credentials error if nothing that this provider gives can be used.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl CredentialProvider for Credentials {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(ready(Ok(self.clone())))
    }

    fn check(&self) -> Result<(), Error> {
        self.fit_for_headers()
    }
}
