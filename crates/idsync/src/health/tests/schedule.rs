//! When a scheduled run is due, and when it is missed.

use std::time::Duration;

use super::given::{ago, at, cluster, codes, hourly, in_china, judged, judged_by, now};
use crate::dataarts::Task;
use crate::health::{ClusterHealth, Reading, Rules, Verdict};

fn judged_task(rules: &Rules, task: Task) -> ClusterHealth {
    judged_by(rules, &cluster().with_tasks(Reading::Read(vec![task])))
}

/// Last run, hours between runs, window and zone; then when the next run is due.
const DUE: [&str; 10] = [
    "2026-11-20T02:00:00Z 4 0-23 +08:00 => 2026-11-20T06:00:00Z",
    "2026-11-20T02:00:00Z 4 20-23 +08:00 => 2026-11-20T12:00:00Z",
    "2026-11-20T02:00:00Z 4 8-10 +08:00 => 2026-11-21T00:00:00Z",
    // The last hour is not part of the window.
    "2026-11-20T02:00:00Z 4 10-14 +08:00 => 2026-11-21T02:00:00Z",
    // Overnight.
    "2026-11-20T02:00:00Z 4 22-6 +08:00 => 2026-11-20T14:00:00Z",
    "2026-11-20T15:00:00Z 4 22-6 +08:00 => 2026-11-20T19:00:00Z",
    // All day.
    "2026-11-20T02:00:00Z 4 7-7 +08:00 => 2026-11-20T06:00:00Z",
    // Summer time begins at 2:00 in Berlin on 29 March 2026.
    "2026-03-28T12:00:00Z 8 2-5 Europe/Berlin => 2026-03-29T01:00:00Z",
    "2026-06-01T12:00:00Z 8 2-5 Europe/Berlin => 2026-06-02T00:00:00Z",
    "2026-11-01T12:00:00Z 8 2-5 Europe/Berlin => 2026-11-02T01:00:00Z",
];

#[test]
fn an_interval_that_ends_inside_the_window_is_due_then_and_otherwise_at_the_next_opening() {
    for case in DUE {
        let (given, expected) = case.split_once(" => ").unwrap();
        let [last, hours, window, zone] = given.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{case}");
        };
        let (start, end) = window.split_once('-').unwrap();
        let window = (start.parse().unwrap(), end.parse().unwrap());
        let mut rules = Rules::new();
        rules.zone = Some(Rules::parse_zone(zone).unwrap());
        let task = hourly("SYNC_SUCCESS", at(last), hours.parse().unwrap(), window);
        let due = judged_task(&rules, task).next_due_at;
        assert_eq!(due, Some(at(expected)), "{case}");
    }
}

#[test]
fn a_run_is_missed_after_the_grace_which_is_longer_where_the_zone_is_assumed() {
    let verdict = |rules: &Rules, minutes_late: i64| {
        let task = hourly("SYNC_SUCCESS", ago(60 + minutes_late), 1, (0, 0));
        judged_task(rules, task).verdict
    };
    let assumed = Rules::new();
    let known = in_china();
    let mut set = Rules::new();
    set.grace = Some(Duration::from_mins(5));
    for (rules, grace) in [(assumed, 24 * 60), (known, 30), (set, 5)] {
        assert_eq!(verdict(&rules, grace), Verdict::Healthy, "{grace}");
        assert_eq!(verdict(&rules, grace + 1), Verdict::Overdue, "{grace}");
    }
}

#[test]
fn a_missed_run_names_its_due_time_as_an_instant() {
    let task = hourly("SYNC_SUCCESS", ago(300), 1, (0, 0));
    let health = judged_task(&in_china(), task);
    assert_eq!(health.reasons[0].message, "was due at 2026-11-22T02:00:00Z");
    assert_eq!(health.next_due_at, Some(at("2026-11-22T02:00:00Z")));
}

#[test]
fn an_invalid_schedule_is_not_understood() {
    let schedule = |change: fn(&mut Task)| {
        let mut task = hourly("SYNC_SUCCESS", ago(10), 4, (0, 6));
        change(&mut task);
        codes(&judged(&cluster().with_tasks(Reading::Read(vec![task]))))
    };
    let changes: [fn(&mut Task); 15] = [
        |task| task.schedule_interval = Some(0),
        |task| task.schedule_interval = Some(-1),
        |task| task.schedule_interval = None,
        |task| task.schedule_interval = Some(i64::MAX),
        |task| task.schedule_interval = Some(9000),
        |task| task.schedule_period = None,
        |task| task.schedule_period = Some("DAY".into()),
        |task| task.schedule_period = Some("hour".into()),
        |task| task.schedule_start_hour = Some(-1),
        |task| task.schedule_start_hour = Some(24),
        |task| task.schedule_end_hour = Some(24),
        |task| task.schedule_end_hour = None,
        |task| task.schedule_start_hour = None,
        |task| task.schedule_status = Some("SCHEDULED".into()),
        |task| task.schedule_status = None,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert_eq!(schedule(change), ["schedule_not_understood"], "{number}");
    }
    let whole_day = schedule(|task| {
        task.schedule_start_hour = None;
        task.schedule_end_hour = None;
    });
    assert_eq!(whole_day, ["task_succeeded"]);
    let minutes = schedule(|task| {
        task.schedule_period = Some("MINUTE".into());
        task.schedule_interval = Some(5);
    });
    assert_eq!(minutes, ["task_succeeded"]);
}

#[test]
fn the_schedule_fields_of_a_task_that_is_not_scheduled_are_ignored() {
    let task = Task {
        schedule_status: Some("NOT_SCHEDULE".into()),
        schedule_period: Some("DAY".into()),
        ..hourly("SYNC_SUCCESS", ago(3000), 1, (0, 0))
    };
    let health = judged_task(&Rules::new(), task);
    assert_eq!(health.verdict, Verdict::Healthy);
    assert_eq!(health.next_due_at, None);
    let running = hourly("SYNCING", ago(1), 1, (0, 0));
    assert_eq!(judged_task(&Rules::new(), running).next_due_at, None);
    let failed = hourly("SYNC_FAIL", now(), 1, (0, 0));
    assert!(judged_task(&Rules::new(), failed).next_due_at.is_some());
}
