//! `--columns`, `--sort`, `--limit`, `--since`, `--verdict` and `--jq`.

use idsync_emulator::Operation;

use crate::services::{Services, demo};

const TASKS: &str = r#"{"total":4,"tasks":[
    {"id":"a","cluster_name":"sales-prod","cluster_type":"DWS","schedule_interval":10,"sync_time":1763773200000},
    {"id":"b","cluster_name":"Risk-Prod","cluster_type":"MRS","schedule_interval":9,"sync_time":1763776800000},
    {"id":"c","cluster_type":"DWS"},
    {"id":"d","cluster_name":"risk-dev","cluster_type":"MRS","schedule_interval":9,"sync_time":1763769600000}]}"#;

fn with_tasks() -> Services {
    let services = Services::start();
    services.answer(Operation::Tasks, TASKS);
    services
}

/// The ids that are shown with `flags`, in order.
fn ids(services: &Services, flags: &str) -> String {
    let lines = services.run(&format!("tasks -o ndjson {flags}"), 0).lines();
    let ids = lines.iter().map(|task| task["id"].as_str().unwrap());
    ids.collect()
}

#[test]
fn columns_come_in_the_order_in_which_they_are_named() {
    let services = with_tasks();
    let flags = "--columns cluster_name,id --columns schedule_interval";
    let run = services.run(&format!("tasks -o csv {flags}"), 0);
    assert_eq!(
        run.stdout,
        "cluster_name,id,schedule_interval\r\nsales-prod,a,10\r\nRisk-Prod,b,9\r\n,c,\r\nrisk-dev,d,9\r\n"
    );
    let run = services.run("tasks --columns id,schedule_interval,cluster_name", 0);
    let expected = "\
ID  SCHEDULE_INTERVAL  CLUSTER_NAME
a                  10  sales-prod
b                   9  Risk-Prod
c                   –  –
d                   9  risk-dev
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn columns_are_for_rows_and_jq_is_for_json() {
    for format in ["json", "ndjson", "yaml"] {
        let stderr = demo(&format!("tasks --columns id -o {format}"), 2).stderr;
        let message = "--columns is for the formats table and csv";
        assert!(stderr.contains(message), "{stderr}");
    }
    for format in ["table", "csv", "yaml"] {
        let stderr = demo(&format!("tasks --jq .id -o {format}"), 2).stderr;
        let message = "--jq needs -o json or -o ndjson";
        assert!(stderr.contains(message), "{stderr}");
    }
}

#[test]
fn an_unknown_field_is_refused_with_the_known_ones() {
    let services = Services::start();
    let records = format!("records {}", services.dws());
    for (command, known) in [
        ("status", "project_id, cluster_id, cluster_name"),
        ("tasks", "id, project_id, domain_id"),
        (&records, "id, identity_source_id"),
    ] {
        for flag in ["--columns=id,wat", "--sort=wat", "--sort=wat:desc"] {
            let stderr = services.idsync(command).arg(flag).run().exits(2).stderr;
            let name = flag.split('=').next().unwrap();
            assert!(stderr.contains(name) && stderr.contains(known), "{stderr}");
        }
    }
    assert_eq!(services.request_counts().total, 0);
}

#[test]
fn a_sort_is_stable_in_both_directions_and_the_absent_come_last() {
    let services = with_tasks();
    assert_eq!(ids(&services, ""), "abcd");
    assert_eq!(ids(&services, "--sort schedule_interval"), "bdac");
    assert_eq!(ids(&services, "--sort schedule_interval:desc"), "abdc");
    assert_eq!(ids(&services, "--sort sync_time:desc"), "badc");
    assert_eq!(ids(&services, "--sort cluster_name:asc"), "bdac");
}

#[test]
fn a_limit_is_a_number_of_rows_and_counts_after_sorting() {
    let services = with_tasks();
    assert_eq!(ids(&services, "--limit 3"), "abc");
    assert_eq!(ids(&services, "--limit 2 --sort sync_time:desc"), "ba");
    let twice = services
        .idsync("tasks --limit 2 -o json --jq")
        .arg(".id, .id");
    let twice = twice.run().exits(0).json();
    assert_eq!(twice, serde_json::json!(["a", "a", "b", "b"]));
}

#[test]
fn only_runs_since_a_time_are_listed() {
    let services = with_tasks();
    assert_eq!(ids(&services, "--since 2025-11-22T01:00:00Z"), "ab");
    assert_eq!(ids(&services, "--since 2025-11-22T09:00:00+08:00"), "ab");
    assert_eq!(ids(&services, "--since 1d"), "");
    let run = services.run("tasks --since soon", 2);
    run.says("--since: \"soon\"");
}

#[test]
fn a_jq_expression_is_applied_to_each_object() {
    let services = with_tasks();
    let jq = |format: &str, expression: &str| {
        let command = services.idsync(&format!("tasks -o {format} --jq"));
        command.arg(expression).run().exits(0).stdout
    };
    let selected = jq("ndjson", "select(.schedule_interval == 9) | .id");
    assert_eq!(selected, "\"b\"\n\"d\"\n");
    let numbers = jq("json", ".schedule_interval // empty");
    assert_eq!(numbers, "[\n10,\n9,\n9\n]\n");
    assert_eq!(jq("json", "empty"), "[]\n");
    let run = services.idsync("status -o json --jq .counts|keys[0]").run();
    assert_eq!(run.exits(0).stdout, "\"unknown\"\n");
    for (expression, why) in [
        (".a[", "expected"),
        (".a|", "expected"),
        ("nope", "undefined filter nope"),
        ("$x", "$x"),
    ] {
        let run = services.run(&format!("tasks -o ndjson --jq {expression}"), 2);
        let message = run.error()["message"].to_string();
        assert!(
            message.starts_with("\"--jq: ") && message.contains(why),
            "{message}"
        );
    }
}

#[test]
fn a_report_with_selected_verdicts_still_judges_the_whole() {
    let services = Services::start();
    let report = |flags: &str| services.run(&format!("status --fail-on healthy {flags}"), 3);
    let whole = report("-o json").json();
    let part = report("-o json --verdict failing,stuck --sort cluster_name").json();
    assert_eq!(part["verdict"], whole["verdict"]);
    assert_eq!(part["counts"], whole["counts"]);
    let clusters = part["clusters"].as_array().unwrap().iter();
    let names = clusters
        .clone()
        .map(|it| it["cluster_name"].as_str().unwrap());
    let names: Vec<_> = names.collect();
    assert!(names.len() > 5 && names.is_sorted(), "{names:?}");
    let mut verdicts = clusters.map(|it| it["verdict"].as_str().unwrap());
    assert!(verdicts.all(|verdict| matches!(verdict, "failing" | "stuck")));
    let hidden = whole["clusters"].as_array().unwrap().len() - names.len();
    let table = report("--verdict failing,stuck").stdout;
    assert!(table.contains(&format!(" · {hidden} not shown")), "{table}");
}
