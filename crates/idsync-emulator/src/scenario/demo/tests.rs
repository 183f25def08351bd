//! The scenario judged by the rules of the health report.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::clock::Time;
use crate::scenario::Records;
use crate::scenario::judge::{Judged, Service, VERDICTS, judge};
use crate::world::{Filter, Window, World};

const REASONS: [&str; 14] = [
    "task_failed",
    "schedule_stopped",
    "task_overrun",
    "task_running",
    "schedule_missed",
    "task_succeeded",
    "task_never_ran",
    "task_status_unknown",
    "identity_source_failed",
    "records_failed",
    "identity_source_overrun",
    "identity_source_running",
    "identity_source_succeeded",
    "record_status_unknown",
];

const NOTES: [&str; 7] = [
    "mass_deletion",
    "no_records",
    "iam_sync_idle",
    "iam_sync_running",
    "iam_sync_unreported",
    "sources_disagree",
    "source_unavailable",
];

/// 2026-09-21T14:13:20Z.
const START: i64 = 1_790_000_000_000;

const AT_START: Time = Time {
    started_ms: START,
    now_ms: START,
};

/// Every cluster of both workspaces, at so many minutes after a start.
fn judge_all(start: i64, passed: i64) -> BTreeMap<String, Judged> {
    let world = World::new(&scenario(), 1, Generated::default());
    let now = start + minutes(passed);
    let time = Time {
        started_ms: start,
        now_ms: now,
    };
    let workspaces: Vec<String> = world.workspace_ids().map(str::to_owned).collect();
    let everything = Window {
        skip: 0,
        take: 1_000,
    };
    let pages = workspaces
        .iter()
        .map(|id| world.tasks(id, &Filter::default(), None, everything, time));
    let tasks = pages.flat_map(|page| {
        serde_json::to_value(page).unwrap()["tasks"]
            .as_array()
            .unwrap()
            .clone()
    });
    tasks
        .map(|task| {
            let id = task["cluster_id"].as_str().unwrap();
            let service = if task["cluster_name"] == THROTTLED {
                Service::Unavailable
            } else if task["cluster_type"] == "DWS" {
                let page = world.records(id, everything, time).unwrap();
                Service::Dws(serde_json::to_value(page).unwrap()["sync_records"].clone())
            } else {
                Service::Mrs(serde_json::to_value(world.syncing(id, time)).unwrap())
            };
            (
                task["cluster_name"].as_str().unwrap().to_owned(),
                judge(&task, &service, now),
            )
        })
        .collect()
}

#[test]
fn every_verdict_reason_and_note_occurs_at_any_hour_and_for_an_hour() {
    for hour in 0..24 {
        let first = judge_all(START + hours(hour), 0);
        let codes: BTreeSet<&str> = first
            .values()
            .flat_map(|judged| judged.codes.iter().copied())
            .collect();
        let expected: BTreeSet<&str> = REASONS.into_iter().chain(NOTES).collect();
        assert_eq!(codes, expected, "starting {hour} h later");
        let verdicts: BTreeSet<&str> = first.values().map(|judged| judged.verdict).collect();
        assert_eq!(
            verdicts,
            VERDICTS.into_iter().collect(),
            "starting {hour} h later"
        );

        for passed in (1..=60).step_by(7) {
            for (name, judged) in judge_all(START + hours(hour), passed) {
                assert_eq!(
                    judged.codes, first[&name].codes,
                    "{name} after {passed} min"
                );
            }
        }
    }
}

#[test]
fn every_cluster_earns_the_verdict_that_is_told_of_it() {
    let judged = judge_all(START, 0);
    for cluster in scenario().clusters {
        let told = serde_json::to_value(cluster.verdict).unwrap();
        assert_eq!(told, judged[&cluster.name].verdict, "{}", cluster.name);
    }
}

#[test]
fn many_users_were_deleted_at_one_cluster_that_is_healthy() {
    let judged = judge_all(START, 0);
    let deleted: Vec<_> = judged
        .values()
        .filter(|judged| judged.codes.contains("mass_deletion"))
        .map(|judged| judged.verdict)
        .collect();
    assert_eq!(deleted, ["healthy"]);
}

#[test]
fn several_clusters_are_healthy() {
    let judged = judge_all(START, 0);
    assert_eq!(judged.len(), 24);
    let healthy = judged
        .values()
        .filter(|judged| judged.verdict == "healthy")
        .count();
    assert!(healthy >= 4, "{healthy}");
}

#[test]
fn the_throttled_cluster_is_known_and_otherwise_well() {
    let judged = judge_all(START, 0);
    assert_eq!(judged[THROTTLED].verdict, "healthy");
    assert_eq!(
        scenario().faults[0].fault.cluster_id.as_deref(),
        Some(THROTTLED)
    );
}

#[test]
fn both_workspaces_share_tasks_and_have_some_of_their_own() {
    let clusters = scenario().clusters;
    let listed = |workspaces: &[usize]| {
        clusters
            .iter()
            .filter(|c| c.workspaces == workspaces)
            .count()
    };
    assert!(listed(&[0, 1]) >= 3);
    assert!(listed(&[0]) >= 3);
    assert!(listed(&[1]) >= 3);
}

#[test]
fn each_cause_of_failure_is_told_by_one_message() {
    let clusters = scenario().clusters;
    let messages: Vec<String> = clusters
        .iter()
        .filter_map(|c| c.task.as_ref())
        .filter_map(|task| task.state(AT_START).log)
        .map(|(log, _)| log.message.to_string())
        .collect();
    let causes = [
        "objects depend on it",
        "already exists",
        "permission denied",
        "timeout",
        "already in progress",
        "ratelimit",
        "closed the stream",
    ];
    for cause in causes {
        let count = messages
            .iter()
            .filter(|message| message.contains(cause))
            .count();
        assert_eq!(count, 1, "{cause}");
    }
    assert_eq!(messages.len(), causes.len());
}

fn held(cluster: &Cluster) -> &[Run] {
    match &cluster.records {
        Records::Held(runs) => runs,
        Records::Live(_) => panic!("{} changes by itself", cluster.name),
    }
}

#[test]
fn one_identity_source_failed_several_times_in_a_row_after_it_had_worked() {
    let clusters = scenario().clusters;
    let risk = clusters
        .iter()
        .find(|cluster| cluster.name == "risk-prod-dws")
        .unwrap();
    let statuses: Vec<&str> = held(risk)
        .iter()
        .map(|run| run.ending.status.as_ref())
        .collect();
    assert_eq!(
        statuses,
        [
            "FINISHED", "FINISHED", "FAILED", "FAILED", "FAILED", "FAILED"
        ]
    );
}

#[test]
fn the_first_dws_cluster_has_at_least_five_records() {
    assert!(held(&scenario().clusters[0]).len() >= 5);
}
