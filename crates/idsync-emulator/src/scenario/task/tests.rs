//! Tasks over time, without any waiting.

use super::*;
use crate::scenario::{Then, hours, minutes};

const START: i64 = 1_790_000_000_000;

fn after(passed: i64) -> Time {
    Time {
        started_ms: START,
        now_ms: START + passed,
    }
}

fn statuses(task: &Task, at: &[i64]) -> Vec<String> {
    let told = |passed: &i64| {
        let state = task.state(after(*passed));
        format!("{} {}", state.sync_status, state.schedule_status)
    };
    at.iter().map(told).collect()
}

fn hourly(outcomes: impl IntoIterator<Item = (TaskRun, u64)>, then: Then) -> Task {
    Task::live(Schedule::every_hours(1), 0, Script::new(outcomes, then))
}

#[test]
fn a_scheduled_task_starts_takes_its_time_and_ends() {
    let succeeded = TaskRun::ending(TaskRun::SUCCEEDED, minutes(2));
    let task = Task::live(
        Schedule::every_hours(1),
        hours(1),
        Script::always(succeeded),
    );
    let seen = statuses(&task, &[0, hours(1), hours(1) + minutes(2), hours(2)]);
    assert_eq!(
        seen,
        [
            "NOT_SYNC SCHEDULING",
            "SYNCING SCHEDULING",
            "SYNC_SUCCESS SCHEDULING",
            "SYNCING SCHEDULING",
        ]
    );
    assert_eq!(task.state(after(0)).last_run, None);
    let last_run = task.state(after(hours(3) - 1)).last_run;
    assert_eq!(last_run, Some(START + hours(2)));
}

#[test]
fn a_schedule_stops_when_the_tenth_failure_in_a_row_has_ended() {
    let outcomes = [
        (TaskRun::failing(minutes(1), "no"), 9),
        (TaskRun::ending(TaskRun::SUCCEEDED, minutes(1)), 1),
        (TaskRun::failing(minutes(1), "no"), 1),
    ];
    let task = hourly(outcomes, Then::KeepLast);
    // Nine failures, a success, and then the tenth of the second row.
    let tenth = hours(10 + 9);
    let seen = statuses(&task, &[hours(9) - 1, tenth - 1, tenth, tenth + minutes(1)]);
    assert_eq!(
        seen,
        [
            "SYNC_FAIL SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNCING SCHEDULING",
            "SYNC_FAIL NOT_SCHEDULE",
        ]
    );
    let years_later = task.state(after(hours(50_000)));
    assert_eq!(years_later.last_run, Some(START + tenth));
}

#[test]
fn nine_failures_in_a_row_stop_nothing() {
    let outcomes = [
        (TaskRun::failing(minutes(1), "no"), 9),
        (TaskRun::ending(TaskRun::SUCCEEDED, minutes(1)), 1),
    ];
    let task = hourly(outcomes, Then::Repeat);
    let state = task.state(after(hours(5_000) + minutes(3)));
    assert_eq!(state.schedule_status, "SCHEDULING");
    assert_eq!(state.last_run, Some(START + hours(5_000)));
}

#[test]
fn the_log_of_a_failure_is_there_from_its_end_until_the_next_run() {
    let task = hourly([(TaskRun::failing(minutes(2), "bad"), 1)], Then::Repeat);
    assert!(task.state(after(minutes(1))).log.is_none());
    let (log, written) = task.state(after(minutes(3))).log.unwrap();
    assert_eq!((log.message.as_ref(), written), ("bad", START + minutes(2)));
    assert!(task.state(after(hours(1))).log.is_none());
}

#[test]
fn a_run_that_never_ends_overruns_and_nothing_follows_it() {
    let task = hourly([(TaskRun::endless(), 1)], Then::Repeat);
    let state = task.state(after(hours(100)));
    assert!(state.is_running());
    assert_eq!(state.last_run, Some(START));
}

#[test]
fn a_task_that_halts_misses_its_schedule() {
    let succeeded = TaskRun::ending(TaskRun::SUCCEEDED, minutes(1));
    let task = hourly([(succeeded, 1)], Then::Repeat).halting_after(Some(3));
    let state = task.state(after(hours(100)));
    assert_eq!(state.last_run, Some(START + hours(2)));
    assert_eq!(state.schedule_status, "SCHEDULING");
}

#[test]
fn without_a_schedule_there_is_one_run() {
    let failed = TaskRun::failing(minutes(1), "no");
    let task = Task::live(Schedule::off(), -hours(1), Script::always(failed));
    assert_eq!(statuses(&task, &[0]), ["SYNC_FAIL NOT_SCHEDULE"]);
    assert_eq!(
        task.state(after(hours(99))).last_run,
        Some(START - hours(1))
    );
}
