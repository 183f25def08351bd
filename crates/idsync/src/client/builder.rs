//! The configuration of a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::budget::RetryBudget;
use crate::rate_limit::{Limit, RateLimits};
use crate::region::{EndpointChoice, Environment};
use crate::retry::RetryPolicy;
use crate::transport::{Hosts, Proxies, Route, Settings, Timeouts, connect};
use crate::{CredentialProvider, Credentials, Error, ProjectId, Service};

const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

/// Configures a [`Client`].
///
/// | setting | default |
/// |---|---|
/// | credentials | [`Credentials::from_environment`] |
/// | project id | the variable `HUAWEICLOUD_SDK_PROJECT_ID` |
/// | endpoints | the variable `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>` (of several URLs the first), the file that `HUAWEICLOUD_SDK_REGIONS_FILE` names or else `~/.huaweicloud/regions.yaml`, then a table by region |
/// | overall timeout | 60 s for a call with its retries |
/// | timeout of each request | 30 s |
/// | connect timeout | 10 s |
/// | retries | 2 after the first request, with exponential backoff and full jitter |
/// | rate limit | none until a service names its own |
/// | largest answer | 64 MiB |
/// | proxies | the variables `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, as curl reads them; never for this machine |
/// | trusted certificates | the platform's |
/// | redirects | never followed |
///
/// ```
/// use std::time::Duration;
/// use idsync::{Client, Credentials, Service};
///
/// let client = Client::builder()
///     .region("cn-north-4")
///     .endpoint_for(Service::Dws, "https://dws.example.com/gateway")
///     .project_id("0833a5737480d53b2f25c010dc1a7b88")
///     .credentials(Credentials::access_key("AKEXAMPLE", "an example secret"))
///     .timeout(Duration::from_secs(20))
///     .build()?;
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    endpoints: EndpointChoice,
    project_id: Option<Result<ProjectId, Error>>,
    credentials: Option<Arc<dyn CredentialProvider>>,
    timeouts: Timeouts,
    connect_timeout: Duration,
    ca_file: Option<PathBuf>,
    retry: RetryPolicy,
    rate_limit: Option<(usize, Duration)>,
    largest_answer: usize,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            endpoints: EndpointChoice::default(),
            project_id: None,
            credentials: None,
            timeouts: Timeouts {
                call: Duration::from_mins(1),
                attempt: Duration::from_secs(30),
            },
            connect_timeout: Duration::from_secs(10),
            ca_file: None,
            retry: RetryPolicy::default(),
            rate_limit: None,
            largest_answer: 64 * 1024 * 1024,
        }
    }
}

impl ClientBuilder {
    /// The region whose endpoints are used where none is given, such as `cn-north-4`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.endpoints.region = Some(region.into());
        self
    }

    /// The base URL of all services; a path in it is kept.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints.for_all = Some(url.into());
        self
    }

    /// The base URL of one service; it beats [`endpoint`](Self::endpoint).
    pub fn endpoint_for(mut self, service: Service, url: impl Into<String>) -> Self {
        self.endpoints.for_one.push((service, url.into()));
        self
    }

    /// Allows plain http beyond this machine: credentials then travel in the clear.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoints.allow_plain_http = allow;
        self
    }

    /// The project that holds the clusters.
    pub fn project_id<P>(mut self, project_id: P) -> Self
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        self.project_id = Some(project_id.try_into().map_err(Into::into));
        self
    }

    /// Who asks: [`Credentials`], or a provider of them.
    pub fn credentials(mut self, provider: impl CredentialProvider) -> Self {
        self.credentials = Some(Arc::new(provider));
        self
    }

    /// The deadline of each call, from its first request to the end of the last answer, retries and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.call = timeout;
        self
    }

    /// The deadline of each request of a call, from its begin to the end of its answer. A request that passes it is
    /// given up, and sent again if the call has time left.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = timeout;
        self
    }

    /// How long a connection may take to come about.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// A file of certificates in PEM that are trusted beside those of the platform, such as a company's own root.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// How often a call that failed in passing is sent again; 0 makes each call one request.
    ///
    /// All calls of a client and its clones share a budget of 50 retries, of which ten successes give one back: in an
    /// outage, calls soon fail without being sent again.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retry.retries = retries;
        self
    }

    /// How long to wait between requests of a call, where the service does not say: from nothing up to `base`, doubled
    /// with each retry, at most `cap`. 200 ms and 10 s if not set.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.retry.base = base;
        self.retry.cap = cap;
        self
    }

    /// The largest number of requests, 1 to 1,000, that go to each service in any span of `period`, up to 31 days.
    ///
    /// No limit of the three operations is documented, so there is none at first. When a service refuses a request
    /// and names its limit, as in `limit:200,time:5 minute`, the client and its clones keep to that one from then on,
    /// counting what they sent before. The wait for a place is part of a call's [`timeout`](Self::timeout); a call
    /// for which there is none in time fails at once as [`Throttled`](crate::ErrorKind::Throttled).
    pub fn rate_limit(mut self, requests: usize, period: Duration) -> Self {
        self.rate_limit = Some((requests, period));
        self
    }

    /// The largest answer that is read, in bytes after decompression.
    pub fn largest_answer(mut self, bytes: usize) -> Self {
        self.largest_answer = bytes;
        self
    }

    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Usage` if an endpoint, the region or the project id is missing or wrong; `Credentials` if there are none, or
    /// they cannot be sent.
    pub fn build(self) -> Result<Client, Error> {
        self.build_in(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn build_in(self, environment: Environment<'_>) -> Result<Client, Error> {
        let endpoints = self.endpoints.settle(environment)?;
        let project_id = self
            .project_id
            .unwrap_or_else(|| match environment(PROJECT) {
                Some(value) => value.parse(),
                None => Err(Error::usage(format!(
                    "no project id: give one, or set {PROJECT}"
                ))),
            })?;
        let credentials = match self.credentials {
            Some(provider) => provider,
            None => Arc::new(Credentials::from_variables(environment)?),
        };
        credentials.check()?;
        if self.timeouts.call.is_zero() || self.timeouts.attempt.is_zero() {
            return Err(Error::usage("the timeout must be longer than nothing"));
        }
        let limit = self.rate_limit.map(usable_limit).transpose()?;
        let settings = Settings {
            http: connect(&Route {
                connect_timeout: self.connect_timeout,
                proxies: Proxies::from_environment(environment)?,
                ca_file: self.ca_file.as_deref(),
            })?,
            hosts: Hosts::new(&endpoints),
            credentials,
            project_id,
            timeouts: self.timeouts,
            retry: self.retry,
            budget: RetryBudget::default(),
            limits: RateLimits::new(limit),
            largest_answer: self.largest_answer,
        };
        Ok(Client {
            settings: Arc::new(settings),
            endpoints: Arc::new(endpoints),
        })
    }
}

fn usable_limit((requests, period): (usize, Duration)) -> Result<Limit, Error> {
    Limit::new(requests, period).ok_or_else(|| {
        Error::usage(format!(
            "a rate limit of {requests} requests in {period:?} cannot be kept: give 1 to 1000 in up to 31 days"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn complete() -> ClientBuilder {
        Client::builder()
            .region("cn-north-4")
            .project_id("p1")
            .credentials(Credentials::token("TOKENSECRET"))
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_before_anything_is_sent() {
        for (builder, kind, reason) in [
            (
                Client::builder()
                    .project_id("p1")
                    .credentials(Credentials::token("t")),
                ErrorKind::Usage,
                "no region",
            ),
            (
                Client::builder().region("cn-north-4"),
                ErrorKind::Usage,
                "HUAWEICLOUD_SDK_PROJECT_ID",
            ),
            (
                Client::builder().region("cn-north-4").project_id("p1"),
                ErrorKind::Credentials,
                "HUAWEICLOUD_SDK_AK",
            ),
            (
                complete().project_id("../p2"),
                ErrorKind::Usage,
                "project id",
            ),
            (
                complete().endpoint("http://example.com"),
                ErrorKind::Usage,
                "plain http",
            ),
            (
                complete().credentials(Credentials::token("a\nb")),
                ErrorKind::Credentials,
                "IAM token",
            ),
            (
                complete().timeout(Duration::ZERO),
                ErrorKind::Usage,
                "timeout",
            ),
            (
                complete().attempt_timeout(Duration::ZERO),
                ErrorKind::Usage,
                "timeout",
            ),
            (
                complete().rate_limit(0, Duration::from_secs(1)),
                ErrorKind::Usage,
                "rate limit",
            ),
            (
                complete().ca_file("no/such/roots.pem"),
                ErrorKind::Usage,
                "no/such/roots.pem",
            ),
        ] {
            let error = builder.build_in(&nothing).unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn the_project_may_come_from_the_environment() {
        let builder = Client::builder()
            .region("cn-north-4")
            .credentials(Credentials::token("t"));
        let client = builder
            .build_in(&|name| (name == PROJECT).then(|| "p9".to_owned()))
            .unwrap();
        assert_eq!(client.project_id().as_str(), "p9");
    }

    #[test]
    fn debug_of_builder_and_client_shows_no_secret() {
        let builder = complete();
        let shown = format!(
            "{builder:?} {:?}",
            builder.clone().build_in(&nothing).unwrap()
        );
        assert!(shown.contains("p1") && !shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn a_client_can_be_shared_between_tasks() {
        fn shared<T: Clone + Send + Sync + 'static>() {}
        shared::<Client>();
    }
}
