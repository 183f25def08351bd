//! An IAM user with a password.

mod token;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use self::token::{TokenProvider, TokenScope};
use super::cache::TokenCache;
use super::{ClientContext, CredentialProvider, Credentials, ProvidedCredentials};
use crate::config::process_environment;
use crate::endpoints::base_url;
use crate::http_client::HttpClient;
use crate::{Error, ErrorKind, ProjectId};

/// How long a refusal of user and password stands: IAM locks users who are refused several times in a row.
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
/// The token is for the project given here; else for that of the client; else for the main project of its region.
/// Outside of a client, give [`endpoint`](Self::endpoint) and a project.
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
    scope: Option<Result<TokenScope, Error>>,
    endpoint: Option<String>,
    origin: String,
    logins: Arc<Mutex<LoginHistory>>,
    /// The provider for use outside of a client.
    alone: OnceLock<Arc<TokenProvider>>,
}

/// The outcomes of the logins of one user, for all projects together.
#[derive(Debug, Default)]
struct LoginHistory {
    is_accepted: bool,
    /// In a row.
    refusals: u32,
    last_refusal: Option<(Instant, Error)>,
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
            endpoint: None,
            origin: "the caller".to_owned(),
            logins: Arc::default(),
            alone: OnceLock::new(),
        }))
    }

    /// Asks for tokens for the project with this id. An invalid id is an error when the client is built.
    #[must_use]
    pub fn scoped_to_project<P>(self, project_id: P) -> Self
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        let id = project_id.try_into().map_err(Into::into);
        self.with(|parts| parts.scope = Some(id.map(TokenScope::Id)))
    }

    /// Asks for tokens for the project with this name; the main project of a region has the name of the region.
    #[must_use]
    pub fn scoped_to_project_name(self, name: impl Into<String>) -> Self {
        self.with(|parts| parts.scope = Some(Ok(TokenScope::Name(name.into()))))
    }

    /// The base URL of IAM, in place of that of the client.
    #[must_use]
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        self.with(|parts| parts.endpoint = Some(url.into()))
    }

    /// Where user and password are written, for errors.
    #[cfg(feature = "config-files")]
    pub(super) fn with_origin(self, origin: &str) -> Self {
        self.with(|parts| origin.clone_into(&mut parts.origin))
    }

    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        let parts = Arc::make_mut(&mut self.0);
        parts.alone = OnceLock::new();
        change(parts);
        self
    }

    /// The provider that logs in by `http`.
    fn provider(
        &self,
        http: HttpClient,
        iam: Result<&str, Error>,
        scope: Option<TokenScope>,
        timeout: Duration,
    ) -> Arc<TokenProvider> {
        let scope = self.0.scope.clone().or_else(|| scope.map(Ok));
        let base_url = match &self.0.endpoint {
            Some(url) => base_url(url, "the endpoint of the IAM user", false),
            None => iam.map(Into::into),
        };
        Arc::new(TokenProvider {
            http,
            base_url,
            user: self.clone(),
            scope: scope.unwrap_or_else(|| {
                Err(Error::configuration(
                    "an IAM user needs a project id or a region, which the token will be for",
                ))
            }),
            timeout,
            cache: TokenCache::new(|error| match error.kind() {
                ErrorKind::Authentication => REFUSAL_KEPT,
                _ => Duration::ZERO,
            }),
        })
    }

    /// The provider outside of a client.
    fn alone(&self) -> Result<&Arc<TokenProvider>, Error> {
        if let Some(provider) = self.0.alone.get() {
            return Ok(provider);
        }
        let no_endpoint = Error::configuration(
            "an IAM user outside of a client needs the endpoint of IAM: give it with `endpoint`",
        );
        let timeout = Duration::from_secs(30);
        let http = HttpClient::alone(timeout, &process_environment)?;
        let provider = self.provider(http, Err(no_endpoint), None, timeout);
        Ok(self.0.alone.get_or_init(|| provider))
    }

    /// Runs `login`, unless logins were refused too often of late. Until one has succeeded, they run one by one.
    async fn log_in<T>(&self, login: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let history = self.0.logins.lock().await;
        if let Some((at, error)) = &history.last_refusal
            && history.refusals >= MOST_REFUSALS
            && at.elapsed() < REFUSAL_KEPT
        {
            return Err(error.clone());
        }
        let kept = (!history.is_accepted).then_some(history);
        let outcome = login.await;
        let mut history = match kept {
            Some(history) => history,
            None => self.0.logins.lock().await,
        };
        history.note(outcome.as_ref().err());
        outcome
    }
}

impl LoginHistory {
    fn note(&mut self, error: Option<&Error>) {
        match error {
            None => {
                *self = Self {
                    is_accepted: true,
                    ..Self::default()
                }
            }
            Some(error) if error.kind() == ErrorKind::Authentication => {
                self.is_accepted = false;
                self.refusals += 1;
                self.last_refusal = Some((Instant::now(), error.clone()));
            }
            // Says nothing about the password.
            Some(_) => {}
        }
    }
}

impl CredentialProvider for IamUser {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(async { self.alone()?.credentials().await })
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        let provider = self.0.alone.get();
        provider.is_some_and(|provider| provider.invalidate(credentials))
    }

    fn origin(&self) -> String {
        self.0.origin.clone()
    }

    fn check(&self) -> Result<(), Error> {
        for (what, value) in [
            ("user name", &self.0.name),
            ("password", &self.0.password),
            ("account name", &self.0.account),
        ] {
            if value.is_empty() || value.contains(char::is_control) {
                let message = format!(
                    "the {what} of the IAM user from {} is empty, or contains a line break or another control character",
                    self.0.origin
                );
                return Err(Error::new(ErrorKind::Credentials, message));
            }
        }
        Ok(())
    }

    fn for_client(&self, client: &ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        let by_id = client.project_id.cloned().map(TokenScope::Id);
        let by_region = || Some(TokenScope::Name(client.region?.to_owned()));
        let scope = by_id.or_else(by_region);
        Some(self.provider(
            client.http.clone(),
            client.iam.clone(),
            scope,
            client.timeout,
        ))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> IamUser {
        IamUser::new("operator", "PASSWORDSECRET", "company")
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", user().scoped_to_project("p1"));
        assert!(
            shown.contains("operator") && !shown.contains("SECRET"),
            "{shown}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn three_refusals_in_a_row_stand_for_a_minute_and_other_failures_do_not() {
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

    #[tokio::test]
    async fn outside_of_a_client_it_says_what_is_missing() {
        let error = user().credentials().await.unwrap_err();
        assert!(
            error.to_string().contains("give it with `endpoint`"),
            "{error}"
        );
        let placed = user().endpoint("https://iam.example");
        let error = placed.credentials().await.unwrap_err();
        assert!(
            error.to_string().contains("project id or a region"),
            "{error}"
        );
    }
}
