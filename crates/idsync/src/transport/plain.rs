//! One request outside of a call: sent as it is, by whoever fetches credentials for the calls.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::timeout;

use super::{answer, connection};
use crate::error_body::Redaction;
use crate::{Error, ErrorKind, Service};

/// The largest answer that is read, in bytes. A token with the catalog of a large account stays far below.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// Sends `request` to `service` once, and reads the answer if its status is one of success.
///
/// # Errors
///
/// What a status of failure means, `Timeout` after `limit`, `Connect` if no complete answer arrived, `TooLarge`. The
/// secrets of `redaction` are in none of them.
pub(crate) async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    service: Service,
    redaction: &Redaction<'_>,
    limit: Duration,
) -> Result<reqwest::Response, Error> {
    let answer = async {
        let sent = http.execute(request).await;
        let response = sent.map_err(|error| connection::failure(&error))?;
        if response.status().is_success() {
            return answer::read(response, LARGEST_ANSWER).await;
        }
        let trace_id = trace_id(response.headers());
        let refusal = answer::refusal(response, service, None, redaction).await;
        Err(match trace_id {
            Some(id) if refusal.request_id().is_none() => refusal.with_request_id(id),
            _ => refusal,
        })
    };
    let answer = timeout(limit, answer).await;
    answer.unwrap_or_else(|_| Err(timed_out(limit)))
}

fn timed_out(limit: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("no complete answer within {limit:?}"),
    )
}

/// IAM names its requests in a header of its own (seen in the official Python SDK).
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-iam-trace-id")?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}
