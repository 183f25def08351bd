//! One call: signs the request, sends it, reads the answer within bounds, and tries again where that may help.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::trace;
use url::Url;

use crate::credentials::Secret;
use crate::endpoints::join;
use crate::error_body::{Redaction, refusal};
use crate::http_client::{HttpClient, request_id, timed_out};
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::telemetry::{CallTrace, milliseconds};
use crate::{CredentialProvider, Credentials, Error, ErrorKind, ProjectId, Service, signing};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const PROJECT: HeaderName = HeaderName::from_static("x-project-id");
const DATE: HeaderName = HeaderName::from_static(signing::DATE_HEADER);

/// Which operation of which service a call is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    /// The operation id of the OpenAPI document.
    pub(crate) name: &'static str,
}

/// How long things may take; at most a century, so that no instant overflows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// A call, from its begin to the end of its last answer.
    pub(crate) call: Duration,
    /// One request, from its begin to the end of its answer.
    pub(crate) attempt: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(60),
            attempt: Duration::from_secs(30),
        }
    }
}

/// What all calls of a client share.
#[derive(Clone, Debug)]
pub(crate) struct CallSettings {
    pub(crate) http: HttpClient,
    pub(crate) credentials: Arc<dyn CredentialProvider>,
    /// A description of where the credentials come from.
    pub(crate) origin: Arc<str>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Arc<RetryBudget>,
    pub(crate) limiter: Arc<RateLimiter>,
    pub(crate) max_response_bytes: usize,
    /// The time that signatures carry.
    pub(crate) clock: fn() -> Timestamp,
}

impl CallSettings {
    /// The credentials to use now.
    pub(crate) async fn fetch_credentials(&self, deadline: Instant) -> Result<Credentials, Error> {
        let fetched = timeout_at(deadline, self.credentials.credentials()).await;
        let credentials = fetched.unwrap_or_else(|_| {
            let message = format!("no credentials from {} in time", self.origin);
            Err(Error::new(ErrorKind::Timeout, message))
        })?;
        credentials.check()?;
        Ok(credentials)
    }
}

/// A call in progress.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) settings: &'a CallSettings,
    pub(crate) operation: Operation,
    pub(crate) base_url: &'a str,
    pub(crate) deadline: Instant,
    pub(crate) trace: CallTrace,
    /// What the latest request was sent with; `None` until it is sent.
    pub(crate) used: Option<Credentials>,
}

/// A complete answer with status 200.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Decompressed and without a byte order mark.
    pub(crate) body: Bytes,
    request_id: Option<String>,
    pub(crate) operation: Operation,
    attempts: u32,
    credentials: Credentials,
}

impl Answer {
    /// An answer of a service that was not asked.
    #[cfg(test)]
    pub(crate) fn given(service: Service, body: &[u8]) -> Self {
        let name = "given";
        Self {
            body: Bytes::copy_from_slice(body),
            request_id: None,
            operation: Operation { service, name },
            attempts: 1,
            credentials: Credentials::token("a token"),
        }
    }

    /// Adds the call and the request to an error about this answer, and masks secrets.
    pub(crate) fn explain(&self, mut error: Error) -> Error {
        let details = error.details();
        details.status = Some(200);
        details.operation = Some(self.operation);
        details.attempts = self.attempts;
        if details.request_id.is_none() {
            details.request_id.clone_from(&self.request_id);
        }
        details.redact(&redaction(&self.credentials));
        error
    }
}

fn redaction(credentials: &Credentials) -> Redaction<'_> {
    Redaction::new(credentials.secrets().map(|(_, value)| value))
}

impl Call<'_> {
    /// Ends the call with what came of it.
    pub(crate) fn end<T>(self, mut outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &mut outcome {
            error.details().operation.get_or_insert(self.operation);
        }
        self.trace.end(outcome.as_ref().err());
        outcome
    }

    /// Sends `request`, which has no body and a URI that begins with the path, until an answer with status 200 is complete,
    /// the error is final, or the deadline passes.
    pub(crate) async fn send(
        &mut self,
        request: http::Request<Bytes>,
        project_id: Option<&ProjectId>,
    ) -> Result<Answer, Error> {
        let settings = self.settings;
        let (parts, _) = request.into_parts();
        let url = join(self.base_url, &parts.uri.to_string())?;
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        let mut last = None;
        let (mut number, mut renewed) = (0, false);
        loop {
            number += 1;
            self.used = None;
            let outcome = match settings.fetch_credentials(self.deadline).await {
                Ok(credentials) => {
                    let service = self.operation.service;
                    if let Err(no_room) = settings.limiter.acquire(service, self.deadline).await {
                        return Err(last.unwrap_or(no_room));
                    }
                    let outcome = self.attempt(&request, credentials, project_id).await;
                    settings.limiter.count(service, outcome.as_ref().err());
                    outcome
                }
                Err(error) => Err(error),
            };
            let error = match outcome {
                Ok(answer) => {
                    settings.budget.earn();
                    self.trace.attempted(answer.request_id.as_deref(), None);
                    return Ok(answer);
                }
                Err(error) => self.explain(error, request.url()),
            };
            self.trace.attempted(error.request_id(), Some(&error));
            // Replaced credentials are tried at once, and once more than the policy allows.
            if !renewed && self.has_new_credentials(&error) {
                renewed = true;
                last = Some(error);
                continue;
            }
            let remaining = self.deadline.saturating_duration_since(Instant::now());
            let wait = settings
                .retry
                .wait(&error, number, remaining, fastrand::f64());
            match wait {
                Some(wait) if settings.budget.take() => {
                    let wait_ms = milliseconds(wait);
                    trace!(target: "idsync", { idsync.wait_ms = wait_ms }, "waiting to try again");
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
        credentials: Credentials,
        project_id: Option<&ProjectId>,
    ) -> Result<Answer, Error> {
        let settings = self.settings;
        let (signed, canonical) = authorize(request, &credentials, project_id, (settings.clock)())?;
        self.trace.attempts += 1;
        self.used = Some(credentials.clone());
        let sending = settings.http.send(signed, settings.max_response_bytes);
        let Timeouts { call, attempt } = settings.timeouts;
        let (end, limit) = (Instant::now() + attempt, attempt).min((self.deadline, call));
        let outcome = timeout_at(end, sending).await;
        let answer = outcome.unwrap_or_else(|_| Err(timed_out(limit)))?;
        if answer.status() == StatusCode::OK {
            return Ok(Answer {
                request_id: request_id(answer.headers())
                    .filter(|id| !credentials.secrets().any(|(_, secret)| id.contains(secret))),
                body: answer.into_body(),
                operation: self.operation,
                attempts: self.trace.attempts,
                credentials,
            });
        }
        let mut error = refusal(&answer, self.operation.service, &redaction(&credentials));
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(signed) = canonical
            && let Some(cause) = signing::explain_refusal(&signed, &answer, (settings.clock)())
        {
            error.details().message.extend(["; ", &cause]);
        }
        Err(error)
    }

    /// Adds to a failed attempt how many there were and what to do, masks secrets, and learns the
    /// limit that a service names.
    fn explain(&self, mut error: Error, url: &Url) -> Error {
        error.details().attempts = self.trace.attempts;
        let Some(credentials) = &self.used else {
            return error;
        };
        let hint = self.hint(&error, credentials, url);
        let details = error.details();
        if details.status == Some(429)
            && let Some(limit) = RateLimit::in_message(&details.message)
        {
            let wait = self.settings.limiter.learn(self.operation.service, limit);
            details.retry_after.get_or_insert(wait);
        }
        details.hint = details.hint.take().or(hint);
        details.redact(&redaction(credentials));
        error
    }

    /// What to do about an error of this cause.
    fn hint(&self, error: &Error, credentials: &Credentials, url: &Url) -> Option<String> {
        let (kind, origin) = (credentials.kind(), &self.settings.origin);
        let host = url.host_str().unwrap_or_default();
        Some(match error.kind() {
            ErrorKind::Authentication => format!(
                "check the {kind} from {origin}, whether it has expired, and the clock of this machine"
            ),
            ErrorKind::Permission => format!(
                "ask for a permission to read in this project for the {kind} from {origin}, or check the project id"
            ),
            ErrorKind::NotFound if error.is_not_found() && error.code().is_some() => {
                let what = match self.operation.service {
                    Service::DataArts => "workspace",
                    _ => "cluster",
                };
                format!("check the {what} id, the region and the project")
            }
            ErrorKind::NotFound => {
                format!("check the region and the endpoint: {host} does not offer this operation")
            }
            ErrorKind::Redirect => "check the endpoint: something else answers there".to_owned(),
            ErrorKind::Throttled => "wait, or set a lower rate of requests".to_owned(),
            ErrorKind::Timeout => "allow more time, or check the network".to_owned(),
            _ => return None,
        })
    }

    /// Whether the service refused the credentials, and their provider may have others.
    fn has_new_credentials(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Authentication
            && self.settings.retry.retries > 0
            && self
                .used
                .as_ref()
                .is_some_and(|used| self.settings.credentials.invalidate(used))
    }
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
    let key = match &*credentials.0 {
        Secret::AccessKey(key) => key,
        Secret::Token(token) => {
            let value = header_value(token, true)?;
            request.headers_mut().insert(TOKEN, value);
            return Ok((request, None));
        }
    };
    if let Some(token) = &key.security_token {
        let value = header_value(token, true)?;
        request.headers_mut().insert(SECURITY_TOKEN, value);
    }
    let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    request
        .headers_mut()
        .insert(DATE, header_value(date, false)?);
    let signature = signing::sign_http(&request, &key.id, &key.secret)?;
    let value = header_value(signature.authorization, true)?;
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok((request, Some(signature.canonical_request)))
}

fn header_value(text: impl Into<String>, is_sensitive: bool) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(text.into()).map_err(|_| {
        Error::invalid_input("a header value contains a character that cannot be sent")
    })?;
    value.set_sensitive(is_sensitive);
    Ok(value)
}

#[cfg(test)]
pub(crate) mod tests;
