//! What the tasks of DataArts Studio say.

use super::given::{
    DAY, ago, at, cluster, codes, error, hourly, judged, judged_tasks, notes, task,
};
use crate::dataarts::Task;
use crate::health::{Reading, Verdict};

fn scheduled(status: &str, minutes_ago: i64) -> Task {
    hourly(status, ago(minutes_ago), 4, (0, 0))
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn each_task_is_judged_by_its_status_schedule_and_time() {
    let with = |change: fn(&mut Task), mut task: Task| {
        change(&mut task);
        task
    };
    for (name, task, expected) in [
        (
            "a success",
            task("SYNC_SUCCESS", 60),
            &["task_succeeded"][..],
        ),
        (
            "a failure that is scheduled again",
            scheduled("SYNC_FAIL", 60),
            &["task_failed"],
        ),
        (
            "a failure without a schedule",
            task("SYNC_FAIL", 60),
            &["task_failed", "schedule_stopped"],
        ),
        ("a short run", task("SYNCING", 35), &["task_running"]),
        ("a long run", task("SYNCING", 36), &["task_overrun"]),
        (
            "a task that never ran",
            task("NOT_SYNC", 60),
            &["task_never_ran"],
        ),
        (
            "a scheduled success",
            scheduled("SYNC_SUCCESS", 60),
            &["task_succeeded"],
        ),
        (
            "a missed run",
            scheduled("SYNC_SUCCESS", 3 * DAY),
            &["schedule_missed"],
        ),
        (
            "an old success",
            task("SYNC_SUCCESS", 9 * DAY),
            &["success_too_old"],
        ),
        ("UNKNOWN", task("UNKNOWN", 60), &["task_status_unknown"]),
        (
            "a new status",
            task("SYNC_PARTIAL_FAIL", 60),
            &["task_status_unknown"],
        ),
        (
            "a status in small letters",
            task("sync_success", 60),
            &["task_status_unknown"],
        ),
        (
            "no status",
            with(|task| task.sync_status = None, task("", 60)),
            &["task_status_unknown"],
        ),
        (
            "a success without a time",
            with(|task| task.sync_time = None, task("SYNC_SUCCESS", 60)),
            &["time_implausible"],
        ),
        (
            "a run without a time",
            with(|task| task.sync_time = None, task("SYNCING", 60)),
            &["time_implausible"],
        ),
        (
            "a time in seconds",
            with(
                |task| task.sync_time = Some(at("1970-01-21T08:18:46Z")),
                task("SYNC_SUCCESS", 0),
            ),
            &["time_implausible"],
        ),
        (
            "a time 15 minutes ahead",
            task("SYNC_SUCCESS", -15),
            &["task_succeeded"],
        ),
        (
            "a time 16 minutes ahead",
            task("SYNC_SUCCESS", -16),
            &["time_implausible"],
        ),
        (
            "a failure without a time",
            with(|task| task.sync_time = None, scheduled("SYNC_FAIL", 60)),
            &["task_failed"],
        ),
        (
            "no schedule status",
            with(|task| task.schedule_status = None, task("SYNC_SUCCESS", 60)),
            &["schedule_not_understood"],
        ),
        (
            "a schedule status in small letters",
            with(
                |task| task.schedule_status = Some("scheduling".into()),
                scheduled("SYNC_SUCCESS", 60),
            ),
            &["schedule_not_understood"],
        ),
        (
            "an old success without a schedule status",
            with(
                |task| task.schedule_status = None,
                task("SYNC_SUCCESS", 9 * DAY),
            ),
            &["success_too_old", "schedule_not_understood"],
        ),
        (
            "a failure with a schedule that is not understood",
            with(
                |task| task.schedule_interval = None,
                scheduled("SYNC_FAIL", 60),
            ),
            &["task_failed", "schedule_not_understood"],
        ),
    ] {
        assert_eq!(codes(&judged_tasks([task])), expected, "{name}");
    }
}

#[test]
fn a_task_that_never_ran_is_due_an_interval_after_its_creation_or_last_change() {
    let never = |created: Option<i64>, updated: Option<i64>| Task {
        create_time: created.map(ago),
        update_time: updated.map(ago),
        sync_time: None,
        ..scheduled("NOT_SYNC", 0)
    };
    for (created, updated, expected) in [
        (Some(3 * DAY), None, "schedule_missed"),
        (Some(3 * DAY), Some(60), "task_never_ran"),
        (Some(60), Some(3 * DAY), "task_never_ran"),
        (None, None, "schedule_not_understood"),
    ] {
        let judged = judged_tasks([never(created, updated)]);
        assert_eq!(codes(&judged), [expected], "{created:?} {updated:?}");
    }
}

#[test]
fn notes_say_what_a_status_hides() {
    assert_eq!(
        notes(&judged_tasks([task("SYNCING", 1)])),
        ["previous_run_hidden"]
    );
    assert_eq!(
        notes(&judged_tasks([task("SYNC_SUCCESS", 1)])),
        ["schedule_off"]
    );
    assert!(notes(&judged_tasks([scheduled("SYNC_SUCCESS", 1)])).is_empty());
    assert!(notes(&judged_tasks([task("SYNC_FAIL", 1)])).is_empty());
}

#[test]
fn a_task_whose_cluster_cannot_be_asked_is_not_known_in_full() {
    let success = || task("SYNC_SUCCESS", 60);
    let types = |cluster_type: &str| {
        let mut observation = cluster().with_type(cluster_type.into());
        observation.tasks = Reading::Read(vec![Task {
            cluster_type: Some(cluster_type.into()),
            ..success()
        }]);
        judged(&observation).verdict
    };
    for known in [
        "MRS",
        "mrs",
        "MRS cluster",
        "DWS",
        "dws",
        "GaussDB(DWS) cluster",
        "DWS cluster",
    ] {
        assert_eq!(types(known), Verdict::Healthy, "{known}");
    }
    for unknown in ["DLI", "", "HIVE"] {
        assert_eq!(types(unknown), Verdict::Unknown, "{unknown}");
    }
    let mut nameless = cluster().with_tasks(Reading::Read(vec![success()]));
    nameless.cluster_id = None;
    assert_eq!(
        codes(&judged(&nameless)),
        ["cluster_not_askable", "task_succeeded"]
    );
    let other = Task {
        id: Some("t2".into()),
        cluster_type: Some("DWS".into()),
        ..success()
    };
    let two = judged_tasks([success(), other]);
    assert_eq!(two.reasons[0].code.as_str(), "cluster_not_askable");
}

#[test]
fn of_two_versions_of_a_task_the_later_counts_and_of_equal_ones_the_worse() {
    let verdict = |tasks: [Task; 2]| judged_tasks(tasks).verdict;
    let (success, failure) = (
        |minutes| task("SYNC_SUCCESS", minutes),
        |minutes| task("SYNC_FAIL", minutes),
    );
    assert_eq!(verdict([success(10), failure(20)]), Verdict::Healthy);
    assert_eq!(verdict([success(20), failure(10)]), Verdict::Failing);
    assert_eq!(verdict([success(10), failure(10)]), Verdict::Failing);
    let without_time = Task {
        sync_time: None,
        ..failure(0)
    };
    assert_eq!(verdict([success(10), without_time]), Verdict::Failing);
    assert_eq!(judged_tasks([success(10), success(10)]).tasks, ["t1"]);
    assert_eq!(codes(&judged_tasks([success(10), success(10)])).len(), 1);
}

#[test]
fn reasons_name_their_task_and_the_time_of_its_run() {
    let other = Task {
        id: Some("t2".into()),
        ..task("SYNC_SUCCESS", 5)
    };
    let health = judged_tasks([scheduled("SYNC_FAIL", 60), other]);
    let worst = &health.reasons[0];
    assert_eq!(worst.task_id.as_deref(), Some("t1"));
    assert_eq!(
        (worst.observed_at, health.last_attempt_at),
        (ago(60), Some(ago(5)))
    );
    assert!(worst.message.starts_with("task t1: "), "{}", worst.message);
    assert_eq!(worst.raw_status.as_deref(), Some("SYNC_FAIL"));
    assert_eq!(
        health.last_success_at, None,
        "one task has no known success"
    );
}

#[test]
fn a_failure_is_diagnosed_from_its_log() {
    let failed = Task {
        sync_msg: Some("role \"a\" cannot be dropped because some objects depend on it".into()),
        ..scheduled("SYNC_FAIL", 60)
    };
    let health = judged_tasks([failed]);
    let diagnosis = health.diagnosis.unwrap();
    assert_eq!(diagnosis.class.to_string(), "role_has_dependents");
    assert_eq!(health.reasons[0].message, diagnosis.summary);
}

#[test]
fn tasks_that_could_not_be_read_in_full_are_never_healthy_and_hide_nothing() {
    let lost = |tasks: Vec<Task>| judged(&cluster().with_tasks(Reading::Partial(tasks, error())));
    assert_eq!(
        lost(vec![task("SYNC_SUCCESS", 1)]).verdict,
        Verdict::Unknown
    );
    assert_eq!(lost(vec![task("SYNC_FAIL", 1)]).verdict, Verdict::Failing);
    let unavailable = judged(&cluster().with_tasks(Reading::Unavailable(error())));
    assert_eq!(codes(&unavailable), ["source_unavailable"]);
    assert!(unavailable.reasons[0].message.contains("slow down"));
}

#[test]
fn tasks_are_judged_as_of_when_they_were_read() {
    let mut observation = cluster().with_tasks(Reading::Read(vec![task("SYNCING", 60)]));
    assert_eq!(judged(&observation).verdict, Verdict::Stuck);
    observation.tasks_read_at = Some(ago(50));
    assert_eq!(judged(&observation).verdict, Verdict::Running);
}
