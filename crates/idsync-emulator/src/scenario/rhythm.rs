//! When runs start: first at one moment, then by interval within the hours of a day.

use std::collections::HashMap;

use super::{days, hours};

/// How far the services' local time is ahead of UTC: 8 hours, which the example of the reference page proves.
const AHEAD_OF_UTC: i64 = hours(8);

/// Hours of the day in which runs may start, local to the service. The end is exclusive, equal hours mean all day, and a start
/// after the end means overnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) start: u8,
    pub(crate) end: u8,
}

/// When a series of runs starts. All values are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rhythm {
    /// The first run, counted from the start of the clock; negative before it.
    pub(crate) first: i64,
    /// Whole minutes from one start to the next; `None` if there is no next.
    pub(crate) every: Option<i64>,
    pub(crate) hours: Hours,
}

/// All starts of a series, in closed form: a few that come once, then a few that come again in each period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Starts {
    lead: Vec<i64>,
    cycle: Vec<i64>,
    period: i64,
}

impl Hours {
    pub(crate) const ALL_DAY: Self = Self { start: 0, end: 0 };

    fn is_all_day(self) -> bool {
        self.start == self.end
    }

    /// The moment itself if it lies in these hours, else the next at which they begin.
    fn next(self, at: i64) -> i64 {
        let day = time_of_day(at);
        let (start, end) = (hours(self.start.into()), hours(self.end.into()));
        let open = if start <= end {
            (start..end).contains(&day)
        } else {
            day >= start || day < end
        };
        if open || self.is_all_day() {
            return at;
        }
        at.saturating_add((start - day).rem_euclid(days(1)))
    }
}

impl Rhythm {
    /// Runs at all hours of the day.
    pub(crate) const fn every(first: i64, every: i64) -> Self {
        Self {
            first,
            every: Some(every),
            hours: Hours::ALL_DAY,
        }
    }

    /// The starts, in milliseconds since the epoch, if the clock started at `started_ms`.
    ///
    /// An interval counts from the last run; where it ends outside of the hours, the run waits for them to begin.
    pub(crate) fn starts(self, started_ms: i64) -> Starts {
        let first = started_ms.saturating_add(self.first);
        match self.every {
            Some(every) if every > 0 && self.hours.is_all_day() => Starts {
                lead: Vec::new(),
                cycle: vec![first],
                period: every,
            },
            Some(every) if every > 0 => Starts::within(self.hours, first, every),
            _ => Starts {
                lead: vec![first],
                cycle: Vec::new(),
                period: 0,
            },
        }
    }
}

impl Starts {
    /// Goes on until a time of day comes again: from there on everything does. As intervals are whole minutes, there are at
    /// most 1,440 times of day that follow from the first run, and as many that follow from an opening.
    fn within(hours: Hours, first: i64, every: i64) -> Self {
        let mut starts = vec![first];
        let mut seen = HashMap::from([(time_of_day(first), 0)]);
        let mut last = first;
        loop {
            let next = hours.next(last.saturating_add(every));
            if let Some(at) = seen.insert(time_of_day(next), starts.len()) {
                let cycle = starts.split_off(at);
                let period = next - cycle.first().unwrap_or(&first);
                return Self {
                    lead: starts,
                    cycle,
                    period,
                };
            }
            starts.push(next);
            last = next;
        }
    }

    /// How many runs have started by then.
    pub(crate) fn until(&self, now_ms: i64) -> u64 {
        let of_lead = self.lead.partition_point(|start| *start <= now_ms) as u64;
        let Some(passed) = self
            .cycle
            .first()
            .map(|first| now_ms.saturating_sub(*first))
        else {
            return of_lead;
        };
        if passed < 0 {
            return of_lead;
        }
        let rounds = passed.checked_div(self.period).unwrap_or(0);
        let into_round = now_ms - rounds * self.period;
        let of_round = self.cycle.partition_point(|start| *start <= into_round) as u64;
        of_lead + rounds.unsigned_abs() * self.cycle.len() as u64 + of_round
    }

    /// The start of the run of a number, from 0; `None` if there is none.
    pub(crate) fn nth(&self, number: u64) -> Option<i64> {
        let lead = self.lead.len() as u64;
        let Some(number) = number.checked_sub(lead) else {
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

fn time_of_day(at: i64) -> i64 {
    at.saturating_add(AHEAD_OF_UTC).rem_euclid(days(1))
}

#[cfg(test)]
mod tests;
