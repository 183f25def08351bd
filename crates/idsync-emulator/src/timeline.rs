//! Runs over time: when each starts, how long it takes and how it goes. Nothing is remembered between two questions: the state
//! follows from the time alone, so that a clock may jump.

use crate::clock::ServiceTime;

/// How far the services' local time is ahead of UTC: 8 hours, as the example of the reference page shows.
const AHEAD_OF_UTC: i64 = hours(8);

/// Most starts that are listed one by one: those of two years every minute.
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
        let starts = self.starts(time);
        let count = starts.until(time.now_ms);
        Runs {
            timeline: self,
            starts,
            count: count.min(self.limit.unwrap_or(u64::MAX)),
            now_ms: time.now_ms,
        }
    }

    /// The starts up to now, if they are few or irregular; else the first and the interval.
    fn starts(&self, time: ServiceTime) -> Starts {
        let absolute = |at: i64| time.started_ms.saturating_add(at);
        let Rhythm { every, hours, .. } = self.rhythm;
        let fixed = self.steps.iter().filter_map(|step| step.at).map(absolute);
        let mut listed: Vec<i64> = fixed.collect();
        let after = |last: i64| Some(next_in(hours, last.saturating_add(every?)));
        let mut next = match listed.last() {
            None => Some(absolute(self.rhythm.first)),
            Some(last) => after(*last),
        };
        if hours.0 == hours.1
            && let (Some(first), Some(every)) = (next, every)
        {
            return Starts {
                listed,
                regular: Some((first, every)),
            };
        }
        while let Some(start) = next.filter(|start| *start <= time.now_ms) {
            listed.push(start);
            next = after(start).filter(|_| listed.len() < MAX_LISTED);
        }
        Starts {
            listed,
            regular: None,
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

/// The starts of a series: a list, and then one in every interval.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Starts {
    listed: Vec<i64>,
    /// The first one after the list, and the interval.
    regular: Option<(i64, i64)>,
}

impl Starts {
    /// How many runs have started by then.
    fn until(&self, now_ms: i64) -> u64 {
        let listed = self.listed.partition_point(|start| *start <= now_ms) as u64;
        match self.regular {
            Some((first, every)) if first <= now_ms => {
                listed + (now_ms - first).unsigned_abs() / every.unsigned_abs() + 1
            }
            _ => listed,
        }
    }

    /// The start of the run of a number, from 0; `None` if there is none.
    fn nth(&self, number: u64) -> Option<i64> {
        let Some(further) = number.checked_sub(self.listed.len() as u64) else {
            return self.listed.get(usize::try_from(number).ok()?).copied();
        };
        let (first, every) = self.regular?;
        let passed = i64::try_from(further).ok()?.checked_mul(every)?;
        first.checked_add(passed)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Midnight at the services: 2026-09-20T16:00:00Z.
    const MIDNIGHT: i64 = 1_789_920_000_000;

    fn step(outcome: char, times: u64) -> Step<char> {
        Step {
            outcome,
            lasts: Some(minutes(1)),
            times,
            at: None,
        }
    }

    fn rhythm(first: i64, every: Option<i64>) -> Rhythm {
        Rhythm {
            first,
            every,
            hours: (0, 0),
            repeats: true,
        }
    }

    fn at(now_ms: i64) -> ServiceTime {
        ServiceTime {
            started_ms: 0,
            now_ms,
        }
    }

    fn outcomes(timeline: &Timeline<char>, count: u64) -> String {
        (0..count)
            .filter_map(|number| timeline.step(number))
            .map(|step| step.outcome)
            .collect()
    }

    /// The starts up to `now`, each from the one before, minute by minute.
    fn counted_starts(rhythm: Rhythm, started: i64, now: i64) -> Vec<i64> {
        let (start, end) = (i64::from(rhythm.hours.0), i64::from(rhythm.hours.1));
        let is_open = |at: i64| {
            let hour = (at + AHEAD_OF_UTC) / hours(1) % 24;
            match start.cmp(&end) {
                std::cmp::Ordering::Equal => true,
                std::cmp::Ordering::Less => start <= hour && hour < end,
                std::cmp::Ordering::Greater => hour >= start || hour < end,
            }
        };
        let mut starts = Vec::new();
        let mut next = started + rhythm.first;
        while next <= now {
            starts.push(next);
            let Some(every) = rhythm.every else { break };
            next += every;
            if !is_open(next) {
                let whole = next - next.rem_euclid(minutes(1));
                next = (1..=1_440)
                    .map(|n| whole + minutes(n))
                    .find(|at| is_open(*at))
                    .unwrap();
            }
        }
        starts
    }

    proptest! {
        #[test]
        fn the_closed_form_gives_the_starts_that_counting_gives(
            first in -days(3)..days(2),
            every in prop_oneof![
                Just(None),
                (1_i64..200).prop_map(|n| Some(minutes(n))),
                (1_i64..60).prop_map(|n| Some(hours(n))),
            ],
            hours in (0_u8..24, 0_u8..24),
            start in 0..days(1),
            passed in 0..days(12),
        ) {
            let rhythm = Rhythm { hours, ..rhythm(first, every) };
            let mut step = step('a', 1);
            step.lasts = Some(0);
            let timeline = Timeline::new(vec![step], rhythm).unwrap();
            let started = MIDNIGHT + start;
            let expected = counted_starts(rhythm, started, started + passed);
            let time = ServiceTime { started_ms: started, now_ms: started + passed };
            let runs = timeline.runs(time);
            prop_assert_eq!(runs.count, expected.len() as u64);
            for (number, start) in (0..).zip(expected) {
                prop_assert_eq!(runs.nth(number).map(|run| run.started), Some(start));
            }
        }

        #[test]
        fn a_row_is_found_where_counting_finds_it(
            steps in prop::collection::vec((prop::bool::ANY, 1_u64..6), 1..6),
            repeats in prop::bool::ANY,
            count in 1_u64..12,
        ) {
            let steps = steps.into_iter();
            let steps = steps.map(|(failed, times)| step(if failed { 'f' } else { 's' }, times));
            let rhythm = Rhythm { repeats, ..rhythm(0, Some(hours(1))) };
            let timeline = Timeline::new(steps.collect(), rhythm).unwrap();
            let mut row = 0;
            let counted = (0..500).find(|number| {
                row = if timeline.step(*number).unwrap().outcome == 'f' { row + 1 } else { 0 };
                row == count
            });
            prop_assert_eq!(timeline.first_in_a_row(count, |step| step.outcome == 'f'), counted);
        }
    }

    #[test]
    fn outcomes_come_so_many_times_and_then_again_or_the_last_one_stays() {
        let steps = || vec![step('a', 2), step('b', 1)];
        let repeated = Timeline::new(steps(), rhythm(0, Some(hours(1)))).unwrap();
        assert_eq!(outcomes(&repeated, 8), "aabaabaa");
        let last = Rhythm {
            repeats: false,
            ..rhythm(0, Some(hours(1)))
        };
        assert_eq!(
            outcomes(&Timeline::new(steps(), last).unwrap(), 6),
            "aabbbb"
        );
    }

    #[test]
    fn a_run_is_in_progress_from_its_start_until_its_end() {
        let timeline = Timeline::new(vec![step('a', 1)], rhythm(0, Some(hours(1)))).unwrap();
        let ended = |now| timeline.runs(at(now)).last().unwrap().ended;
        assert_eq!(ended(0), None);
        assert_eq!(ended(minutes(1) - 1), None);
        assert_eq!(ended(minutes(1)), Some(minutes(1)));
        assert_eq!(ended(minutes(60)), None);
        assert!(timeline.runs(at(-1)).last().is_none());
    }

    #[test]
    fn no_run_follows_one_that_never_ends() {
        let mut endless = step('b', 1);
        endless.lasts = None;
        let timeline = Timeline::new(vec![step('a', 2), endless], rhythm(0, Some(hours(1))));
        let runs = timeline.unwrap();
        assert_eq!(runs.runs(at(hours(1_000))).count, 3);
        assert_eq!(runs.runs(at(hours(1_000))).last().unwrap().ended, None);
    }

    #[test]
    fn runs_with_a_start_of_their_own_go_on_from_the_last_one() {
        let fixed = |outcome, at| Step {
            at: Some(at),
            ..step(outcome, 1)
        };
        let steps = || vec![fixed('a', -hours(4)), fixed('b', -minutes(3))];
        let timeline = Timeline::new(steps(), rhythm(0, Some(minutes(20)))).unwrap();
        let runs = timeline.runs(at(minutes(40)));
        let starts: Vec<i64> = (0..runs.count)
            .map(|number| runs.nth(number).unwrap().started / minutes(1))
            .collect();
        assert_eq!(starts, [-240, -3, 17, 37]);
        assert_eq!(outcomes(&timeline, 4), "abbb");
        let once = Timeline::new(steps(), rhythm(0, None)).unwrap();
        assert_eq!(once.runs(at(days(9))).count, 2);
        for steps in [
            vec![fixed('a', 5), fixed('b', 4)],
            vec![fixed('a', 5), step('b', 1)],
        ] {
            assert!(Timeline::new(steps, rhythm(0, None)).is_err());
        }
    }

    #[test]
    fn a_century_of_minutes_is_counted_at_once() {
        let timeline = Timeline::new(vec![step('a', 1)], rhythm(0, Some(minutes(1)))).unwrap();
        let runs = timeline.runs(at(days(36_500)));
        assert_eq!(runs.count, 36_500 * 1_440 + 1);
        assert_eq!(runs.last().unwrap().started, days(36_500));
        assert!(runs.nth(u64::MAX).is_none());
    }
}
