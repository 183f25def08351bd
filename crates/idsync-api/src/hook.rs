//! The seam between the generated clients and whoever sends their requests.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::{Request, Response, Url};

use crate::generated::{dataarts_studio, dws, mrs};

/// Sends one operation's request and brings back its answer.
///
/// Called once for each `send()`. Implementations sign, set deadlines and retry as they see fit.
pub trait Transport: std::fmt::Debug + Send + Sync + 'static {
    /// Sends `request`. `operation` is the operation's identifier in snake case, such as `list_sync_records`.
    ///
    /// The query of `request` is percent-encoded as RFC 3986 has it, so a signature over the URL needs no other form.
    ///
    /// # Errors
    ///
    /// What kept the answer from arriving. A failure that the service reports is an answer, not an error.
    fn execute<'a>(
        &'a self,
        operation: &'static str,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send + 'a>>;
}

/// What every generated client carries: the transport that it sends through.
#[derive(Clone, Debug)]
pub struct Inner(pub Arc<dyn Transport>);

/// The header that the generator adds to each request; the services do not define it.
const API_VERSION: &str = "api-version";

/// What RFC 3986 lets stand for itself beside letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Makes the request what the service documents: no header of the generator's, no form encoding.
fn prepare(request: &mut Request) {
    request.headers_mut().remove(API_VERSION);
    let query = rfc3986_query(request.url());
    request.url_mut().set_query(query.as_deref());
}

/// The query of `url`, which is form-encoded, in the encoding of RFC 3986; none if it is empty.
fn rfc3986_query(url: &Url) -> Option<String> {
    let pairs: Vec<String> = url
        .query_pairs()
        .map(|(key, value)| format!("{}={}", encoded(&key), encoded(&value)))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, UNRESERVED)
}

/// Lets each generated client prepare its requests and send them through its transport.
macro_rules! send_through_transport {
    ($($service:ident),+) => {$(
        impl ClientHooks<Inner> for $service::Client {
            async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
                prepare(request);
                Ok(())
            }

            async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
                self.inner().0.execute(info.operation_id, request).await
            }
        }
    )+};
}

send_through_transport!(dataarts_studio, dws, mrs);
