//! The temporary access key of the agency that an elastic cloud server runs under, from its metadata service.

mod answer;

use std::fmt;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use tracing::debug;
use url::Url;

use self::answer::key_in;
use super::{CredentialProvider, Credentials, ProvidedCredentials};
use crate::error_body::Redaction;
use crate::kept::{Held, Kept};
use crate::region::base_url;
use crate::transport::{Route, connect, exchange};
use crate::{Error, ErrorKind, Service};

/// Where the metadata service answers on every server. Plain http: the address is link-local and never leaves the
/// host, and the service offers nothing else.
const LINK_LOCAL: &str = "http://169.254.169.254";

/// How long each of the two or, where a token turns out to be needed, four requests may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long before its end a key is replaced. The service gives the next one early enough (ECS guide).
const MARGIN: Duration = Duration::from_mins(10);

/// How long a failure stands: a machine without the service must not be asked for each call.
const FAILURE_KEPT: Duration = Duration::from_mins(1);

const TOKEN: HeaderName = HeaderName::from_static("x-metadata-token");
const TOKEN_TERM: HeaderName = HeaderName::from_static("x-metadata-token-ttl-seconds");

/// The longest term of a metadata token, in seconds.
const LONGEST_TERM: HeaderValue = HeaderValue::from_static("21600");

/// What the service writes where no agency is set, which no token would mend.
const NO_AGENCY: &str = "Please configure Cloud Service Agency first";

/// The access key that a cloud server gets for its agency, from the ECS metadata service.
///
/// The key is fetched when it is needed, once for all calls that wait for it, and replaced 10 minutes before it ends.
/// Each request to the service may take 3 seconds; a failure stands for a minute. No proxy is used.
///
/// ```
/// use idsync::{Client, EcsMetadata};
///
/// let client = Client::builder().region("cn-north-4").project_id("0833a573").credentials(EcsMetadata::new()).build()?;
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EcsMetadata {
    endpoint: Option<String>,
}

impl EcsMetadata {
    /// The service at its usual address, `http://169.254.169.254`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The service at another address: https, or plain http on this machine.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// The provider that asks the service; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// `Usage` if the endpoint is not a usable address.
    pub(crate) fn connect(&self) -> Result<MetadataProvider, Error> {
        let base_url = match &self.endpoint {
            Some(url) if url != LINK_LOCAL => base_url(url, "the metadata endpoint", false)?,
            _ => LINK_LOCAL.into(),
        };
        let source = Source {
            http: connect(&Route::direct(TIMEOUT))?,
            base_url,
        };
        Ok(MetadataProvider {
            source,
            key: Kept::new(|_| FAILURE_KEPT),
        })
    }
}

/// Asks the metadata service when a key is needed.
#[derive(Debug)]
pub(crate) struct MetadataProvider {
    source: Source,
    key: Kept<Credentials>,
}

impl CredentialProvider for MetadataProvider {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(self.key.get(|| self.source.clone().key()))
    }

    fn refused(&self, credentials: &Credentials) -> bool {
        self.key.forget(|kept| kept == credentials);
        true
    }
}

#[derive(Clone)]
struct Source {
    http: reqwest::Client,
    base_url: Box<str>,
}

impl Source {
    /// Fetches a key.
    ///
    /// # Errors
    ///
    /// `Credentials`, whatever kept the service from giving one: a call is not worth sending again for it.
    async fn key(self) -> Result<Held<Credentials>, Error> {
        let outcome = match self.try_key().await {
            Err(error) if needs_token(&error) => self.try_key().await,
            outcome => outcome,
        };
        outcome.map_err(|error| {
            debug!(%error, "no key from the metadata service");
            let message = format!("no access key from the ECS metadata service: {error}");
            Error::new(ErrorKind::Credentials, message)
        })
    }

    async fn try_key(&self) -> Result<Held<Credentials>, Error> {
        let token = self.token().await?;
        let mut request = self.request(Method::GET, "/openstack/latest/securitykey")?;
        if let Some(token) = token {
            request.headers_mut().insert(TOKEN, token);
        }
        let response = self.send(request).await?;
        let body = response.bytes().await.unwrap_or_default();
        let (key, lifetime) = key_in(&body)?;
        Ok(Held::expiring(key, lifetime, MARGIN))
    }

    /// A token for the next request; `None` where the service is of the generation that knows no tokens.
    async fn token(&self) -> Result<Option<HeaderValue>, Error> {
        let mut request = self.request(Method::PUT, "/meta-data/latest/api/token")?;
        request.headers_mut().insert(TOKEN_TERM, LONGEST_TERM);
        let response = match self.send(request).await {
            Ok(response) => response,
            Err(error) if matches!(error.status(), Some(404 | 405 | 503)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let body = response.bytes().await.unwrap_or_default();
        let mut token = HeaderValue::from_bytes(body.trim_ascii())
            .map_err(|_| Error::new(ErrorKind::Decode, "the metadata token cannot be sent back"))?;
        token.set_sensitive(true);
        Ok(Some(token))
    }

    fn request(&self, method: Method, path: &str) -> Result<reqwest::Request, Error> {
        let url = Url::parse(&format!("{}{path}", self.base_url)).map_err(|error| {
            Error::configuration("the metadata endpoint gives no usable address").with_source(error)
        })?;
        Ok(reqwest::Request::new(method, url))
    }

    async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Error> {
        let nothing_sent_in_confidence = Redaction::new([]);
        // The key belongs to an IAM agency; the service itself is no service of its own in errors.
        exchange(
            &self.http,
            request,
            Service::Iam,
            &nothing_sent_in_confidence,
            TIMEOUT,
        )
        .await
    }
}

/// Whether the service began to require tokens between the two requests.
fn needs_token(error: &Error) -> bool {
    error.status() == Some(401) && !error.message().contains(NO_AGENCY)
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_address_is_https_or_on_this_machine() {
        for good in ["http://127.0.0.1:1", "https://metadata.example", LINK_LOCAL] {
            assert!(
                EcsMetadata::new().endpoint(good).connect().is_ok(),
                "{good}"
            );
        }
        let error = EcsMetadata::new()
            .endpoint("http://metadata.example")
            .connect();
        assert!(error.unwrap_err().to_string().contains("plain http"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_does_not_answer_costs_three_seconds_once() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", silent.local_addr().unwrap());
        let provider = EcsMetadata::new().endpoint(address).connect().unwrap();
        let started = tokio::time::Instant::now();
        for _ in 0..3 {
            let error = provider.credentials().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
        }
        assert!(
            started.elapsed() <= TIMEOUT + Duration::from_millis(10),
            "{:?}",
            started.elapsed()
        );
    }
}
