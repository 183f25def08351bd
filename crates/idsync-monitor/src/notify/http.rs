//! Requests to receivers: no redirects, no link-local addresses, bounded time.

use std::error::Error;
use std::iter::successors;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::{MonitorError, tls};

/// Timeout of one request.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends requests to receivers.
#[derive(Clone, Debug)]
pub(super) struct Sender(reqwest::Client);

impl Sender {
    pub(super) fn new() -> Result<Self, MonitorError> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("idsync/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .tls_backend_preconfigured(tls::client()?)
            .dns_resolver(Arc::new(GuardedResolver))
            .build();
        let unusable = |error| MonitorError::caused("requests cannot be sent", error);
        client.map(Self).map_err(unusable)
    }

    /// Sends JSON. Fails with one line that has no secret.
    pub(super) async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<(), MonitorError> {
        let mut request = self.0.post(guarded(url)?).body(body);
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        ended(request.send().await)
    }

    pub(super) async fn get(&self, url: &Url) -> Result<(), MonitorError> {
        ended(self.0.get(guarded(url)?).send().await)
    }
}

/// The path of a hook is often its secret, so an error names no URL.
fn ended(sent: Result<reqwest::Response, reqwest::Error>) -> Result<(), MonitorError> {
    let why = match sent {
        Ok(response) if response.status().is_success() => return Ok(()),
        Ok(response) => format!("it answered with status {}", response.status()),
        Err(error) => {
            let error = error.without_url();
            let causes = successors(Some(&error as &dyn Error), |error| (**error).source());
            causes.last().unwrap_or(&error).to_string()
        }
    };
    Err(MonitorError::new(why))
}

/// An address in the URL is not looked up, so it is checked here.
fn guarded(url: &Url) -> Result<Url, MonitorError> {
    let is_refused = match url.host() {
        Some(Host::Ipv4(ip)) => is_link_local(ip.into()),
        Some(Host::Ipv6(ip)) => is_link_local(ip.into()),
        _ => false,
    };
    if is_refused {
        return Err(refusal());
    }
    Ok(url.clone())
}

fn refusal() -> MonitorError {
    MonitorError::new("link-local addresses are refused: metadata services listen there")
}

fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// Resolves names, and leaves out link-local addresses.
#[derive(Debug)]
struct GuardedResolver;

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> = found
                .filter(|address| !is_link_local(address.ip()))
                .collect();
            if usable.is_empty() {
                return Err(refusal().into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_redirect_is_a_failure_and_is_not_followed() {
        let hook = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = hook.local_addr().unwrap();
        let answered = tokio::spawn(async move {
            let (mut stream, _) = hook.accept().await.unwrap();
            stream.read_u8().await.unwrap();
            // Nothing listens there.
            let answer =
                "HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream
        });
        let hook = url(&format!("http://{address}/secret"));
        let sent = Sender::new().unwrap().post(&hook, &[], String::new()).await;
        let why = sent.unwrap_err().to_string();
        assert!(why.contains("307") && !why.contains("secret"), "{why}");
        drop(answered.await.unwrap());
    }

    #[tokio::test]
    async fn a_link_local_address_is_refused_in_every_form() {
        let sender = Sender::new().unwrap();
        for text in [
            "https://169.254.169.254/x",
            "https://[::ffff:169.254.169.254]/",
            "https://[fe80::1]/",
            "https://0xa9fea9fe/",
        ] {
            let why = sender.get(&url(text)).await.unwrap_err().to_string();
            assert!(why.contains("link-local"), "{text}: {why}");
        }
        assert!(guarded(&url("https://127.0.0.1/")).is_ok());
    }

    #[tokio::test]
    async fn a_name_of_a_link_local_address_is_refused_too() {
        for (name, is_refused) in [("169.254.169.254", true), ("127.0.0.1", false)] {
            let found = GuardedResolver.resolve(name.parse().unwrap()).await;
            assert_eq!(found.is_err(), is_refused, "{name}");
        }
    }
}
