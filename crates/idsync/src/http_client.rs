//! The HTTP client: how it is set up, how answers are read, and what its failures mean.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use rustls::RootCertStore;
use tokio::time::timeout;
use url::{Position, Url};

use crate::proxy::{Proxies, Proxy};
use crate::{Error, ErrorKind, tls};

/// The name and the version of the project; nothing about the machine.
const USER_AGENT: &str = concat!("idsync/", env!("CARGO_PKG_VERSION"));

/// How much of an answer that is no success is read, in bytes; what matters of it is at its start.
const LARGEST_REFUSAL: usize = 64 * 1024;

/// How connections are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionSettings {
    /// 10 s if not set.
    pub(crate) connect_timeout: Option<Duration>,
    /// Certificates to trust beside those of the platform.
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) responder: Option<Responder>,
}

impl ConnectionSettings {
    /// TLS by rustls with `roots` trusted, no redirects, and connections that are kept for reuse.
    ///
    /// The library bounds the head of an answer: 100 headers, about 400 KiB over HTTP/1 and 16 KiB over HTTP/2.
    fn client(
        &self,
        proxies: &Arc<Proxies>,
        roots: RootCertStore,
    ) -> Result<reqwest::Client, Error> {
        let proxies = Arc::clone(proxies);
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout.unwrap_or(Duration::from_secs(10)))
            .retry(reqwest::retry::never())
            .tls_backend_preconfigured(tls::client_config(self.ca_file.as_deref(), roots)?)
            // In place of the variables, which the library would read by itself.
            .proxy(reqwest::Proxy::custom(move |url| {
                Some(proxies.of(url)?.url.clone())
            }));
        builder.build().map_err(|error| {
            Error::configuration("the HTTP client could not be set up").with_source(error)
        })
    }
}

/// From path and query to status and body.
type Respond = dyn Fn(&str) -> Result<(u16, String), Error> + Send + Sync;

/// Answers requests in place of the network.
#[derive(Clone)]
pub(crate) struct Responder(pub(crate) Arc<Respond>);

impl Responder {
    fn answer(&self, url: &Url) -> Result<http::Response<Bytes>, Error> {
        let (status, body) = (self.0)(&url[Position::BeforePath..])?;
        let answer = http::Response::builder().status(status);
        answer.body(body.into()).map_err(|error| {
            Error::invalid_input("the responder returned no valid status").with_source(error)
        })
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Responder")
    }
}

/// Sends requests and reads answers within bounds. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient {
    plain: reqwest::Client,
    /// Set up when it is needed: the roots of the platform take long to load, and some machines have none.
    encrypted: Arc<OnceLock<Result<reqwest::Client, Error>>>,
    settings: ConnectionSettings,
    pub(crate) proxies: Arc<Proxies>,
}

impl HttpClient {
    /// # Errors
    ///
    /// `Configuration`, with the file of certificates that cannot be used.
    pub(crate) fn new(settings: ConnectionSettings, proxies: Proxies) -> Result<Self, Error> {
        let proxies = Arc::new(proxies);
        Ok(Self {
            plain: settings.client(&proxies, RootCertStore::empty())?,
            encrypted: Arc::default(),
            settings,
            proxies,
        })
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let is_plain = |url: &Url| url.scheme() == "http";
        let proxy = self.proxies.of(url);
        if is_plain(url) && proxy.is_none_or(|proxy| is_plain(&proxy.url)) {
            return Ok(&self.plain);
        }
        let set_up = || self.settings.client(&self.proxies, tls::platform_roots());
        let client = self.encrypted.get_or_init(set_up);
        client.as_ref().map_err(Clone::clone)
    }

    /// Like [`send`](Self::send), within `limit`.
    pub(crate) async fn send_within(
        &self,
        limit: Duration,
        request: reqwest::Request,
        max_bytes: usize,
    ) -> Result<http::Response<Bytes>, Error> {
        let answer = timeout(limit, self.send(request, max_bytes)).await;
        answer.unwrap_or_else(|_| Err(timed_out(limit)))
    }

    /// Sends `request` once. The body of an answer with a status of success is complete, without a byte order mark; of
    /// any other only the start is read.
    ///
    /// # Errors
    ///
    /// `Connect` or `Timeout` if no complete answer arrived, `TooLarge` if it has more than `max_bytes` decompressed,
    /// `Decode` if it cannot be decompressed.
    pub(crate) async fn send(
        &self,
        request: reqwest::Request,
        max_bytes: usize,
    ) -> Result<http::Response<Bytes>, Error> {
        let url = request.url().clone();
        if let Some(responder) = &self.settings.responder {
            return responder.answer(&url);
        }
        let sent = self.client(&url)?.execute(request).await;
        let mut response = sent.map_err(|error| failure(&error, &url, &self.proxies))?;
        let status = response.status();
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = status;
        std::mem::swap(answer.headers_mut(), response.headers_mut());
        let limit = if status.is_success() {
            max_bytes
        } else {
            LARGEST_REFUSAL
        };
        match read_body(&mut response, limit).await {
            Ok((bytes, is_complete)) if is_complete || !status.is_success() => {
                // Some writers begin a document with a byte order mark, which JSON readers do not accept.
                let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                *answer.body_mut() = bytes.slice_ref(text);
                Ok(answer)
            }
            Ok(_) => {
                let message = format!("the answer is larger than {max_bytes} bytes");
                Err(Error::new(ErrorKind::TooLarge, message).with_status(status.as_u16()))
            }
            // The status says enough where the body breaks off.
            Err(_) if !status.is_success() => Ok(answer),
            Err(error) => Err(failure(&error, &url, &self.proxies).with_status(status.as_u16())),
        }
    }
}

/// A request did not end within `limit`.
pub(crate) fn timed_out(limit: Duration) -> Error {
    let message = format!("no complete answer within {limit:?}");
    Error::new(ErrorKind::Timeout, message)
}

/// The body up to `limit` bytes, and whether that is all of it.
async fn read_body(
    response: &mut reqwest::Response,
    limit: usize,
) -> Result<(Bytes, bool), reqwest::Error> {
    let announced = response.content_length().unwrap_or_default();
    let announced = usize::try_from(announced).unwrap_or(usize::MAX);
    if announced > limit && response.status().is_success() {
        return Ok((Bytes::new(), false));
    }
    let mut bytes = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        if piece.len() == announced && piece.len() <= limit {
            // Most answers arrive in one piece, which is passed on as it is.
            return Ok((piece, true));
        }
        if bytes.is_empty() {
            bytes.reserve(announced.min(limit));
        }
        let room = limit - bytes.len();
        bytes.extend_from_slice(piece.get(..room).unwrap_or(&piece));
        if piece.len() > room {
            return Ok((bytes.freeze(), false));
        }
    }
    Ok((bytes.freeze(), true))
}

/// What a failure of the HTTP client means. Of the URL only the host is shown, since a query may contain anything.
fn failure(error: &reqwest::Error, url: &Url, proxies: &Proxies) -> Error {
    let (host, cause) = (authority(url), root_cause(error));
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref()) {
        let message = format!("no secure connection to {host}: {}", tls::message(tls));
        return Error::new(ErrorKind::Connect, message).with_hint(tls::hint(tls));
    }
    if error.is_builder() {
        return Error::invalid_input(format!("the request cannot be sent: {cause}"));
    }
    // Whether the compression of the body is at fault, and not the connection that carried it.
    let source = error.source().and_then(|it| it.downcast_ref::<io::Error>());
    let is_corrupt =
        source.is_some_and(|it| matches!(it.kind(), InvalidData | InvalidInput | UnexpectedEof));
    if error.is_decode() && is_corrupt {
        let message = format!("the answer could not be decompressed: {cause}");
        return Error::new(ErrorKind::Decode, message);
    }
    let is_unconnected = error.is_connect() || error.is_timeout();
    let (message, hint) = match proxies.of(url) {
        Some(proxy) if is_unconnected => proxy_failure(error, proxy, &host),
        None if is_unconnected => (
            format!("no connection to {host}: {cause}"),
            "check the region or endpoint, and the network; a proxy may be needed",
        ),
        _ => (
            format!("the connection to {host} broke: {cause}"),
            "check the network, and proxies on the way",
        ),
    };
    let kind = if error.is_timeout() {
        ErrorKind::Timeout
    } else {
        ErrorKind::Connect
    };
    Error::new(kind, message).with_hint(hint)
}

fn proxy_failure(error: &reqwest::Error, proxy: &Proxy, host: &str) -> (String, &'static str) {
    // The library does not export the type of this error.
    let tunnel = causes(error)
        .map(ToString::to_string)
        .find_map(|text| Some(text.strip_prefix("tunnel error: ")?.to_owned()));
    match tunnel.as_deref() {
        Some("proxy authorization required") => (
            format!("the proxy {proxy} wants a user name and password (status 407)"),
            "add them to the URL of the proxy, as http://USER:PASSWORD@HOST:PORT",
        ),
        Some("unsuccessful") => (
            format!("the proxy {proxy} refused to connect to {host}"),
            "ask the operator of the proxy to allow the host, or name it in no_proxy",
        ),
        _ => (
            format!("the proxy {proxy} cannot be reached: {}", root_cause(error)),
            "check the address of the proxy, or unset it",
        ),
    }
}

/// The innermost cause says what happened; the layers around it repeat that something did.
fn root_cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| "unknown cause".to_owned(), ToString::to_string)
}

/// The errors behind `error`, those inside an I/O error too.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        }
    })
}

/// The id under which the service can find the request; IAM uses another header.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = headers
        .get("x-request-id")
        .or_else(|| headers.get("x-iam-trace-id"))?;
    let id = value.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// The host of `url`, with the port where it is not the scheme's own.
pub(crate) fn authority(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::tests::server;

    fn through(proxy: &str) -> HttpClient {
        let environment = |name: &str| (name == "all_proxy").then(|| proxy.to_owned());
        let proxies = Proxies::new(None, None, &environment);
        HttpClient::new(ConnectionSettings::default(), proxies).unwrap()
    }

    async fn get(http: &HttpClient, url: &str) -> Result<http::Response<Bytes>, Error> {
        let request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
        http.send(request, 1024).await
    }

    #[tokio::test]
    async fn other_machines_are_reached_through_the_proxy_and_this_one_is_not() {
        for (url, line) in [
            (
                "http://dws.example/x?a=1",
                "GET http://dws.example/x?a=1 HTTP/1.1",
            ),
            ("https://dws.example/x", "CONNECT dws.example:443 HTTP/1.1"),
        ] {
            let (proxy, seen) = server(&[("403 Forbidden", "")]).await;
            let _ = get(&through(&proxy), url).await;
            assert!(seen.lock().unwrap()[0].starts_with(line));
        }
        let (url, seen) = server(&[("204 No Content", "")]).await;
        let http = through("http://127.0.0.1:9");
        let answer = get(&http, &format!("{url}/x")).await;
        assert_eq!(answer.unwrap().status(), 204);
        assert!(seen.lock().unwrap()[0].starts_with("GET /x HTTP/1.1"));
    }

    #[tokio::test]
    async fn the_error_of_a_proxy_names_it_and_its_variable() {
        for (status, reason) in [
            ("403 Forbidden", "refused to connect to dws.example"),
            (
                "503 Service Unavailable",
                "refused to connect to dws.example",
            ),
            (
                "407 Proxy Authentication Required",
                "user name and password",
            ),
        ] {
            let (proxy, _) = server(&[(status, "")]).await;
            let http = through(&proxy.replace("http://", "user:SECRETPASSWORD@"));
            let error = get(&http, "https://dws.example/").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect);
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(reason) && shown.contains("(all_proxy)"),
                "{shown}"
            );
            assert!(!shown.contains("SECRET"), "{shown}");
        }
        let error = get(&through("127.0.0.1:9"), "https://dws.example/")
            .await
            .unwrap_err();
        let expected = "the proxy http://127.0.0.1:9 (all_proxy) cannot be reached";
        assert!(error.to_string().contains(expected), "{error}");
    }
}
