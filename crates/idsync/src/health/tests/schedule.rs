//! When a run is due. The clock of the service is eight hours ahead of UTC unless a case says otherwise.

use idsync_api::dataarts_studio::enums::{SchedulePeriod, ScheduleStatus};
use jiff::Timestamp;
use jiff::tz::{self, Offset};

use super::given::{at, codes, hourly, judged_tasks, task};
use crate::dataarts::Task;
use crate::health::{ReasonCode, schedule};

/// Local times of the service, as `2026-11-22T06:00`.
fn local(time: &str) -> Timestamp {
    at(&format!("{time}:00+08:00"))
}

fn due(task: &Task) -> Option<Timestamp> {
    schedule::next_due(task, tz::offset(8))
}

#[track_caller]
fn assert_due(last: &str, hours: i64, window: (i64, i64), expected: &str) {
    assert_eq!(
        due(&hourly(local(last), hours, window)),
        Some(local(expected))
    );
}

#[test]
fn the_interval_counts_from_the_last_run() {
    let minutes = Task {
        schedule_period: Some(SchedulePeriod::Minute),
        ..hourly(local("2026-11-22T20:03"), 5, (0, 0))
    };
    assert_eq!(due(&minutes), Some(local("2026-11-22T20:08")));
    assert_due("2026-11-22T20:03", 5, (0, 0), "2026-11-23T01:03");
}

#[test]
fn the_window_holds_its_first_hour_and_not_its_last() {
    assert_due("2026-11-22T03:00", 1, (4, 6), "2026-11-22T04:00");
    assert_due("2026-11-22T04:59", 1, (4, 6), "2026-11-22T05:59");
    assert_due("2026-11-22T05:00", 1, (4, 6), "2026-11-23T04:00");
}

#[test]
fn outside_the_window_a_run_waits_for_its_next_opening() {
    assert_due("2026-11-22T00:30", 1, (4, 6), "2026-11-22T04:00");
    assert_due("2026-11-22T22:30", 1, (4, 6), "2026-11-23T04:00");
    assert_due("2026-11-22T20:00", 6, (4, 6), "2026-11-23T04:00");
}

#[test]
fn a_window_that_ends_before_it_starts_spans_midnight() {
    assert_due("2026-11-22T21:00", 1, (22, 5), "2026-11-22T22:00");
    assert_due("2026-11-22T21:59", 1, (22, 5), "2026-11-22T22:59");
    assert_due("2026-11-22T23:30", 1, (22, 5), "2026-11-23T00:30");
    assert_due("2026-11-22T03:59", 1, (22, 5), "2026-11-22T04:59");
    assert_due("2026-11-22T04:00", 1, (22, 5), "2026-11-22T22:00");
    assert_due("2026-11-22T20:59", 1, (22, 5), "2026-11-22T22:00");
}

#[test]
fn a_window_that_ends_where_it_starts_or_is_not_given_is_the_whole_day() {
    assert_due("2026-11-22T12:34", 1, (7, 7), "2026-11-22T13:34");
    let open = Task {
        schedule_start_hour: None,
        schedule_end_hour: None,
        ..hourly(local("2026-11-22T23:34"), 1, (1, 2))
    };
    assert_eq!(due(&open), Some(local("2026-11-23T00:34")));
}

#[test]
fn the_window_is_in_the_local_time_of_the_service() {
    // 23:30 and 00:30 in UTC+8 are 15:30 and 16:30 in UTC: the local day changes within a day of UTC.
    let task = hourly(at("2026-11-22T15:30:00Z"), 1, (0, 1));
    assert_eq!(due(&task), Some(at("2026-11-22T16:30:00Z")));
    assert_eq!(
        schedule::next_due(&task, Offset::UTC),
        Some(at("2026-11-23T00:00:00Z"))
    );
    assert_eq!(
        schedule::next_due(&task, tz::offset(-8)),
        Some(at("2026-11-23T08:00:00Z"))
    );
}

#[test]
fn a_schedule_that_makes_no_sense_gives_no_due_time_and_misses_nothing() {
    let sane = hourly(local("2026-11-01T00:00"), 1, (0, 0));
    assert_eq!(
        codes(&judged_tasks([sane.clone()])),
        [ReasonCode::ScheduleMissed]
    );
    for broken in [
        Task {
            schedule_start_hour: None,
            ..sane.clone()
        },
        Task {
            schedule_end_hour: None,
            ..sane.clone()
        },
        Task {
            schedule_start_hour: Some(-1),
            ..sane.clone()
        },
        Task {
            schedule_end_hour: Some(24),
            ..sane.clone()
        },
        Task {
            schedule_end_hour: Some(256),
            ..sane.clone()
        },
        Task {
            schedule_interval: None,
            ..sane.clone()
        },
        Task {
            schedule_interval: Some(0),
            ..sane.clone()
        },
        Task {
            schedule_interval: Some(i64::MIN),
            ..sane.clone()
        },
        Task {
            schedule_interval: Some(i64::MAX),
            ..sane.clone()
        },
        Task {
            schedule_interval: Some(i64::MAX / 3600),
            ..sane.clone()
        },
        Task {
            schedule_period: None,
            ..sane.clone()
        },
        Task {
            schedule_period: Some(SchedulePeriod::from("DAY")),
            ..sane.clone()
        },
        Task {
            sync_time: None,
            ..sane.clone()
        },
        Task {
            sync_time: Some(Timestamp::MAX),
            ..sane
        },
    ] {
        let health = judged_tasks([broken]);
        assert_eq!(
            (codes(&health), health.next_due_at),
            (vec![ReasonCode::TaskSucceeded], None)
        );
    }
}

#[test]
fn the_schedule_of_a_task_that_is_not_scheduled_does_not_count() {
    for status in [
        None,
        Some(ScheduleStatus::NotSchedule),
        Some(ScheduleStatus::from("PAUSED")),
    ] {
        let stale = Task {
            schedule_status: status,
            ..hourly(local("2026-11-01T00:00"), 1, (0, 0))
        };
        assert_eq!(
            codes(&judged_tasks([stale.clone()])),
            [ReasonCode::TaskSucceeded]
        );
        assert_eq!(due(&stale), None);
    }
}

#[test]
fn no_run_is_due_while_one_is_in_progress_or_before_the_first() {
    let scheduled = |status: &str| Task {
        sync_status: task(status, None).sync_status,
        ..hourly(local("2026-11-22T12:00"), 1, (0, 0))
    };
    assert_eq!(due(&scheduled("SYNCING")), None);
    assert_eq!(due(&scheduled("NOT_SYNC")), None);
    assert_eq!(
        due(&scheduled("SYNC_FAIL")),
        Some(local("2026-11-22T13:00"))
    );
}

#[test]
fn the_next_run_of_a_cluster_is_the_earliest_of_its_tasks() {
    let named = |id: &str, task: Task| Task {
        id: Some(id.into()),
        ..task
    };
    let health = judged_tasks([
        named("a", hourly(local("2026-11-22T13:30"), 4, (0, 0))),
        named("b", hourly(local("2026-11-22T13:50"), 1, (0, 0))),
        named("c", task("SYNC_SUCCESS", None)),
    ]);
    assert_eq!(health.next_due_at, Some(local("2026-11-22T14:50")));
}

#[test]
fn an_opening_after_the_end_of_time_gives_no_due_time() {
    let last_hour = Timestamp::MAX
        .checked_sub(jiff::SignedDuration::from_hours(2))
        .unwrap();
    for start in 0..=23 {
        let found = due(&hourly(last_hour, 1, (start, (start + 1) % 24)));
        assert!(found.is_none_or(|due| due > last_hour), "{start}");
    }
}
