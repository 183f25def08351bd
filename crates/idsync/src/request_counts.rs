//! How many requests a client has sent, for metrics and budgets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::{Error, ErrorKind, Service};

/// The requests that were sent to one service, retries included; each number only grows.
///
/// Given by [`Client::request_counts`](crate::Client::request_counts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestCounts {
    /// Answered with status 200.
    pub answered: u64,
    /// Refused because there were too many.
    pub throttled: u64,
    /// Refused for another reason, or not answered.
    pub failed: u64,
    /// How long requests waited for room in a rate limit, all together.
    pub waited: Duration,
}

impl RequestCounts {
    /// All requests.
    pub fn total(&self) -> u64 {
        self.answered + self.throttled + self.failed
    }
}

/// Counts of each service, shared by the clones of a client.
#[derive(Debug, Default)]
pub(crate) struct RequestCounters([Counter; 4]);

#[derive(Debug, Default)]
struct Counter {
    answered: AtomicU64,
    throttled: AtomicU64,
    failed: AtomicU64,
    waited_micros: AtomicU64,
}

impl RequestCounters {
    /// A request to `service` was answered, or came to `error`.
    pub(crate) fn count(&self, service: Service, error: Option<&Error>) {
        let counter = &self.0[service.index()];
        let count = match error.map(Error::kind) {
            None => &counter.answered,
            Some(ErrorKind::Throttled) => &counter.throttled,
            Some(_) => &counter.failed,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// A request to `service` waited for its place.
    pub(crate) fn wait(&self, service: Service, waited: Duration) {
        let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        let counter = &self.0[service.index()];
        counter.waited_micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn of(&self, service: Service) -> RequestCounts {
        let counter = &self.0[service.index()];
        RequestCounts {
            answered: counter.answered.load(Ordering::Relaxed),
            throttled: counter.throttled.load(Ordering::Relaxed),
            failed: counter.failed.load(Ordering::Relaxed),
            waited: Duration::from_micros(counter.waited_micros.load(Ordering::Relaxed)),
        }
    }
}
