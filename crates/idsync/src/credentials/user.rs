//! An IAM user with a password, and the tokens that this gives.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::logins::{Logins, REFUSAL_KEPT};
use super::{CredentialProvider, Credentials, ProvidedCredentials};
use crate::iam::{Login, Scope};
use crate::kept::Kept;
use crate::{Error, ErrorKind, ProjectId};

/// A user of IAM who logs in with a password: a token is fetched when it is needed.
///
/// The token is kept until 5 minutes before it ends (IAM documents 24 hours), and fetched once for all calls that
/// wait for it. When a service refuses it, it is fetched anew, once for the call. When IAM refuses user and password,
/// it is not asked again for a minute, since it locks users who try too often; after three refusals in a row, not for
/// other projects either.
///
/// The token is good for the project given here; else for that of the client; else for the main project of its region.
///
/// `Debug` shows no password. Cheap to clone.
///
/// ```
/// use idsync::{Client, IamUser};
///
/// let client = Client::builder()
///     .region("cn-north-4")
///     .credentials(IamUser::new("operator", "an example password", "example-company"))
///     .build()?;
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone)]
pub struct IamUser(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    name: String,
    password: String,
    account: String,
    scope: Option<Result<Scope, Error>>,
    logins: Arc<Logins>,
}

impl IamUser {
    /// A user by name, password, and the name of the account (IAM: domain) that the user belongs to.
    pub fn new(
        name: impl Into<String>,
        password: impl Into<String>,
        account: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Parts {
            name: name.into(),
            password: password.into(),
            account: account.into(),
            scope: None,
            logins: Arc::default(),
        }))
    }

    /// Asks for tokens that are good for the project of this id.
    ///
    /// An id that is not valid is an error when the client is built.
    #[must_use]
    pub fn scoped_to_project<P>(self, project_id: P) -> Self
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        let id = project_id.try_into().map_err(Into::into);
        self.scoped(id.map(Scope::ProjectId))
    }

    /// Asks for tokens that are good for the project of this name; the main project of a region has the region's.
    #[must_use]
    pub fn scoped_to_project_name(self, name: impl Into<String>) -> Self {
        self.scoped(Ok(Scope::ProjectName(name.into())))
    }

    fn scoped(mut self, scope: Result<Scope, Error>) -> Self {
        Arc::make_mut(&mut self.0).scope = Some(scope);
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn password(&self) -> &str {
        &self.0.password
    }

    pub(crate) fn account(&self) -> &str {
        &self.0.account
    }

    fn logins(&self) -> Arc<Logins> {
        Arc::clone(&self.0.logins)
    }

    /// What the token shall be good for, where that was said.
    pub(crate) fn scope(&self) -> Option<Result<Scope, Error>> {
        self.0.scope.clone()
    }
}

impl fmt::Debug for IamUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamUser")
            .field("name", &self.0.name)
            .field("account", &self.0.account)
            .field("scope", &self.0.scope)
            .finish_non_exhaustive()
    }
}

/// Logs in when a token is needed.
#[derive(Debug)]
pub(crate) struct TokenProvider {
    login: Login,
    token: Kept<Credentials>,
}

impl TokenProvider {
    pub(crate) fn new(login: Login) -> Self {
        let token = Kept::new(|error| match error.kind() {
            ErrorKind::Authentication => REFUSAL_KEPT,
            _ => Duration::ZERO,
        });
        Self { login, token }
    }
}

impl CredentialProvider for TokenProvider {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        let log_in = || {
            let login = self.login.clone();
            async move {
                let logins = login.user.logins();
                logins.attempt(login.token()).await
            }
        };
        Box::pin(self.token.get(log_in))
    }

    fn refused(&self, credentials: &Credentials) -> bool {
        self.token.forget(|kept| kept == credentials);
        true
    }

    fn check(&self) -> Result<(), Error> {
        let user = &self.login.user;
        let parts = [
            ("user name", user.name()),
            ("password", user.password()),
            ("account name", user.account()),
        ];
        match parts.iter().find(|(_, value)| value.is_empty()) {
            Some((what, _)) => Err(Error::new(
                ErrorKind::Credentials,
                format!("the {what} of the IAM user is empty"),
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password() {
        let user = IamUser::new("operator", "PASSWORDSECRET", "company").scoped_to_project("p1");
        let shown = format!("{user:?} {user:#?}");
        assert!(
            shown.contains("operator") && !shown.contains("SECRET"),
            "{shown}"
        );
    }
}
