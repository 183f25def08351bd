//! The credentials of a profile.

use std::sync::Arc;

use serde::Deserialize;

use crate::credentials::CredentialProvider;
use crate::{Credentials, Error, IamUser};

/// A key, a token, or a user, as both files write them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CredentialKeys {
    pub(super) ak: Option<String>,
    pub(super) sk: Option<String>,
    pub(super) security_token: Option<String>,
    pub(super) token: Option<String>,
    pub(super) user: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) password: Option<String>,
}

impl CredentialKeys {
    /// The credentials; `None` if no key has a value.
    ///
    /// # Errors
    ///
    /// `Configuration` or `Credentials`, without a value, if they are incomplete or cannot be sent.
    pub(super) fn provider(
        self,
        origin: &str,
    ) -> Result<Option<Arc<dyn CredentialProvider>>, Error> {
        let set = |value: Option<String>| value.filter(|value| !value.is_empty());
        let key = (set(self.ak), set(self.sk), set(self.security_token));
        let user = (set(self.user), set(self.domain), set(self.password));
        let provider: Arc<dyn CredentialProvider> = match (key, set(self.token), user) {
            ((None, None, None), None, (None, None, None)) => return Ok(None),
            ((Some(ak), Some(sk), token), None, (None, None, None)) => {
                Arc::new(Credentials::key(ak, sk, token))
            }
            ((None, None, None), Some(token), (None, None, None)) => {
                Arc::new(Credentials::token(token))
            }
            ((None, None, None), None, (Some(user), Some(domain), Some(password))) => {
                Arc::new(IamUser::new(user, password, domain).with_origin(origin))
            }
            _ => {
                return Err(Error::configuration(
                    "credentials are ak and sk, with security_token for a temporary key; or token; or user, domain and \
                     password; and no others beside them",
                ));
            }
        };
        provider.check()?;
        Ok(Some(provider))
    }
}
