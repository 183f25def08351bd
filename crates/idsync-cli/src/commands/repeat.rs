//! Repeated checks: the pause between two of them, and which problems end them.

use std::time::Duration;

use idsync::ErrorKind;
use idsync::health::Problem;

/// Longest pause after throttling, unless the interval itself is longer.
const MAX_PAUSE: Duration = Duration::from_secs(600);

/// The pause between two checks: the interval, doubled after each check that was throttled.
#[derive(Debug)]
pub(crate) struct Backoff {
    interval: Duration,
    pause: Duration,
}

impl Backoff {
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            interval,
            pause: interval,
        }
    }

    /// The pause after a check with `problems`.
    pub(crate) fn after(&mut self, problems: &[Problem]) -> Duration {
        let is_throttled = problems
            .iter()
            .any(|problem| problem.error.kind == ErrorKind::Throttled);
        self.pause = if is_throttled {
            (self.pause * 2).min(MAX_PAUSE).max(self.interval)
        } else {
            self.interval
        };
        self.pause
    }
}

/// Whether the next check will meet the same problem, because something must be fixed first. All others may pass.
pub(crate) fn is_permanent(problem: &Problem) -> bool {
    let error = &problem.error;
    match error.kind {
        ErrorKind::InvalidInput
        | ErrorKind::Configuration
        | ErrorKind::Credentials
        | ErrorKind::Authentication
        | ErrorKind::Permission
        | ErrorKind::NotFound
        | ErrorKind::Redirect => true,
        // The service blames the request, as DWS does for an unknown cluster.
        ErrorKind::Service => error
            .status
            .is_some_and(|status| (400..500).contains(&status)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use idsync::health::Source;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn problem(kind: ErrorKind) -> Problem {
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(Source::Dws, None, &any);
        problem.error.kind = kind;
        problem
    }

    #[test]
    fn throttled_checks_in_a_row_double_the_pause_up_to_a_bound() {
        let throttled = [problem(ErrorKind::Connect), problem(ErrorKind::Throttled)];
        let mut backoff = Backoff::new(SECOND);
        assert_eq!(backoff.after(&[]), SECOND);
        assert_eq!(backoff.after(&throttled), 2 * SECOND);
        assert_eq!(backoff.after(&throttled), 4 * SECOND);
        assert_eq!(backoff.after(&[problem(ErrorKind::Connect)]), SECOND);
        for _ in 0..100 {
            assert!(backoff.after(&throttled) <= MAX_PAUSE);
        }
        assert_eq!(backoff.after(&throttled), MAX_PAUSE);
        let day = Duration::from_hours(24);
        assert_eq!(Backoff::new(day).after(&throttled), day);
    }
}
