//! An IAM user with a password.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::cache::{Fetched, TokenCache};
use super::{ClientContext, CredentialProvider, Credentials, ProvidedCredentials};
use crate::endpoints::join;
use crate::error_body::{Redaction, refusal};
use crate::http_client::HttpClient;
use crate::{Error, ErrorKind, Service};

const TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// The largest answer that is read, in bytes. A token with the catalog of a large account stays far below.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// How long before its end a token is replaced: longer than any call should take.
const MARGIN: Duration = Duration::from_secs(300);

/// The lifetime of a token whose end is not given; IAM documents 24 hours.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(3600);

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
        Some(Arc::new(TokenProvider {
            http: client.http.clone(),
            request: request(self, client),
            user: self.clone(),
            timeout: client.timeout,
            cache: TokenCache::new(|error| match error.kind() {
                ErrorKind::Authentication => REFUSAL_KEPT,
                _ => Duration::ZERO,
            }),
        }))
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

/// Logs a user in when a token is needed.
#[derive(Debug)]
struct TokenProvider {
    http: HttpClient,
    user: IamUser,
    /// The request for a token, or the configuration error that prevents one.
    request: Result<reqwest::Request, Error>,
    /// Maximum time from sending the request to the end of the response.
    timeout: Duration,
    cache: TokenCache,
}

impl TokenProvider {
    async fn token(&self) -> Result<Fetched, Error> {
        let request = self.request.as_ref().map_err(Clone::clone)?.try_clone();
        let request = request.ok_or_else(|| Error::configuration("the body is streamed"))?;
        let sending = self.http.send_within(self.timeout, request, LARGEST_ANSWER);
        let fetched = sending.await.and_then(|answer| {
            if answer.status().is_success() {
                let token = token_in(&answer)?;
                return Ok(Fetched::new(token, lifetime(answer.body()), MARGIN));
            }
            let redaction = Redaction::new([self.user.0.password.as_str()]);
            Err(refusal(&answer, Service::Iam, &redaction))
        });
        // The call that needs the token adds its own operation.
        fetched.map_err(|error| {
            let message = format!("no token from IAM: {}", error.message());
            let error = error.with_message(message);
            match error.kind() {
                ErrorKind::Authentication => error.with_hint(format!(
                    "check user, password and account from {}, and that the user may log in to this project",
                    self.user.0.origin
                )),
                _ => error,
            }
        })
    }
}

/// `POST /v3/auth/tokens`, without the catalog of endpoints, which would make the answer many times as large. The main
/// project of a region has the name of the region.
fn request(IamUser(user): &IamUser, client: &ClientContext<'_>) -> Result<reqwest::Request, Error> {
    let base_url = client.iam.as_ref().map_err(Clone::clone)?;
    let url = join(base_url, "/v3/auth/tokens?nocatalog=true")?;
    let password = json!({"user": {
        "name": user.name,
        "password": user.password,
        "domain": {"name": user.account},
    }});
    let project = match client.project_id {
        Some(id) => json!({"id": id}),
        None => json!({"name": client.region}),
    };
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": password},
        "scope": {"project": project},
    }});
    let mut request = reqwest::Request::new(Method::POST, url);
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);
    *request.body_mut() = Some(body.to_string().into());
    Ok(request)
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
        self.request.as_ref().map(|_| ()).map_err(Clone::clone)
    }
}

/// By the clock of IAM alone, so that a wrong clock here does no harm. A token whose lifetime is unreadable is used too.
fn lifetime(body: &[u8]) -> Duration {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let time = |name: &str| answer["token"][name].as_str()?.parse::<Timestamp>().ok();
    time("expires_at").map_or(ASSUMED_LIFETIME, |end| {
        let start = time("issued_at").unwrap_or_else(Timestamp::now);
        Duration::try_from(end.duration_since(start)).unwrap_or_default()
    })
}

fn token_in(answer: &Response<Bytes>) -> Result<Credentials, Error> {
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

    #[test]
    fn the_lifetime_is_measured_by_the_clock_of_iam_and_assumed_to_be_short_where_it_is_missing() {
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
}
