//! Runs over time: when each starts, how long it takes and its outcome. Nothing is stored between requests: everything is computed
//! from the time, so the clock may jump.

use std::iter::repeat_n;
use std::num::NonZero;

use crate::clock::ServiceTime;
use crate::scenario::form::{RunForm, Then};

/// Maximum number of runs in a list, with repetitions.
const MAX_RUNS: usize = 1_000;

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

/// When runs start, and how they end unless they say otherwise. Times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunRule {
    /// First run, relative to the start of the clock.
    pub(crate) first: i64,
    /// From one start to the next, in whole minutes; `None` for a single run.
    pub(crate) every: Option<i64>,
    /// What follows the last run of the list.
    pub(crate) then: Then,
    /// Length of a run.
    pub(crate) lasts: i64,
    /// The status of a run that never ends.
    pub(crate) running: &'static str,
}

/// A series of runs. Each ends before the next one starts.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    list: Vec<RunForm>,
    /// The runs in sequence, as positions in `list`.
    sequence: Vec<usize>,
    rule: RunRule,
    /// Maximum number of runs.
    limit: u64,
}

/// The runs that have started by a given time.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    timeline: &'a Timeline,
    /// Starts that the list sets.
    fixed: Vec<i64>,
    /// The first start after those, and the interval from there on.
    regular: Option<(i64, Option<i64>)>,
    pub(crate) count: u64,
    now_ms: i64,
}

/// One run. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    /// Index in the series, from 0.
    pub(crate) number: u64,
    pub(crate) started: i64,
    /// `None` while it is in progress.
    pub(crate) ended: Option<i64>,
    /// Its outcome, also while it is in progress.
    pub(crate) outcome: &'a RunForm,
}

impl Timeline {
    /// A run that never ends is the last one.
    ///
    /// # Errors
    ///
    /// If an interval or length is out of range, a run would not end before the next one starts, only some runs have a start, or
    /// there are too many.
    pub(crate) fn new(list: Vec<RunForm>, mut rule: RunRule) -> Result<Self, String> {
        let fixed: Vec<i64> = list.iter().filter_map(|run| Some(run.at?.ms)).collect();
        if !fixed.is_empty() {
            rule.then = Then::KeepLast;
        }
        let is_minutes = |ms: i64| ms % minutes(1) == 0 && (minutes(1)..=days(31)).contains(&ms);
        let fits = |lasts: i64| (0..=rule.every.unwrap_or(i64::MAX)).contains(&lasts);
        let runs = list
            .iter()
            .map(|run| run.times.map_or(1, NonZero::get) as usize);
        let message = if !fixed.is_empty() && (fixed.len() < list.len() || !fixed.is_sorted()) {
            "at: set it for all runs, earliest first, or for none"
        } else if !rule.every.is_none_or(is_minutes) {
            "every: use whole minutes, from 1m to 31d"
        } else if !list.iter().filter_map(|run| rule.length(run)).all(fits) {
            "lasts: must not be negative, or longer than the interval between runs"
        } else if runs.clone().sum::<usize>() > MAX_RUNS {
            "times: at most 1,000 runs in all"
        } else {
            let sequence = runs.enumerate().flat_map(|(at, times)| repeat_n(at, times));
            let sequence: Vec<usize> = sequence.collect();
            let never_ends =
                |at: &usize| list.get(*at).is_some_and(|run| rule.length(run).is_none());
            let limit = match sequence.iter().position(never_ends) {
                Some(at) => at as u64 + 1,
                None if list.is_empty() => 0,
                None => u64::MAX,
            };
            return Ok(Self {
                list,
                sequence,
                rule,
                limit,
            });
        };
        Err(message.to_owned())
    }

    /// Reduces the maximum number of runs.
    pub(crate) fn limited_to(mut self, runs: Option<u64>) -> Self {
        self.limit = self.limit.min(runs.unwrap_or(u64::MAX));
        self
    }

    /// The runs that have started by now.
    pub(crate) fn runs(&self, time: ServiceTime) -> Runs<'_> {
        let absolute = |at: i64| time.started_ms.saturating_add(at);
        let every = self.rule.every;
        let fixed = self.list.iter().filter_map(|run| Some(run.at?.ms));
        let fixed: Vec<i64> = fixed.map(absolute).collect();
        let first = match fixed.last() {
            None => Some(absolute(self.rule.first)),
            Some(last) => every.map(|every| last.saturating_add(every)),
        };
        let regular = first.map(|first| (first, every));
        let mut count = fixed.partition_point(|start| *start <= time.now_ms) as u64;
        if let Some(passed) = first.and_then(|first| time.now_ms.checked_sub(first))
            && passed >= 0
        {
            count += every.map_or(0, |every| passed.unsigned_abs() / every.unsigned_abs()) + 1;
        }
        Runs {
            timeline: self,
            fixed,
            regular,
            count: count.min(self.limit),
            now_ms: time.now_ms,
        }
    }

    fn outcome(&self, number: u64) -> Option<&RunForm> {
        let total = self.sequence.len() as u64;
        let at = match self.rule.then {
            Then::Repeat => number.checked_rem(total)?,
            Then::KeepLast => number.min(total.checked_sub(1)?),
        };
        self.list
            .get(*self.sequence.get(usize::try_from(at).ok()?)?)
    }
}

impl RunRule {
    /// The length of a run; `None` if it never ends.
    fn length(&self, run: &RunForm) -> Option<i64> {
        let lasts = run.lasts.map_or(self.lasts, |lasts| lasts.ms);
        (run.status.as_deref() != Some(self.running)).then_some(lasts)
    }
}

impl<'a> Runs<'a> {
    /// The newest run.
    pub(crate) fn last(&self) -> Option<Run<'a>> {
        self.nth(self.count.checked_sub(1)?)
    }

    /// The run of an index; `None` if it has not started.
    pub(crate) fn nth(&self, number: u64) -> Option<Run<'a>> {
        if number >= self.count {
            return None;
        }
        let started = self.start(number)?;
        let outcome = self.timeline.outcome(number)?;
        let length = self.timeline.rule.length(outcome);
        let end = length.map(|length| started.saturating_add(length));
        Some(Run {
            number,
            started,
            ended: end.filter(|end| *end <= self.now_ms),
            outcome,
        })
    }

    fn start(&self, number: u64) -> Option<i64> {
        let Some(further) = number.checked_sub(self.fixed.len() as u64) else {
            return self.fixed.get(usize::try_from(number).ok()?).copied();
        };
        let (first, every) = self.regular?;
        let passed = i64::try_from(further)
            .ok()?
            .checked_mul(every.unwrap_or(0))?;
        first.checked_add(passed)
    }
}

#[cfg(test)]
mod tests;
