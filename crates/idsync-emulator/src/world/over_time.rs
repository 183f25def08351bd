//! The world at many moments: what it tells follows from the time alone.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::scenario::judge::{Service, judge};
use crate::scenario::{days, hours};

const START: i64 = 1_790_000_000_000;

const EVERYTHING: Window = Window {
    skip: 0,
    take: u64::MAX,
};

const NOTHING: Window = Window { skip: 0, take: 0 };

fn after(passed: i64) -> Time {
    Time {
        started_ms: START,
        now_ms: START + passed,
    }
}

fn world(name: &str, tasks: u32) -> World {
    let extra = Generated {
        tasks: Some(tasks),
        ..Generated::default()
    };
    World::new(&Scenario::named(name).unwrap(), 3, extra)
}

fn tasks(world: &World, by: OrderBy, time: Time) -> Value {
    let workspace = world.workspace_ids().next().unwrap();
    let order = Some(Order {
        by,
        ascending: true,
    });
    let page = world.tasks(workspace, &Filter::default(), order, EVERYTHING, time);
    serde_json::to_value(page.unwrap()).unwrap()
}

fn service_of(world: &World, task: &Value, time: Time) -> Service {
    let id = task["cluster_id"].as_str().unwrap();
    if task["cluster_type"] == "DWS" {
        let page = world.records(id, EVERYTHING, time).unwrap();
        Service::Dws(serde_json::to_value(page).unwrap()["sync_records"].clone())
    } else {
        Service::Mrs(serde_json::to_value(world.syncing(id, time)).unwrap())
    }
}

/// All that the services tell at a time.
fn everything(world: &World, time: Time) -> String {
    let orders = [OrderBy::SyncTime, OrderBy::ClusterName];
    let mut all: Vec<Value> = orders.map(|by| tasks(world, by, time)).into();
    for id in world.cluster_ids(ClusterType::Dws) {
        all.push(serde_json::to_value(world.records(id, EVERYTHING, time)).unwrap());
    }
    for id in world.cluster_ids(ClusterType::Mrs) {
        all.push(serde_json::to_value(world.syncing(id, time)).unwrap());
    }
    all.push(serde_json::to_value(world.census(EVERYTHING, time)).unwrap());
    Value::from(all).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_jump_shows_what_steps_of_any_size_lead_to(
        name in prop::sample::select(vec!["demo", "healthy", "outage"]),
        steps in prop::collection::vec(0..hours(30), 1..6),
    ) {
        let stepped = world(name, 12);
        let mut passed = 0;
        for step in steps {
            passed += step;
            let jumped = world(name, 12);
            prop_assert_eq!(everything(&stepped, after(passed)), everything(&jumped, after(passed)));
        }
        // And back again.
        prop_assert_eq!(everything(&stepped, after(0)), everything(&world(name, 12), after(0)));
    }
}

#[test]
fn generated_clusters_earn_the_verdicts_that_are_told_of_them() {
    let world = world("pages", 800);
    for passed in [0, hours(7), hours(30), days(11)] {
        let time = after(passed);
        let mut earned: BTreeMap<String, u64> = BTreeMap::new();
        let page = tasks(&world, OrderBy::CreateTime, time);
        let generated = page["tasks"].as_array().unwrap().iter();
        for task in generated.filter(|task| task["cluster_name"] != "warehouse-dws") {
            let judged = judge(task, &service_of(&world, task, time), time.now_ms);
            *earned.entry(judged.verdict.to_owned()).or_default() += 1;
        }
        // The scenario's own cluster is told as it was at the start.
        *earned.entry("failing".to_owned()).or_default() += 1;
        let told = serde_json::to_value(world.census(NOTHING, time)).unwrap();
        assert_eq!(
            told["planted"],
            serde_json::to_value(&earned).unwrap(),
            "after {passed} ms"
        );
        assert_eq!(earned.len(), 8, "every verdict occurs: {earned:?}");
    }
}

#[test]
fn records_are_added_at_the_front_and_keep_their_ids() {
    let world = world("healthy", 0);
    let orders = world.cluster_id_of("orders-dws").unwrap();
    let ids = |time| -> Vec<String> {
        let page = serde_json::to_value(world.records(orders, EVERYTHING, time).unwrap()).unwrap();
        let records = page["sync_records"].as_array().unwrap();
        records
            .iter()
            .map(|record| record["id"].to_string())
            .collect()
    };
    let (before, later) = (ids(after(0)), ids(after(days(1))));
    assert_eq!(later.len(), before.len() + 4);
    assert_eq!(later[4..], before);
}
