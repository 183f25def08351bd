//! What tasks of DataArts Studio say.

use idsync_api::dataarts_studio::enums::ScheduleStatus;
use jiff::Timestamp;

use super::given::{ago, at, codes, hourly, judged_tasks, now, task, why};
use crate::dataarts::Task;
use crate::health::ReasonCode::{
    ScheduleMissed, ScheduleStopped, TaskFailed, TaskNeverRan, TaskOverrun, TaskRunning,
    TaskStatusUnknown, TaskSucceeded,
};
use crate::health::{DiagnosisClass, Verdict};

#[test]
fn a_run_is_stuck_only_after_more_than_thirty_minutes() {
    for (start, code, words) in [
        (ago(29, 59), TaskRunning, "running for 29 min"),
        (ago(30, 0), TaskRunning, "running for 30 min"),
        (
            ago(30, 1),
            TaskOverrun,
            "running for 30 min; the service stops a run at 30 min",
        ),
        (
            ago(52, 0),
            TaskOverrun,
            "running for 52 min; the service stops a run at 30 min",
        ),
        (ago(0, -1), TaskRunning, "a run is in progress"),
        (None, TaskRunning, "a run is in progress"),
    ] {
        let health = judged_tasks([task("SYNCING", start)]);
        assert_eq!(
            (codes(&health), why(&health)),
            (vec![code], words),
            "{start:?}"
        );
        assert_eq!(health.last_attempt_at, start);
        assert_eq!(health.last_success_at, None);
    }
}

#[test]
fn a_failure_without_a_schedule_says_that_the_schedule_stopped() {
    let health = judged_tasks([task("SYNC_FAIL", ago(5, 0))]);
    assert_eq!(codes(&health), [TaskFailed, ScheduleStopped]);
    assert_eq!(health.verdict, Verdict::Failing);
    assert_eq!(health.reasons[0].raw_status.as_deref(), Some("SYNC_FAIL"));
    assert_eq!(
        health.reasons[1].raw_status.as_deref(),
        Some("NOT_SCHEDULE")
    );
    assert_eq!(Some(health.reasons[0].observed_at), ago(5, 0));
}

#[test]
fn a_failure_within_a_schedule_does_not_say_that_it_stopped() {
    for schedule_status in [
        None,
        Some(ScheduleStatus::Scheduling),
        Some(ScheduleStatus::from("PAUSED")),
    ] {
        let failed = Task {
            schedule_status,
            ..task("SYNC_FAIL", ago(5, 0))
        };
        assert_eq!(codes(&judged_tasks([failed])), [TaskFailed]);
    }
}

#[test]
fn the_message_of_a_failure_is_its_diagnosis() {
    let sync_msg = Some(
        r#"ERROR: role "analysts" cannot be dropped because some objects depend on it"#.into(),
    );
    let health = judged_tasks([Task {
        sync_msg,
        ..task("SYNC_FAIL", ago(5, 0))
    }]);
    assert_eq!(why(&health), r#"role "analysts" still owns objects"#);
    assert_eq!(
        health.diagnosis.unwrap().class,
        DiagnosisClass::RoleHasDependents
    );
}

#[test]
fn a_failure_without_a_log_has_no_diagnosis() {
    for sync_msg in [None, Some(String::new()), Some(" \n".into())] {
        let health = judged_tasks([Task {
            sync_msg,
            ..task("SYNC_FAIL", None)
        }]);
        assert_eq!(
            why(&health),
            "the last run failed; the service gives no cause"
        );
        assert_eq!(health.diagnosis, None);
    }
}

#[test]
fn the_log_of_a_run_that_did_not_fail_is_not_diagnosed() {
    let sync_msg = Some("ERROR: timed out".into());
    assert_eq!(
        judged_tasks([Task {
            sync_msg,
            ..task("SYNC_SUCCESS", None)
        }])
        .diagnosis,
        None
    );
}

#[test]
fn a_success_is_healthy_with_or_without_a_schedule() {
    for success in [
        task("SYNC_SUCCESS", ago(600, 0)),
        task("SYNC_SUCCESS", None),
        hourly(now(), 4, (0, 6)),
    ] {
        let health = judged_tasks([success.clone()]);
        assert_eq!(
            (codes(&health), health.verdict),
            (vec![TaskSucceeded], Verdict::Healthy)
        );
        assert_eq!(health.last_success_at, success.sync_time);
    }
}

#[test]
fn a_scheduled_run_is_missed_only_after_the_grace() {
    // Due at 13:30 by the service's clock: 30 minutes ago.
    for (last, code) in [
        (at("2026-11-22T04:30:00.001Z"), TaskSucceeded),
        (at("2026-11-22T04:30:00Z"), TaskSucceeded),
        (at("2026-11-22T04:29:59.999Z"), ScheduleMissed),
    ] {
        assert_eq!(
            codes(&judged_tasks([hourly(last, 1, (0, 0))])),
            [code],
            "{last}"
        );
    }
}

#[test]
fn a_missed_run_tells_when_it_was_due_by_the_clock_of_the_service() {
    let today = judged_tasks([hourly(at("2026-11-21T22:00:00Z"), 4, (0, 0))]);
    assert_eq!(
        (why(&today), today.verdict),
        ("was due at 10:00", Verdict::Overdue)
    );
    assert_eq!(today.next_due_at, Some(at("2026-11-22T02:00:00Z")));
    let before = judged_tasks([hourly(at("2026-11-20T02:00:00Z"), 4, (0, 0))]);
    assert_eq!(why(&before), "was due at 2026-11-20 14:00");
}

#[test]
fn a_task_that_never_ran_is_never_run() {
    let health = judged_tasks([Task {
        schedule_status: Some(ScheduleStatus::Scheduling),
        ..task("NOT_SYNC", None)
    }]);
    assert_eq!(
        (codes(&health), health.verdict),
        (vec![TaskNeverRan], Verdict::NeverRun)
    );
    assert_eq!((health.last_attempt_at, health.next_due_at), (None, None));
    assert_eq!(health.reasons[0].observed_at, now());
}

#[test]
fn a_status_that_says_nothing_is_unknown() {
    let absent = Task {
        sync_status: None,
        ..task("", None)
    };
    for (task, words) in [
        (
            task("UNKNOWN", None),
            "the service itself does not know the status of the task",
        ),
        (
            task("SYNC_\u{1b}PARTIAL", None),
            "the task has a status this version does not know: SYNC_ PARTIAL",
        ),
        (absent, "the service gives no status of the task"),
    ] {
        let health = judged_tasks([task]);
        assert_eq!(
            (codes(&health), why(&health)),
            (vec![TaskStatusUnknown], words)
        );
        assert_eq!(health.verdict, Verdict::Unknown);
    }
}

#[test]
fn a_task_listed_by_two_workspaces_is_judged_once() {
    let health = judged_tasks([task("NOT_SYNC", None), task("NOT_SYNC", None)]);
    assert_eq!(
        (codes(&health), health.tasks),
        (vec![TaskNeverRan], vec!["t1".to_owned()])
    );
}

#[test]
fn several_tasks_are_all_told_and_the_worst_counts() {
    let named = |id: &str, task: Task| Task {
        id: Some(id.into()),
        ..task
    };
    let nameless = Task {
        id: None,
        ..task("NOT_SYNC", None)
    };
    let health = judged_tasks([
        named("a", hourly(ago(60, 0).unwrap(), 4, (0, 0))),
        nameless.clone(),
        nameless,
        named("b", task("SYNCING", ago(40, 0))),
    ]);
    assert_eq!(
        codes(&health),
        [TaskOverrun, TaskNeverRan, TaskNeverRan, TaskSucceeded]
    );
    assert_eq!(health.tasks, ["a", "b"]);
    assert_eq!(
        (health.last_attempt_at, health.last_success_at),
        (ago(40, 0), ago(60, 0))
    );
}

#[test]
fn no_tasks_at_all_leave_the_cluster_unknown() {
    let health = judged_tasks([]);
    assert_eq!(
        (health.verdict, health.reasons.len(), health.notes.len()),
        (Verdict::Unknown, 0, 0)
    );
}

#[test]
fn times_at_the_ends_of_time_are_judged_like_any_other() {
    for time in [Timestamp::MIN, Timestamp::MAX] {
        for status in ["SYNCING", "SYNC_SUCCESS", "SYNC_FAIL"] {
            assert_eq!(
                judged_tasks([task(status, Some(time))]).last_attempt_at,
                Some(time)
            );
        }
        for interval in [1, i64::MAX] {
            assert_eq!(
                judged_tasks([hourly(time, interval, (22, 5))]).last_attempt_at,
                Some(time)
            );
        }
    }
}
