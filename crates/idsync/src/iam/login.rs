//! `POST /v3/auth/tokens`: a token for a user with a password.

use std::fmt;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::credentials::IamUser;
use crate::error_body::Redaction;
use crate::kept::Held;
use crate::transport::exchange;
use crate::{Credentials, Error, ErrorKind, ProjectId, Service};

const TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// How long before its end a token is replaced: longer than any call should take, so that none is under way with a
/// token that ends meanwhile.
const MARGIN: Duration = Duration::from_mins(5);

/// How long a token is kept that says nothing of its term; IAM documents 24 hours.
const ASSUMED_LIFETIME: Duration = Duration::from_hours(1);

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    ProjectId(ProjectId),
    /// The main project of a region is named like the region.
    ProjectName(String),
}

/// Everything that is needed to log in, as often as needed.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) http: reqwest::Client,
    /// The base URL of IAM.
    pub(crate) base_url: String,
    pub(crate) user: IamUser,
    pub(crate) scope: Scope,
    /// From the request to the end of the answer.
    pub(crate) timeout: Duration,
}

/// The part of the answer's body that is read.
#[derive(Deserialize)]
struct Answer {
    token: Option<Term>,
}

#[derive(Deserialize)]
struct Term {
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

impl Login {
    /// Asks for a token.
    ///
    /// # Errors
    ///
    /// `Authentication` if IAM does not accept user and password; `Decode` if it answers success without a token.
    pub(crate) async fn token(self) -> Result<Held<Credentials>, Error> {
        let request = self.request()?;
        let redaction = Redaction::new([self.user.password()]);
        let answer = exchange(&self.http, request, Service::Iam, &redaction, self.timeout);
        let response = answer.await.map_err(explain)?;
        let token = token_in(&response)?;
        let body = response.bytes().await.unwrap_or_default();
        Ok(Held::expiring(token, lifetime(&body), MARGIN))
    }

    /// Without the catalog of all endpoints, which would make the answer many times as large.
    fn request(&self) -> Result<reqwest::Request, Error> {
        let address = format!("{}/v3/auth/tokens?nocatalog=true", self.base_url);
        let url = Url::parse(&address).map_err(|error| {
            Error::configuration("the endpoint of IAM gives no usable address").with_source(error)
        })?;
        let mut request = reqwest::Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(self.body().to_string().into());
        Ok(request)
    }

    fn body(&self) -> Value {
        let project = match &self.scope {
            Scope::ProjectId(id) => json!({"id": id}),
            Scope::ProjectName(name) => json!({"name": name}),
        };
        let user = json!({
            "name": self.user.name(),
            "password": self.user.password(),
            "domain": {"name": self.user.account()},
        });
        json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": project},
        }})
    }
}

/// The term by the clock of IAM alone, so that a wrong clock here does no harm; a token counts even if it cannot be
/// read.
fn lifetime(body: &[u8]) -> Duration {
    let told = serde_json::from_slice::<Answer>(body)
        .ok()
        .and_then(|answer| {
            let Term {
                issued_at,
                expires_at,
            } = answer.token?;
            let lifetime = expires_at?.duration_since(issued_at.unwrap_or_else(Timestamp::now));
            Some(Duration::try_from(lifetime).unwrap_or_default())
        });
    told.unwrap_or(ASSUMED_LIFETIME)
}

fn token_in(response: &reqwest::Response) -> Result<Credentials, Error> {
    let status = response.status().as_u16();
    let token = response
        .headers()
        .get(&TOKEN)
        .and_then(|value| value.to_str().ok())
        .filter(|token| !token.is_empty());
    token.map(Credentials::token).ok_or_else(|| {
        let message = format!("no token from IAM: the answer has no usable {TOKEN} header");
        Error::new(ErrorKind::Decode, message).with_status(status)
    })
}

/// Says that it was IAM: the call that needed the token adds its own name.
fn explain(error: Error) -> Error {
    let message = format!("no token from IAM: {}", error.message());
    error.with_message(message)
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("base_url", &self.base_url)
            .field("user", &self.user)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Route, connect};

    #[test]
    fn the_term_is_counted_by_the_clock_of_iam() {
        for (issued_at, expires_at, expected) in [
            (
                "2019-02-12T06:52:13.855000Z",
                "2019-02-13T06:52:13.855000Z",
                Duration::from_hours(24),
            ),
            (
                "2019-02-13T06:52:13Z",
                "2019-02-12T06:52:13Z",
                Duration::ZERO,
            ),
        ] {
            let token = json!({"issued_at": issued_at, "expires_at": expires_at});
            let body = json!({ "token": token }).to_string();
            assert_eq!(lifetime(body.as_bytes()), expected);
        }
    }

    #[test]
    fn a_term_that_is_not_told_is_assumed_to_be_short() {
        for body in [
            r#"{"token": {"issued_at": "2019-02-12T06:52:13Z"}}"#,
            r#"{"token": {"expires_at": "tomorrow"}}"#,
            "{}",
            "",
        ] {
            assert_eq!(lifetime(body.as_bytes()), ASSUMED_LIFETIME, "{body}");
        }
    }

    #[test]
    fn debug_shows_no_password() {
        let login = Login {
            http: connect(&Route::direct(Duration::from_secs(1))).unwrap(),
            base_url: "https://iam.example".into(),
            user: IamUser::new("operator", "PASSWORDSECRET", "company"),
            scope: Scope::ProjectName("cn-north-4".into()),
            timeout: Duration::from_secs(1),
        };
        let shown = format!("{login:?} {login:#?}");
        assert!(
            shown.contains("operator") && !shown.contains("SECRET"),
            "{shown}"
        );
    }
}
