//! The one error of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error_body::Redaction;
use crate::transport::Operation;
use crate::{Service, words};

words! {
    /// What class of failure an [`Error`] is.
    ///
    /// Serializes as its name, such as `not_found`; a name that this version does not know is read as `service`.
    #[derive(Default, PartialOrd, Ord)]
    #[cfg_attr(feature = "schemars", schemars(transform = crate::open_words))]
    ErrorKind {
        /// A parameter of the call is wrong; nothing was sent.
        InvalidInput = "invalid_input",
        /// A setting, a file or a variable is wrong or missing.
        Configuration = "configuration",
        /// No usable credentials were found; nothing was sent.
        Credentials = "credentials",
        /// The service does not accept the credentials.
        Authentication = "authentication",
        /// The credentials are accepted but do not allow this operation.
        Permission = "permission",
        /// The cluster, the workspace or the operation does not exist there.
        NotFound = "not_found",
        /// Too many requests: the service refused one, or the configured rate leaves no room for one in time.
        Throttled = "throttled",
        /// The service answered with a redirect, which is never followed: it would carry credentials to another host.
        Redirect = "redirect",
        /// The deadline passed.
        Timeout = "timeout",
        /// No connection, or it broke before the answer was complete.
        Connect = "connect",
        /// The answer is not what the operation documents.
        Decode = "decode",
        /// The answer is larger than the configured bound.
        TooLarge = "too_large",
        /// A list ended before all of its items were read.
        Incomplete = "incomplete",
        /// The caller gave up first.
        Cancelled = "cancelled",
        /// The service answered with another error.
        #[default]
        #[serde(other)]
        Service = "service",
    }
}

/// What went wrong, where, and what is known about it.
///
/// The one-line [`Display`](fmt::Display) names operation, status, service code, message and request id.
/// [`hint`](Self::hint) says what to do about it. An error never contains a secret: what a service echoes of keys,
/// tokens or the signed request is masked. Cheap to clone.
///
/// ```
/// # fn act(error: idsync::Error) {
/// use idsync::ErrorKind;
///
/// match error.kind() {
///     ErrorKind::Throttled => println!("try again in {:?}", error.retry_after()),
///     ErrorKind::Authentication | ErrorKind::Permission => println!("check the credentials: {error}"),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
///
/// Callers build errors for their own [credential providers](crate::CredentialProvider) and for tests:
///
/// ```
/// use idsync::{Error, ErrorKind, Service};
///
/// let error = Error::new(ErrorKind::Throttled, "too many requests")
///     .with_operation(Service::Dws, "listSyncRecords")
///     .with_status(429)
///     .with_code("APIGW.0308");
/// assert!(error.is_retryable());
/// ```
#[derive(Clone, Debug)]
pub struct Error(Arc<ErrorDetails>);

/// Each part has an accessor of [`Error`] that documents it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ErrorDetails {
    kind: ErrorKind,
    pub(crate) operation: Option<Operation>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    transient: Option<bool>,
    pub(crate) retry_after: Option<Duration>,
    path: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// The class of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if a response arrived.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The error code of the service or its gateway, such as `APIGW.0301`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The description, without the context that [`Display`](fmt::Display) adds.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about the failure, in one sentence, if its cause is known well enough to say.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The id under which the service can find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The service that was called.
    pub fn service(&self) -> Option<Service> {
        self.0.operation.map(|operation| operation.service)
    }

    /// The operation id of the OpenAPI document, such as `listSyncRecords`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The number of requests that were sent to the service, 0 if none was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Where decoding the answer failed, such as `sync_records[3].start_time`.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// How long to wait before the next request, if the service said so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same request may succeed later.
    ///
    /// True for connection failures, timeouts, throttling and the statuses 500, 502, 503 and 504, unless
    /// [`transient`](Self::transient) says otherwise.
    pub fn is_retryable(&self) -> bool {
        let by_kind = match self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Throttled => true,
            ErrorKind::Service => matches!(self.0.status, Some(500 | 502..=504)),
            _ => false,
        };
        self.0.transient.unwrap_or(by_kind)
    }

    /// Whether the service says that the cluster or workspace does not exist, with any status.
    ///
    /// False if only the [gateway](Self::is_gateway) answered: then the region or the endpoint is wrong.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound && !self.is_gateway()
    }

    /// Whether the API gateway in front of the service answered, by its code (`APIGW.…` or `APIG.…`).
    pub fn is_gateway(&self) -> bool {
        // The public cloud writes `APIGW.0301`, other editions `APIG.0301`.
        let is_of_gateway = |code: &str| code.starts_with("APIGW.") || code.starts_with("APIG.");
        self.code().is_some_and(is_of_gateway)
    }
}

/// Construction.
impl Error {
    /// An error with a class and a description; the setters below add what else is known.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(ErrorDetails {
            kind,
            message: message.into(),
            ..ErrorDetails::default()
        }))
    }

    /// A parameter of a call is wrong, and nothing was sent.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// A setting, a file or a variable is wrong or missing.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// A [credential provider](crate::CredentialProvider) failed, as `source` says.
    ///
    /// ```
    /// let error = idsync::Error::credentials("the vault is sealed").transient(true);
    /// assert_eq!(error.message(), "the vault is sealed");
    /// ```
    pub fn credentials(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source: Arc<dyn StdError + Send + Sync> = source.into().into();
        Self::new(ErrorKind::Credentials, source.to_string())
            .with(|details| details.source = Some(source))
    }

    /// Says whether the same call may succeed later; calls with retries left are then sent again.
    #[must_use]
    pub fn transient(self, transient: bool) -> Self {
        self.with(|details| details.transient = Some(transient))
    }

    /// Replaces the description.
    #[must_use]
    pub fn with_message(self, message: impl Into<String>) -> Self {
        self.with(|details| details.message = message.into())
    }

    /// Adds what to do about the failure.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        self.with(|details| details.hint = Some(hint.into()))
    }

    /// Adds the underlying error.
    #[must_use]
    pub fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with(|details| details.source = Some(Arc::new(source)))
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        self.with(|details| details.status = Some(status))
    }

    /// Adds the error code of the service.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        self.with(|details| details.code = Some(code.into()))
    }

    /// Adds the id under which the service can find the request.
    #[must_use]
    pub fn with_request_id(self, request_id: impl Into<String>) -> Self {
        self.with(|details| details.request_id = Some(request_id.into()))
    }

    /// Adds how long to wait before the next request.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        self.with(|details| details.retry_after = Some(wait))
    }

    /// Adds where in the answer decoding failed.
    #[must_use]
    pub fn with_path(self, path: impl Into<String>) -> Self {
        self.with(|details| details.path = Some(path.into()))
    }

    /// Adds the service and the operation id.
    #[must_use]
    pub fn with_operation(self, service: Service, operation: &'static str) -> Self {
        let name = operation;
        self.with(|details| details.operation = Some(Operation { service, name }))
    }

    /// Adds the number of requests that were sent.
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        self.with(|details| details.attempts = attempts)
    }

    fn with(mut self, change: impl FnOnce(&mut ErrorDetails)) -> Self {
        change(self.details());
        self
    }

    /// What is known, to be changed.
    pub(crate) fn details(&mut self) -> &mut ErrorDetails {
        Arc::make_mut(&mut self.0)
    }
}

impl ErrorDetails {
    /// Masks the secrets that an answer may have echoed.
    pub(crate) fn redact(&mut self, redaction: &Redaction<'_>) {
        self.message = redaction.apply(&self.message);
        for text in [&mut self.code, &mut self.request_id, &mut self.path] {
            *text = text.take().map(|text| redaction.apply(&text));
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &*self.0;
        if let Some(Operation { name, .. }) = details.operation {
            write!(f, "{name} failed: ")?;
        }
        if let Some(status) = details.status {
            write!(f, "{status} ")?;
        }
        if let Some(code) = &details.code {
            write!(f, "{code} ")?;
        }
        if let Some(path) = &details.path {
            write!(f, "at {path}: ")?;
        }
        f.write_str(&details.message)?;
        match (&details.request_id, details.attempts) {
            (Some(id), 2..) => write!(f, " (request {id}, {} attempts)", details.attempts),
            (Some(id), _) => write!(f, " (request {id})"),
            (None, 2..) => write!(f, " ({} attempts)", details.attempts),
            (None, _) => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
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
            .with_code("APIGW.0308")
            .with_request_id("5a63")
            .with_attempts(3);
        assert_eq!(
            error.to_string(),
            "listSyncRecords failed: 429 APIGW.0308 too many requests (request 5a63, 3 attempts)"
        );
        let error = Error::new(ErrorKind::Decode, "no number").with_path("count");
        assert_eq!(error.to_string(), "at count: no number");
    }

    #[test]
    fn only_the_service_can_say_that_something_does_not_exist() {
        let missing = |code: &str| Error::new(ErrorKind::NotFound, "x").with_code(code);
        assert!(missing("DWS.5064").is_not_found());
        assert!(!missing("APIGW.0101").is_not_found() && missing("APIG.0101").is_gateway());
    }

    #[test]
    fn transient_failures_are_retryable_unless_the_caller_says_otherwise() {
        let service = |status| {
            Error::new(ErrorKind::Service, "x")
                .with_status(status)
                .is_retryable()
        };
        assert!([500, 502, 503, 504].into_iter().all(service));
        assert!(![200, 400, 417, 501].into_iter().any(service));
        for (kind, expected) in [
            (ErrorKind::Connect, true),
            (ErrorKind::Timeout, true),
            (ErrorKind::Throttled, true),
            (ErrorKind::Authentication, false),
            (ErrorKind::InvalidInput, false),
        ] {
            assert_eq!(Error::new(kind, "x").is_retryable(), expected, "{kind}");
            let opposite = Error::new(kind, "x").transient(!expected);
            assert_eq!(opposite.is_retryable(), !expected, "{kind}");
        }
    }

    #[test]
    fn a_kind_is_written_and_read_by_its_name() {
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::InvalidInput,
            ErrorKind::Service,
        ] {
            let text = serde_json::to_string(&kind).unwrap();
            assert_eq!(text, format!("\"{kind}\""));
            assert_eq!(serde_json::from_str::<ErrorKind>(&text).unwrap(), kind);
        }
        let new: ErrorKind = serde_json::from_str("\"of_a_later_version\"").unwrap();
        assert_eq!(new, ErrorKind::Service);
    }
}
