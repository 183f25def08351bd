//! Starts, outcomes and ends of runs.

use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;
use crate::scenario::values::TimeSpan;

/// Midnight at the services: 2026-09-20T16:00:00Z.
const MIDNIGHT: i64 = 1_789_920_000_000;

const DEFAULTS: RunDefaults = RunDefaults {
    lasts: minutes(1),
    running: "endless",
};

fn run(status: &str, times: u32) -> RunForm {
    RunForm {
        status: Some(status.to_owned()),
        times: NonZeroU32::new(times),
        ..RunForm::default()
    }
}

fn timeline(runs: Vec<RunForm>, rule: StartRule) -> Timeline {
    Timeline::new(runs, DEFAULTS, rule).unwrap()
}

fn rule(first: i64, every: Option<i64>) -> StartRule {
    StartRule {
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

fn outcomes(timeline: &Timeline, count: u64) -> String {
    let outcomes = (0..count).filter_map(|number| timeline.outcome(number)?.status.clone());
    outcomes.collect()
}

/// The starts up to `now`, each from the one before, minute by minute.
fn counted_starts(rule: StartRule, started: i64, now: i64) -> Vec<i64> {
    let (start, end) = (i64::from(rule.hours.0), i64::from(rule.hours.1));
    let is_open = |at: i64| {
        let hour = (at + UTC_OFFSET) / hours(1) % 24;
        match start.cmp(&end) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Less => start <= hour && hour < end,
            std::cmp::Ordering::Greater => hour >= start || hour < end,
        }
    };
    let mut starts = Vec::new();
    let mut next = started + rule.first;
    while next <= now {
        starts.push(next);
        let Some(every) = rule.every else { break };
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
        let rule = StartRule { hours, ..rule(first, every) };
        let run = RunForm { lasts: Some(TimeSpan { ms: 0 }), ..run("a", 1) };
        let timeline = timeline(vec![run], rule);
        let started = MIDNIGHT + start;
        let expected = counted_starts(rule, started, started + passed);
        let time = ServiceTime { started_ms: started, now_ms: started + passed };
        let runs = timeline.runs(time);
        prop_assert_eq!(runs.count, expected.len() as u64);
        for (number, start) in (0..).zip(expected) {
            prop_assert_eq!(runs.nth(number).map(|run| run.started), Some(start));
        }
    }

    #[test]
    fn a_row_is_found_where_counting_finds_it(
        runs in prop::collection::vec(("[fs]", 1_u32..6), 1..6),
        repeats in prop::bool::ANY,
        count in 1_u64..12,
    ) {
        let runs = runs.iter().map(|(status, times)| run(status, *times));
        let rule = StartRule { repeats, ..rule(0, Some(hours(1))) };
        let timeline = timeline(runs.collect(), rule);
        let failed = |run: &RunForm| run.status.as_deref() == Some("f");
        let mut row = 0;
        let counted = (0..500).find(|number| {
            row = if failed(timeline.outcome(*number).unwrap()) { row + 1 } else { 0 };
            row == count
        });
        prop_assert_eq!(timeline.first_in_a_row(count, failed), counted);
    }
}

#[test]
fn the_list_of_runs_repeats_or_its_last_run_does() {
    let runs = || vec![run("a", 2), run("b", 1)];
    let repeated = timeline(runs(), rule(0, Some(hours(1))));
    assert_eq!(outcomes(&repeated, 8), "aabaabaa");
    let last = StartRule {
        repeats: false,
        ..rule(0, Some(hours(1)))
    };
    assert_eq!(outcomes(&timeline(runs(), last), 6), "aabbbb");
}

#[test]
fn a_run_is_in_progress_from_its_start_until_its_end() {
    let timeline = timeline(vec![run("a", 1)], rule(0, Some(hours(1))));
    let ended = |now| timeline.runs(at(now)).last().unwrap().ended;
    assert_eq!(ended(0), None);
    assert_eq!(ended(minutes(1) - 1), None);
    assert_eq!(ended(minutes(1)), Some(minutes(1)));
    assert_eq!(ended(minutes(60)), None);
    assert!(timeline.runs(at(-1)).last().is_none());
}

#[test]
fn a_run_that_never_ends_is_the_last_one() {
    let runs = vec![run("a", 2), run(DEFAULTS.running, 1)];
    let timeline = timeline(runs, rule(0, Some(hours(1))));
    let runs = timeline.runs(at(hours(1_000)));
    assert_eq!((runs.count, runs.last().unwrap().ended), (3, None));
}

#[test]
fn after_runs_with_a_start_the_interval_decides() {
    let fixed = |status, ms| RunForm {
        at: Some(TimeSpan { ms }),
        ..run(status, 1)
    };
    let list = || vec![fixed("a", -hours(4)), fixed("b", -minutes(3))];
    let regular = timeline(list(), rule(0, Some(minutes(20))));
    let runs = regular.runs(at(minutes(40)));
    let starts: Vec<i64> = (0..runs.count)
        .map(|number| runs.nth(number).unwrap().started / minutes(1))
        .collect();
    assert_eq!(starts, [-240, -3, 17, 37]);
    assert_eq!(outcomes(&regular, 4), "abbb");
    let once = timeline(list(), rule(0, None));
    assert_eq!(once.runs(at(days(9))).count, 2);
    for list in [
        vec![fixed("a", 5), fixed("b", 4)],
        vec![fixed("a", 5), run("b", 1)],
    ] {
        assert!(Timeline::new(list, DEFAULTS, rule(0, None)).is_err());
    }
}

#[test]
fn the_runs_of_a_century_are_counted_without_listing_them() {
    let timeline = timeline(vec![run("a", 1)], rule(0, Some(minutes(1))));
    let runs = timeline.runs(at(days(36_500)));
    assert_eq!(runs.count, 36_500 * 1_440 + 1);
    assert_eq!(runs.last().unwrap().started, days(36_500));
    assert!(runs.nth(u64::MAX).is_none());
}
