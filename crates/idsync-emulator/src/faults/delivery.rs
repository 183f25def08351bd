//! Applies a fault to a response, or writes bytes in place of one to the connection.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{Fault, FaultBody, FaultKind, milliseconds};
use crate::gateway::{ApiError, gateway_error};

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>The gateway is being maintained</h1></body></html>\n";

/// Bytes instead of an HTTP response.
///
/// ```
/// use std::time::Duration;
/// use idsync_emulator::{FaultKind, RawAnswer, RawEnd};
///
/// let reset = FaultKind::Raw(RawAnswer::new("HTTP/1.1 200 OK\r\n").then(RawEnd::Reset));
/// let slow = FaultKind::Raw(RawAnswer::new("HTTP/1.1 204 No Content\r\n\r\n").every(Duration::from_millis(50)));
/// # let _ = (reset, slow);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RawAnswer {
    /// The bytes as text.
    body: FaultBody,
    /// Pause before each byte in milliseconds; 0 sends all at once.
    ms: u64,
    /// What follows the bytes.
    pub(super) end: RawEnd,
}

/// What follows the bytes of a [`RawAnswer`]. In JSON: `"close"`, `"reset"`, `"stall"` or `{"repeat": "text"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RawEnd {
    /// The connection is closed.
    #[default]
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, until the caller closes the connection.
    Stall,
    /// These bytes again and again, until the caller closes the connection.
    Repeat(FaultBody),
}

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

    /// What to send instead of an HTTP response.
    pub(crate) fn raw(&self) -> Option<RawAnswer> {
        match &self.kind {
            FaultKind::Raw(answer) => Some(answer.clone()),
            FaultKind::Drop => Some(RawAnswer::default()),
            _ => None,
        }
    }

    /// The headers that the fault sets.
    pub(super) fn response_headers(&self) -> Result<HeaderMap, String> {
        let own = match &self.kind {
            FaultKind::Html => Some(("content-type", "text/html")),
            FaultKind::Status { body: Some(_), .. } => Some(("content-type", "application/json")),
            FaultKind::Redirect { location } => Some(("location", location.as_str())),
            _ => None,
        };
        // The last header of a name counts.
        let content_type = self.content_type.as_deref();
        let content_type = content_type.map(|value| ("content-type", value));
        let given = self.headers.iter();
        let given = given.map(|(name, value)| (name.as_str(), value.as_str()));
        let all = own.into_iter().chain(content_type).chain(given);
        let framing = ["content-length", "transfer-encoding", "connection"];
        let read = |(name, value)| match (HeaderName::try_from(name), HeaderValue::try_from(value))
        {
            (Ok(name), Ok(value)) if !framing.contains(&name.as_str()) => Ok((name, value)),
            _ => Err(format!(
                "the header {name:?} cannot be set to {value:?}; for framing, use the kinds `truncated` or `raw`"
            )),
        };
        all.map(read).collect()
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

impl RawAnswer {
    /// Sends `bytes` at once, then closes the connection.
    pub fn new(bytes: impl Into<FaultBody>) -> Self {
        Self {
            body: bytes.into(),
            ..Self::default()
        }
    }

    /// Sends one byte after each pause. Default: all at once.
    #[must_use]
    pub fn every(mut self, pause: Duration) -> Self {
        self.ms = milliseconds(pause);
        self
    }

    /// What follows the bytes. Default: [`RawEnd::Close`].
    #[must_use]
    pub fn then(mut self, end: RawEnd) -> Self {
        self.end = end;
        self
    }

    /// Sends it, until it is complete or the caller closes the connection, which is an error.
    pub(crate) async fn send(self, mut stream: TcpStream) -> io::Result<()> {
        let bytes = self.body.0;
        if self.ms == 0 {
            stream.write_all(&bytes).await?;
        } else {
            for byte in bytes {
                sleep(Duration::from_millis(self.ms)).await;
                stream.write_u8(byte).await?;
            }
        }
        match self.end {
            RawEnd::Close => stream.shutdown().await,
            RawEnd::Reset => stream.set_zero_linger(),
            RawEnd::Stall => {
                let mut ignored = [0; 512];
                while stream.read(&mut ignored).await? > 0 {}
                Ok(())
            }
            RawEnd::Repeat(piece) => loop {
                stream.write_all(&piece.0).await?;
            },
        }
    }
}
