//! Applies a fault to a response.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{StatusCode, header};
use tokio::time::sleep;

use super::{Fault, FaultKind, RawAnswer};
use crate::gateway::{ApiError, gateway_error};

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>The gateway is being maintained</h1></body></html>\n";

impl Fault {
    /// The response in place of the true one, or an error of the gateway; `None` if the true one is needed.
    pub(crate) fn replacement(&self) -> Option<Result<Response, ApiError>> {
        match &self.kind {
            FaultKind::Status { status, body } => {
                let status = StatusCode::from_u16(*status).unwrap_or_default();
                let body = body.as_ref().ok_or_else(|| error_for(status));
                Some(body.map(|body| (status, body.0.clone()).into_response()))
            }
            FaultKind::Html => Some(Ok(HTML.into_response())),
            FaultKind::Redirect { .. } => Some(Ok(StatusCode::FOUND.into_response())),
            _ => None,
        }
    }

    /// Pause before the response.
    pub(crate) fn delay(&self) -> Duration {
        match self.kind {
            FaultKind::Delay { ms } => Duration::from_millis(ms),
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
    pub(crate) async fn deliver(&self, answer: Response) -> Response {
        let (mut parts, body) = answer.into_parts();
        // The headers were checked when the fault was added.
        for (name, value) in &self.response_headers().unwrap_or_default() {
            parts.headers.insert(name, value.clone());
        }
        // The services' responses are in memory, so that reading one cannot fail.
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.unwrap_or_default();
        let length = body.len();
        let body = match self.kind {
            FaultKind::Truncated => Body::from_stream(then_abort(body.slice(..length / 2))),
            FaultKind::Drip { ms } => Body::from_stream(drip(body, Duration::from_millis(ms))),
            _ => Body::from(body),
        };
        if matches!(self.kind, FaultKind::Truncated | FaultKind::Drip { .. }) {
            parts.headers.insert(header::CONTENT_LENGTH, length.into());
        }
        Response::from_parts(parts, body)
    }
}

const THROTTLED: &str =
    "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute";

/// The gateway's error for a status. Codes and the throttling message are those of the public cloud.
fn error_for(status: StatusCode) -> ApiError {
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
    gateway_error(status, code, message)
}

fn then_abort(half: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter([Some(half), None]).then(|piece| async {
        // One pending poll makes the server flush what it has before it sees the error.
        tokio::task::yield_now().await;
        piece.ok_or_else(|| io::ErrorKind::ConnectionAborted.into())
    })
}

fn drip(body: Bytes, pause: Duration) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter(body).then(move |byte| async move {
        sleep(pause).await;
        Ok(Bytes::copy_from_slice(&[byte]))
    })
}
