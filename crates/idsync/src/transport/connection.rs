//! The HTTP library: how it is set up, and what its failures mean.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::{Error, ErrorKind};

/// Names the project and its version, and nothing of the machine.
const USER_AGENT: &str = concat!("idsync/", env!("CARGO_PKG_VERSION"));

/// Sets up connections: TLS by rustls with the platform's roots, no redirects, kept alive for reuse.
pub(crate) fn connect(
    connect_timeout: Duration,
    without_proxy: bool,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect_timeout)
        .retry(reqwest::retry::never())
        .tls_backend_preconfigured(tls()?);
    if without_proxy {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| Error::usage("the HTTP client could not be set up").with_source(error))
}

fn tls() -> Result<ClientConfig, Error> {
    let unusable = |error| Error::usage("TLS could not be set up").with_source(error);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_platform_verifier()
        .map_err(unusable)?;
    Ok(config.with_no_client_auth())
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

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
