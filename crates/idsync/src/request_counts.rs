//! How many requests a client has sent, for metrics and budgets.

use std::sync::{Mutex, MutexGuard, PoisonError};
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
pub(crate) struct RequestCounters(Mutex<[RequestCounts; 4]>);

impl RequestCounters {
    /// A request to `service` that waited so long for its place was answered, or came to `error`.
    pub(crate) fn count(&self, service: Service, waited: Duration, error: Option<&Error>) {
        let counts = &mut self.counts()[service.index()];
        counts.waited += waited;
        *match error.map(Error::kind) {
            None => &mut counts.answered,
            Some(ErrorKind::Throttled) => &mut counts.throttled,
            Some(_) => &mut counts.failed,
        } += 1;
    }

    pub(crate) fn of(&self, service: Service) -> RequestCounts {
        self.counts()[service.index()]
    }

    fn counts(&self) -> MutexGuard<'_, [RequestCounts; 4]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
