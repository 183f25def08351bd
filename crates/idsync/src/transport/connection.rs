//! The HTTP library: how it is set up, and what its failures mean.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::time::Duration;

use http::Version;
use http::header::CONNECTION;

use super::certificates;
use super::proxies::Proxies;
use super::reuse::Patience;
use crate::{Error, ErrorKind};

/// Names the project and its version, and nothing of the machine.
const USER_AGENT: &str = concat!("idsync/", env!("CARGO_PKG_VERSION"));

/// How connections are made.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    /// How long one may take to come about.
    pub(crate) connect_timeout: Duration,
    pub(crate) proxies: Proxies,
    /// Certificates to trust beside the platform's.
    pub(crate) ca_file: Option<&'a Path>,
}

impl Route<'_> {
    /// Without a proxy, to whom the platform trusts.
    pub(crate) fn direct(connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            proxies: Proxies::default(),
            ca_file: None,
        }
    }
}

/// Sets up connections: encrypted by rustls, no redirects, kept alive for reuse.
///
/// The library bounds the head of an answer: 100 headers, about 400 KiB over HTTP/1 and 16 KiB over HTTP/2.
pub(crate) fn connect(route: &Route<'_>) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(route.connect_timeout)
        .retry(reqwest::retry::never())
        .connector_layer(Patience)
        .tls_backend_preconfigured(certificates::tls(route.ca_file)?)
        // Those of the environment are not to be read a second time, in another way.
        .no_proxy();
    let rules = route.proxies.rules()?;
    rules
        .into_iter()
        .fold(builder, reqwest::ClientBuilder::proxy)
        .build()
        .map_err(|error| {
            Error::configuration("the HTTP client could not be set up").with_source(error)
        })
}

/// Whether the connection of a complete answer can be used again.
pub(super) fn stays_open(answer: &reqwest::Response) -> bool {
    let closes = answer
        .headers()
        .get(CONNECTION)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
    answer.version() >= Version::HTTP_11 && !closes
}

/// What a failure of the HTTP library means; the address is left out, since a query may hold anything.
pub(crate) fn failure(error: &reqwest::Error) -> Error {
    let cause = root_cause(error);
    if error.is_timeout() {
        return Error::new(
            ErrorKind::Timeout,
            format!("no connection in time: {cause}"),
        );
    }
    if error.is_builder() {
        return Error::configuration(format!("the request could not be built: {cause}"));
    }
    if error.is_decode() && is_corrupt(error) {
        return Error::new(
            ErrorKind::Decode,
            format!("the answer could not be decompressed: {cause}"),
        );
    }
    if causes(error).any(is_too_large) {
        return Error::new(
            ErrorKind::TooLarge,
            "the head of the answer is larger than 100 headers or 400 KiB",
        );
    }
    let what = if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    Error::new(ErrorKind::Connect, format!("{what}: {cause}"))
}

/// The innermost cause says what happened; the layers around it only repeat that something did.
fn root_cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| "unknown cause".to_owned(), ToString::to_string)
}

/// Whether the compression of the body is at fault, and not the connection that carried it.
fn is_corrupt(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| matches!(cause.kind(), InvalidData | InvalidInput | UnexpectedEof))
}

/// Whether the head of the answer, which the HTTP library bounds, is at fault.
fn is_too_large(cause: &(dyn StdError + 'static)) -> bool {
    cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse_too_large)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that takes one request, and its address.
    async fn server() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        (listener, address)
    }

    /// The first line of what arrives; the answer ends whatever it is.
    async fn first_line(listener: &TcpListener) -> String {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut line = String::new();
        let mut reader = BufReader::new(&mut stream);
        reader.read_line(&mut line).await.unwrap();
        let answer = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        line.trim_end().to_owned()
    }

    fn through(proxy: &str) -> reqwest::Client {
        let environment = |name: &str| (name == "all_proxy").then(|| proxy.to_owned());
        connect(&Route {
            connect_timeout: Duration::from_secs(5),
            proxies: Proxies::from_environment(&environment).unwrap(),
            ca_file: None,
        })
        .unwrap()
    }

    #[tokio::test]
    async fn other_machines_are_asked_through_the_proxy() {
        for (url, line) in [
            (
                "http://dws.example/x?a=1",
                "GET http://dws.example/x?a=1 HTTP/1.1",
            ),
            ("https://dws.example/x", "CONNECT dws.example:443 HTTP/1.1"),
        ] {
            let (proxy, address) = server().await;
            let http = through(&address);
            let (seen, _) = tokio::join!(first_line(&proxy), http.get(url).send());
            assert_eq!(seen, line);
        }
    }

    #[tokio::test]
    async fn this_machine_is_asked_without_the_proxy() {
        let (target, address) = server().await;
        let port = address.rsplit_once(':').unwrap().1;
        // Nobody listens at the discard port.
        let http = through("http://127.0.0.1:9");
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("http://{host}:{port}/x");
            let (seen, answer) = tokio::join!(first_line(&target), http.get(url).send());
            assert_eq!(seen, "GET /x HTTP/1.1");
            assert_eq!(answer.unwrap().status(), 403);
        }
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_is_a_failure_to_connect() {
        let (proxy, address) = server().await;
        let http = through(&address);
        let (_, answer) = tokio::join!(first_line(&proxy), http.get("https://dws.example/").send());
        let error = failure(&answer.unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    }
}
