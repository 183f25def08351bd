//! Runs over time: when each starts, how long it takes and how it goes. Nothing is remembered between two questions: the state
//! follows from the time alone, so that a clock may jump.

use std::collections::HashMap;

use crate::clock::ServiceTime;

/// How far the services' local time is ahead of UTC: 8 hours, as the example of the reference page shows.
const AHEAD_OF_UTC: i64 = hours(8);

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

/// One run, or several in a row, that go the same way. Times are milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Step<T> {
    pub(crate) outcome: T,
    /// From start to end; `None` if it never ends.
    pub(crate) lasts: Option<i64>,
    /// How many runs in a row go this way.
    pub(crate) times: u64,
    /// The start, counted from the start of the clock; `None` follows from the rhythm.
    pub(crate) at: Option<i64>,
}

/// When runs start. Times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rhythm {
    /// The first run, counted from the start of the clock; negative before it.
    pub(crate) first: i64,
    /// Whole minutes from one start to the next; `None` if there is no next.
    pub(crate) every: Option<i64>,
    /// Hours of the day in which runs may start, in the service's zone: start and exclusive end. Equal hours mean all day, a
    /// start after the end means overnight.
    pub(crate) hours: (u8, u8),
    /// Whether the first outcome follows the last one; else the last one stays.
    pub(crate) repeats: bool,
}

/// A series of runs. Each ends before the next one starts.
#[derive(Clone, Debug)]
pub(crate) struct Timeline<T> {
    steps: Vec<Step<T>>,
    /// For each step, how many runs there are up to its last one.
    until: Vec<u64>,
    rhythm: Rhythm,
    /// How many runs there are at most.
    limit: Option<u64>,
}

/// The runs of a timeline that have started by one moment.
#[derive(Debug)]
pub(crate) struct Runs<'a, T> {
    timeline: &'a Timeline<T>,
    starts: Starts,
    pub(crate) count: u64,
    now_ms: i64,
}

/// One run, as far as it has come. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(crate) struct Run<'a, T> {
    /// Its number in the series, from 0.
    pub(crate) number: u64,
    pub(crate) started: i64,
    /// `None` while it goes on.
    pub(crate) ended: Option<i64>,
    /// How it went, or will have gone.
    pub(crate) outcome: &'a T,
}

impl<T> Timeline<T> {
    /// A run that never ends is the last one.
    ///
    /// # Errors
    ///
    /// If there are no steps, a run would not end before the next one starts, or only some of the steps have a start of their own.
    pub(crate) fn new(steps: Vec<Step<T>>, rhythm: Rhythm) -> Result<Self, String> {
        let fixed = steps.iter().filter_map(|step| step.at);
        let is_fixed = fixed.clone().next().is_some();
        if steps.is_empty() {
            return Err("`runs` needs at least one outcome".to_owned());
        }
        if is_fixed && (fixed.clone().count() < steps.len() || !fixed.is_sorted()) {
            return Err("`at` is given for all `runs`, the earliest first, or for none".to_owned());
        }
        if let Some(every) = rhythm.every
            && steps.iter().any(|step| step.lasts > Some(every))
        {
            let minutes = every / minutes(1);
            return Err(format!(
                "`lasts`: the run would not end before the next one starts, {minutes} min later"
            ));
        }
        let until = steps.iter().scan(0_u64, |until, step| {
            *until = until.saturating_add(step.times);
            Some(*until)
        });
        let mut timeline = Self {
            until: until.collect(),
            rhythm: Rhythm {
                repeats: rhythm.repeats && !is_fixed,
                ..rhythm
            },
            steps,
            limit: None,
        };
        let endless = timeline.first_in_a_row(1, |step| step.lasts.is_none());
        timeline.limit = endless.map(|number| number + 1);
        Ok(timeline)
    }

    /// Starts so many runs at most.
    pub(crate) fn limited_to(self, runs: Option<u64>) -> Self {
        let limit = [self.limit, runs].into_iter().flatten().min();
        Self { limit, ..self }
    }

    /// The runs that have started by now.
    pub(crate) fn runs(&self, time: ServiceTime) -> Runs<'_, T> {
        let starts = self.starts(time.started_ms);
        let count = starts.until(time.now_ms);
        Runs {
            timeline: self,
            starts,
            count: count.min(self.limit.unwrap_or(u64::MAX)),
            now_ms: time.now_ms,
        }
    }

    fn starts(&self, started_ms: i64) -> Starts {
        let absolute = |at: i64| started_ms.saturating_add(at);
        let fixed = self.steps.iter().filter_map(|step| step.at).map(absolute);
        let mut lead: Vec<i64> = fixed.collect();
        let next = match (lead.last(), self.rhythm.every) {
            (None, _) => Some(absolute(self.rhythm.first)),
            (Some(last), Some(every)) => Some(next_in(self.rhythm.hours, last + every)),
            (Some(_), None) => None,
        };
        match (next, self.rhythm.every.filter(|every| *every > 0)) {
            (Some(next), Some(every)) => Starts::repeating(lead, next, every, self.rhythm.hours),
            (next, _) => {
                lead.extend(next);
                Starts {
                    lead,
                    cycle: Vec::new(),
                    period: 0,
                }
            }
        }
    }

    fn step(&self, number: u64) -> Option<&Step<T>> {
        let length = self.until.last()?;
        let number = if self.rhythm.repeats {
            number.checked_rem(*length)?
        } else {
            number.min(length.checked_sub(1)?)
        };
        let at = self.until.partition_point(|until| *until <= number);
        self.steps.get(at)
    }

    /// The number of the run that is the `count`th in a row to be `wanted`.
    pub(crate) fn first_in_a_row(
        &self,
        count: u64,
        wanted: impl Fn(&Step<T>) -> bool,
    ) -> Option<u64> {
        let (mut number, mut row) = (0_u64, 0_u64);
        // A row that ends at all begins within the first round, and has `count` runs after as many rounds.
        for _ in 0..=count {
            for step in &self.steps {
                if !wanted(step) {
                    row = 0;
                } else if row.saturating_add(step.times) >= count {
                    return Some(number + (count - row) - 1);
                } else {
                    row += step.times;
                }
                number = number.saturating_add(step.times);
            }
            if !self.rhythm.repeats {
                return (row > 0).then(|| number + (count - row) - 1);
            }
        }
        None
    }
}

impl<'a, T> Runs<'a, T> {
    pub(crate) fn last(&self) -> Option<Run<'a, T>> {
        self.nth(self.count.checked_sub(1)?)
    }

    /// The run of a number; `None` if it has not started.
    pub(crate) fn nth(&self, number: u64) -> Option<Run<'a, T>> {
        if number >= self.count {
            return None;
        }
        let started = self.starts.nth(number)?;
        let step = self.timeline.step(number)?;
        let end = step.lasts.map(|lasts| started.saturating_add(lasts));
        Some(Run {
            number,
            started,
            ended: end.filter(|end| *end <= self.now_ms),
            outcome: &step.outcome,
        })
    }
}

/// All starts of a series, in closed form: a few that come once, then a few that come again in each period.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Starts {
    lead: Vec<i64>,
    cycle: Vec<i64>,
    period: i64,
}

impl Starts {
    /// Goes on from `first` until a time of day comes again: from there on everything does. As intervals are whole minutes, at
    /// most 1,440 times of day follow from the first run, and as many from an opening.
    fn repeating(mut lead: Vec<i64>, first: i64, every: i64, hours: (u8, u8)) -> Self {
        if hours.0 == hours.1 {
            return Self {
                lead,
                cycle: vec![first],
                period: every,
            };
        }
        let mut seen = HashMap::from([(time_of_day(first), lead.len())]);
        lead.push(first);
        let mut last = first;
        loop {
            let next = next_in(hours, last.saturating_add(every));
            if let Some(at) = seen.insert(time_of_day(next), lead.len()) {
                let cycle = lead.split_off(at);
                let period = next - cycle.first().unwrap_or(&first);
                return Self {
                    lead,
                    cycle,
                    period,
                };
            }
            lead.push(next);
            last = next;
        }
    }

    /// How many runs have started by then.
    fn until(&self, now_ms: i64) -> u64 {
        let of_lead = self.lead.partition_point(|start| *start <= now_ms) as u64;
        let first = self.cycle.first();
        let passed = first.map_or(-1, |first| now_ms.saturating_sub(*first));
        if passed < 0 {
            return of_lead;
        }
        let rounds = passed.checked_div(self.period).unwrap_or(0);
        let into_round = now_ms - rounds * self.period;
        let of_round = self.cycle.partition_point(|start| *start <= into_round) as u64;
        of_lead + rounds.unsigned_abs() * self.cycle.len() as u64 + of_round
    }

    /// The start of the run of a number, from 0; `None` if there is none.
    fn nth(&self, number: u64) -> Option<i64> {
        let Some(number) = number.checked_sub(self.lead.len() as u64) else {
            return self.lead.get(usize::try_from(number).ok()?).copied();
        };
        let length = self.cycle.len() as u64;
        let at = usize::try_from(number.checked_rem(length)?).ok()?;
        let rounds = i64::try_from(number / length).ok()?;
        rounds
            .checked_mul(self.period)?
            .checked_add(*self.cycle.get(at)?)
    }
}

/// The moment itself if it lies in these hours of the day, else the next at which they begin.
fn next_in((start, end): (u8, u8), at: i64) -> i64 {
    let day = time_of_day(at);
    let (start, end) = (hours(start.into()), hours(end.into()));
    let is_open = if start <= end {
        start == end || (start..end).contains(&day)
    } else {
        day >= start || day < end
    };
    if is_open {
        return at;
    }
    at.saturating_add((start - day).rem_euclid(days(1)))
}

fn time_of_day(at: i64) -> i64 {
    at.saturating_add(AHEAD_OF_UTC).rem_euclid(days(1))
}
