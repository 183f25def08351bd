//! Starts, outcomes and ends of runs.

use std::num::NonZeroU32;

use super::*;
use crate::scenario::form::TimeSpan;

fn run(status: &str, times: u32) -> RunForm {
    RunForm {
        status: Some(status.to_owned()),
        times: NonZeroU32::new(times),
        ..RunForm::default()
    }
}

fn timeline(runs: Vec<RunForm>, rule: RunRule) -> Timeline {
    Timeline::new(runs, rule).unwrap()
}

fn rule(first: i64, every: Option<i64>) -> RunRule {
    RunRule {
        first,
        every,
        then: Then::Repeat,
        limit: u64::MAX,
        lasts: MINUTE,
        running: "endless",
    }
}

fn at(now_ms: i64) -> ServiceTime {
    ServiceTime {
        started_ms: 0,
        now_ms,
    }
}

fn outcomes(timeline: &Timeline, count: u64) -> String {
    let runs = (0..count).filter_map(|number| timeline.nth(number, at(0)));
    let outcomes = runs.filter_map(|run| run.outcome.status.clone());
    outcomes.collect()
}

#[test]
fn the_list_of_runs_repeats_or_its_last_run_does() {
    let runs = || vec![run("a", 2), run("b", 1)];
    let repeated = timeline(runs(), rule(0, Some(HOUR)));
    assert_eq!(outcomes(&repeated, 8), "aabaabaa");
    let last = RunRule {
        then: Then::KeepLast,
        ..rule(0, Some(HOUR))
    };
    assert_eq!(outcomes(&timeline(runs(), last), 6), "aabbbb");
}

#[test]
fn a_run_is_in_progress_from_its_start_until_its_end() {
    let timeline = timeline(vec![run("a", 1)], rule(0, Some(HOUR)));
    let ended = |now| timeline.last(at(now)).unwrap().ended;
    assert_eq!(ended(0), None);
    assert_eq!(ended(MINUTE - 1), None);
    assert_eq!(ended(MINUTE), Some(MINUTE));
    assert_eq!(ended(60 * MINUTE), None);
    assert!(timeline.last(at(-1)).is_none());
}

#[test]
fn a_run_that_never_ends_is_the_last_one() {
    let runs = vec![run("a", 2), run("endless", 1)];
    let timeline = timeline(runs, rule(0, Some(HOUR)));
    let time = at(1_000 * HOUR);
    assert_eq!(timeline.count(time), 3);
    assert_eq!(timeline.last(time).unwrap().ended, None);
}

#[test]
fn after_runs_with_a_start_the_interval_decides() {
    let fixed = |status, ms| RunForm {
        at: Some(TimeSpan { ms }),
        ..run(status, 1)
    };
    let list = || vec![fixed("a", -4 * HOUR), fixed("b", -3 * MINUTE)];
    let regular = timeline(list(), rule(0, Some(20 * MINUTE)));
    let time = at(40 * MINUTE);
    let starts: Vec<i64> = (0..regular.count(time))
        .map(|number| regular.nth(number, time).unwrap().started / MINUTE)
        .collect();
    assert_eq!(starts, [-240, -3, 17, 37]);
    assert_eq!(outcomes(&regular, 4), "abbb");
    let once = timeline(list(), rule(0, None));
    assert_eq!(once.count(at(9 * DAY)), 2);
    for list in [
        vec![fixed("a", 5), fixed("b", 4)],
        vec![fixed("a", 5), run("b", 1)],
    ] {
        assert!(Timeline::new(list, rule(0, None)).is_err());
    }
}

#[test]
fn the_runs_of_a_century_are_counted_without_listing_them() {
    let timeline = timeline(vec![run("a", 1)], rule(0, Some(MINUTE)));
    let time = at(36_500 * DAY);
    assert_eq!(timeline.count(time), 36_500 * 1_440 + 1);
    assert_eq!(timeline.last(time).unwrap().started, 36_500 * DAY);
    assert!(timeline.nth(u64::MAX, time).is_none());
}
