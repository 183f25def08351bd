//! Reads what a service answered, within bounds.

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{HeaderMap, LOCATION};
use jiff::Timestamp;

use super::{connection, headers};
use crate::error_body::{Redaction, ServiceMessage, excerpt};
use crate::retry::retry_after;
use crate::signing::{difference, without_echo};
use crate::skew::Skew;
use crate::{Error, ErrorKind, Service};

/// How much of a refusal is read, in bytes; what matters of it is at its start.
const LARGEST_REFUSAL: usize = 64 * 1024;

/// Some writers begin a document with it; JSON readers do not take it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The complete answer, with its body in memory.
///
/// # Errors
///
/// `TooLarge` if the body passes `largest` bytes, `Connect` if it breaks off.
pub(super) async fn read(
    response: reqwest::Response,
    largest: usize,
) -> Result<reqwest::Response, Error> {
    let (status, version) = (response.status(), response.version());
    let headers = response.headers().clone();
    let Body { bytes, complete } = Body::read(response, largest).await?;
    if !complete {
        let message = format!("the answer is larger than {largest} bytes");
        return Err(Error::new(ErrorKind::TooLarge, message).with_status(status.as_u16()));
    }
    let mut whole = http::Response::new(bytes);
    *whole.status_mut() = status;
    *whole.version_mut() = version;
    *whole.headers_mut() = headers;
    Ok(whole.into())
}

/// What an answer with another status than 200 means; `signed` is the canonical request that it refuses.
pub(super) async fn refusal(
    response: reqwest::Response,
    service: Service,
    signed: Option<&str>,
    redaction: &Redaction<'_>,
) -> Error {
    let status = response.status();
    let headers = response.headers().clone();
    // The status says enough where the body breaks off.
    let body = Body::read(response, LARGEST_REFUSAL)
        .await
        .map(|body| body.bytes)
        .unwrap_or_default();
    let told = ServiceMessage::read(&body);
    let error = if status.is_redirection() {
        Error::new(ErrorKind::Redirect, redirect(&headers))
    } else {
        let cause = signed
            .filter(|_| status == StatusCode::UNAUTHORIZED)
            .and_then(|signed| refused_signature(signed, &told, &headers));
        let message = message(&told, status, &body, redaction);
        let message = cause.map_or(message.clone(), |cause| format!("{message}; {cause}"));
        Error::new(told.kind(service, status.as_u16()), message)
    };
    let mut error = error.with_status(status.as_u16());
    if let Some(code) = told.code {
        error = error.with_code(code);
    }
    if let Some(id) = headers::request_id(&headers).or(told.request_id) {
        error = error.with_request_id(id);
    }
    match retry_after(&headers, Timestamp::now()) {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// Why a signature was refused, as far as the answer tells.
fn refused_signature(signed: &str, told: &ServiceMessage, headers: &HeaderMap) -> Option<String> {
    let now = Timestamp::now();
    let skew = Skew::between(headers, now, now).filter(|skew| skew.breaks_signatures());
    match skew {
        Some(skew) => Some(format!(
            "the clock of this machine is {skew}, and a signature is good for 15 minutes: set it"
        )),
        None => difference(signed, told.message.as_deref()?),
    }
}

/// Masked before it is cut: half a secret is one too.
fn message(
    told: &ServiceMessage,
    status: StatusCode,
    body: &[u8],
    redaction: &Redaction<'_>,
) -> String {
    let reason = status.canonical_reason().unwrap_or("unnamed status");
    match &told.message {
        Some(message) => excerpt(&redaction.apply(without_echo(message))),
        None if body.is_empty() => format!("{reason}, with an empty body"),
        None => {
            let start = excerpt(&redaction.apply(&String::from_utf8_lossy(body)));
            format!("{reason}, with a body that is no known error: {start}")
        }
    }
}

/// Names the host that a redirect points to, and no more of it: a path or query may hold anything.
fn redirect(headers: &HeaderMap) -> String {
    let target = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|text| text.parse::<url::Url>().ok());
    let host = target
        .as_ref()
        .and_then(url::Url::host_str)
        .unwrap_or("another address");
    format!(
        "a redirect to {host}, which is not followed: it would carry the credentials there; check the endpoint"
    )
}

/// A body read up to a bound.
struct Body {
    bytes: Bytes,
    complete: bool,
}

impl Body {
    async fn read(mut response: reqwest::Response, largest: usize) -> Result<Self, Error> {
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > largest) {
            return Ok(Self {
                bytes: Bytes::new(),
                complete: false,
            });
        }
        let Some(first) = chunk(&mut response).await? else {
            return Ok(Self {
                bytes: Bytes::new(),
                complete: true,
            });
        };
        if announced == Some(first.len()) {
            // Most answers arrive in one piece, which then is passed on as it is.
            return Ok(Self {
                bytes: without_mark(first),
                complete: true,
            });
        }
        let mut bytes = BytesMut::with_capacity(announced.unwrap_or(first.len()));
        let mut next = Some(first);
        while let Some(piece) = next {
            if bytes.len() + piece.len() > largest {
                return Ok(Self {
                    bytes: bytes.freeze(),
                    complete: false,
                });
            }
            bytes.extend_from_slice(&piece);
            next = chunk(&mut response).await?;
        }
        Ok(Self {
            bytes: without_mark(bytes.freeze()),
            complete: true,
        })
    }
}

async fn chunk(response: &mut reqwest::Response) -> Result<Option<Bytes>, Error> {
    let status = response.status().as_u16();
    response
        .chunk()
        .await
        .map_err(|error| connection::failure(&error).with_status(status))
}

fn without_mark(bytes: Bytes) -> Bytes {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.slice(BYTE_ORDER_MARK.len()..)
    } else {
        bytes
    }
}
