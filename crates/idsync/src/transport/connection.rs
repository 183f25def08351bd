//! The HTTP library: how it is set up, and what its failures mean.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::certificates;
use super::proxies::Proxies;
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

/// Sets up connections: encrypted by rustls, no redirects, kept alive for reuse.
///
/// The library bounds the head of an answer: 100 headers, about 400 KiB over HTTP/1 and 16 KiB over HTTP/2.
pub(crate) fn connect(route: &Route<'_>) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(route.connect_timeout)
        .retry(reqwest::retry::never())
        .tls_backend_preconfigured(certificates::tls(route.ca_file)?)
        // Those of the environment are not to be read a second time, in another way.
        .no_proxy();
    let rules = route.proxies.rules()?;
    rules
        .into_iter()
        .fold(builder, reqwest::ClientBuilder::proxy)
        .build()
        .map_err(|error| Error::usage("the HTTP client could not be set up").with_source(error))
}

/// What a failure of the HTTP library means; the address is left out, since a query may hold anything.
pub(super) fn failure(error: &reqwest::Error) -> Error {
    let cause = root_cause(error);
    if error.is_timeout() {
        return Error::new(
            ErrorKind::Timeout,
            format!("no connection in time: {cause}"),
        );
    }
    if error.is_builder() {
        return Error::usage(format!("the request could not be built: {cause}"));
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
