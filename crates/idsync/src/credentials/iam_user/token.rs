//! The tokens that IAM issues to a user.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{IamUser, REFUSAL_KEPT};
use crate::credentials::cache::{Fetched, TokenCache};
use crate::credentials::{ClientContext, CredentialProvider, Credentials, ProvidedCredentials};
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

/// Logs a user in when a token is needed.
#[derive(Debug)]
pub(super) struct TokenProvider {
    http: HttpClient,
    user: IamUser,
    /// The request for a token, or the configuration error that prevents one.
    request: Result<reqwest::Request, Error>,
    /// Maximum time from sending the request to the end of the response.
    timeout: Duration,
    cache: TokenCache,
}

impl TokenProvider {
    pub(super) fn new(user: IamUser, client: &ClientContext<'_>) -> Self {
        Self {
            http: client.http.clone(),
            request: request(&user, client),
            user,
            timeout: client.timeout,
            cache: TokenCache::new(|error| match error.kind() {
                ErrorKind::Authentication => REFUSAL_KEPT,
                _ => Duration::ZERO,
            }),
        }
    }

    async fn token(&self) -> Result<Fetched, Error> {
        let outcome = self.try_token().await;
        // The call that needs the token adds its own operation.
        outcome.map_err(|error| {
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

    async fn try_token(&self) -> Result<Fetched, Error> {
        let request = self.request.as_ref().map_err(Clone::clone)?.try_clone();
        let request = request.ok_or_else(|| Error::configuration("the body is streamed"))?;
        let sending = self.http.send_within(self.timeout, request, LARGEST_ANSWER);
        let answer = sending.await?;
        if !answer.status().is_success() {
            let redaction = Redaction::new([self.user.0.password.as_str()]);
            return Err(refusal(&answer, Service::Iam, &redaction));
        }
        let token = token_in(&answer)?;
        Ok(Fetched::new(token, lifetime(answer.body()), MARGIN))
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
