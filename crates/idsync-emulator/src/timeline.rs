//! Runs over time: when each starts, how long it takes and its outcome. Nothing is stored between requests: everything is computed
//! from the time, so the clock may jump.

use std::iter::repeat_n;
use std::num::NonZero;

use crate::clock::ServiceTime;
use crate::scenario::form::{RunForm, Then};

/// Maximum number of runs in a list, with repetitions.
const MAX_RUNS: usize = 1_000;

/// Milliseconds in a minute.
pub(crate) const MINUTE: i64 = 60_000;

/// Milliseconds in an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// Milliseconds in a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// When runs start, and how they end unless they say otherwise. Times are milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunRule {
    /// First run, relative to the start of the clock.
    pub(crate) first: i64,
    /// From one start to the next, in whole minutes; `None` for a single run.
    pub(crate) every: Option<i64>,
    /// What follows the last run of the list.
    pub(crate) then: Then,
    /// Maximum number of runs.
    pub(crate) limit: u64,
    /// Length of a run.
    pub(crate) lasts: i64,
    /// The status of a run that never ends.
    pub(crate) running: &'static str,
}

/// A series of runs. Each ends before the next one starts. Times are milliseconds relative to the start of the clock.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    /// The runs in sequence.
    runs: Vec<RunForm>,
    rule: RunRule,
    /// Starts that the list sets.
    fixed: Vec<i64>,
    /// The first start after those.
    regular: Option<i64>,
}

/// One run. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(crate) struct Run<'a> {
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
        let is_minutes = |ms: i64| ms % MINUTE == 0 && (MINUTE..=31 * DAY).contains(&ms);
        let fits = |lasts: i64| (0..=rule.every.unwrap_or(i64::MAX)).contains(&lasts);
        let times = |run: &RunForm| run.times.map_or(1, NonZero::get) as usize;
        if !fixed.is_empty() && (fixed.len() < list.len() || !fixed.is_sorted()) {
            return Err("at: set it for all runs, earliest first, or for none".to_owned());
        } else if !rule.every.is_none_or(is_minutes) {
            return Err("every: use whole minutes, from 1m to 31d".to_owned());
        } else if !list.iter().filter_map(|run| rule.length(run)).all(fits) {
            let message = "lasts: must not be negative, or longer than the interval between runs";
            return Err(message.to_owned());
        } else if list.iter().map(times).sum::<usize>() > MAX_RUNS {
            return Err("times: at most 1,000 runs in all".to_owned());
        }
        let runs = list.into_iter().flat_map(|run| {
            let times = times(&run);
            repeat_n(run, times)
        });
        let runs: Vec<RunForm> = runs.collect();
        let endless = runs.iter().position(|run| rule.length(run).is_none());
        if let Some(at) = endless {
            rule.limit = rule.limit.min(at as u64 + 1);
        }
        if !fixed.is_empty() {
            rule.then = Then::KeepLast;
        }
        let regular = match fixed.last() {
            None => Some(rule.first),
            Some(start) => rule.every.map(|every| start.saturating_add(every)),
        };
        Ok(Self {
            regular: regular.filter(|_| !runs.is_empty()),
            runs,
            rule,
            fixed,
        })
    }

    /// Number of runs that have started.
    pub(crate) fn count(&self, time: ServiceTime) -> u64 {
        let passed = time.now_ms.saturating_sub(time.started_ms);
        let mut count = self.fixed.partition_point(|start| *start <= passed) as u64;
        if let Some(first) = self.regular
            && let Some(passed) = passed.checked_sub(first)
            && passed >= 0
        {
            let every = self.rule.every;
            count += every.map_or(0, |every| passed.unsigned_abs() / every.unsigned_abs()) + 1;
        }
        count.min(self.rule.limit)
    }

    /// The newest run.
    pub(crate) fn last(&self, time: ServiceTime) -> Option<Run<'_>> {
        self.nth(self.count(time).checked_sub(1)?, time)
    }

    /// The run of an index, which has started.
    pub(crate) fn nth(&self, number: u64, time: ServiceTime) -> Option<Run<'_>> {
        let start = match number.checked_sub(self.fixed.len() as u64) {
            None => self.fixed.get(usize::try_from(number).ok()?).copied()?,
            Some(further) => {
                let further = i64::try_from(further).ok()?;
                let passed = further.checked_mul(self.rule.every.unwrap_or(0))?;
                self.regular?.checked_add(passed)?
            }
        };
        let started = time.started_ms.checked_add(start)?;
        let total = self.runs.len() as u64;
        let at = match self.rule.then {
            Then::Repeat => number.checked_rem(total)?,
            Then::KeepLast => number.min(total.checked_sub(1)?),
        };
        let outcome = self.runs.get(usize::try_from(at).ok()?)?;
        let length = self.rule.length(outcome);
        let end = length.map(|length| started.saturating_add(length));
        Some(Run {
            started,
            ended: end.filter(|end| *end <= time.now_ms),
            outcome,
        })
    }
}

impl RunRule {
    /// The length of a run; `None` if it never ends.
    fn length(&self, run: &RunForm) -> Option<i64> {
        let lasts = run.lasts.map_or(self.lasts, |lasts| lasts.ms);
        (run.status.as_deref() != Some(self.running)).then_some(lasts)
    }
}

#[cfg(test)]
mod tests;
