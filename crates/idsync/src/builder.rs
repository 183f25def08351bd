//! The configuration of a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OnceCell;
use tracing::warn;

use crate::client::{Client, ClientParts, bound};
use crate::config::{Environment, process_environment};
use crate::credentials::profile::{PROJECT, Profile, Profiles};
use crate::credentials::{ClientContext, Found, find};
use crate::endpoints::{EndpointSetting, EndpointSettings};
use crate::http_client::{ConnectionSettings, HttpClient, Responder};
use crate::proxy::{Proxies, Proxy};
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::retry::RetryPolicy;
use crate::transport::{CallSettings, Timeouts};
use crate::{CredentialProvider, Error, ProjectId, Service};

/// Configures a [`Client`].
///
/// | setting | default |
/// |---|---|
/// | credentials | the first source that has some; see below |
/// | region | that of the profile |
/// | project id | the variable `HUAWEICLOUD_SDK_PROJECT_ID`, else that of the profile, else looked up at IAM by the name of the region |
/// | endpoints | the variable `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>`, for IAM before it `HUAWEICLOUD_SDK_IAM_ENDPOINT`, of several URLs the first; else those of the profile; else a table by region |
/// | overall timeout | 60 s for a call with its retries |
/// | timeout of each request | 30 s |
/// | connect timeout | 10 s |
/// | retries | 2 after the first request, with exponential backoff and full jitter |
/// | rate | that of the profile, else none until a service names its own |
/// | largest answer | 64 MiB |
/// | proxies | the variables `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, as curl reads them; never for this machine |
/// | trusted certificates | the platform's, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name |
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
/// 6. The metadata service of a cloud server, unless `IDSYNC_NO_METADATA` is set; `IDSYNC_METADATA_ENDPOINT` is another
///    address of it.
///
/// Sources that are absent or empty are skipped. A source that is present but cannot be used is an error, because the next
/// source may belong to another account. Files are read only if the credentials or the project id are missing, if neither
/// a region nor an [`endpoint`](Self::endpoint) is given, or if a profile is selected.
///
/// # Configuration file
///
/// ```toml
/// [profiles.basic]
/// region = "cn-north-4"
/// project_id = "0833a5737480d53b2f25c010dc1a7b88"
/// workspaces = ["f7bc8f2a3d2f4a4c8d2b3b3f0c1d2e3f"]
/// rate = "200/5m"
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
/// [`Rules`](crate::health::Rules) documents the keys of `health`.
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
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    endpoints: EndpointSettings,
    project_id: Option<Result<ProjectId, Error>>,
    credentials: Option<Arc<dyn CredentialProvider>>,
    profile: Option<String>,
    timeouts: Timeouts,
    connection: ConnectionSettings,
    proxy: Option<Result<Proxy, Error>>,
    no_proxy: Option<String>,
    retry: RetryPolicy,
    rate: Option<(usize, Duration)>,
    limiter: Option<Arc<RateLimiter>>,
    max_response_bytes: Option<usize>,
    clock: Option<fn() -> Timestamp>,
}

/// Timeouts beyond this count as this.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl ClientBuilder {
    /// The region whose endpoints are used where none is given, such as `cn-north-4`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.endpoints.region = Some(region.into()).filter(|region| !region.is_empty());
        self
    }

    /// The base URL of all services; a path in it is kept.
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        self.with_endpoint(None, "the endpoint".to_owned(), url.into())
    }

    /// The base URL of one service; it beats [`endpoint`](Self::endpoint).
    pub fn endpoint_for(self, service: Service, url: impl Into<String>) -> Self {
        let origin = format!("the endpoint for {service}");
        self.with_endpoint(Some(service), origin, url.into())
    }

    fn with_endpoint(mut self, service: Option<Service>, origin: String, url: String) -> Self {
        if !url.is_empty() {
            let setting = EndpointSetting {
                service,
                url,
                origin,
            };
            self.endpoints.given.insert(0, setting);
        }
        self
    }

    /// Allows plain http beyond this machine: credentials then travel unencrypted. Off by default.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoints.allow_plain_http = allow;
        self
    }

    /// The project that contains the clusters. Without it, the main project of the region is looked up.
    pub fn project_id<P>(mut self, project_id: P) -> Self
    where
        P: TryInto<ProjectId>,
        P::Error: Into<Error>,
    {
        self.project_id = Some(project_id.try_into().map_err(Into::into));
        self
    }

    /// The source of credentials: [`Credentials`](crate::Credentials), an [`IamUser`](crate::IamUser), [`EcsMetadata`](crate::EcsMetadata), or a
    /// provider of your own.
    pub fn credentials(mut self, provider: impl CredentialProvider) -> Self {
        self.credentials = Some(Arc::new(provider));
        self
    }

    /// The profile that settings and credentials are read from where they are not given here. It must exist, and it
    /// beats the environment, except for endpoints.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// The deadline of each call, from its begin to the end of its last answer: looking up the project, fetching
    /// credentials, retries and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.call = timeout.min(CENTURY);
        self
    }

    /// The deadline of each request of a call, from its begin to the end of its answer. A request that passes it is given
    /// up, and sent again if the call has time left.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = timeout.min(CENTURY);
        self
    }

    /// The connect timeout.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = Some(timeout);
        self
    }

    /// A file of certificates in PEM that are trusted beside those of the platform, such as a company's own root.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.connection.ca_file = Some(path.into());
        self
    }

    /// The proxy for all requests beyond this machine, in place of the variables: `http://[USER:PASSWORD@]HOST:PORT`.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        let url = Some(url.into()).filter(|url| !url.is_empty());
        self.proxy = url.map(|url| Proxy::new(&url, "the proxy setting"));
        self
    }

    /// The hosts that are reached without a proxy, in place of the variable `no_proxy`: entries separated by commas.
    ///
    /// An entry is a host name or domain, which includes its subdomains with or without a leading dot or `*.`; an IP address;
    /// a network such as `10.0.0.0/8`; or `*` for all hosts. Ports and other asterisks have no effect.
    pub fn no_proxy(mut self, entries: impl Into<String>) -> Self {
        self.no_proxy = Some(entries.into());
        self
    }

    /// Answers requests in place of the network, for tests without a socket: `respond` gets path and query of each request
    /// and returns a status and a body, or the error of a connection.
    ///
    /// The rest of a call stays as it is: credentials, rate limits, retries with their waits, and decoding. The guide
    /// [`testing`](crate::guide::testing) has an example.
    pub fn responder(
        mut self,
        respond: impl Fn(&str) -> Result<(u16, String), Error> + Send + Sync + 'static,
    ) -> Self {
        self.connection.responder = Some(Responder(Arc::new(respond)));
        self
    }

    /// Maximum retries for transient failures, 2 by default; with 0 each call is one request.
    ///
    /// All calls of a client and its clones share a budget of 50 retries, of which ten successes give one back, so that
    /// an outage is not multiplied.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retry.retries = retries;
        self
    }

    /// How long to wait between requests of a call, where the service does not say: from nothing up to `base`, doubled
    /// with each retry, at most `cap`. 200 ms and 10 s by default.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.retry.base = base;
        self.retry.cap = cap;
        self
    }

    /// The largest number of requests, 1 to 1,000, in any span of `per`, up to 31 days, with a margin of up to a second.
    /// It counts the requests of the client, its clones and its clients [for other projects](Client::for_project) to all
    /// services together.
    ///
    /// The wait is part of a call's [`timeout`](Self::timeout); a call for which there is no room in time fails as
    /// [`Throttled`](crate::ErrorKind::Throttled). When a service refuses a request and names its limit, as in
    /// `limit:200,time:5 minute`, later calls of that service are paced by it too, each for no longer than it may take.
    pub fn rate(mut self, requests: usize, per: Duration) -> Self {
        self.rate = Some((requests, per));
        self
    }

    /// Counts requests together with those of `client`, whose [`rate`](Self::rate) then holds for both: for clients that
    /// differ in region or endpoints and use the same account.
    pub fn rate_of(mut self, client: &Client) -> Self {
        self.limiter = Some(Arc::clone(&client.0.settings.limiter));
        self
    }

    /// The largest answer that is read, in bytes after decompression; 64 MiB by default.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// The clock of signatures, for tests.
    #[cfg(test)]
    pub(crate) fn clock(mut self, clock: fn() -> Timestamp) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Builds the client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Configuration` if an endpoint, the region, the project id, a proxy or a file is missing or wrong; `InvalidInput`
    /// if the project id is not valid; `Credentials` if there are none, or they cannot be sent.
    pub fn build(self) -> Result<Client, Error> {
        self.build_in(&process_environment)
    }

    fn build_in(self, environment: Environment<'_>) -> Result<Client, Error> {
        if self.timeouts.call.is_zero() || self.timeouts.attempt.is_zero() {
            return Err(Error::configuration(
                "the timeout must be longer than nothing",
            ));
        }
        let (profile, provider) = self.identity(environment)?;
        let named = EndpointSettings {
            region: profile.region.clone(),
            written: profile.endpoints,
            ..self.endpoints
        };
        let endpoints = named.resolve(environment)?;
        let proxies = Proxies::new(self.proxy.as_ref(), self.no_proxy.as_deref(), environment);
        // A proxy that cannot be used is an error where an endpoint would be reached through it.
        for url in endpoints.iter().flatten() {
            let proxy = url.parse().ok().and_then(|url| proxies.lookup(&url));
            proxy.transpose().map_err(Clone::clone)?;
        }
        for warning in &profile.warnings {
            warn!(target: "idsync", "{warning}");
        }
        let http = HttpClient::new(self.connection, proxies)?;
        let rate = match self.rate {
            Some((requests, per)) => Some(RateLimit::new(requests, per)?),
            None => profile.rate,
        };
        let context = ClientContext {
            http: &http,
            iam: endpoints[Service::Iam as usize]
                .as_deref()
                .map_err(Clone::clone),
            project_id: profile.project_id.as_ref(),
            region: profile.region.as_deref(),
            timeout: self.timeouts.attempt,
        };
        let settings = CallSettings {
            credentials: bound(&provider, &context)?,
            origin: profile.origin.into(),
            timeouts: self.timeouts,
            retry: self.retry,
            budget: Arc::default(),
            limiter: self
                .limiter
                .unwrap_or_else(|| Arc::new(RateLimiter::new(rate))),
            max_response_bytes: self.max_response_bytes.unwrap_or(64 * 1024 * 1024),
            clock: self.clock.unwrap_or(Timestamp::now),
            http,
        };
        Ok(Client(Arc::new(ClientParts {
            settings,
            endpoints,
            provider,
            project_id: Arc::new(OnceCell::new_with(profile.project_id)),
            region: profile.region,
            workspaces: profile.workspaces,
            rules: profile.rules,
            warnings: profile.warnings,
        })))
    }

    /// The profile, completed by what is given, the environment and the files, and the source of credentials, whose origin it
    /// has.
    fn identity(
        &self,
        environment: Environment<'_>,
    ) -> Result<(Profile, Arc<dyn CredentialProvider>), Error> {
        let given = self.project_id.clone().transpose()?;
        let is_placed = !self.endpoints.given.is_empty() || self.endpoints.region.is_some();
        // If nothing is missing, no file is read.
        if let (Some(_), Some(provider), true, None) =
            (&given, &self.credentials, is_placed, &self.profile)
        {
            let profile = Profile {
                origin: provider.origin(),
                region: self.endpoints.region.clone(),
                project_id: given,
                ..Profile::default()
            };
            return Ok((profile, Arc::clone(provider)));
        }
        let profiles = Profiles::read(self.profile.as_deref(), environment)?;
        let project_id = match given {
            Some(id) => Some(id),
            None => profiles.project_id(environment)?,
        };
        let found = match &self.credentials {
            Some(provider) => Found::new(Arc::clone(provider), provider.origin()),
            None => find(environment, &profiles)?,
        };
        let mut profile = profiles.own.clone().unwrap_or_default();
        profile.region = self.endpoints.region.clone().or(profile.region);
        profile.project_id = project_id;
        if let Some(beside) = found.profile {
            profile.endpoints.extend_from_slice(&beside.endpoints);
            profile.project_id = profile.project_id.or_else(|| beside.project_id.clone());
        }
        if profile.project_id.is_none() && profile.region.is_none() {
            return Err(Error::configuration(format!(
                "no project id: give one, or a region to look it up by, or set {PROJECT}"
            )));
        }
        profile.origin = found.origin;
        let provider = found.provider;
        if let Ok(Ok(keys)) = profiles.keys {
            profile.warnings.extend(keys.warnings);
        }
        Ok((profile, provider))
    }
}

#[cfg(test)]
mod tests;
