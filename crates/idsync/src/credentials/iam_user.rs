//! An IAM user with a password, and the tokens that IAM issues to it.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use url::Url;

use super::cache::{Fetched, TokenCache};
use super::{ClientContext, CredentialProvider, Credentials, ProvidedCredentials};
use crate::endpoints::base_url;
use crate::error_body::{Redaction, refusal};
use crate::http_client::HttpClient;
use crate::transport::timed_out;
use crate::{Error, ErrorKind, ProjectId, Service};

const TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// The largest answer that is read, in bytes. A token with the catalog of a large account stays far below.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// How long before its end a token is replaced: longer than any call should take.
const MARGIN: Duration = Duration::from_secs(300);

/// How long a token is kept that does not say when it ends; IAM documents 24 hours.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(3600);

/// How long a refusal of user and password stands: IAM locks users who are refused several times in a row.
const REFUSAL_KEPT: Duration = Duration::from_secs(60);

/// So many refusals in a row stand for all projects. One alone may be about its project: IAM answers 401 to both.
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

/// What a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TokenScope {
    ProjectId(ProjectId),
    /// The main project of a region has the name of the region.
    ProjectName(String),
}

/// What the logins of one user came to, whatever project each was for.
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
        self.with(|parts| parts.scope = Some(id.map(TokenScope::ProjectId)))
    }

    /// Asks for tokens for the project with this name; the main project of a region has the name of the region.
    #[must_use]
    pub fn scoped_to_project_name(self, name: impl Into<String>) -> Self {
        self.with(|parts| parts.scope = Some(Ok(TokenScope::ProjectName(name.into()))))
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
        let http = HttpClient::from_environment()?;
        let provider = self.provider(http, Err(no_endpoint), None, Duration::from_secs(30));
        Ok(self.0.alone.get_or_init(|| provider))
    }

    /// Runs `login`, unless logins were refused too often of late. Until one has succeeded, they run one by one.
    async fn log_in<T>(&self, login: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut history = self.0.logins.lock().await;
        if let Some((at, error)) = &history.last_refusal
            && history.refusals >= MOST_REFUSALS
            && at.elapsed() < REFUSAL_KEPT
        {
            return Err(error.clone());
        }
        if history.is_accepted {
            drop(history);
            let outcome = login.await;
            self.0.logins.lock().await.note(&outcome);
            return outcome;
        }
        let outcome = login.await;
        history.note(&outcome);
        outcome
    }
}

impl LoginHistory {
    fn note<T>(&mut self, outcome: &Result<T, Error>) {
        match outcome {
            Ok(_) => {
                *self = Self {
                    is_accepted: true,
                    ..Self::default()
                }
            }
            Err(error) if error.is_authentication() => {
                self.is_accepted = false;
                self.refusals += 1;
                self.last_refusal = Some((Instant::now(), error.clone()));
            }
            // Says nothing about the password.
            Err(_) => {}
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
            let fault = if value.is_empty() {
                "is empty"
            } else if value.contains(char::is_control) {
                "contains a line break or another control character"
            } else {
                continue;
            };
            let message = format!("the {what} of the IAM user from {} {fault}", self.0.origin);
            return Err(Error::new(ErrorKind::Credentials, message));
        }
        Ok(())
    }

    fn for_client(&self, client: &ClientContext<'_>) -> Option<Arc<dyn CredentialProvider>> {
        let by_id = client.project_id.cloned().map(TokenScope::ProjectId);
        let by_region = || Some(TokenScope::ProjectName(client.region?.to_owned()));
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

/// Logs a user in when a token is needed.
#[derive(Debug)]
struct TokenProvider {
    http: HttpClient,
    /// Of IAM.
    base_url: Result<Box<str>, Error>,
    user: IamUser,
    scope: Result<TokenScope, Error>,
    /// From the request to the end of the answer.
    timeout: Duration,
    cache: TokenCache,
}

/// The part of IAM's answer that is read.
#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<TokenTerm>,
}

#[derive(Deserialize)]
struct TokenTerm {
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

impl TokenProvider {
    /// `POST /v3/auth/tokens`.
    async fn token(&self) -> Result<Fetched, Error> {
        let request = self.request()?;
        let exchange = timeout(self.timeout, self.http.send(request, LARGEST_ANSWER)).await;
        let answer = exchange.unwrap_or_else(|_| Err(timed_out(self.timeout)));
        let outcome = answer.and_then(|answer| {
            if !answer.status().is_success() {
                let redaction = Redaction::new([self.user.0.password.as_str()]);
                return Err(refusal(&answer, Service::Iam, &redaction));
            }
            let token = token_in(&answer)?;
            Ok(Fetched::new(token, lifetime(answer.body()), MARGIN))
        });
        outcome.map_err(|error| self.explain(&error))
    }

    /// Says that it was IAM: the call that needs the token adds its own operation.
    fn explain(&self, error: &Error) -> Error {
        let message = format!("no token from IAM: {}", error.message());
        let explained = error.clone().with_message(message);
        match error.kind() {
            ErrorKind::Authentication => {
                let IamUser(user) = &self.user;
                let hint = format!(
                    "check user, password and account from {}, and that the user may log in to this project",
                    user.origin
                );
                explained.with_hint(hint)
            }
            _ => explained,
        }
    }

    /// Without the catalog of endpoints, which would make the answer many times as large.
    fn request(&self) -> Result<reqwest::Request, Error> {
        let base_url = self.base_url.as_ref().map_err(Clone::clone)?;
        let url = Url::parse(&format!("{base_url}/v3/auth/tokens?nocatalog=true"));
        let url = url.map_err(|error| {
            Error::configuration("the endpoint of IAM gives no usable URL").with_source(error)
        })?;
        let mut request = reqwest::Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(self.body()?.to_string().into());
        Ok(request)
    }

    fn body(&self) -> Result<Value, Error> {
        let project = match self.scope.as_ref().map_err(Clone::clone)? {
            TokenScope::ProjectId(id) => json!({"id": id}),
            TokenScope::ProjectName(name) => json!({"name": name}),
        };
        let IamUser(user) = &self.user;
        let user = json!({
            "name": user.name,
            "password": user.password,
            "domain": {"name": user.account},
        });
        Ok(json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": project},
        }}))
    }
}

impl CredentialProvider for TokenProvider {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(self.cache.get(|| self.user.log_in(self.token())))
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        self.cache.invalidate(credentials);
        true
    }

    fn origin(&self) -> String {
        self.user.origin()
    }

    fn check(&self) -> Result<(), Error> {
        self.user.check()?;
        self.request().map(|_| ())
    }
}

/// By the clock of IAM alone, so that a wrong clock here does no harm; a token counts even if its term is unreadable.
fn lifetime(body: &[u8]) -> Duration {
    let term = serde_json::from_slice::<TokenAnswer>(body)
        .ok()
        .and_then(|answer| answer.token);
    let lifetime = term.and_then(|term| {
        let issued_at = term.issued_at.unwrap_or_else(Timestamp::now);
        Some(term.expires_at?.duration_since(issued_at))
    });
    lifetime.map_or(ASSUMED_LIFETIME, |lifetime| {
        Duration::try_from(lifetime).unwrap_or_default()
    })
}

fn token_in(answer: &http::Response<bytes::Bytes>) -> Result<Credentials, Error> {
    let token = answer
        .headers()
        .get(&TOKEN)
        .and_then(|value| value.to_str().ok())
        .filter(|token| !token.is_empty());
    token.map(Credentials::token).ok_or_else(|| {
        let message = format!("the answer has no usable {TOKEN} header");
        Error::new(ErrorKind::Decode, message).with_status(answer.status().as_u16())
    })
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

    #[test]
    fn the_term_is_counted_by_the_clock_of_iam_and_assumed_to_be_short_if_it_is_not_told() {
        for (body, expected) in [
            (
                r#"{"token": {"issued_at": "2019-02-12T06:52:13.855000Z", "expires_at": "2019-02-13T06:52:13.855000Z"}}"#,
                Duration::from_hours(24),
            ),
            (
                r#"{"token": {"issued_at": "2019-02-13T06:52:13Z", "expires_at": "2019-02-12T06:52:13Z"}}"#,
                Duration::ZERO,
            ),
            (
                r#"{"token": {"issued_at": "2019-02-12T06:52:13Z"}}"#,
                ASSUMED_LIFETIME,
            ),
            (r#"{"token": {"expires_at": "tomorrow"}}"#, ASSUMED_LIFETIME),
            ("", ASSUMED_LIFETIME),
        ] {
            assert_eq!(lifetime(body.as_bytes()), expected, "{body}");
        }
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
