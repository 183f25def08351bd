//! The way to one service: its address, name resolution, connection, TLS.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::Check;
use crate::{Client, Error, ErrorKind, Service};

/// What is checked of each way, in order.
pub(super) const STEPS: [&str; 4] = ["endpoint", "dns", "tcp", "tls"];

const CHECK_HOST: &str =
    "check --region and --endpoint, the resolver of this machine, and the network";
const CHECK_NETWORK: &str = "check the network, its firewall, and whether a proxy is needed";
const CHECK_TLS: &str = "check the endpoint, the clock, and the trusted roots of this machine; a proxy that \
     inspects TLS has a root of its own, which must be trusted";

/// What was found on the way to one service.
pub(super) struct Route {
    /// One for each of [`STEPS`].
    pub(super) checks: Vec<Check>,
    /// The check that ended the way before the service.
    pub(super) blocked_by: Option<String>,
    /// As far as an answer told it.
    pub(super) skew: Option<SignedDuration>,
}

impl Route {
    /// Goes as far as it gets; each step takes at most `patience`.
    pub(super) async fn to(service: Service, client: &Client, patience: Duration) -> Self {
        let mut route = Self {
            checks: Vec::with_capacity(STEPS.len()),
            blocked_by: None,
            skew: None,
        };
        let walk = Walk { service, patience };
        if route.walk(&walk, client).await.is_none() {
            route.blocked_by = route.checks.last().map(|check| check.name.clone());
        }
        route.skip_rest(service);
        route
    }

    /// Takes step after step, until one leads nowhere.
    async fn walk(&mut self, walk: &Walk, client: &Client) -> Option<()> {
        let url = self.step(walk.endpoint(client))?;
        if let Some(proxy) = client.proxy(walk.service) {
            for step in ["dns", "tcp"] {
                let why = format!("the proxy {proxy} finds hosts and connects to them");
                self.checks.push(Check::skipped(walk.name(step), why));
            }
        } else {
            let addresses = self.step(walk.dns(&url).await)?;
            self.step(walk.tcp(&url, &addresses).await)?;
        }
        self.skew = self.step(walk.greet(client, &url).await)?;
        Some(())
    }

    fn step<T>(&mut self, (check, found): (Check, Option<T>)) -> Option<T> {
        self.checks.push(check);
        found
    }

    fn skip_rest(&mut self, service: Service) {
        let why = self.blocked_by.as_deref().unwrap_or_default();
        for step in STEPS.iter().skip(self.checks.len()) {
            self.checks
                .push(Check::skipped(format!("{step}.{service}"), waits_for(why)));
        }
    }
}

/// Why a check is skipped that depends on `name`.
pub(super) fn waits_for(name: &str) -> String {
    format!("needs {name}")
}

/// The steps, for one service.
struct Walk {
    service: Service,
    patience: Duration,
}

impl Walk {
    fn name(&self, step: &str) -> String {
        format!("{step}.{}", self.service)
    }

    fn endpoint(&self, client: &Client) -> (Check, Option<Url>) {
        let name = self.name("endpoint");
        let parsed = client.endpoint(self.service).and_then(|base| {
            Url::parse(base).map_err(|_| Error::configuration("the endpoint is not a URL"))
        });
        match parsed {
            Ok(url) => (
                Check::ok(name, url.as_str().trim_end_matches('/')),
                Some(url),
            ),
            // A region without one of the services is a fact, and no mistake.
            Err(error) => {
                let advice = format!("to use {} anyway, give --endpoint", self.service);
                (Check::warn(name, error.to_string(), advice), None)
            }
        }
    }

    async fn dns(&self, url: &Url) -> (Check, Option<Vec<SocketAddr>>) {
        let name = self.name("dns");
        let port = url.port_or_known_default().unwrap_or(443);
        let host = url.host_str().unwrap_or_default();
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            let check = Check::ok(name, format!("{address} is an address already"));
            return (check, Some(vec![SocketAddr::new(address, port)]));
        }
        let found = self.in_time(async {
            let addresses: Vec<_> = lookup_host((host, port)).await?.collect();
            if addresses.is_empty() {
                return Err(io::Error::other("no address is known by that name"));
            }
            Ok(addresses)
        });
        match found.await {
            Ok(addresses) => {
                let shown: Vec<_> = addresses.iter().map(|a| a.ip().to_string()).collect();
                let message = format!("{host} is {}", shown.join(", "));
                (Check::ok(name, message), Some(addresses))
            }
            Err(cause) => {
                let message = format!("{host} was not found: {cause}");
                (broken(name, message, CHECK_HOST), None)
            }
        }
    }

    async fn tcp(&self, url: &Url, addresses: &[SocketAddr]) -> (Check, Option<()>) {
        let name = self.name("tcp");
        let connected = self.in_time(async {
            TcpStream::connect(addresses)
                .await
                .and_then(|connection| connection.peer_addr())
        });
        match connected.await {
            Ok(peer) => (Check::ok(name, format!("connected to {peer}")), Some(())),
            Err(cause) => {
                let host = url.host_str().unwrap_or_default();
                let message = format!("no connection to {host}: {cause}");
                (broken(name, message, CHECK_NETWORK), None)
            }
        }
    }

    /// Asks for nothing in particular, without credentials, as the client itself would connect: any answer shows that
    /// TLS works, and tells the time.
    async fn greet(&self, client: &Client, url: &Url) -> (Check, Option<Option<SignedDuration>>) {
        let name = self.name("tls");
        let encrypted = url.scheme() == "https";
        let asked = Timestamp::now();
        match client.with_timeout(self.patience).ping(self.service).await {
            Ok(date) => {
                let skew = date.map(|date| {
                    let middle = asked + Timestamp::now().duration_since(asked) / 2;
                    SignedDuration::from_secs(date.as_second() - middle.as_second())
                });
                let check = if encrypted {
                    Check::ok(name, "the certificate is trusted")
                } else {
                    Check::skipped(name, "plain http is used, and no TLS")
                };
                (check, Some(skew))
            }
            Err(error) if encrypted => (Check::failed_by(name, &error, CHECK_TLS), None),
            // Not a matter of TLS; the call itself will tell.
            Err(_) => (
                Check::skipped(name, "plain http is used, and no TLS"),
                Some(None),
            ),
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = io::Result<T>>) -> Result<T, String> {
        match timeout(self.patience, work).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err(format!("nothing happened within {:?}", self.patience)),
        }
    }
}

fn broken(name: String, message: String, advice: &str) -> Check {
    Check {
        kind: Some(ErrorKind::Connect),
        ..Check::fail(name, message, advice)
    }
}
