//! Runs over time: when each starts, how long it takes and its outcome. Nothing is stored between requests: everything is computed
//! from the time, so the clock may jump.

use crate::clock::ServiceTime;
use crate::scenario::form::RunForm;

/// The services' local time is 8 hours ahead of UTC, as the example of the reference page shows.
const UTC_OFFSET: i64 = hours(8);

/// Most starts that are computed one by one: a start every minute for two years.
const MAX_LISTED: usize = 1_051_200;

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

/// When runs start. Times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StartRule {
    /// First run, relative to the start of the clock.
    pub(crate) first: i64,
    /// From one start to the next, in whole minutes; `None` for a single run.
    pub(crate) every: Option<i64>,
    /// Hours of the day, in the service's zone, in which runs may start: start and exclusive end. Equal hours mean all day, a
    /// start after the end means overnight.
    pub(crate) hours: (u8, u8),
    /// After the last run of the list: start again with the first one if true, else repeat the last one.
    pub(crate) repeats: bool,
}

/// How runs end unless they say otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunDefaults {
    /// Length in milliseconds.
    pub(crate) lasts: i64,
    /// The status of a run that never ends.
    pub(crate) running: &'static str,
}

/// A series of runs. Each ends before the next one starts.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    list: Vec<RunForm>,
    defaults: RunDefaults,
    rule: StartRule,
    /// Maximum number of runs.
    limit: u64,
}

/// The runs that have started by a given time.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    timeline: &'a Timeline,
    /// Starts that were computed one by one.
    listed: Vec<i64>,
    /// The first start after those, and the interval from there on.
    regular: Option<(i64, i64)>,
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
    /// If an interval or length is out of range, a run would not end before the next one starts, or only some runs have a start.
    pub(crate) fn new(
        list: Vec<RunForm>,
        defaults: RunDefaults,
        mut rule: StartRule,
    ) -> Result<Self, String> {
        let fixed: Vec<i64> = list.iter().filter_map(|run| Some(run.at?.ms)).collect();
        if !fixed.is_empty() && (fixed.len() < list.len() || !fixed.is_sorted()) {
            return Err("at: set it for all runs, earliest first, or for none".to_owned());
        }
        let is_minutes = |ms: i64| ms % minutes(1) == 0 && (minutes(1)..=days(31)).contains(&ms);
        if rule.every.is_some_and(|every| !is_minutes(every)) {
            return Err("every: use whole minutes, from 1m to 31d".to_owned());
        }
        let longest = rule.every.unwrap_or(i64::MAX);
        let mut lengths = list.iter().filter_map(|run| defaults.length(run));
        if lengths.any(|lasts| !(0..=longest).contains(&lasts)) {
            let message = "lasts: must not be negative, or longer than the interval between runs";
            return Err(message.to_owned());
        }
        rule.repeats &= fixed.is_empty();
        let timeline = Self {
            list,
            defaults,
            rule,
            limit: u64::MAX,
        };
        let endless = timeline.first_in_a_row(1, |run| defaults.length(run).is_none());
        let limit = if timeline.list.is_empty() {
            Some(0)
        } else {
            endless.map(|it| it + 1)
        };
        Ok(timeline.limited_to(limit))
    }

    /// Reduces the maximum number of runs.
    pub(crate) fn limited_to(mut self, runs: Option<u64>) -> Self {
        self.limit = self.limit.min(runs.unwrap_or(u64::MAX));
        self
    }

    /// The runs that have started by now.
    pub(crate) fn runs(&self, time: ServiceTime) -> Runs<'_> {
        let absolute = |at: i64| time.started_ms.saturating_add(at);
        let StartRule { every, hours, .. } = self.rule;
        let fixed = self.list.iter().filter_map(|run| Some(run.at?.ms));
        let mut listed: Vec<i64> = fixed.map(absolute).collect();
        let after = |last: i64| Some(next_in(hours, last.saturating_add(every?)));
        let mut next = match listed.last() {
            None => Some(absolute(self.rule.first)),
            Some(last) => after(*last),
        };
        let regular = next.zip(every).filter(|_| hours.0 == hours.1);
        while let Some(start) = next.filter(|start| regular.is_none() && *start <= time.now_ms) {
            listed.push(start);
            next = after(start).filter(|_| listed.len() < MAX_LISTED);
        }
        let mut count = listed.partition_point(|start| *start <= time.now_ms) as u64;
        if let Some((first, every)) = regular.filter(|(first, _)| *first <= time.now_ms) {
            count += (time.now_ms - first).unsigned_abs() / every.unsigned_abs() + 1;
        }
        Runs {
            timeline: self,
            listed,
            regular,
            count: count.min(self.limit),
            now_ms: time.now_ms,
        }
    }

    fn outcome(&self, number: u64) -> Option<&RunForm> {
        let total = self.list.iter().map(RunForm::count).sum();
        let mut left = if self.rule.repeats {
            number.checked_rem(total)?
        } else {
            number.min(total.checked_sub(1)?)
        };
        self.list.iter().find(|run| {
            let is_here = left < run.count();
            left = left.saturating_sub(run.count());
            is_here
        })
    }

    /// Index of the run that completes the first `count` runs in a row that match.
    pub(crate) fn first_in_a_row(
        &self,
        count: u64,
        matches: impl Fn(&RunForm) -> bool,
    ) -> Option<u64> {
        let (mut number, mut row) = (0, 0);
        // Such a row, if there is one, begins in the first round and is complete within `count` rounds.
        for _ in 0..=count {
            for run in &self.list {
                if !matches(run) {
                    row = 0;
                } else if row + run.count() >= count {
                    return Some(number + (count - row) - 1);
                } else {
                    row += run.count();
                }
                number += run.count();
            }
            if !self.rule.repeats {
                return (row > 0).then(|| number + (count - row) - 1);
            }
        }
        None
    }
}

impl RunDefaults {
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
        let length = self.timeline.defaults.length(outcome);
        let end = length.map(|length| started.saturating_add(length));
        Some(Run {
            number,
            started,
            ended: end.filter(|end| *end <= self.now_ms),
            outcome,
        })
    }

    fn start(&self, number: u64) -> Option<i64> {
        let Some(further) = number.checked_sub(self.listed.len() as u64) else {
            return self.listed.get(usize::try_from(number).ok()?).copied();
        };
        let (first, every) = self.regular?;
        let passed = i64::try_from(further).ok()?.checked_mul(every)?;
        first.checked_add(passed)
    }
}

/// `at` if it lies in these hours of the day, else the next time at which they begin.
fn next_in((start, end): (u8, u8), at: i64) -> i64 {
    let time_of_day = at.saturating_add(UTC_OFFSET).rem_euclid(days(1));
    let (start, end) = (hours(start.into()), hours(end.into()));
    let is_open = if start <= end {
        start == end || (start..end).contains(&time_of_day)
    } else {
        time_of_day >= start || time_of_day < end
    };
    if is_open {
        return at;
    }
    at.saturating_add((start - time_of_day).rem_euclid(days(1)))
}

#[cfg(test)]
mod tests;
