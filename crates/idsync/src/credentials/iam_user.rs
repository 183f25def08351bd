//! An IAM user with a password.

mod token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use self::token::TokenProvider;
use super::{ClientContext, CredentialProvider, ProvidedCredentials};
use crate::{Error, ErrorKind};

/// How long a refusal of user and password is cached: IAM locks users who are refused several times in a row.
const REFUSAL_KEPT: Duration = Duration::from_secs(60);

/// After this many refusals in a row no other project is tried either. A single one may be about its project: IAM
/// answers 401 to both.
const MOST_REFUSALS: u32 = 3;

/// A user of IAM who logs in with a password: a token is fetched when it is needed.
///
/// The token is kept until 5 minutes before it ends (IAM documents 24 hours), and fetched once for all calls that
/// wait for it. When a service refuses it, it is fetched anew, once for the call. When IAM refuses user and password,
/// it is not asked again for a minute, since it locks users who try too often; after three refusals in a row, not for
/// other projects either.
///
/// The token is for the project of the client, else for the main project of its region. A user is no provider by itself: it
/// logs in only as the [credentials](crate::ClientBuilder::credentials) of a client.
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
    origin: String,
    /// Locked during a login.
    refusals: Arc<Mutex<Refusals>>,
}

/// The refusals of one user since the last login, for all projects together.
#[derive(Debug, Default)]
struct Refusals {
    count: u32,
    last: Option<(Instant, Error)>,
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
            origin: "the caller".to_owned(),
            refusals: Arc::default(),
        }))
    }

    /// Where user and password are written, for errors.
    pub(super) fn with_origin(mut self, origin: &str) -> Self {
        origin.clone_into(&mut Arc::make_mut(&mut self.0).origin);
        self
    }

    /// Runs `login`, unless logins were refused too often of late. Logins run one by one.
    async fn log_in<T>(&self, login: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut refusals = self.0.refusals.lock().await;
        if let Some((at, error)) = &refusals.last
            && refusals.count >= MOST_REFUSALS
            && at.elapsed() < REFUSAL_KEPT
        {
            return Err(error.clone());
        }
        let outcome = login.await;
        match &outcome {
            Ok(_) => *refusals = Refusals::default(),
            Err(error) if error.kind() == ErrorKind::Authentication => {
                refusals.count += 1;
                refusals.last = Some((Instant::now(), error.clone()));
            }
            // Says nothing about the password.
            Err(_) => {}
        }
        outcome
    }
}

impl CredentialProvider for IamUser {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        let error = Error::configuration("an IAM user logs in only as the credentials of a client");
        Box::pin(std::future::ready(Err(error)))
    }

    fn origin(&self) -> String {
        self.0.origin.clone()
    }

    fn check(&self) -> Result<(), Error> {
        let user = &*self.0;
        if [&user.name, &user.password, &user.account]
            .into_iter()
            .any(String::is_empty)
        {
            let origin = &user.origin;
            let message =
                format!("the name, password or account of the IAM user from {origin} is empty");
            return Err(Error::new(ErrorKind::Credentials, message));
        }
        Ok(())
    }

    fn for_client(&self, client: &ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        Some(Arc::new(TokenProvider::new(self.clone(), client)))
    }
}

impl fmt::Debug for IamUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamUser")
            .field("name", &self.0.name)
            .field("account", &self.0.account)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> IamUser {
        IamUser::new("operator", "PASSWORDSECRET", "company")
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", user());
        assert!(
            shown.contains("operator") && !shown.contains("SECRET"),
            "{shown}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn three_refusals_in_a_row_stop_logins_for_a_minute_and_other_failures_do_not() {
        let user = user();
        let tries = std::cell::Cell::new(0);
        let log_in = async |kind| {
            let attempt = async {
                tries.set(tries.get() + 1);
                Err::<(), _>(Error::new(kind, "x"))
            };
            let _ = user.log_in(attempt).await;
        };
        for _ in 0..5 {
            log_in(ErrorKind::Connect).await;
        }
        for _ in 0..5 {
            log_in(ErrorKind::Authentication).await;
        }
        assert_eq!(tries.get(), 8);
        tokio::time::advance(REFUSAL_KEPT).await;
        log_in(ErrorKind::Authentication).await;
        assert_eq!(tries.get(), 9);
    }
}
