//! The one error of this crate.

mod body;
mod kind;
mod redaction;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use body::{ServiceMessage, excerpt};
pub use kind::ErrorKind;
pub(crate) use redaction::Redaction;

use crate::Service;

/// What went wrong, where, and what is known of it.
///
/// The one-line [`Display`](fmt::Display) names operation, status, service code, message and request id, so that it
/// is enough to act on. Nothing in it holds a secret: messages of the gateway that echo the access key or the
/// signed request are masked before they get here. Cheap to clone.
///
/// ```
/// # fn act(error: idsync::Error) {
/// use idsync::ErrorKind;
///
/// match error.kind() {
///     ErrorKind::Throttled => println!("come back in {:?}", error.retry_after()),
///     ErrorKind::Authentication | ErrorKind::Permission => println!("check the credentials: {error}"),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Details>);

#[derive(Clone, Default)]
struct Details {
    kind: ErrorKind,
    service: Option<Service>,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    path: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// The coarse kind: what a caller can decide on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where an answer arrived.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's own error code, such as `APIGW.0301`, where the answer held one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What happened, in words, without the context that [`Display`](fmt::Display) adds.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id under which the service can find the request, from the header or else the body of the answer.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The service that was asked.
    pub fn service(&self) -> Option<Service> {
        self.0.service
    }

    /// The operation id of the OpenAPI document, such as `listSyncRecords`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How many requests were sent, the last one included; 0 if none was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Where in the answer decoding failed, such as `sync_records[3].start_time`.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// How long the service asked to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same request may succeed later: connection failures, timeouts, throttling and the statuses
    /// 502, 503 and 504.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Throttled => true,
            ErrorKind::Service => matches!(self.0.status, Some(502..=504)),
            _ => false,
        }
    }
}

/// What a caller most often asks.
impl Error {
    /// Whether the service does not accept the credentials.
    pub fn is_authentication(&self) -> bool {
        self.0.kind == ErrorKind::Authentication
    }

    /// Whether the credentials are accepted but do not allow the operation.
    pub fn is_permission(&self) -> bool {
        self.0.kind == ErrorKind::Permission
    }

    /// Whether the cluster, the workspace or the operation does not exist there, whatever the status says.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether the service refused for now because of too many requests.
    pub fn is_throttled(&self) -> bool {
        self.0.kind == ErrorKind::Throttled
    }

    /// Whether the deadline passed.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether MRS refused because IAM users are being synchronized into the cluster already: it says so with a 500.
    pub fn is_in_progress(&self) -> bool {
        self.0.service == Some(Service::Mrs) && self.code() == Some("12000154")
    }
}

/// How the rest of the crate makes errors: a kind and a message, then what is known.
impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Details {
            kind,
            message: message.into(),
            ..Details::default()
        }))
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with(|details| details.source = Some(Arc::new(source)))
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        self.with(|details| details.status = Some(status))
    }

    pub(crate) fn with_code(self, code: Option<String>) -> Self {
        self.with(|details| details.code = code)
    }

    pub(crate) fn with_request_id(self, request_id: Option<String>) -> Self {
        self.with(|details| details.request_id = request_id)
    }

    pub(crate) fn with_retry_after(self, wait: Option<Duration>) -> Self {
        self.with(|details| details.retry_after = wait)
    }

    /// The same error in other words.
    pub(crate) fn with_message(self, message: impl Into<String>) -> Self {
        self.with(|details| details.message = message.into())
    }

    pub(crate) fn with_path(self, path: impl Into<String>) -> Self {
        self.with(|details| details.path = Some(path.into()))
    }

    pub(crate) fn with_operation(self, service: Service, operation: &'static str) -> Self {
        self.with(|details| {
            details.service = Some(service);
            details.operation = Some(operation);
        })
    }

    pub(crate) fn with_attempts(self, attempts: u32) -> Self {
        self.with(|details| details.attempts = attempts)
    }

    /// Masks the secrets that an answer may have echoed.
    pub(crate) fn redacted(self, redaction: &Redaction<'_>) -> Self {
        let masked = |text: &mut Option<String>| {
            *text = text.take().map(|text| redaction.apply(&text));
        };
        self.with(|details| {
            details.message = redaction.apply(&details.message);
            masked(&mut details.code);
            masked(&mut details.request_id);
            masked(&mut details.path);
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            operation,
            status,
            code,
            message,
            request_id,
            attempts,
            path,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation} failed: ")?;
        }
        if let Some(status) = status {
            write!(f, "{status} ")?;
        }
        if let Some(code) = code {
            write!(f, "{code} ")?;
        }
        if let Some(path) = path {
            write!(f, "at {path}: ")?;
        }
        f.write_str(message)?;
        match (request_id, attempts) {
            (Some(id), 2..) => write!(f, " (request {id}, {attempts} attempts)"),
            (Some(id), _) => write!(f, " (request {id})"),
            (None, 2..) => write!(f, " ({attempts} attempts)"),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            kind,
            service,
            operation,
            status,
            code,
            message,
            request_id,
            attempts,
            retry_after,
            path,
            source,
        } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("service", service)
            .field("operation", operation)
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("request_id", request_id)
            .field("attempts", attempts)
            .field("retry_after", retry_after)
            .field("path", path)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_names_operation_status_code_message_request_and_attempts() {
        let error = Error::new(ErrorKind::Throttled, "too many requests")
            .with_operation(Service::Dws, "listSyncRecords")
            .with_status(429)
            .with_code(Some("APIGW.0308".into()))
            .with_request_id(Some("5a63".into()))
            .with_attempts(3);
        assert_eq!(
            error.to_string(),
            "listSyncRecords failed: 429 APIGW.0308 too many requests (request 5a63, 3 attempts)"
        );
    }

    #[test]
    fn a_decode_error_names_its_place() {
        let error = Error::new(ErrorKind::Decode, "expected a number")
            .with_path("sync_records[3].start_time");
        assert_eq!(
            error.to_string(),
            "at sync_records[3].start_time: expected a number"
        );
    }

    #[test]
    fn predicates_follow_the_kind_and_the_code_of_the_service() {
        let error = |kind| Error::new(kind, "x");
        assert!(error(ErrorKind::Authentication).is_authentication());
        assert!(error(ErrorKind::Permission).is_permission());
        assert!(error(ErrorKind::NotFound).is_not_found());
        assert!(error(ErrorKind::Throttled).is_throttled());
        assert!(error(ErrorKind::Timeout).is_timeout());
        let busy = |service| {
            let error = error(ErrorKind::Service).with_code(Some("12000154".into()));
            error.with_operation(service, "x").is_in_progress()
        };
        assert!(busy(Service::Mrs) && !busy(Service::Dws));
    }

    #[test]
    fn only_passing_failures_are_retryable() {
        let service = |status| {
            Error::new(ErrorKind::Service, "x")
                .with_status(status)
                .is_retryable()
        };
        assert!([502, 503, 504].into_iter().all(service));
        assert!(![200, 400, 417, 500, 501].into_iter().any(service));
        for (kind, expected) in [
            (ErrorKind::Connect, true),
            (ErrorKind::Timeout, true),
            (ErrorKind::Throttled, true),
            (ErrorKind::Authentication, false),
            (ErrorKind::Decode, false),
            (ErrorKind::Usage, false),
        ] {
            assert_eq!(Error::new(kind, "x").is_retryable(), expected, "{kind}");
        }
    }
}
