//! The services at different times: every response follows from the time alone.

use proptest::prelude::*;

use super::*;
use crate::scenario::Scenario;
use crate::timeline::DAY;

const START: i64 = 1_790_000_000_000;

fn after(passed: i64) -> ServiceTime {
    ServiceTime {
        started_ms: START,
        now_ms: START + passed,
    }
}

fn state(name: &str, tasks: u32, records: Option<u64>) -> ServiceState {
    let extra = GeneratedForm {
        tasks: Some(tasks),
        records,
    };
    let scenario = Scenario::named(name).unwrap();
    ServiceState::new(&scenario.form, 3, extra).unwrap().0
}

fn cluster<'a>(state: &'a ServiceState, name: &str) -> &'a ClusterEntry {
    let mut clusters = state.clusters.iter();
    clusters.find(|it| it.form.name == name).unwrap()
}

fn records(state: &ServiceState, name: &str, time: ServiceTime) -> Vec<Value> {
    let list = RecordList::new(cluster(state, name), time);
    (0..list.len).map(|at| list.get(at).unwrap()).collect()
}

fn task(state: &ServiceState, name: &str, time: ServiceTime) -> Value {
    state.task_body(cluster(state, name), time).unwrap()
}

/// All responses of the services at a time.
fn everything(state: &ServiceState, time: ServiceTime) -> Value {
    let mut all = vec![json!(state.snapshot(0..usize::MAX, time))];
    for cluster in &state.clusters {
        all.push(json!(state.task_body(cluster, time)));
        all.push(json!(cluster.is_synchronizing(time)));
        all.extend(records(state, &cluster.form.name, time));
    }
    all.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_jump_gives_the_same_state_as_steps_of_any_size(
        name in prop::sample::select(vec!["demo", "healthy", "outage"]),
        steps in prop::collection::vec(0..30 * HOUR, 1..5),
    ) {
        let (stepped, jumped) = (state(name, 12, None), state(name, 12, None));
        let mut passed = 0;
        for step in steps {
            passed += step;
            everything(&stepped, after(passed));
        }
        prop_assert_eq!(everything(&stepped, after(passed)), everything(&jumped, after(passed)));
        prop_assert_eq!(everything(&stepped, after(0)), everything(&state(name, 12, None), after(0)));
    }
}

fn starts(records: &[Value]) -> Vec<i64> {
    let starts = records.iter().map(|record| record["start_time"].as_i64());
    starts.map(Option::unwrap).collect()
}

/// Number of different values of a field.
fn different(records: &[Value], field: &str) -> usize {
    let values: HashSet<String> = records.iter().map(|it| it[field].to_string()).collect();
    values.len()
}

#[test]
fn records_of_all_sources_are_listed_by_start_in_the_order_of_the_cluster() {
    let state = state("two-sources", 0, None);
    let newest_first = starts(&records(&state, "orders-dws", after(0)));
    assert!(newest_first.len() > 190 && newest_first.is_sorted_by(|a, b| a >= b));
    let oldest_first = starts(&records(&state, "branch-dws", after(0)));
    assert!(oldest_first.len() > 200 && oldest_first.is_sorted());
    let records = records(&state, "outlet-dws", after(0));
    let mixed = starts(&records);
    assert!(!mixed.is_sorted() && !mixed.is_sorted_by(|a, b| a >= b));
    assert_eq!((different(&records, "id"), records.len()), (123, 123));
}

#[test]
fn each_record_has_an_id_of_its_own_and_each_source_too() {
    let state = state("two-sources", 0, Some(5_000));
    let records = records(&state, "orders-dws", after(0));
    assert_eq!(records.len(), 5_000);
    assert_eq!(different(&records, "id"), 5_000);
    assert_eq!(different(&records, "identity_source_id"), 2);
    assert!(starts(&records).is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_record_appears_for_each_run_and_keeps_its_id() {
    let state = state("outage", 0, None);
    for (minute, count, status) in [
        (0, 19, "FINISHED"),
        (8, 20, "RUNNING"),
        (19, 21, "FAILED"),
        (120, 31, "FINISHED"),
    ] {
        let records = records(&state, "orders-dws", after(minute * MINUTE));
        assert_eq!(
            (records.len(), &records[0]["status"]),
            (count, &status.into())
        );
    }
    let ids = |time| -> Vec<String> {
        let records = records(&state, "orders-dws", time);
        records.iter().map(|it| it["id"].to_string()).collect()
    };
    assert_eq!(ids(after(HOUR))[6..], ids(after(0)));
}

#[test]
fn a_task_fails_and_recovers() {
    let state = state("outage", 0, None);
    let status = |name, minute| {
        let task = task(&state, name, after(minute * MINUTE));
        let words = ["sync_status", "schedule_status"].map(|it| task[it].as_str().unwrap());
        words.join(" ")
    };
    assert_eq!(status("orders-dws", 17), "SYNC_FAIL SCHEDULING");
    assert_eq!(status("orders-dws", 120), "SYNC_SUCCESS SCHEDULING");
    assert_eq!(status("risk-dws", 600), "SYNC_FAIL SCHEDULING");
    assert_eq!(status("lake-mrs", 60), "SYNCING SCHEDULING");
}

#[test]
fn healthy_clusters_never_fail_and_are_never_overdue() {
    let state = state("healthy", 0, None);
    for hour in 0..24 * 14 {
        let time = after(hour * HOUR + 17 * MINUTE);
        for cluster in &state.clusters {
            let task = state.task_body(cluster, time).unwrap();
            let status = task["sync_status"].as_str().unwrap();
            assert!(["SYNC_SUCCESS", "SYNCING"].contains(&status), "{task}");
            let age = time.now_ms - task["sync_time"].as_i64().unwrap();
            assert!(age <= DAY, "{task}");
        }
    }
}

#[test]
fn fields_of_a_task_can_have_any_value() {
    let state = state("odd-schedules", 0, None);
    let odd = task(&state, "interval-negative-mrs", after(0));
    assert_eq!(odd["schedule_interval"], -1);
    let odd = task(&state, "period-null-mrs", after(0));
    assert_eq!(odd.get("schedule_period"), Some(&Value::Null));
}

#[test]
fn the_answers_of_the_pages_have_the_values_of_their_examples() {
    let state = state("pages", 0, None);
    let task = task(&state, "warehouse-dws", after(0));
    for (field, value) in [
        ("sync_status", json!("SYNC_FAIL")),
        ("schedule_status", json!("NOT_SCHEDULE")),
        ("schedule_start_hour", json!(0)),
        ("schedule_end_hour", json!(6)),
        ("schedule_interval", json!(4)),
        ("schedule_period", json!("HOUR")),
    ] {
        assert_eq!(task[field], value, "{field}");
    }
    let log = task["sync_msg"].as_str().unwrap();
    assert!(log.contains("] ===> "), "{log}");
    assert!(log.contains("objects depend on it\\n"), "{log}");
    let records = records(&state, "warehouse-dws", after(0));
    assert_eq!(records[0]["start_time"], records[0]["end_time"]);
    assert_eq!(records[0]["fail_reason"], Value::Null);
}

#[test]
fn most_generated_clusters_are_healthy_and_every_verdict_occurs() {
    let state = state("pages", 2_000, None);
    let planted = json!(state.snapshot(0..0, after(0)))["planted"].clone();
    let count = |verdict: &str| planted[verdict].as_u64().unwrap();
    assert!(count("healthy") > 1_700, "{planted}");
    assert!(count("failing") > 20, "{planted}");
    for verdict in "stuck overdue partial unknown never_run running".split(' ') {
        assert!(count(verdict) > 3, "{verdict}: {planted}");
    }
}
