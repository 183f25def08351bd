//! What the services answer, below HTTP.

use super::*;
use crate::scenario::days;

const START: i64 = 1_790_000_000_000;

const AT_START: Time = Time {
    started_ms: START,
    now_ms: START,
};

fn world(extra: Generated) -> World {
    World::new(&Scenario::demo(), 1, extra)
}

fn tasks(count: u32) -> Generated {
    Generated {
        tasks: Some(count),
        ..Generated::default()
    }
}

fn all() -> Window {
    Window {
        skip: 0,
        take: u64::MAX,
    }
}

fn page(world: &World, filter: &Filter, order: Option<Order>, window: Window) -> serde_json::Value {
    let workspace = world.workspace_ids().next().unwrap();
    serde_json::to_value(
        world
            .tasks(workspace, filter, order, window, AT_START)
            .unwrap(),
    )
    .unwrap()
}

fn column(page: &serde_json::Value, field: &str) -> Vec<String> {
    let tasks = page["tasks"].as_array().unwrap();
    tasks.iter().map(|task| task[field].to_string()).collect()
}

#[test]
fn pages_of_any_size_put_together_are_the_whole_list() {
    let world = world(tasks(57));
    for order in [
        None,
        Some(Order {
            by: OrderBy::SyncTime,
            ascending: false,
        }),
    ] {
        let whole = column(&page(&world, &Filter::default(), order, all()), "id");
        for take in [1, 7, 50, 1_000] {
            let mut ids = Vec::new();
            for skip in (0..whole.len() as u64).step_by(usize::try_from(take).unwrap()) {
                ids.extend(column(
                    &page(&world, &Filter::default(), order, Window { skip, take }),
                    "id",
                ));
            }
            assert_eq!(ids, whole, "{take} at a time");
        }
    }
}

#[test]
fn a_filter_counts_what_it_lets_through() {
    let world = world(tasks(300));
    let failed = Filter {
        sync_status: Some("SYNC_FAIL".into()),
        ..Filter::default()
    };
    let first = page(&world, &failed, None, Window { skip: 1, take: 2 });
    let whole = page(&world, &failed, None, all());
    assert_eq!(first["total"], whole["total"]);
    assert_eq!(column(&first, "id"), column(&whole, "id")[1..3]);
    assert!(
        column(&whole, "sync_status")
            .iter()
            .all(|status| status == "\"SYNC_FAIL\"")
    );

    let everything = page(&world, &Filter::default(), None, all());
    let expected = column(&everything, "sync_status")
        .iter()
        .filter(|s| *s == "\"SYNC_FAIL\"")
        .count();
    assert_eq!(whole["total"], expected);
}

#[test]
fn filters_are_combined() {
    let world = world(Generated::default());
    let filter = Filter {
        cluster_type: Some("MRS".into()),
        cluster_name: Some("ics".into()),
        schedule_status: Some("SCHEDULING".into()),
        ..Filter::default()
    };
    assert_eq!(
        column(&page(&world, &filter, None, all()), "cluster_name"),
        Vec::<String>::new()
    );
    let filter = Filter {
        cluster_name: Some("click".into()),
        ..filter
    };
    assert_eq!(
        column(&page(&world, &filter, None, all()), "cluster_name"),
        ["\"clickstream-mrs\""]
    );
}

#[test]
fn each_order_is_kept_both_ways() {
    let world = world(tasks(40));
    let orders = [
        (OrderBy::ClusterName, "cluster_name"),
        (OrderBy::CreateTime, "create_time"),
        (OrderBy::UpdateTime, "update_time"),
        (OrderBy::SyncTime, "sync_time"),
    ];
    for (by, field) in orders {
        for ascending in [true, false] {
            let order = Some(Order { by, ascending });
            let page = page(&world, &Filter::default(), order, all());
            let values = column(&page, field);
            // Names are compared as text, times as numbers, null as the smallest.
            let keys: Vec<(i64, &String)> = values
                .iter()
                .map(|value| (value.parse().unwrap_or(0), value))
                .collect();
            let sorted = if ascending {
                keys.is_sorted()
            } else {
                keys.iter().rev().is_sorted()
            };
            assert!(sorted, "{field} ascending={ascending}: {values:?}");
        }
    }
}

#[test]
fn the_first_dws_cluster_has_as_many_records_as_were_asked_for() {
    let world = world(Generated {
        records: Some(1_000_000),
        ..Generated::default()
    });
    let cluster = world.cluster_ids(ClusterType::Dws).next().unwrap();
    let last = world
        .records(
            cluster,
            Window {
                skip: 999_999,
                take: 10,
            },
            AT_START,
        )
        .unwrap();
    assert_eq!((last.count, last.sync_records.len()), (1_000_000, 1));
    let record = serde_json::to_value(&last.sync_records[0]).unwrap();
    assert!(record["start_time"].as_i64().unwrap() > START - days(365 * 11));
}

#[test]
fn generated_clusters_answer_at_their_own_service() {
    let world = world(tasks(10));
    let generated = Filter {
        cluster_name: Some("fleet-".into()),
        ..Filter::default()
    };
    let page = page(&world, &generated, None, all());
    assert_eq!(page["total"], 10);
    for task in page["tasks"].as_array().unwrap() {
        let id = task["cluster_id"].as_str().unwrap();
        let is_dws = task["cluster_type"] == "DWS";
        assert_eq!(world.records(id, all(), AT_START).is_some(), is_dws);
        assert_eq!(world.syncing(id, AT_START).is_some(), !is_dws);
    }
}

#[test]
fn a_cluster_of_the_other_service_is_not_found() {
    let world = world(Generated::default());
    let dws = world.cluster_ids(ClusterType::Dws).next().unwrap();
    let mrs = world.cluster_ids(ClusterType::Mrs).next().unwrap();
    assert!(world.syncing(dws, AT_START).is_none());
    assert!(world.records(mrs, all(), AT_START).is_none());
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed| {
        let extra = Generated {
            records: Some(50),
            ..tasks(20)
        };
        let world = World::new(&Scenario::demo(), seed, extra);
        page(&world, &Filter::default(), None, all()).to_string()
    };
    assert_eq!(bytes(7), bytes(7));
    assert_ne!(bytes(7), bytes(8));
}
