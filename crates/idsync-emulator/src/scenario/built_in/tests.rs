//! The built-in scenarios, looked at through what the services answer.

use serde_json::Value;

use super::*;
use crate::calendar::Calendar;
use crate::clock::Time;
use crate::scenario::judge::{Service, judge};
use crate::scenario::{ClusterType, Generated, minutes};
use crate::world::{Filter, Window, World};

const START: i64 = 1_790_000_000_000;

const EVERYTHING: Window = Window {
    skip: 0,
    take: 10_000,
};

fn after(passed: i64) -> Time {
    Time {
        started_ms: START,
        now_ms: START + passed,
    }
}

fn world(name: &str) -> World {
    World::new(&Scenario::named(name).unwrap(), 1, Generated::default())
}

fn tasks(world: &World, time: Time) -> Value {
    let workspace = world.workspace_ids().next().unwrap();
    let page = world.tasks(workspace, &Filter::default(), None, EVERYTHING, time);
    serde_json::to_value(page.unwrap()).unwrap()
}

fn records(world: &World, name: &str, time: Time) -> Value {
    let id = world.cluster_id_of(name).unwrap();
    serde_json::to_value(world.records(id, EVERYTHING, time).unwrap()).unwrap()
}

fn status(world: &World, name: &str, minute: i64) -> String {
    let page = tasks(world, after(minutes(minute)));
    let tasks = page["tasks"].as_array().unwrap();
    let task = tasks
        .iter()
        .find(|task| task["cluster_name"] == name)
        .unwrap();
    let words = ["sync_status", "schedule_status"].map(|field| task[field].as_str().unwrap());
    words.join(" ")
}

#[test]
fn every_listed_name_is_found_under_that_name() {
    for name in Scenario::NAMES {
        assert_eq!(Scenario::named(name).unwrap().name(), *name);
    }
}

#[test]
fn every_file_is_valid_by_the_published_schema() {
    let schema = Scenario::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, yaml) in FILES {
        let file: Value = serde_saphyr::from_str(yaml).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&file)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"workspaces": ["a"], "cluster": []})));
}

#[test]
fn an_unknown_name_is_refused_with_the_list_of_names() {
    let error = Scenario::named("dmeo").unwrap_err().to_string();
    assert!(error.contains("dmeo"), "{error}");
    for name in Scenario::NAMES {
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn the_faults_of_every_scenario_can_be_carried_out() {
    for name in Scenario::NAMES {
        let faults = Scenario::named(name).unwrap().faults;
        assert!(Calendar::new(1, faults).is_ok(), "{name}");
    }
}

#[test]
fn every_cluster_earns_its_verdict_at_the_start() {
    for (name, _) in FILES.iter().filter(|(name, _)| !name.contains('1')) {
        let world = world(name);
        let page = tasks(&world, after(0));
        for task in page["tasks"].as_array().unwrap() {
            let cluster = task["cluster_name"].as_str().unwrap();
            let own = Scenario::named(name).unwrap().clusters;
            let expected = own.iter().find(|own| own.name == cluster).unwrap().verdict;
            let service = if task["cluster_type"] == "DWS" {
                Service::Dws(records(&world, cluster, after(0))["sync_records"].clone())
            } else {
                let flag = world.syncing(task["cluster_id"].as_str().unwrap(), after(0));
                Service::Mrs(serde_json::to_value(flag).unwrap())
            };
            let judged = judge(task, &service, START).verdict;
            assert_eq!(serde_json::json!(expected), judged, "{name}: {cluster}");
        }
    }
}

#[test]
fn the_healthy_ones_never_fail_and_are_never_late() {
    let world = world("healthy");
    for hour in 0..24 * 14 {
        let time = after(minutes(60 * hour + 17));
        for task in tasks(&world, time)["tasks"].as_array().unwrap() {
            let status = task["sync_status"].as_str().unwrap();
            assert!(["SYNC_SUCCESS", "SYNCING"].contains(&status), "{task}");
            let age = time.now_ms - task["sync_time"].as_i64().unwrap();
            assert!(age <= minutes(24 * 60), "{task}");
        }
        for record in records(&world, "orders-dws", time)["sync_records"]
            .as_array()
            .unwrap()
        {
            assert_eq!(record["failed_count"], 0, "{record}");
        }
    }
}

#[test]
fn an_outage_comes_and_goes() {
    let world = world("outage");
    let orders = [0, 17, 40, 80, 120].map(|minute| status(&world, "orders-dws", minute));
    assert_eq!(
        orders,
        [
            "SYNC_SUCCESS SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_SUCCESS SCHEDULING",
        ]
    );
    let risk = [0, 15, 95, 110, 600].map(|minute| status(&world, "risk-dws", minute));
    assert_eq!(
        risk,
        [
            "SYNC_SUCCESS SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_FAIL NOT_SCHEDULE",
            "SYNC_FAIL NOT_SCHEDULE",
        ]
    );
    let lake = [0, 60, 80, 90].map(|minute| status(&world, "lake-mrs", minute));
    assert_eq!(
        lake,
        [
            "SYNC_SUCCESS SCHEDULING",
            "SYNCING SCHEDULING",
            "SYNC_FAIL SCHEDULING",
            "SYNC_SUCCESS SCHEDULING",
        ]
    );
}

#[test]
fn a_record_appears_for_each_run_of_the_source() {
    let world = world("outage");
    let newest = |minute| {
        let page = records(&world, "orders-dws", after(minutes(minute)));
        let status = page["sync_records"][0]["status"].as_str().unwrap();
        (page["count"].as_u64().unwrap(), status.to_owned())
    };
    assert_eq!(newest(0), (19, "FINISHED".into()));
    assert_eq!(newest(8), (20, "RUNNING".into()));
    assert_eq!(newest(18), (21, "RUNNING".into()));
    assert_eq!(newest(19), (21, "FAILED".into()));
    assert_eq!(newest(120), (31, "FINISHED".into()));
}

#[test]
fn the_answers_of_the_pages_have_the_fields_types_and_nulls_of_their_examples() {
    let world = world("pages");
    let page = tasks(&world, after(0));
    assert_eq!(page["total"], 1);
    let task = &page["tasks"][0];
    assert_eq!(task["sync_status"], "SYNC_FAIL");
    assert_eq!(task["schedule_status"], "NOT_SCHEDULE");
    assert_eq!(
        (&task["schedule_start_hour"], &task["schedule_end_hour"]),
        (&0.into(), &6.into())
    );
    assert_eq!(
        (&task["schedule_interval"], &task["schedule_period"]),
        (&4.into(), &"HOUR".into())
    );
    assert!(
        task["sync_msg"]
            .as_str()
            .unwrap()
            .contains("because some objects depend on it\\n")
    );

    let page = records(&world, "warehouse-dws", after(0));
    assert_eq!(page["count"], 1);
    let record = &page["sync_records"][0];
    assert_eq!(record["start_time"], record["end_time"]);
    assert_eq!(
        (&record["add_count"], &record["status"]),
        (&3.into(), &"FINISHED".into())
    );
    assert!(record["fail_reason"].is_null());

    let mrs = world.cluster_ids(ClusterType::Mrs).next().unwrap();
    let flag = serde_json::to_string(&world.syncing(mrs, after(0))).unwrap();
    assert_eq!(flag, r#"{"is_synchronizing":false}"#);
}

#[test]
fn the_large_ones_have_as_many_as_they_say() {
    let fleet = world("fleet-10k");
    assert_eq!(tasks(&fleet, after(0))["total"], 10_000);
    let million = world("paging-1m");
    assert_eq!(tasks(&million, after(0))["total"], 1_000_000);
    assert_eq!(
        records(&million, "history-dws", after(0))["count"],
        1_000_000
    );
}
