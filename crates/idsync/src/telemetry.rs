//! Spans and events of calls, with the names of the OpenTelemetry conventions for HTTP clients where these have one.
//!
//! They hold ids, codes and durations; never a body, a header or a query. All have the target `idsync`.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{Level, Span, debug, enabled, field, info_span, warn};
use url::Url;

use crate::Error;
use crate::transport::Operation;

/// Reports the end of a call, also of one that its caller drops.
#[derive(Debug)]
pub(crate) struct CallTrace {
    /// The span in which everything of the call happens.
    pub(crate) span: Span,
    began: Instant,
    /// Requests that were sent.
    pub(crate) attempts: u32,
    ended: bool,
}

impl CallTrace {
    /// Of a call that begins now; the fields of the span that are empty at first are recorded when it ends.
    pub(crate) fn begin(operation: Operation, base_url: &str) -> Self {
        let is_seen = enabled!(target: "idsync", Level::INFO);
        let url = is_seen.then(|| Url::parse(base_url).ok()).flatten();
        let url = url.as_ref();
        let span = info_span!(
            target: "idsync",
            "call",
            otel.name = operation.name,
            otel.kind = "client",
            idsync.service = operation.service.as_str(),
            idsync.operation = operation.name,
            http.request.method = "GET",
            server.address = url.and_then(Url::host_str),
            server.port = url.and_then(Url::port_or_known_default),
            url.scheme = url.map(Url::scheme),
            http.response.status_code = field::Empty,
            http.request.resend_count = field::Empty,
            error.r#type = field::Empty,
        );
        Self {
            span,
            began: Instant::now(),
            attempts: 0,
            ended: false,
        }
    }

    /// A request was answered with status 200, or failed with `error`, which is free of secrets.
    pub(crate) fn attempted(&self, request_id: Option<&str>, error: Option<&Error>) {
        debug!(
            target: "idsync",
            {
                http.response.status_code = error.map_or(Some(200), Error::status),
                http.request.resend_count = self.attempts.saturating_sub(1),
                idsync.request_id = request_id,
                error.r#type = error.map(|error| error.kind().as_str()),
                idsync.error_code = error.and_then(Error::code),
                idsync.error_message = error.map(Error::message),
            },
            "attempt {}",
            if error.is_none() { "answered" } else { "failed" }
        );
    }

    /// The call ends, with a value or with `error`.
    pub(crate) fn end(mut self, error: Option<&Error>) {
        self.ended = true;
        let _entered = self.span.enter();
        let status = error.map_or(Some(200), Error::status);
        let kind = error.map(|error| error.kind().as_str());
        let duration = milliseconds(self.began.elapsed());
        match error {
            None => debug!(
                target: "idsync",
                {
                    idsync.attempts = self.attempts,
                    idsync.duration_ms = duration,
                },
                "call answered"
            ),
            Some(error) => warn!(
                target: "idsync",
                {
                    error.r#type = kind,
                    idsync.request_id = error.request_id(),
                    idsync.error_path = error.path(),
                    idsync.attempts = self.attempts,
                    idsync.duration_ms = duration,
                },
                "call failed"
            ),
        }
        self.span.record("http.response.status_code", status);
        self.span
            .record("http.request.resend_count", self.attempts.saturating_sub(1));
        self.span.record("error.type", kind);
    }
}

impl Drop for CallTrace {
    fn drop(&mut self) {
        if !self.ended {
            let _entered = self.span.enter();
            self.span.record("error.type", "cancelled");
            debug!(
                target: "idsync",
                {
                    idsync.attempts = self.attempts,
                    idsync.duration_ms = milliseconds(self.began.elapsed()),
                },
                "call dropped"
            );
        }
    }
}

/// For a field of an event.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
