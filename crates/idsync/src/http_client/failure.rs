//! What the failures of the HTTP library mean.

use std::error::Error as StdError;
use std::io;

use url::Url;

use super::authority;
use crate::proxy::{Proxies, Proxy};
use crate::{Error, ErrorKind, tls};

/// What a failure of the HTTP client means. Of the URL only the host is shown, since a query may contain anything.
pub(super) fn failure(error: &reqwest::Error, url: &Url, proxies: &Proxies) -> Error {
    let host = authority(url);
    if let Some(cause) = causes(error).find_map(|cause| cause.downcast_ref()) {
        let (message, hint) = tls::explain(cause);
        let message = format!("no secure connection to {host}: {message}");
        return Error::new(ErrorKind::Connect, message).with_hint(hint);
    }
    if error.is_builder() {
        return Error::invalid_input(format!("the request cannot be sent: {}", root_cause(error)));
    }
    if error.is_decode() && is_corrupt(error) {
        let message = format!(
            "the answer could not be decompressed: {}",
            root_cause(error)
        );
        return Error::new(ErrorKind::Decode, message);
    }
    if causes(error).any(is_head_too_large) {
        return Error::new(
            ErrorKind::TooLarge,
            "the head of the answer is larger than 100 headers or 400 KiB",
        );
    }
    match proxies.of(url) {
        Some(proxy) if error.is_connect() || error.is_timeout() => {
            proxy_failure(error, proxy, &host)
        }
        _ => network_failure(error, &host),
    }
}

fn network_failure(error: &reqwest::Error, host: &str) -> Error {
    const HINT: &str = "check the region or endpoint, and the network; a proxy may be needed";
    let cause = root_cause(error);
    if error.is_timeout() {
        let message = format!("no connection to {host} in time: {cause}");
        return Error::new(ErrorKind::Timeout, message).with_hint(HINT);
    }
    if error.is_connect() {
        let message = format!("no connection to {host}: {cause}");
        return Error::new(ErrorKind::Connect, message).with_hint(HINT);
    }
    let message = format!("the connection to {host} broke: {cause}");
    Error::new(ErrorKind::Connect, message).with_hint("check the network, and proxies on the way")
}

fn proxy_failure(error: &reqwest::Error, proxy: &Proxy, host: &str) -> Error {
    let cause = root_cause(error);
    // The library does not export the type of this error.
    let tunnel = causes(error)
        .map(ToString::to_string)
        .find_map(|text| Some(text.strip_prefix("tunnel error: ")?.to_owned()));
    let (message, hint) = match tunnel.as_deref() {
        Some("proxy authorization required") => (
            format!("the proxy {proxy} wants a user name and password (status 407)"),
            "add them to the URL of the proxy, as http://USER:PASSWORD@HOST:PORT",
        ),
        Some("unsuccessful") => (
            format!("the proxy {proxy} refused to connect to {host}"),
            "ask the operator of the proxy to allow the host, or name it in no_proxy",
        ),
        _ => (
            format!("the proxy {proxy} cannot be reached: {cause}"),
            "check the address of the proxy, or unset it",
        ),
    };
    let kind = if error.is_timeout() {
        ErrorKind::Timeout
    } else {
        ErrorKind::Connect
    };
    Error::new(kind, message).with_hint(hint)
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

/// Whether the head of the answer, which the library bounds, is at fault.
fn is_head_too_large(cause: &(dyn StdError + 'static)) -> bool {
    cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse_too_large)
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
