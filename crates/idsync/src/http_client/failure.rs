//! What the failures of the HTTP library mean.

use std::error::Error as StdError;
use std::io;

use url::Url;

use super::authority;
use crate::proxy::{Proxies, Proxy};
use crate::{Error, ErrorKind, tls};

/// What a failure of the HTTP client means. Of the URL only the host is shown, since a query may contain anything.
pub(super) fn failure(error: &reqwest::Error, url: &Url, proxies: &Proxies) -> Error {
    let (host, cause) = (authority(url), root_cause(error));
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref()) {
        let message = format!("no secure connection to {host}: {}", tls::message(tls));
        return Error::new(ErrorKind::Connect, message).with_hint(tls::hint(tls));
    }
    if error.is_builder() {
        return Error::invalid_input(format!("the request cannot be sent: {cause}"));
    }
    if error.is_decode() && is_corrupt(error) {
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

/// Whether the compression of the body is at fault, and not the connection that carried it.
fn is_corrupt(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| matches!(cause.kind(), InvalidData | InvalidInput | UnexpectedEof))
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
