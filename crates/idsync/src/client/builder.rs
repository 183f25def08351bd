//! The configuration of a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::identity::IdentityChoice;
use crate::credentials::Surroundings;
use crate::rate_limit::{Limit, RateLimits};
use crate::region::{EndpointChoice, Environment};
use crate::retry::RetryPolicy;
use crate::transport::{Hosts, Proxies, Route, Settings, Timeouts, connect};
use crate::{CredentialSource, Error, ProjectId, Service};

/// Configures a [`Client`].
///
/// | setting | default |
/// |---|---|
/// | credentials | the first source that has some; see below |
/// | region | that of the profile |
/// | project id | the variable `HUAWEICLOUD_SDK_PROJECT_ID`, else that of the profile, else looked up at IAM by the name of the region |
/// | endpoints | the variable `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>`, for IAM before it `HUAWEICLOUD_SDK_IAM_ENDPOINT`, of several URLs the first; else those of the profile, else the file that `HUAWEICLOUD_SDK_REGIONS_FILE` names or `~/.huaweicloud/regions.yaml`, else a table by region |
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
/// # Where credentials come from
///
/// 1. [`credentials`](Self::credentials), if called.
/// 2. The profile chosen by [`profile`](Self::profile), if called: in the configuration file, then in the credentials
///    file.
/// 3. The environment: `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, with `HUAWEICLOUD_SDK_SECURITY_TOKEN` for a
///    temporary key; else `IDSYNC_TOKEN`.
/// 4. The profile named by `IDSYNC_PROFILE`, else `basic`, of the configuration file: `IDSYNC_CONFIG`, else
///    `$XDG_CONFIG_HOME/idsync/config.toml` or `~/.config/idsync/config.toml`.
/// 5. The section of that name in the credentials file of the official SDKs: `HUAWEICLOUD_SDK_CREDENTIALS_FILE`, else
///    `~/.huaweicloud/credentials`.
/// 6. The access key of the current profile of `KooCLI`, `~/.hcloud/config.json`, if it is not encrypted.
/// 7. The [metadata service](crate::EcsMetadata) of a cloud server, unless `IDSYNC_NO_METADATA` is set;
///    `IDSYNC_METADATA_ENDPOINT` is another address of it.
///
/// A source that is absent is passed over. One that is there and cannot be used is an error: the next one might belong
/// to somebody else. Files are read only if credentials or the project id are not given, or neither region nor
/// [`endpoint`](Self::endpoint) is, or a profile is chosen.
///
/// # Configuration file
///
/// ```toml
/// [profiles.basic]
/// region = "cn-north-4"
/// project_id = "0833a5737480d53b2f25c010dc1a7b88"
/// workspaces = ["f7bc8f2a3d2f4a4c8d2b3b3f0c1d2e3f"]
///
/// [profiles.basic.endpoints]      # all, dataarts, dws, mrs, iam
/// dws = "https://dws.example.com/gateway"
///
/// [profiles.basic.credentials]    # ak and sk, or token, or user, domain and password
/// ak = "AKEXAMPLE"
/// sk = "an example secret"
///
/// [profiles.basic.health]         # how health is judged
/// grace = "45m"
/// ignore = [{ cluster = "test-*", reason = "schedule_missed" }]
/// ```
///
/// Every key of `health` is told by [`RuleSettings`](crate::health::RuleSettings).
///
/// # Example
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
    identity: IdentityChoice,
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
            identity: IdentityChoice::default(),
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

    /// The base URL of IAM, where tokens and the project id are asked for; the same as
    /// [`endpoint_for`](Self::endpoint_for) it.
    pub fn iam_endpoint(self, url: impl Into<String>) -> Self {
        self.endpoint_for(Service::Iam, url)
    }

    /// Allows plain http beyond this machine: credentials then travel in the clear.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoints.allow_plain_http = allow;
        self
    }

    /// The project that holds the clusters. Without it, the main project of the region is looked up.
    pub fn project_id<P>(mut self, project_id: P) -> Self
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        self.identity.project_id = Some(project_id.try_into().map_err(Into::into));
        self
    }

    /// Who asks: [`Credentials`](crate::Credentials), an [`IamUser`](crate::IamUser),
    /// [`EcsMetadata`](crate::EcsMetadata), or a provider of your own.
    pub fn credentials(mut self, source: impl Into<CredentialSource>) -> Self {
        self.identity.credentials = Some(source.into());
        self
    }

    /// The profile that settings and credentials are read from where they are not given here. It must exist, and
    /// what it says comes before the environment, except for endpoints.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.identity.profile = Some(name.into());
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

    pub(super) fn build_in(mut self, environment: Environment<'_>) -> Result<Client, Error> {
        let identity = self.identity.settle(&mut self.endpoints, environment)?;
        let endpoints = self.endpoints.settle(environment)?;
        let region = self.endpoints.region.as_deref();
        if self.timeouts.call.is_zero() || self.timeouts.attempt.is_zero() {
            return Err(Error::configuration(
                "the timeout must be longer than nothing",
            ));
        }
        let limit = self.rate_limit.map(usable_limit).transpose()?;
        let proxies = Proxies::from_environment(environment)?;
        let http = connect(&Route {
            connect_timeout: self.connect_timeout,
            proxies: proxies.clone(),
            ca_file: self.ca_file.as_deref(),
        })?;
        let credentials = identity.connect(Surroundings {
            http: &http,
            iam: endpoints.get(Service::Iam),
            project_id: None,
            region,
            timeout: self.timeouts.call,
        })?;
        let project = identity.project(region)?;
        let region = region.map(Into::into);
        let settings = Settings {
            http,
            hosts: Hosts::new(&endpoints),
            proxies,
            credentials,
            timeouts: self.timeouts,
            retry: self.retry,
            budget: Arc::default(),
            limits: Arc::new(RateLimits::new(limit)),
            largest_answer: self.largest_answer,
        };
        Ok(Client {
            settings: Arc::new(settings),
            endpoints: Arc::new(endpoints),
            project: Arc::new(project),
            identity: Arc::new(identity),
            region,
        })
    }
}

fn usable_limit((requests, period): (usize, Duration)) -> Result<Limit, Error> {
    Limit::new(requests, period).ok_or_else(|| {
        Error::configuration(format!(
            "a rate limit of {requests} requests in {period:?} cannot be kept: give 1 to 1000 in up to 31 days"
        ))
    })
}

#[cfg(test)]
mod tests;
