//! Changes a response as a fault says.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{StatusCode, header};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{FaultAction, FaultKind, RawAnswer};
use crate::error::ApiError;

/// Spaces are sent in pieces of this size.
const PIECE: usize = 16 * 1024;
static SPACES: [u8; PIECE] = [b' '; PIECE];

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>The gateway is being maintained</h1></body></html>\n";

impl FaultAction {
    /// The response in place of the true one; `None` if the true one is needed.
    pub(crate) fn replacement(&self, request_id: &str) -> Option<Response> {
        let json = |body: Bytes| typed("application/json", body);
        Some(match &self.kind {
            FaultKind::Status { status, body } => {
                let status = StatusCode::from_u16(*status).unwrap_or_default();
                match body {
                    Some(body) => (status, json(body.clone())).into_response(),
                    None => gateway_error(status).respond(request_id),
                }
            }
            FaultKind::Html => typed("text/html", HTML.into()),
            FaultKind::Body { body } => json(body.clone()),
            FaultKind::BadJson => json("{\"tasks\": [,], 'count': 0x1}".into()),
            FaultKind::Redirect { .. } => StatusCode::FOUND.into_response(),
            _ => return None,
        })
    }

    /// Pause before the response.
    pub(crate) fn delay(&self) -> Duration {
        match self.kind {
            FaultKind::Delay { pause } => pause,
            _ => Duration::ZERO,
        }
    }

    /// What to send instead of an HTTP response.
    pub(crate) fn raw(&self) -> Option<RawAnswer> {
        match &self.kind {
            FaultKind::Raw(answer) => Some(answer.clone()),
            FaultKind::Drop => Some(RawAnswer::default()),
            _ => None,
        }
    }

    /// `answer` with headers and body changed.
    pub(crate) async fn deliver(&self, answer: Response, stop: &CancellationToken) -> Response {
        let (mut parts, body) = answer.into_parts();
        for (name, value) in &self.headers {
            parts.headers.insert(name, value.clone());
        }
        // The services' responses are in memory, so that reading one cannot fail.
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.unwrap_or_default();
        if matches!(self.kind, FaultKind::Truncated | FaultKind::Drip { .. }) {
            parts
                .headers
                .insert(header::CONTENT_LENGTH, body.len().into());
        }
        let half = body.slice(..body.len() / 2);
        let body = match self.kind {
            FaultKind::HalfJson => Body::from(half),
            FaultKind::Truncated => Body::from_stream(then_abort(half)),
            FaultKind::Oversized { bytes } => Body::from_stream(padded(bytes, body)),
            FaultKind::Drip { pause } => Body::from_stream(drip(body, pause, stop.clone())),
            _ => Body::from(body),
        };
        Response::from_parts(parts, body)
    }
}

fn typed(content_type: &'static str, body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

const THROTTLED: &str =
    "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute";

/// The gateway's error for a status. Codes and the throttling message are those of the public cloud.
fn gateway_error(status: StatusCode) -> ApiError {
    let (code, message) = match status.as_u16() {
        401 => ("APIGW.0301", "Incorrect IAM authentication information"),
        403 => ("APIGW.0302", "The IAM user is not authorized"),
        404 => ("APIGW.0101", "The API does not exist"),
        429 => ("APIGW.0308", THROTTLED),
        502 => ("APIGW.0202", "Backend unavailable"),
        503 => ("APIGW.0613", "The IAM service is unavailable"),
        504 => ("APIGW.0203", "Backend timeout"),
        400..500 => ("APIGW.0201", "API request error"),
        _ => ("APIGW.0601", "Internal server error"),
    };
    ApiError::gateway(status, code, message)
}

fn abort() -> io::Result<Bytes> {
    Err(io::ErrorKind::ConnectionAborted.into())
}

fn then_abort(half: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    stream::once(async move { Ok(half) }).chain(stream::once(async {
        // One pending poll makes the server flush what it has before it sees the error.
        tokio::task::yield_now().await;
        abort()
    }))
}

fn padded(spaces: u64, body: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    let padding = stream::unfold(spaces, |left| async move {
        let piece = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let spaces = SPACES.get(..piece).filter(|spaces| !spaces.is_empty())?;
        Some((Ok(Bytes::from_static(spaces)), left - piece as u64))
    });
    padding.chain(stream::once(async { Ok(body) }))
}

fn drip(
    body: Bytes,
    pause: Duration,
    stop: CancellationToken,
) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((body, stop), move |(mut rest, stop)| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = match stop.run_until_cancelled(sleep(pause)).await {
            Some(()) => Ok(rest.split_to(1)),
            None => abort(),
        };
        if piece.is_err() {
            rest.clear();
        }
        Some((piece, (rest, stop)))
    })
}
