//! Carries one call to a service: signs, sends, reads within bounds, and tries again where that may help.

mod answer;
mod attempts;
mod certificates;
mod connection;
mod deadline;
mod headers;
mod plain;
mod proxies;
mod reuse;
mod trace;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use idsync_api::InvalidRequest;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use self::attempts::Attempts;
pub(crate) use self::connection::{Route, connect, failure};
pub(crate) use self::deadline::Timeouts;
pub(crate) use self::plain::exchange;
pub(crate) use self::proxies::Proxies;
pub(crate) use self::reuse::Hosts;
use crate::budget::RetryBudget;
use crate::error_body::Redaction;
use crate::rate_limit::RateLimits;
use crate::retry::RetryPolicy;
use crate::{CredentialProvider, Credentials, Error, ErrorKind, ProjectId, Service};

/// What every call of a client shares. Clones share connections, budget and limits.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) http: reqwest::Client,
    pub(crate) hosts: Hosts,
    pub(crate) proxies: Proxies,
    pub(crate) credentials: Arc<dyn CredentialProvider>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Arc<RetryBudget>,
    pub(crate) limits: Arc<RateLimits>,
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

/// An operation, by its service and its name in the OpenAPI document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
}

/// A complete answer with status 200.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    body: Bytes,
    call: &'a Call,
}

impl Answer<'_> {
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Adds to an error about this answer which call it was.
    pub(crate) fn explain(&self, error: Error) -> Error {
        self.call.explain(error)
    }
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

    /// Sends what a generated operation built, and gives the body of the answer.
    pub(crate) async fn send(
        &self,
        request: Result<http::Request<Bytes>, InvalidRequest>,
    ) -> Result<Answer<'_>, Error> {
        let unusable =
            |error: String| Error::invalid_input(format!("the request cannot be made: {error}"));
        let request = request.map_err(|error| unusable(error.to_string()))?;
        let request = request.try_into();
        let request = request.map_err(|error: reqwest::Error| unusable(error.to_string()))?;
        let response = self.traced(&request).await?;
        let body = response.bytes().await.unwrap_or_default();
        Ok(Answer { body, call: self })
    }

    /// Adds to an error about a complete answer with status 200 which call it was.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let error = self.named(error.with_status(200));
        trace::unreadable(&error);
        error
    }

    /// Adds to an error which call and request it was, and removes from it what was sent in confidence.
    fn named(&self, error: Error) -> Error {
        let learned = self.learned();
        let secrets = learned.credentials.as_ref().map(Credentials::secrets);
        let error = match &learned.request_id {
            Some(id) if error.request_id().is_none() => error.with_request_id(id),
            _ => error,
        };
        error
            .redacted(&Redaction::new(secrets.unwrap_or_default()))
            .with_operation(self.service, self.operation)
            .with_attempts(learned.attempts)
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`complete`](Self::complete), within a span of its own.
    async fn traced(&self, request: &reqwest::Request) -> Result<reqwest::Response, Error> {
        let span = trace::span(self.service, self.operation, request);
        let answer = async {
            let began = Instant::now();
            let outcome = self.complete(request).await;
            let attempts = self.learned().attempts;
            trace::ended(outcome.as_ref().err(), attempts, began.elapsed());
            outcome
        };
        Box::pin(answer.instrument(span)).await
    }

    /// Sends until an answer with status 200 is complete, no retry is left, or the deadline passes.
    pub(crate) async fn complete(
        &self,
        request: &reqwest::Request,
    ) -> Result<reqwest::Response, Error> {
        let mut attempts = Attempts::of(&self.settings, self.service, request.method());
        let mut renewed = false;
        let mut last = None;
        loop {
            let number = match attempts.next().await {
                Ok(number) => number,
                Err(full) => return Err(last.unwrap_or_else(|| self.named(full))),
            };
            let attempt = self.attempt(request, number);
            let error = match attempts.deadline.bound(attempt).await {
                Ok(response) => {
                    attempts.succeeded();
                    trace::answered(number, self.learned().request_id.as_deref());
                    return Ok(response);
                }
                Err(error) => self.named(error),
            };
            trace::failed(number, &error);
            if !renewed && self.can_renew_credentials(&error) {
                renewed = true;
                trace::renewed();
            } else if let Some(wait) = attempts.wait_after(&error) {
                trace::waiting(wait);
                sleep(wait).await;
            } else {
                return Err(error);
            }
            last = Some(error);
        }
    }

    /// Whether the service refused the credentials, their provider may have others, and a second request is allowed.
    fn can_renew_credentials(&self, error: &Error) -> bool {
        let refused = self.learned().credentials.clone();
        error.kind() == ErrorKind::Authentication
            && self.settings.retry.retries > 0
            && refused.is_some_and(|refused| self.settings.credentials.refused(&refused))
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
        let (signed, canonical) = self.authorized(request, &credentials)?;
        let exchange = self.exchange(signed, canonical.as_deref(), &credentials);
        let host = self.settings.hosts.of(self.service);
        host.visit(exchange, connection::stays_open).await
    }

    /// Sends a signed request and reads what is answered.
    async fn exchange(
        &self,
        signed: reqwest::Request,
        canonical: Option<&str>,
        credentials: &Credentials,
    ) -> Result<reqwest::Response, Error> {
        let sent = self.settings.http.execute(signed).await;
        let response = sent.map_err(|error| failure(&error))?;
        let redaction = Redaction::new(credentials.secrets());
        self.learned().request_id =
            headers::request_id(response.headers()).map(|id| redaction.apply(&id));
        if response.status() == reqwest::StatusCode::OK {
            answer::read(response, self.settings.largest_answer).await
        } else {
            Err(answer::refusal(response, self.service, canonical, &redaction).await)
        }
    }

    /// A copy to be sent, and its canonical form if it is signed.
    fn authorized(
        &self,
        request: &reqwest::Request,
        credentials: &Credentials,
    ) -> Result<(reqwest::Request, Option<String>), Error> {
        let mut copy = request.try_clone().ok_or_else(|| {
            Error::invalid_input("a request with a streamed body cannot be signed")
        })?;
        let project_id = self.project_id.as_ref();
        let canonical = headers::authorize(&mut copy, credentials, project_id, Timestamp::now())?;
        Ok((copy, canonical))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Method;

    use super::*;
    use crate::Client;

    #[tokio::test]
    async fn only_what_may_be_repeated_is_sent_again() {
        // Nobody listens at the discard port.
        let client = Client::builder()
            .endpoint("http://127.0.0.1:9")
            .project_id("p")
            .credentials(Credentials::token("t"))
            .backoff(Duration::ZERO, Duration::ZERO)
            .build()
            .unwrap();
        for (method, attempts) in [(Method::GET, 3), (Method::POST, 1)] {
            let prepared = client.prepare(Service::Mrs, "operation").await.unwrap();
            let url = prepared.base_url.parse().unwrap();
            let request = reqwest::Request::new(method, url);
            let error = prepared.call.complete(&request).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Connect, attempts)
            );
        }
    }
}
