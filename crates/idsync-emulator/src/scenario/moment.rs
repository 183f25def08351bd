//! Times of a scenario, relative to the start of the emulator's clock.

use crate::clock::Time;

/// An instant, given by how long before the start of the clock it lies. All values are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Stays where it is.
    Ago(i64),
    /// The latest of a series: first `ago` before the start, then once in every `every`.
    ///
    /// A run that is always in progress starts at such a moment: it ends unseen and the next one begins.
    Latest { ago: i64, every: i64 },
}

impl Moment {
    /// Milliseconds since the epoch, seen at a time.
    pub(crate) fn at(self, time: Time) -> i64 {
        let started = time.started_ms;
        match self {
            Self::Ago(ago) => started.saturating_sub(ago),
            Self::Latest { ago, every } => {
                let first = started.saturating_sub(ago);
                let passed = time.now_ms.saturating_sub(started).max(0);
                first.saturating_add(passed - passed.checked_rem(every).unwrap_or(0))
            }
        }
    }
}

/// Milliseconds in `n` minutes.
pub(crate) const fn minutes(n: i64) -> i64 {
    n * 60_000
}

/// Milliseconds in `n` hours.
pub(crate) const fn hours(n: i64) -> i64 {
    minutes(n * 60)
}

/// Milliseconds in `n` days.
pub(crate) const fn days(n: i64) -> i64 {
    hours(n * 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(passed: i64) -> Time {
        let started_ms = days(20_000);
        Time {
            started_ms,
            now_ms: started_ms + passed,
        }
    }

    #[test]
    fn a_run_in_progress_never_grows_older_than_its_first_age_and_one_period() {
        let run = Moment::Latest {
            ago: minutes(4),
            every: minutes(20),
        };
        for passed in 0..500 {
            let time = after(minutes(passed));
            let age = time.now_ms - run.at(time);
            assert!(
                (minutes(4)..minutes(24)).contains(&age),
                "{passed} min: {age}"
            );
        }
    }

    #[test]
    fn a_fixed_moment_stays() {
        let moment = Moment::Ago(hours(1));
        assert_eq!(moment.at(after(0)), moment.at(after(days(7))));
    }
}
