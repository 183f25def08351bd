//! Puts an answer on the wire the way a fault wants it.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{StatusCode, header};

use super::{FaultAction, FaultKind, RawAnswer};
use crate::error::ApiError;
use crate::server::StopSignal;

/// Blanks are sent in pieces of this size.
const PIECE: usize = 16 * 1024;
static BLANKS: [u8; PIECE] = [b' '; PIECE];

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>The gateway is being maintained</h1></body></html>\n";

impl FaultAction {
    /// The answer that takes the place of the true one; `None` if the true one is needed.
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
            FaultKind::Body(body) => json(body.clone()),
            FaultKind::BadJson => json("{\"tasks\": [,], 'count': 0x1}".into()),
            FaultKind::Redirect(_) => StatusCode::FOUND.into_response(),
            // Dropped with everything else that the server writes to the connection.
            FaultKind::Raw(_) | FaultKind::Drop => ().into_response(),
            FaultKind::Truncated
            | FaultKind::HalfJson
            | FaultKind::Oversized { .. }
            | FaultKind::Delay(_)
            | FaultKind::Drip(_)
            | FaultKind::ContentType(_) => return None,
        })
    }

    /// How long nothing is sent.
    pub(crate) fn delay(&self) -> Duration {
        match self.kind {
            FaultKind::Delay(pause) => pause,
            _ => Duration::ZERO,
        }
    }

    /// Whether the call ends without an answer that the server knows of.
    pub(crate) fn is_unanswered(&self) -> bool {
        matches!(self.kind, FaultKind::Drop | FaultKind::Raw(_))
    }

    /// What to send below HTTP, if that is asked for.
    pub(crate) fn raw(&self) -> Option<&RawAnswer> {
        match &self.kind {
            FaultKind::Raw(answer) => Some(answer),
            _ => None,
        }
    }

    /// `answer` with the headers and the body as this fault wants them.
    pub(crate) async fn deliver(&self, answer: Response, stop: &StopSignal) -> Response {
        let (mut parts, body) = answer.into_parts();
        for (name, value) in &self.headers {
            parts.headers.insert(name, value.clone());
        }
        // The services' answers are in memory as a whole, so that reading one cannot fail.
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.unwrap_or_default();
        if matches!(self.kind, FaultKind::Truncated | FaultKind::Drip(_)) {
            parts
                .headers
                .insert(header::CONTENT_LENGTH, body.len().into());
        }
        let half = body.slice(..body.len() / 2);
        let body = match self.kind {
            // The server drops a response whose body fails before its head was flushed.
            FaultKind::Drop => Body::from_stream(stream::once(async { abort() })),
            FaultKind::HalfJson => Body::from(half),
            FaultKind::Truncated => Body::from_stream(then_abort(half)),
            FaultKind::Oversized { bytes } => Body::from_stream(padded(bytes, body)),
            FaultKind::Drip(every) => Body::from_stream(drip(body, every, stop.clone())),
            _ => Body::from(body),
        };
        Response::from_parts(parts, body)
    }
}

fn typed(content_type: &'static str, body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// The gateway's answers: status, code and message. Codes and the throttling message are the public cloud's.
const GATEWAY_ERRORS: [(u16, &str, &str); 7] = [
    (
        401,
        "APIGW.0301",
        "Incorrect IAM authentication information",
    ),
    (403, "APIGW.0302", "The IAM user is not authorized"),
    (404, "APIGW.0101", "The API does not exist"),
    (429, "APIGW.0308", THROTTLED),
    (502, "APIGW.0202", "Backend unavailable"),
    (503, "APIGW.0613", "The IAM service is unavailable"),
    (504, "APIGW.0203", "Backend timeout"),
];

const THROTTLED: &str =
    "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute";

fn gateway_error(status: StatusCode) -> ApiError {
    let mut errors = GATEWAY_ERRORS.iter();
    let (code, message) = match errors.find(|(known, ..)| *known == status.as_u16()) {
        Some((_, code, message)) => (*code, *message),
        None if status.is_client_error() => ("APIGW.0201", "API request error"),
        None => ("APIGW.0601", "Internal server error"),
    };
    ApiError::gateway(status, code, message)
}

fn abort() -> io::Result<Bytes> {
    Err(io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "scripted fault",
    ))
}

fn then_abort(half: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    stream::once(async move { Ok(half) }).chain(stream::once(async {
        // Being pending once makes the server flush what it has before it learns of the end.
        tokio::task::yield_now().await;
        abort()
    }))
}

fn padded(blanks: u64, body: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    let padding = stream::unfold(blanks, |left| async move {
        let piece = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let blanks = BLANKS.get(..piece).filter(|blanks| !blanks.is_empty())?;
        Some((Ok(Bytes::from_static(blanks)), left - piece as u64))
    });
    padding.chain(stream::once(async { Ok(body) }))
}

fn drip(body: Bytes, every: Duration, stop: StopSignal) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((body, stop), move |(mut rest, stop)| async move {
        if rest.is_empty() {
            return None;
        }
        stop.pause(every).await;
        if stop.is_stopping() {
            return Some((abort(), (Bytes::new(), stop)));
        }
        let byte = rest.split_to(1);
        Some((Ok(byte), (rest, stop)))
    })
}
