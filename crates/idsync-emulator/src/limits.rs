//! How large a request may be, and how long its body may take: what the gateway sets bounds to.

use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use tokio::time::timeout;

use crate::answer::Refusal;

/// Largest request body, as at the gateway: 12 MB.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Longest target and longest header, as at the gateway: 32 KB.
const LINE_LIMIT: usize = 32 * 1024;

/// Most bytes of all headers together, as at the gateway: 128 KB.
const HEADERS_LIMIT: usize = 128 * 1024;

/// The gateway's limits to the head of a request. 494 is its own status for headers.
pub(crate) fn check_head(parts: &Parts) -> Result<(), Refusal> {
    let target = parts.uri.path_and_query().map_or(0, |it| it.as_str().len());
    if target > LINE_LIMIT {
        let message = format!("Request URI too large: {target} bytes, more than {LINE_LIMIT}.");
        return Err(out_of_bounds(StatusCode::URI_TOO_LONG, message));
    }
    let sizes = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    let (longest, total) = sizes.fold((0, 0), |(longest, total): (usize, usize), size| {
        (longest.max(size), total + size)
    });
    if longest <= LINE_LIMIT && total <= HEADERS_LIMIT {
        return Ok(());
    }
    let message = format!(
        "Request headers too large: {total} bytes, the longest {longest}; at most {HEADERS_LIMIT} and {LINE_LIMIT}."
    );
    let status = StatusCode::from_u16(494).unwrap_or(StatusCode::BAD_REQUEST);
    Err(out_of_bounds(status, message))
}

fn out_of_bounds(status: StatusCode, message: String) -> Refusal {
    Refusal::gateway(status, "APIGW.0201", message)
}

/// The body, if it is not too large, does not end before its declared length, and arrives within `patience`.
pub(crate) async fn read(body: Body, patience: Duration) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    // A declared length is enough to refuse: nothing needs to arrive.
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(unreadable_body());
    }
    match timeout(patience, to_bytes(body, BODY_LIMIT)).await {
        Ok(body) => body.map_err(|_| unreadable_body()),
        Err(_) => Err(out_of_bounds(
            StatusCode::REQUEST_TIMEOUT,
            format!("The request body did not arrive within {patience:?}."),
        )),
    }
}

fn unreadable_body() -> Refusal {
    let message =
        format!("The request body could not be read, or is larger than {BODY_LIMIT} bytes.");
    out_of_bounds(StatusCode::PAYLOAD_TOO_LARGE, message)
}
