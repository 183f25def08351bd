//! A series of runs over time: when each starts, how long it takes and how it goes. Nothing is remembered from one question to
//! the next: the state follows from the time alone, so a clock may jump.

use super::{Rhythm, Script, Starts};
use crate::clock::Time;

/// How long a run takes.
pub(crate) trait Lasting {
    /// Milliseconds from start to end; `None` if it never ends.
    fn lasts(&self) -> Option<i64>;
}

/// A series of runs. Each ends before the next one starts.
#[derive(Clone, Debug)]
pub(crate) struct Course<T> {
    rhythm: Rhythm,
    script: Script<T>,
    /// How many runs there are at most.
    limit: Option<u64>,
}

/// A course at one moment.
#[derive(Debug)]
pub(crate) struct Runs<'a, T> {
    course: &'a Course<T>,
    starts: Starts,
    count: u64,
    now_ms: i64,
}

/// One run, as far as it has come.
#[derive(Debug)]
pub(crate) struct Passage<'a, T> {
    /// Its number in the series, from 0.
    pub(crate) number: u64,
    /// Milliseconds since the epoch.
    pub(crate) started: i64,
    /// Milliseconds since the epoch; `None` while it goes on.
    pub(crate) ended: Option<i64>,
    /// How it went, or will have gone.
    pub(crate) outcome: &'a T,
}

impl<T: Lasting> Course<T> {
    /// A run that never ends is the last one.
    pub(crate) fn new(rhythm: Rhythm, script: Script<T>) -> Self {
        let endless = script.first(|outcome| outcome.lasts().is_none());
        let limit = endless.map(|number| number + 1);
        Self {
            rhythm,
            script,
            limit,
        }
    }

    /// Starts so many runs at most.
    pub(crate) fn limit_to(&mut self, runs: Option<u64>) {
        self.limit = [self.limit, runs].into_iter().flatten().min();
    }

    /// The runs that have started by now.
    pub(crate) fn runs(&self, time: Time) -> Runs<'_, T> {
        let starts = self.rhythm.starts(time.started_ms);
        let count = starts.until(time.now_ms);
        Runs {
            course: self,
            starts,
            count: count.min(self.limit.unwrap_or(u64::MAX)),
            now_ms: time.now_ms,
        }
    }
}

impl<'a, T: Lasting> Runs<'a, T> {
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn last(&self) -> Option<Passage<'a, T>> {
        self.nth(self.count.checked_sub(1)?)
    }

    /// The run of a number; `None` if it has not started.
    pub(crate) fn nth(&self, number: u64) -> Option<Passage<'a, T>> {
        if number >= self.count {
            return None;
        }
        let started = self.starts.nth(number)?;
        let outcome = self.course.script.outcome(number)?;
        let end = outcome.lasts().map(|lasts| started.saturating_add(lasts));
        Some(Passage {
            number,
            started,
            ended: end.filter(|end| *end <= self.now_ms),
            outcome,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Then, hours, minutes};

    impl Lasting for Option<i64> {
        fn lasts(&self) -> Option<i64> {
            *self
        }
    }

    fn at(now_ms: i64) -> Time {
        Time {
            started_ms: 0,
            now_ms,
        }
    }

    #[test]
    fn a_run_is_under_way_from_its_start_until_its_end() {
        let course = Course::new(Rhythm::every(0, hours(1)), Script::always(Some(minutes(5))));
        let ended = |now| course.runs(at(now)).last().unwrap().ended;
        assert_eq!(ended(0), None);
        assert_eq!(ended(minutes(5) - 1), None);
        assert_eq!(ended(minutes(5)), Some(minutes(5)));
        assert_eq!(ended(minutes(60)), None);
        assert!(course.runs(at(-1)).last().is_none());
    }

    #[test]
    fn no_run_follows_one_that_never_ends() {
        let script = Script::new([(Some(1), 2), (None, 1)], Then::Repeat);
        let course = Course::new(Rhythm::every(0, hours(1)), script);
        let runs = course.runs(at(hours(1_000)));
        assert_eq!(runs.count(), 3);
        assert_eq!(runs.last().unwrap().ended, None);
    }
}
