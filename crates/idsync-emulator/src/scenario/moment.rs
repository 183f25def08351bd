//! Times of a scenario, relative to the start of the emulator's clock.

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
    /// Milliseconds since the epoch, at the time `now`.
    pub(crate) fn at(self, started: i64, now: i64) -> i64 {
        match self {
            Self::Ago(ago) => started.saturating_sub(ago),
            Self::Latest { ago, every } => {
                let first = started.saturating_sub(ago);
                let passed = now.saturating_sub(started).max(0);
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

    #[test]
    fn a_run_in_progress_never_grows_older_than_its_first_age_and_one_period() {
        let start = days(20_000);
        let run = Moment::Latest {
            ago: minutes(4),
            every: minutes(20),
        };
        for passed in 0..500 {
            let now = start + minutes(passed);
            let age = now - run.at(start, now);
            assert!(
                (minutes(4)..minutes(24)).contains(&age),
                "{passed} min: {age}"
            );
        }
    }

    #[test]
    fn a_fixed_moment_stays() {
        let moment = Moment::Ago(hours(1));
        assert_eq!(moment.at(days(2), days(2)), moment.at(days(2), days(9)));
    }
}
