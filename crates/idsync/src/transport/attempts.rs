//! The requests of one call: when each may be sent, and whether there is a next one.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::debug;

use super::Settings;
use super::deadline::Deadline;
use crate::rate_limit::{RateLimit, told_limit};
use crate::{Error, ErrorKind, Service};

#[derive(Debug)]
pub(super) struct Attempts<'a> {
    settings: &'a Settings,
    limit: &'a RateLimit,
    pub(super) deadline: Deadline,
    /// Whether sending the request twice does no more than sending it once.
    repeatable: bool,
    made: u32,
}

impl<'a> Attempts<'a> {
    /// For a call that begins now.
    pub(super) fn of(settings: &'a Settings, service: Service, method: &http::Method) -> Self {
        Self {
            settings,
            limit: settings.limits.of(service),
            deadline: Deadline::of(settings.timeouts),
            repeatable: method.is_idempotent(),
            made: 0,
        }
    }

    /// Waits until the service's limit has room for another request, and counts it.
    ///
    /// # Errors
    ///
    /// `Throttled`, at once, if there is none before the deadline.
    pub(super) async fn next(&mut self) -> Result<u32, Error> {
        let now = Instant::now();
        let place = self.limit.reserve(now, self.deadline.at);
        let place = place.map_err(|place| full(place - now))?;
        if place > now {
            debug!(wait = ?(place - now), "waiting for the rate limit");
            sleep_until(place).await;
        }
        self.made += 1;
        Ok(self.made)
    }

    /// The wait before the next request, or `None` if `error` is the end.
    pub(super) fn wait_after(&self, error: &Error) -> Option<Duration> {
        self.learn(error);
        let remaining = self.deadline.remaining();
        let retry = self.settings.retry;
        let wait = retry.wait(error, self.made, remaining, fastrand::f64());
        let wait = wait.filter(|_| self.repeatable)?;
        let afforded = self.settings.budget.take();
        if !afforded {
            debug!("no retry: too many calls of this client failed lately");
        }
        afforded.then_some(wait)
    }

    /// Notes that the call succeeded.
    pub(super) fn succeeded(&self) {
        self.settings.budget.earn();
    }

    /// Keeps to the limit that a refusal names.
    fn learn(&self, error: &Error) {
        if error.kind() == ErrorKind::Throttled
            && let Some(limit) = told_limit(error.message())
        {
            self.limit.adapt(limit);
        }
    }
}

/// What a call fails with that the rate limit would keep waiting beyond its deadline.
fn full(wait: Duration) -> Error {
    let message = format!(
        "the rate limit is used up for the next {}s, which is longer than the call may take",
        wait.as_secs().max(1)
    );
    Error::new(ErrorKind::Throttled, message).with_retry_after(wait)
}
