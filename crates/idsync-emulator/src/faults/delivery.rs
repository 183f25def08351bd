//! Puts an answer on the wire, whole or the way a fault wants it.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{FaultKind, RawAnswer, Strike};
use crate::answer::{Answer, Refusal};
use crate::pauses::Pauses;

/// Blanks are sent in pieces of this size.
const PIECE: usize = 16 * 1024;
static BLANKS: [u8; PIECE] = [b' '; PIECE];

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>The gateway is being maintained</h1></body></html>\n";

impl Strike {
    /// The answer that takes the place of the true one; `None` if the true one is needed.
    pub(crate) fn replacement(&self, request_id: &str) -> Option<Answer> {
        let json = |body| Answer::of(StatusCode::OK, "application/json", body);
        Some(match &self.kind {
            FaultKind::Status { status, body } => status_answer(*status, body.as_ref(), request_id),
            FaultKind::Html => Answer::of(StatusCode::OK, "text/html", HTML.into()),
            FaultKind::Body(body) => json(body.clone()),
            FaultKind::BadJson => json("{\"tasks\": [,], 'count': 0x1}".into()),
            FaultKind::Redirect(_) => Answer::of(StatusCode::FOUND, "text/plain", Bytes::new()),
            // Thrown away with whatever else the server writes to the connection.
            FaultKind::Raw(_) | FaultKind::Drop => {
                Answer::of(StatusCode::OK, "text/plain", Bytes::new())
            }
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
}

fn status_answer(status: u16, body: Option<&Bytes>, request_id: &str) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Some(body) => Answer::of(status, "application/json", body.clone()),
        None => gateway_error(status).into_answer(request_id),
    }
}

/// What the gateway says with a status. Codes and the throttling message are the public cloud's.
fn gateway_error(status: StatusCode) -> Refusal {
    let (code, message) = match status.as_u16() {
        401 => (
            "APIGW.0301",
            "Incorrect IAM authentication information: scripted fault",
        ),
        403 => (
            "APIGW.0302",
            "The IAM user is not authorized: scripted fault",
        ),
        404 => ("APIGW.0101", "The API does not exist: scripted fault"),
        429 => (
            "APIGW.0308",
            "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute",
        ),
        502 => ("APIGW.0202", "Backend unavailable: scripted fault"),
        503 => (
            "APIGW.0613",
            "The IAM service is unavailable: scripted fault",
        ),
        504 => ("APIGW.0203", "Backend timeout: scripted fault"),
        400..=499 => ("APIGW.0201", "API request error: scripted fault"),
        _ => ("APIGW.0601", "Internal server error: scripted fault"),
    };
    Refusal::gateway(status, code, message)
}

/// The response that carries `answer`, delivered the way of `strike` if there is one.
pub(crate) fn deliver(answer: Answer, strike: Option<&Strike>, pauses: &Pauses) -> Response {
    let Answer {
        status,
        mut headers,
        body,
    } = answer;
    let body = match strike {
        None => Body::from(body),
        Some(strike) => {
            for (name, value) in &strike.headers {
                headers.insert(name, value.clone());
            }
            struck_body(&strike.kind, body, &mut headers, pauses)
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn struck_body(kind: &FaultKind, body: Bytes, headers: &mut HeaderMap, pauses: &Pauses) -> Body {
    match kind {
        // The server drops a response whose body fails before its head was flushed.
        FaultKind::Drop => Body::from_stream(stream::once(async { abort() })),
        FaultKind::HalfJson => Body::from(first_half(&body)),
        FaultKind::Truncated => {
            declare_length(headers, body.len());
            Body::from_stream(first_half_then_abort(&body))
        }
        FaultKind::Oversized { bytes } => Body::from_stream(padded(*bytes, body)),
        FaultKind::Drip(every) => {
            declare_length(headers, body.len());
            Body::from_stream(drip(body, *every, pauses.clone()))
        }
        _ => Body::from(body),
    }
}

fn declare_length(headers: &mut HeaderMap, length: usize) {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
}

fn first_half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

fn abort() -> io::Result<Bytes> {
    Err(io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "scripted fault",
    ))
}

fn first_half_then_abort(body: &Bytes) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let half = first_half(body);
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

fn drip(body: Bytes, every: Duration, pauses: Pauses) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((body, pauses), move |(mut rest, pauses)| async move {
        if rest.is_empty() {
            return None;
        }
        pauses.pause(every).await;
        if pauses.is_stopping() {
            return Some((abort(), (Bytes::new(), pauses)));
        }
        let byte = rest.split_to(1);
        Some((Ok(byte), (rest, pauses)))
    })
}
