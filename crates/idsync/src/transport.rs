//! Carries one call to a service: signs, sends, reads within bounds, and tries again where that may help.

mod answer;
mod connection;
mod headers;
mod plain;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idsync_api::ResponseValue;
use idsync_api::Transport;
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, debug, debug_span};

pub(crate) use self::connection::connect;
pub(crate) use self::plain::exchange;
use crate::error::Redaction;
use crate::retry::RetryPolicy;
use crate::{CredentialProvider, Credentials, Error, ErrorKind, ProjectId, Service};

/// What every call of a client shares.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: Arc<dyn CredentialProvider>,
    /// From the first request to the end of the last answer.
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    /// In bytes, decompressed.
    pub(crate) largest_answer: usize,
}

/// One call of an operation, with what is learned on the way.
#[derive(Debug)]
pub(crate) struct Call {
    settings: Arc<Settings>,
    /// `None` for the call that looks it up.
    project_id: Option<ProjectId>,
    service: Service,
    /// By its name in the OpenAPI document.
    operation: &'static str,
    learned: Mutex<Learned>,
}

/// What is known of the attempt under way, for errors that are found later.
#[derive(Debug, Default)]
struct Learned {
    attempts: u32,
    request_id: Option<String>,
    /// What it was sent with, and what an answer to it may therefore echo.
    credentials: Option<Credentials>,
}

impl Call {
    pub(crate) fn new(
        settings: Arc<Settings>,
        project_id: Option<ProjectId>,
        service: Service,
        operation: &'static str,
    ) -> Self {
        Self {
            settings,
            project_id,
            service,
            operation,
            learned: Mutex::default(),
        }
    }

    /// Takes the result of the generated client apart: `whole` converts a decoded answer, `rescue` reads one that
    /// did not decode.
    pub(crate) fn settle<T, U>(
        &self,
        result: Result<ResponseValue<T>, idsync_api::Error<()>>,
        whole: impl FnOnce(T) -> Result<U, Error>,
        rescue: impl FnOnce(&[u8]) -> Result<U, Error>,
    ) -> Result<U, Error> {
        match result {
            Ok(answer) => whole(answer.into_inner()).map_err(|error| self.explain(error)),
            Err(idsync_api::Error::InvalidResponsePayload(body, _)) => {
                rescue(&body).map_err(|error| self.explain(error))
            }
            Err(idsync_api::Error::UnexpectedResponse(response)) => Err(failure_in(response)),
            Err(other) => Err(Error::usage(format!(
                "the request could not be made: {other}"
            ))),
        }
    }

    /// Adds to an error about a complete answer with status 200 which call it was.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let request_id = self.learned().request_id.clone();
        self.named(error.with_status(200).with_request_id(request_id))
    }

    /// Adds to an error which call it was, and removes from it what was sent in confidence.
    fn named(&self, error: Error) -> Error {
        let learned = self.learned();
        let secrets = learned.credentials.as_ref().map(Credentials::secrets);
        error
            .redacted(&Redaction::new(secrets.unwrap_or_default()))
            .with_operation(self.service, self.operation)
            .with_attempts(learned.attempts)
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends until an answer with status 200 is complete, the retries are used up, or the deadline passes.
    pub(crate) async fn complete(
        &self,
        request: &reqwest::Request,
    ) -> Result<reqwest::Response, Error> {
        let Settings { timeout, retry, .. } = &*self.settings;
        let deadline = deadline_after(*timeout);
        let mut renewed = false;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match timeout_at(deadline, self.attempt(request, attempts)).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(error)) => error,
                Err(_) => self.timed_out(),
            };
            let error = self.named(error);
            debug!(attempt = attempts, %error, "attempt failed");
            if !renewed && self.can_renew_credentials(&error) {
                renewed = true;
                continue;
            }
            let remaining = deadline.saturating_duration_since(Instant::now());
            match retry.wait(&error, attempts, remaining, fastrand::f64()) {
                Some(wait) => sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    /// Whether the service refused the credentials and their provider may have others.
    fn can_renew_credentials(&self, error: &Error) -> bool {
        let refused = self.learned().credentials.clone();
        error.kind() == ErrorKind::Authentication
            && refused.is_some_and(|refused| self.settings.credentials.refused(&refused))
    }

    fn timed_out(&self) -> Error {
        let timeout = self.settings.timeout;
        Error::new(
            ErrorKind::Timeout,
            format!("no complete answer within {timeout:?}"),
        )
        .with_request_id(self.learned().request_id.clone())
    }

    /// One request, signed anew, and its answer.
    async fn attempt(
        &self,
        request: &reqwest::Request,
        attempts: u32,
    ) -> Result<reqwest::Response, Error> {
        *self.learned() = Learned {
            attempts,
            ..Learned::default()
        };
        let credentials = self.settings.credentials.credentials().await?;
        self.learned().credentials = Some(credentials.clone());
        let signed = self.authorized(request, &credentials)?;
        let sent = self.settings.http.execute(signed).await;
        let response = sent.map_err(|error| connection::failure(&error))?;
        let request_id = headers::request_id(response.headers());
        self.learned().request_id.clone_from(&request_id);
        if response.status() == reqwest::StatusCode::OK {
            debug!(status = 200, request_id, "answered");
            answer::read(response, self.settings.largest_answer).await
        } else {
            let redaction = Redaction::new(credentials.secrets());
            Err(answer::refusal(response, self.service, &redaction).await)
        }
    }

    fn authorized(
        &self,
        request: &reqwest::Request,
        credentials: &Credentials,
    ) -> Result<reqwest::Request, Error> {
        let mut copy = request
            .try_clone()
            .ok_or_else(|| Error::usage("a request with a streamed body cannot be signed"))?;
        let project_id = self.project_id.as_ref();
        headers::authorize(&mut copy, credentials, project_id, Timestamp::now())?;
        Ok(copy)
    }
}

impl Transport for Call {
    /// A failure travels as a response that carries the [`Error`] in its extensions, since the generated client
    /// knows only its own errors; [`failure_in`] takes it out again.
    fn execute<'a>(
        &'a self,
        _: &'static str,
        request: reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>> {
        let span = debug_span!("call", service = %self.service, operation = self.operation);
        let answer = async move { Ok(self.complete(&request).await.unwrap_or_else(carrying)) };
        Box::pin(answer.instrument(span))
    }
}

/// The instant at which a call is given up; one beyond all bounds is 100 years away.
fn deadline_after(timeout: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    Instant::now() + timeout.min(CENTURY)
}

/// A response that is not a success and carries `error`.
fn carrying(error: Error) -> reqwest::Response {
    let mut response = http::Response::new(reqwest::Body::default());
    *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    response.extensions_mut().insert(error);
    response.into()
}

/// The error that a failed [`Call`] put into `response`.
fn failure_in(mut response: reqwest::Response) -> Error {
    let status = response.status();
    response
        .extensions_mut()
        .remove::<Error>()
        .unwrap_or_else(|| {
            Error::new(ErrorKind::Service, "unexpected answer").with_status(status.as_u16())
        })
}
