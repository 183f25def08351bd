//! One call: signs the request, sends it, reads the answer within bounds, and tries again where that may help.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Span;
use url::Url;

use crate::credentials::Secret;
use crate::error_body::{Redaction, refusal, request_id};
use crate::http_client::HttpClient;
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::retry::{Attempt, RetryBudget, RetryPolicy};
use crate::telemetry::{self, CallTrace};
use crate::{CredentialProvider, Credentials, Error, ErrorKind, ProjectId, Service, signing};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const PROJECT: HeaderName = HeaderName::from_static("x-project-id");
const DATE: HeaderName = HeaderName::from_static(signing::DATE_HEADER);

/// Timeouts beyond this count as this.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Which operation of which service a call is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    /// The operation id of the OpenAPI document.
    pub(crate) name: &'static str,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// A call, from its begin to the end of its last answer.
    pub(crate) call: Duration,
    /// One request, from its begin to the end of its answer.
    pub(crate) attempt: Duration,
}

impl Timeouts {
    /// When a call that begins now must end.
    pub(crate) fn deadline(self) -> Instant {
        Instant::now() + self.call.min(CENTURY)
    }
}

/// What all calls of a client share.
#[derive(Clone, Debug)]
pub(crate) struct CallSettings {
    pub(crate) http: HttpClient,
    pub(crate) credentials: Arc<dyn CredentialProvider>,
    /// Where the credentials come from, in words.
    pub(crate) origin: Arc<str>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Arc<RetryBudget>,
    pub(crate) limiter: Arc<RateLimiter>,
    pub(crate) max_response_bytes: usize,
    /// The time that signatures carry.
    pub(crate) clock: fn() -> Timestamp,
}

/// A call in progress.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    settings: &'a CallSettings,
    operation: Operation,
    deadline: Instant,
    span: Span,
    trace: CallTrace,
    /// Requests that were sent.
    sent: u32,
    /// What the latest request was sent with; `None` until it is sent.
    used: Option<Credentials>,
}

/// Why an attempt gave no answer.
#[derive(Debug)]
enum AttemptError {
    /// The rate limit leaves no room for a request in time.
    NoRoom(Error),
    Failed(Error),
}

impl From<Error> for AttemptError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A complete answer with status 200.
#[derive(Debug)]
pub(crate) struct Answer {
    body: Bytes,
    request_id: Option<String>,
    operation: Operation,
    attempts: u32,
    credentials: Credentials,
}

impl Answer {
    /// The body, decompressed and without a byte order mark.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// The id under which the service can find the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Adds to an error about this answer which call and request it was, and masks what was sent in confidence.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let error = match &self.request_id {
            Some(id) if error.request_id().is_none() => error.with_request_id(id),
            _ => error,
        };
        error
            .with_status(200)
            .with_operation(self.operation.service, self.operation.name)
            .with_attempts(self.attempts)
            .redacted(&redaction(&self.credentials))
    }
}

fn redaction(credentials: &Credentials) -> Redaction<'_> {
    Redaction::new(credentials.secrets().map(|(_, value)| value))
}

impl<'a> Call<'a> {
    /// Begins a call that ends at `deadline`.
    pub(crate) fn begin(
        settings: &'a CallSettings,
        operation: Operation,
        base_url: &str,
        deadline: Instant,
    ) -> Self {
        let span = telemetry::span(operation, base_url);
        Self {
            settings,
            operation,
            deadline,
            trace: CallTrace::begin(span.clone()),
            span,
            sent: 0,
            used: None,
        }
    }

    /// The span in which everything of the call happens.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Ends the call with what came of it.
    pub(crate) fn end<T>(self, outcome: Result<T, Error>) -> Result<T, Error> {
        let outcome = outcome.map_err(|error| match error.operation() {
            Some(_) => error,
            None => error.with_operation(self.operation.service, self.operation.name),
        });
        let _entered = self.span.enter();
        self.trace.end(outcome.as_ref().err());
        outcome
    }

    /// Sends `request` until an answer with status 200 is complete, the error is final, or the deadline passes.
    pub(crate) async fn send(
        &mut self,
        request: http::Request<Bytes>,
        project_id: Option<&ProjectId>,
    ) -> Result<Answer, Error> {
        let is_repeatable = request.method().is_idempotent();
        let request = reqwest::Request::try_from(request).map_err(|error| {
            Error::invalid_input("the request cannot be sent").with_source(error)
        })?;
        let mut last = None;
        let (mut number, mut renewed) = (0, false);
        loop {
            number += 1;
            let error = match self.attempt(&request, project_id).await {
                Ok(answer) => {
                    self.settings.budget.earn();
                    self.trace.answered(answer.request_id());
                    return Ok(answer);
                }
                Err(AttemptError::NoRoom(error)) => return Err(last.unwrap_or(error)),
                Err(AttemptError::Failed(error)) => self.explain(error, &request),
            };
            self.trace.failed(&error);
            let has_new_credentials = !renewed && self.has_new_credentials(&error);
            renewed |= has_new_credentials;
            let attempt = Attempt {
                number,
                remaining: self.deadline.saturating_duration_since(Instant::now()),
                has_new_credentials,
            };
            let wait = self.settings.retry.wait(&error, attempt, fastrand::f64());
            match wait.filter(|_| is_repeatable) {
                Some(wait) if has_new_credentials || self.settings.budget.take() => {
                    telemetry::waiting(wait);
                    sleep(wait).await;
                }
                _ => return Err(error),
            }
            last = Some(error);
        }
    }

    /// One request, signed anew, and its answer.
    async fn attempt(
        &mut self,
        request: &reqwest::Request,
        project_id: Option<&ProjectId>,
    ) -> Result<Answer, AttemptError> {
        self.used = None;
        let settings = self.settings;
        let credentials = timeout_at(self.deadline, settings.credentials.credentials()).await;
        let credentials = credentials.unwrap_or_else(|_| {
            let message = format!("no credentials from {} in time", settings.origin);
            Err(Error::new(ErrorKind::Timeout, message))
        })?;
        credentials.check()?;
        let service = self.operation.service;
        let room = settings.limiter.acquire(service, self.deadline).await;
        room.map_err(AttemptError::NoRoom)?;
        let (signed, canonical) = authorize(request, &credentials, project_id, (settings.clock)())?;
        self.sent += 1;
        self.trace.sent();
        self.used = Some(credentials.clone());
        let sending = settings.http.send(signed, settings.max_response_bytes);
        let answer = self.bounded(sending).await?;
        let request_id = request_id(answer.headers()).map(|id| redaction(&credentials).apply(&id));
        if answer.status() == StatusCode::OK {
            return Ok(Answer {
                body: answer.into_body(),
                request_id,
                operation: self.operation,
                attempts: self.sent,
                credentials,
            });
        }
        let error = refusal(&answer, service, &redaction(&credentials));
        let cause = canonical
            .and_then(|signed| signing::explain_refusal(&signed, &answer, (settings.clock)()));
        Err(AttemptError::Failed(match cause {
            Some(cause) => {
                let message = format!("{}; {cause}", error.message());
                error.with_message(message)
            }
            None => error,
        }))
    }

    /// What `sending` gives before the end of the attempt and of the call.
    async fn bounded<T>(
        &self,
        sending: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Timeouts { call, attempt } = self.settings.timeouts;
        let own = Instant::now() + attempt.min(CENTURY);
        let (end, limit) = if own < self.deadline {
            (own, attempt)
        } else {
            (self.deadline, call)
        };
        let outcome = timeout_at(end, sending).await;
        outcome.unwrap_or_else(|_| Err(timed_out(limit)))
    }

    /// Adds to a failed attempt which call it was and what to do, masks what was sent in confidence, and learns the
    /// limit that a service names.
    fn explain(&self, error: Error, request: &reqwest::Request) -> Error {
        let mut error = error.with_attempts(self.sent);
        if error.operation().is_none() {
            error = error.with_operation(self.operation.service, self.operation.name);
        }
        let Some(credentials) = &self.used else {
            return error;
        };
        if let (429, Some(limit)) = (
            error.status().unwrap_or_default(),
            RateLimit::in_message(error.message()),
        ) {
            let wait = self.settings.limiter.learn(self.operation.service, limit);
            if error.retry_after().is_none() {
                error = error.with_retry_after(wait);
            }
        }
        if error.hint().is_none()
            && let Some(hint) = self.hint(&error, credentials, request.url())
        {
            error = error.with_hint(hint);
        }
        error.redacted(&redaction(credentials))
    }

    /// What to do about an error of this cause.
    fn hint(&self, error: &Error, credentials: &Credentials, url: &Url) -> Option<String> {
        let (kind, origin) = (credentials.kind(), &self.settings.origin);
        let host = url.host_str().unwrap_or_default();
        let proxy = self.settings.http.proxies().of(url);
        let hint = match error.kind() {
            // Requests without TLS are answered by the proxy itself where it refuses them.
            _ if url.scheme() == "http" && error.code().is_none() && proxy.is_some() => {
                let proxy = proxy.map(ToString::to_string).unwrap_or_default();
                format!(
                    "the answer may be that of the proxy {proxy}: check it, or name {host} in no_proxy"
                )
            }
            ErrorKind::Authentication => format!(
                "check the {kind} from {origin}, whether it has expired, and the clock of this machine"
            ),
            ErrorKind::Permission => format!(
                "ask for a permission to read in this project for the {kind} from {origin}, or check the project id"
            ),
            ErrorKind::NotFound if error.is_not_found() && error.code().is_some() => {
                match self.operation.service {
                    Service::DataArts => {
                        "check the workspace id, the region and the project".to_owned()
                    }
                    _ => "check the cluster id, the region and the project".to_owned(),
                }
            }
            ErrorKind::NotFound => {
                format!("check the region and the endpoint: {host} does not offer this operation")
            }
            ErrorKind::Redirect => "check the endpoint: something else answers there".to_owned(),
            ErrorKind::Throttled => "wait, or set a lower rate of requests".to_owned(),
            ErrorKind::Timeout => "allow more time, or check the network".to_owned(),
            _ => return None,
        };
        Some(hint)
    }

    /// Whether the service refused the credentials, and their provider may have others.
    fn has_new_credentials(&self, error: &Error) -> bool {
        error.is_authentication()
            && self.settings.retry.retries > 0
            && self
                .used
                .as_ref()
                .is_some_and(|used| self.settings.credentials.invalidate(used))
    }
}

/// A request did not end within `limit`.
pub(crate) fn timed_out(limit: Duration) -> Error {
    let message = format!("no complete answer within {limit:?}");
    Error::new(ErrorKind::Timeout, message)
}

/// A copy of `request` with the token, or with the signature over everything that it carries, and the canonical request
/// that was signed.
///
/// The project goes along as `X-Project-Id`, as the official SDKs send it: some operations do not find a workspace
/// without it.
fn authorize(
    request: &reqwest::Request,
    credentials: &Credentials,
    project_id: Option<&ProjectId>,
    now: Timestamp,
) -> Result<(reqwest::Request, Option<String>), Error> {
    let mut request = request
        .try_clone()
        .ok_or_else(|| Error::invalid_input("a request with a streamed body cannot be signed"))?;
    if let Some(project_id) = project_id {
        let value = header_value(project_id.as_str(), false)?;
        request.headers_mut().insert(PROJECT, value);
    }
    let (access_key, secret_key, security_token) = match credentials.secret() {
        Secret::AccessKey {
            access_key,
            secret_key,
            security_token,
        } => (access_key, secret_key, security_token),
        Secret::Token(token) => {
            let value = header_value(token, true)?;
            request.headers_mut().insert(TOKEN, value);
            return Ok((request, None));
        }
    };
    if let Some(token) = security_token {
        let value = header_value(token, true)?;
        request.headers_mut().insert(SECURITY_TOKEN, value);
    }
    let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let value = header_value(&date, false)?;
    request.headers_mut().insert(DATE, value);
    let signature = signing::sign_http(&request, access_key, secret_key)?;
    let value = header_value(&signature.authorization, true)?;
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok((request, Some(signature.canonical_request)))
}

fn header_value(text: &str, is_sensitive: bool) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Error::invalid_input("a header value contains a character that cannot be sent")
    })?;
    value.set_sensitive(is_sensitive);
    Ok(value)
}

#[cfg(test)]
#[path = "transport/tests.rs"]
mod tests;
