//! The temporary access key of the agency of a cloud server, from its metadata service.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde::Deserialize;

use super::cache::{Fetched, TokenCache};
use super::{CredentialProvider, Credentials, ProvidedCredentials, none_found};
use crate::endpoints::{base_url, join};
use crate::error_body::{Redaction, refusal};
use crate::http_client::{ConnectionSettings, HttpClient};
use crate::proxy::Proxies;
use crate::{Error, ErrorKind, Service};

/// Where the metadata service answers on every server. Plain http: the address is link-local and never leaves the
/// host, and the service offers nothing else.
const LINK_LOCAL: &str = "http://169.254.169.254";

/// The timeout of each of the two requests.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long before its end a key is replaced. The service gives the next one early enough (ECS guide).
const MARGIN: Duration = Duration::from_secs(600);

/// How long a failure is cached, so that a machine without the service does not ask for it in each call.
const FAILURE_KEPT: Duration = Duration::from_secs(60);

/// The lifetime of a key whose end is not given; the service documents one hour.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(1200);

const LARGEST_ANSWER: usize = 64 * 1024;

const TOKEN: HeaderName = HeaderName::from_static("x-metadata-token");
const TOKEN_TERM: HeaderName = HeaderName::from_static("x-metadata-token-ttl-seconds");

/// The longest lifetime of a metadata token, in seconds.
const LONGEST_TERM: HeaderValue = HeaderValue::from_static("21600");

/// The access key that a cloud server gets for its agency, from the ECS metadata service.
///
/// The key is fetched when it is needed, once for all calls that wait for it, and replaced 10 minutes before it ends.
/// Each request to the service may take 3 seconds; a failure is cached for a minute. No proxy is used. Clones share the
/// key.
///
/// ```
/// use idsync::{Client, EcsMetadata};
///
/// let client = Client::builder().region("cn-north-4").project_id("0833a573").credentials(EcsMetadata::new()).build()?;
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EcsMetadata(Arc<MetadataSource>);

#[derive(Debug)]
struct MetadataSource {
    /// The base URL, and the client that asks there.
    service: Result<(Box<str>, HttpClient), Error>,
    /// Why each source before this one has no credentials.
    tried: String,
    cache: TokenCache,
}

impl Default for EcsMetadata {
    fn default() -> Self {
        Self::after("", None)
    }
}

impl EcsMetadata {
    /// The service at its usual address, `http://169.254.169.254`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The service at another address: https, or plain http on this machine.
    #[must_use]
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        Self::after("", Some(&url.into()))
    }

    /// The service after other sources, which its errors then name too.
    pub(super) fn after(tried: &str, endpoint: Option<&str>) -> Self {
        let url = endpoint.unwrap_or(LINK_LOCAL);
        let settings = ConnectionSettings {
            connect_timeout: Some(TIMEOUT),
            ..ConnectionSettings::default()
        };
        let no_proxies = Proxies::new(None, None, &|_| None);
        let base_url = base_url(url, "the metadata endpoint", url == LINK_LOCAL);
        Self(Arc::new(MetadataSource {
            service: base_url.and_then(|url| Ok((url, HttpClient::new(settings, no_proxies)?))),
            tried: tried.to_owned(),
            cache: TokenCache::new(|_| FAILURE_KEPT),
        }))
    }

    /// # Errors
    ///
    /// `Credentials` for every failure: it is not retried within a call.
    async fn key(&self) -> Result<Fetched, Error> {
        self.try_key().await.map_err(|error| {
            let why = format!("no access key from the ECS metadata service: {error}");
            match self.0.tried.as_str() {
                "" => Error::new(ErrorKind::Credentials, why),
                tried => none_found(&format!("{tried}; {why}")),
            }
        })
    }

    async fn try_key(&self) -> Result<Fetched, Error> {
        let term = Some((TOKEN_TERM, LONGEST_TERM));
        let path = "/meta-data/latest/api/token";
        let token = match self.send(Method::PUT, path, term).await {
            Ok(body) => {
                let mut token = HeaderValue::from_bytes(body.trim_ascii()).map_err(|_| {
                    Error::new(ErrorKind::Decode, "the metadata token cannot be sent back")
                })?;
                token.set_sensitive(true);
                Some((TOKEN, token))
            }
            // A service of the generation that knows no tokens.
            Err(error) if matches!(error.status(), Some(404 | 405 | 503)) => None,
            Err(error) => return Err(error),
        };
        let path = "/openstack/latest/securitykey";
        key_in(&self.send(Method::GET, path, token).await?)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: Option<(HeaderName, HeaderValue)>,
    ) -> Result<Bytes, Error> {
        let (base_url, http) = self.0.service.as_ref().map_err(Clone::clone)?;
        let mut request = reqwest::Request::new(method, join(base_url, path)?);
        request.headers_mut().extend(header);
        let answer = http.send_within(TIMEOUT, request, LARGEST_ANSWER).await?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        // The key belongs to an IAM agency; errors have no name for the metadata service.
        Err(refusal(&answer, Service::Iam, &Redaction::new([])))
    }
}

impl CredentialProvider for EcsMetadata {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(self.0.cache.get(|| self.key()))
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        self.0.cache.invalidate(credentials);
        true
    }

    fn origin(&self) -> String {
        "the ECS metadata service".to_owned()
    }

    fn check(&self) -> Result<(), Error> {
        self.0.service.as_ref().map(|_| ()).map_err(Clone::clone)
    }
}

/// Field names as the official SDKs accept them: they differ between generations of the service.
#[derive(Deserialize)]
struct KeyAnswer {
    #[serde(alias = "credentials")]
    credential: Key,
}

#[derive(Deserialize)]
struct Key {
    #[serde(alias = "accessKeyId", alias = "access_key_id")]
    access: String,
    #[serde(alias = "secretAccessKey", alias = "secret_access_key")]
    secret: String,
    #[serde(alias = "securityToken", alias = "security_token")]
    securitytoken: Option<String>,
    #[serde(alias = "expiration")]
    expires_at: Option<Timestamp>,
}

/// # Errors
///
/// `Decode`, with the place and nothing of what is written there.
fn key_in(body: &[u8]) -> Result<Fetched, Error> {
    let KeyAnswer { credential: key } = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("the answer holds no readable key (line {line}, column {column})");
        Error::new(ErrorKind::Decode, message)
    })?;
    let credentials = Credentials::key(key.access, key.secret, key.securitytoken);
    credentials.check()?;
    let lifetime = key.expires_at.map_or(ASSUMED_LIFETIME, |end| {
        Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
    });
    Ok(Fetched::new(credentials, lifetime, MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_address_is_https_or_on_this_machine() {
        for good in ["http://127.0.0.1:1", "https://metadata.example", LINK_LOCAL] {
            assert!(EcsMetadata::new().endpoint(good).check().is_ok(), "{good}");
        }
        let far = EcsMetadata::new().endpoint("http://metadata.example");
        assert!(far.check().unwrap_err().to_string().contains("plain http"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_does_not_answer_costs_three_seconds_once() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", silent.local_addr().unwrap());
        let provider = EcsMetadata::new().endpoint(address);
        let started = tokio::time::Instant::now();
        for _ in 0..3 {
            let error = provider.credentials().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
        }
        let took = started.elapsed();
        assert!(took <= TIMEOUT + Duration::from_millis(10), "{took:?}");
    }

    #[tokio::test]
    async fn both_generations_of_field_names_are_read() {
        let expected = Credentials::access_key("A", "S").with_security_token("T");
        for body in [
            r#"{"credential": {"access": "A", "secret": "S", "securitytoken": "T",
                "expires_at": "2999-04-17T07:55:18.575000Z"}}"#,
            r#"{"credentials": {"accessKeyId": "A", "secretAccessKey": "S", "securityToken": "T"}}"#,
        ] {
            let cache = TokenCache::new(|_| Duration::ZERO);
            let key = cache.get(|| async { key_in(body.as_bytes()) }).await;
            assert_eq!(key.unwrap(), expected);
        }
    }

    #[test]
    fn the_error_of_an_unreadable_key_shows_no_part_of_it() {
        for body in [
            r#"{"credential": {"access": "AKSECRET", "secret": 5}}"#,
            r#"{"credential": {"access": "AKSECRET", "secret": "S", "expires_at": "SECRET"}}"#,
            "SECRET",
            "",
        ] {
            let error = key_in(body.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
    }
}
