//! What the tasks of DataArts Studio say.

use super::given::{DAY, ago, cluster, codes, error, hourly, judged, judged_tasks, notes, task};
use crate::dataarts::Task;
use crate::health::{Reading, Verdict};

fn scheduled(status: &str, minutes_ago: i64) -> Task {
    hourly(status, ago(minutes_ago), 4, (0, 0))
}

/// Status, schedule, and how many minutes ago the last run started; then the reasons, worst first.
const CASES: [&str; 23] = [
    "SYNC_SUCCESS off 60: task_succeeded",
    "SYNC_SUCCESS on 60: task_succeeded",
    "SYNC_SUCCESS on 4320: schedule_missed",
    "SYNC_SUCCESS off 12960: success_too_old",
    "SYNC_FAIL on 60: task_failed",
    "SYNC_FAIL off 60: task_failed schedule_stopped",
    "SYNCING off 35: task_running",
    "SYNCING off 36: task_overrun",
    "NOT_SYNC off 60: task_never_ran",
    "UNKNOWN off 60: task_status_unknown",
    "SYNC_PARTIAL_FAIL off 60: task_status_unknown",
    "sync_success off 60: task_status_unknown",
    "- off 60: task_status_unknown",
    "SYNC_SUCCESS off -: time_implausible",
    "SYNCING off -: time_implausible",
    "SYNC_SUCCESS off 29_000_000: time_implausible",
    "SYNC_SUCCESS off -15: task_succeeded",
    "SYNC_SUCCESS off -16: time_implausible",
    "SYNC_FAIL on -: task_failed",
    "SYNC_SUCCESS - 60: schedule_not_understood",
    "SYNC_SUCCESS scheduling 60: schedule_not_understood",
    "SYNC_SUCCESS - 12960: success_too_old schedule_not_understood",
    "SYNC_FAIL broken 60: task_failed schedule_not_understood",
];

/// The task of a case.
fn of_case(case: &'static str) -> Task {
    let [status, schedule, minutes] = case.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{case}");
    };
    let given = |word: &'static str| (word != "-").then_some(word);
    let minutes = given(minutes).map(|it| it.replace('_', "").parse().unwrap());
    let mut task = scheduled(status, 0);
    task.sync_status = given(status).map(Into::into);
    task.sync_time = minutes.map(ago);
    task.schedule_status = match schedule {
        "on" => task.schedule_status,
        "off" => Some("NOT_SCHEDULE".into()),
        "broken" => {
            task.schedule_interval = None;
            task.schedule_status
        }
        other => given(other).map(Into::into),
    };
    task
}

#[test]
fn each_task_is_judged_by_its_status_schedule_and_time() {
    for case in CASES {
        let (task, expected) = case.split_once(": ").unwrap();
        let judged = judged_tasks([of_case(task)]);
        assert_eq!(codes(&judged).join(" "), expected, "{task}");
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
    let known = "MRS, mrs, MRS cluster, DWS, dws, GaussDB(DWS) cluster, DWS cluster";
    for known in known.split(", ") {
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
    assert_eq!(worst.observed_at, ago(60));
    assert_eq!(health.last_attempt_at, Some(ago(5)));
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
