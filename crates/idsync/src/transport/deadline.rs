//! When a call, or one of its requests, is given up.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{Error, ErrorKind};

/// Beyond all bounds, and still an instant that a clock can show.
const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// From the first request to the end of the last answer.
    pub(crate) call: Duration,
    /// From the begin of one request to the end of its answer.
    pub(crate) attempt: Duration,
}

/// The end of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    timeouts: Timeouts,
    pub(super) at: Instant,
}

impl Deadline {
    /// Of a call that begins now.
    pub(super) fn of(timeouts: Timeouts) -> Self {
        Self {
            timeouts,
            at: Instant::now() + timeouts.call.min(CENTURY),
        }
    }

    pub(super) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// What `attempt` comes to, if it does so before its own end and that of the call.
    ///
    /// # Errors
    ///
    /// `Timeout` after either of them; dropping the attempt then ends its request.
    pub(super) async fn bound<T>(
        &self,
        attempt: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let own = Instant::now() + self.timeouts.attempt.min(CENTURY);
        let (end, limit) = if own < self.at {
            (own, self.timeouts.attempt)
        } else {
            (self.at, self.timeouts.call)
        };
        timeout_at(end, attempt)
            .await
            .unwrap_or_else(|_| Err(timed_out(limit)))
    }
}

fn timed_out(limit: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("no complete answer within {limit:?}"),
    )
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn deadline(call: u32, attempt: u32) -> Deadline {
        Deadline::of(Timeouts {
            call: SECOND * call,
            attempt: SECOND * attempt,
        })
    }

    /// What an attempt that never ends fails with, and after how many seconds.
    async fn endless(deadline: Deadline) -> (String, u64) {
        let begin = Instant::now();
        let error = deadline
            .bound(pending::<Result<(), _>>())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        (error.message().to_owned(), begin.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_ends_at_its_own_bound_or_with_the_call_whichever_is_first() {
        let deadline = deadline(50, 30);
        let told = |limit| format!("no complete answer within {limit}");
        assert_eq!(endless(deadline).await, (told("30s"), 30));
        assert_eq!(endless(deadline).await, (told("50s"), 20));
        assert_eq!(endless(deadline).await, (told("50s"), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_in_time_is_passed_on_as_it_is() {
        let slow = async {
            sleep(SECOND * 29).await;
            Ok(7)
        };
        assert_eq!(deadline(60, 30).bound(slow).await.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn timeouts_beyond_all_bounds_are_a_century() {
        let endless = Timeouts {
            call: Duration::MAX,
            attempt: Duration::MAX,
        };
        assert_eq!(Deadline::of(endless).remaining(), CENTURY);
    }
}
