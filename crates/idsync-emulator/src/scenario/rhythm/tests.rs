//! The closed form against a calendar that is gone through run by run.

use proptest::prelude::*;

use super::*;
use crate::scenario::minutes;

/// Midnight at the services: 2026-09-20T16:00:00Z.
const MIDNIGHT: i64 = 1_789_920_000_000;

/// The starts up to `now`, each from the one before.
fn gone_through(rhythm: Rhythm, started: i64, now: i64) -> Vec<i64> {
    let mut starts = Vec::new();
    let mut next = started + rhythm.first;
    while next <= now {
        starts.push(next);
        let Some(every) = rhythm.every else { break };
        next = first_open_minute(rhythm.hours, next + every);
    }
    starts
}

fn first_open_minute(hours: Hours, due: i64) -> i64 {
    let is_open = |at: i64| {
        let hour = (at + AHEAD_OF_UTC) / 3_600_000 % 24;
        let (start, end) = (i64::from(hours.start), i64::from(hours.end));
        match start.cmp(&end) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Less => start <= hour && hour < end,
            std::cmp::Ordering::Greater => hour >= start || hour < end,
        }
    };
    if is_open(due) {
        return due;
    }
    let whole_minute = due - due.rem_euclid(60_000);
    let later = (1..).map(|n| whole_minute + minutes(n));
    later.into_iter().find(|at| is_open(*at)).unwrap()
}

fn rhythms() -> impl Strategy<Value = Rhythm> {
    let every = prop_oneof![
        Just(None),
        (1_i64..200).prop_map(|n| Some(minutes(n))),
        (1_i64..60).prop_map(|n| Some(hours(n))),
    ];
    let first = -days(3)..days(2);
    (first, every, 0_u8..24, 0_u8..24).prop_map(|(first, every, start, end)| Rhythm {
        first,
        every,
        hours: Hours { start, end },
    })
}

proptest! {
    #[test]
    fn the_closed_form_tells_the_runs_that_a_calendar_would(
        rhythm in rhythms(),
        start in 0..days(1),
        passed in 0..days(12),
    ) {
        let started = MIDNIGHT + start;
        let starts = rhythm.starts(started);
        let expected = gone_through(rhythm, started, started + passed);
        prop_assert_eq!(starts.until(started + passed), expected.len() as u64);
        for (number, start) in (0..).zip(expected) {
            prop_assert_eq!(starts.nth(number), Some(start));
        }
    }
}

#[test]
fn runs_wait_for_the_hours_to_begin() {
    let nights = Rhythm {
        first: hours(1),
        every: Some(hours(2)),
        hours: Hours { start: 1, end: 6 },
    };
    let starts = nights.starts(MIDNIGHT);
    let seen: Vec<i64> = (0..5)
        .map(|n| (starts.nth(n).unwrap() - MIDNIGHT) / hours(1))
        .collect();
    assert_eq!(seen, [1, 3, 5, 25, 27]);
}

#[test]
fn a_century_of_minutes_is_counted_at_once() {
    let starts = Rhythm::every(0, minutes(1)).starts(MIDNIGHT);
    let century = days(36_500);
    assert_eq!(starts.until(MIDNIGHT + century), 36_500 * 1_440 + 1);
    assert_eq!(starts.nth(36_500 * 1_440), Some(MIDNIGHT + century));
}

#[test]
fn numbers_out_of_reach_have_no_start() {
    let once = Rhythm {
        every: None,
        ..Rhythm::every(5, 0)
    };
    assert_eq!(once.starts(0).nth(0), Some(5));
    assert_eq!(once.starts(0).nth(1), None);
    assert_eq!(Rhythm::every(0, minutes(1)).starts(0).nth(u64::MAX), None);
}
