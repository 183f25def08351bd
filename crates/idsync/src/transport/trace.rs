//! What `tracing` is told of a call: a span for the call, an event for each of its attempts.
//!
//! Names are those of the OpenTelemetry semantic conventions for HTTP clients, where these have one; the rest begins with
//! `idsync.`. Told are ids, codes and times; never a body, a header or a query. What a service wrote is masked before
//! it gets here, as it is in an [`Error`].

use std::time::Duration;

use tracing::{Span, debug, field, info, info_span, trace, warn};

use crate::{Error, Service};

/// The span of one call; what is not known yet is [recorded](ended) when the call ends.
pub(super) fn span(service: Service, operation: &'static str, request: &reqwest::Request) -> Span {
    let url = request.url();
    info_span!(
        "call",
        otel.name = operation,
        otel.kind = "client",
        idsync.service = service.as_str(),
        idsync.operation = operation,
        http.request.method = request.method().as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.scheme = url.scheme(),
        url.path = url.path(),
        http.response.status_code = field::Empty,
        http.request.resend_count = field::Empty,
        error.r#type = field::Empty,
    )
}

/// An attempt brought a complete answer with status 200.
pub(super) fn answered(attempts: u32, request_id: Option<&str>) {
    debug!(
        http.response.status_code = 200,
        http.request.resend_count = resends(attempts),
        idsync.request_id = request_id,
        "attempt answered"
    );
}

/// An attempt failed; `error` is free of secrets.
pub(super) fn failed(attempts: u32, error: &Error) {
    debug!(
        http.response.status_code = error.status(),
        http.request.resend_count = resends(attempts),
        idsync.request_id = error.request_id(),
        error.r#type = error.kind().as_str(),
        idsync.error_code = error.code(),
        idsync.error_message = error.message(),
        "attempt failed"
    );
}

/// The call waits before its next attempt.
pub(super) fn waiting(wait: Duration) {
    trace!(idsync.wait_ms = milliseconds(wait), "waiting to try again");
}

/// The call goes on with other credentials than those that were refused.
pub(super) fn renewed() {
    debug!("credentials were refused, trying again with renewed ones");
}

/// The call ended after `attempts`, for better or worse.
pub(super) fn ended(error: Option<&Error>, attempts: u32, took: Duration) {
    let status = error.map_or(Some(200), Error::status);
    let kind = error.map(|error| error.kind().as_str());
    let duration = milliseconds(took);
    match kind {
        None => info!(
            http.response.status_code = status,
            idsync.attempts = attempts,
            idsync.duration_ms = duration,
            "call answered"
        ),
        Some(kind) => warn!(
            http.response.status_code = status,
            error.r#type = kind,
            idsync.request_id = error.and_then(Error::request_id),
            idsync.attempts = attempts,
            idsync.duration_ms = duration,
            "call failed"
        ),
    }
    // Recorded last, since a subscriber that prints the span with each event would print these twice.
    let span = Span::current();
    span.record("http.response.status_code", status);
    span.record("http.request.resend_count", resends(attempts));
    span.record("error.type", kind);
}

/// An answer came with status 200, and could not be read; `error` is free of secrets.
pub(super) fn unreadable(error: &Error) {
    warn!(
        idsync.service = error.service().map(Service::as_str),
        idsync.operation = error.operation(),
        http.response.status_code = error.status(),
        error.r#type = error.kind().as_str(),
        idsync.request_id = error.request_id(),
        idsync.error_path = error.path(),
        "answer could not be read"
    );
}

/// How often a request was sent again, the first time not counted.
fn resends(attempts: u32) -> u32 {
    attempts.saturating_sub(1)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
