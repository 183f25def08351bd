//! How long to wait between two looks.

use std::time::Duration;

use idsync::ErrorKind;
use idsync::health::Problem;

/// The longest wait that refusals lead to, unless the interval itself is longer.
const LONGEST: Duration = Duration::from_mins(10);

/// The wait between two looks: the interval, doubled with each look at which a service refused because of too many
/// requests.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    wait: Duration,
}

impl Pace {
    /// A pace that has not met a refusal.
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            wait: interval,
        }
    }

    /// How long to wait after a look that met `problems`.
    pub(super) fn after(&mut self, problems: &[Problem]) -> Duration {
        let is_refused = problems
            .iter()
            .any(|problem| problem.error.kind == ErrorKind::Throttled);
        self.wait = if is_refused {
            (self.wait * 2).min(LONGEST).max(self.interval)
        } else {
            self.interval
        };
        self.wait
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
    fn refusals_in_a_row_double_the_wait_and_a_look_without_one_ends_that() {
        let mut pace = Pace::new(SECOND);
        let throttled = [problem(ErrorKind::Connect), problem(ErrorKind::Throttled)];
        assert_eq!(pace.after(&[]), SECOND);
        assert_eq!(pace.after(&throttled), 2 * SECOND);
        assert_eq!(pace.after(&throttled), 4 * SECOND);
        assert_eq!(pace.after(&[problem(ErrorKind::Connect)]), SECOND);
        assert_eq!(pace.after(&throttled), 2 * SECOND);
    }

    #[test]
    fn the_wait_has_a_bound_but_is_never_shorter_than_the_interval() {
        let throttled = [problem(ErrorKind::Throttled)];
        let mut pace = Pace::new(SECOND);
        for _ in 0..100 {
            assert!(pace.after(&throttled) <= LONGEST);
        }
        assert_eq!(pace.after(&throttled), LONGEST);
        let day = Duration::from_hours(24);
        assert_eq!(Pace::new(day).after(&throttled), day);
    }
}
