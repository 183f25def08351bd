//! The route to one service: its endpoint, name resolution, connection and TLS; and the clock.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use idsync::{Client, Error, ErrorKind, Service};
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::Check;

/// The checks of each route, in order.
pub(super) const STEPS: [&str; 4] = ["endpoint", "dns", "tcp", "tls"];

/// Smaller differences are harmless.
const WARN_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Gateways reject signatures that are further off.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The route to one service.
pub(super) struct Route {
    /// One check for each of [`STEPS`].
    pub(super) checks: Vec<Check>,
    /// Name of the check that failed.
    pub(super) blocked_by: Option<String>,
    /// How far the clock of this machine is ahead of the server's.
    skew: Option<SignedDuration>,
}

impl Route {
    /// Checks step after step until one fails; each takes at most the timeout of the client.
    pub(super) async fn check(client: &Client, service: Service) -> Self {
        let mut route = Self {
            checks: Vec::with_capacity(STEPS.len()),
            blocked_by: None,
            skew: None,
        };
        if let Err(failed) = route.steps(client, service).await {
            route.blocked_by = Some(failed.name.clone());
            route.checks.push(failed);
        }
        let blocked_by = route.blocked_by.clone().unwrap_or_default();
        for step in STEPS.iter().skip(route.checks.len()) {
            let name = format!("{step}.{service}");
            route.checks.push(Check::needs(name, &blocked_by));
        }
        route
    }

    async fn steps(&mut self, client: &Client, service: Service) -> Result<(), Check> {
        let name = |step: &str| format!("{step}.{service}");
        let url = endpoint(client, service).map_err(|error| {
            // A region without one of the services is not a mistake.
            Check::warn(name("endpoint"), error.to_string())
                .advised(format!("to use {service} in this region, give --endpoint"))
        })?;
        let shown = url.as_str().trim_end_matches('/');
        self.checks.push(Check::ok(name("endpoint"), shown));
        let proxy = client.proxy(service);
        match &proxy {
            Some(proxy) => self.checks.extend(["dns", "tcp"].map(|step| {
                let why = format!("the proxy {proxy} resolves names and connects");
                Check::skipped(name(step), why)
            })),
            None => self.connect(&url, client.timeout(), name).await?,
        }
        let tls = self.ping(client, service, url.scheme() == "https", proxy.is_some());
        let tls = tls.await?;
        self.checks.push(tls);
        Ok(())
    }

    /// Name resolution, and a connection.
    async fn connect(
        &mut self,
        url: &Url,
        limit: Duration,
        name: impl Fn(&str) -> String,
    ) -> Result<(), Check> {
        let host = url.host_str().unwrap_or_default();
        let failed = |step: &str, message: String, advice: &str| {
            Check::fail(name(step), ErrorKind::Connect, message).advised(advice)
        };
        let addresses = resolve(url, limit).await.map_err(|why| {
            let advice =
                "check --region and --endpoint, the resolver of this machine, and the network";
            failed("dns", format!("{host} was not found: {why}"), advice)
        })?;
        let ips: Vec<_> = addresses
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        self.checks.push(Check::ok(name("dns"), ips.join(", ")));
        let peer = limited(limit, TcpStream::connect(&*addresses)).await;
        let peer = peer.and_then(|stream| stream.peer_addr().map_err(|error| error.to_string()));
        let peer = peer.map_err(|why| {
            let advice = "check the network, its firewall, and whether a proxy is needed";
            failed("tcp", format!("no connection to {host}: {why}"), advice)
        })?;
        self.checks
            .push(Check::ok(name("tcp"), format!("connected to {peer}")));
        Ok(())
    }

    /// Any HTTP response shows that TLS works, and has the time of the server.
    async fn ping(
        &mut self,
        client: &Client,
        service: Service,
        is_encrypted: bool,
        has_proxy: bool,
    ) -> Result<Check, Check> {
        let name = format!("tls.{service}");
        let before = Timestamp::now();
        let answer = client.ping(service).await;
        let after = Timestamp::now();
        let check = match (&answer, is_encrypted) {
            (Ok(_), true) => Check::ok(name, "the certificate is trusted"),
            (Err(error), encrypted) if encrypted || has_proxy => {
                let advice = "check the endpoint, the clock, and --ca-file; a proxy that inspects TLS has its own root certificate";
                return Err(Check::failed(name, error, advice));
            }
            // Without TLS, the calls below report the error.
            _ => Check::skipped(name, "plain http, without TLS"),
        };
        if let Ok(Some(server)) = answer {
            self.skew = Some(skew(before, after, server));
        }
        Ok(check)
    }
}

fn endpoint(client: &Client, service: Service) -> Result<Url, Error> {
    let url = client.endpoint(service)?;
    Url::parse(url).map_err(|_| Error::configuration("the endpoint is not a URL"))
}

async fn resolve(url: &Url, limit: Duration) -> Result<Vec<SocketAddr>, String> {
    let port = url.port_or_known_default().unwrap_or(443);
    let host = url.host_str().unwrap_or_default();
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let addresses = limited(limit, lookup_host((host, port))).await?;
    Ok(addresses.collect())
}

async fn limited<T>(
    limit: Duration,
    work: impl Future<Output = io::Result<T>>,
) -> Result<T, String> {
    match timeout(limit, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no response within {limit:?}")),
    }
}

/// How far the local clock is ahead of a server that reported `server` between `before` and `after`. The header has whole
/// seconds, so the server may have meant any instant within that second.
fn skew(before: Timestamp, after: Timestamp, server: Timestamp) -> SignedDuration {
    let next = server + SignedDuration::from_secs(1);
    if before > next {
        before.duration_since(next)
    } else if after < server {
        after.duration_since(server)
    } else {
        SignedDuration::ZERO
    }
}

/// The clock of this machine compared with that of the first server that reported its time.
pub(super) fn clock(routes: &[Route]) -> Check {
    let name = "clock";
    let Some(skew) = routes.iter().find_map(|route| route.skew) else {
        return Check::skipped(name, "no server reported its time");
    };
    let size = SignedDuration::from_secs(skew.abs().as_secs());
    let direction = if skew.is_negative() {
        "behind"
    } else {
        "ahead"
    };
    let message = format!("the clock of this machine is {size:#} {direction}");
    let advice = "set the clock of this machine, such as with NTP";
    if size > MAX_SKEW {
        let message = format!("{message}; signatures more than 15 min off are rejected");
        Check::fail(name, ErrorKind::Service, message).advised(advice)
    } else if size >= WARN_SKEW {
        let message = format!("{message}; signatures more than 15 min off are rejected");
        Check::warn(name, message).advised(advice)
    } else if size.is_zero() {
        Check::ok(name, "agrees with the services to the second")
    } else {
        Check::ok(name, format!("{message}, which is harmless"))
    }
}
