//! `--columns`, `--sort`, `--limit`, `--since`, `--verdict` and `--jq`.

use idsync_emulator::Operation;

use crate::idsync::Idsync;
use crate::services::Services;

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

/// The ids that are shown, in order.
fn ids(services: &Services, flags: &[&str]) -> String {
    let command = services.idsync("tasks -o ndjson");
    let command = flags
        .iter()
        .fold(command, |command, flag| command.arg(flag));
    let lines = command.run().exits(0).lines();
    lines
        .iter()
        .map(|task| task["id"].as_str().unwrap())
        .collect()
}

#[test]
fn columns_come_in_the_order_in_which_they_are_named() {
    let services = with_tasks();
    let run = services
        .idsync("tasks -o csv --columns cluster_name,id --columns schedule_interval")
        .run()
        .exits(0);
    assert_eq!(
        run.stdout,
        "cluster_name,id,schedule_interval\r\nsales-prod,a,10\r\nRisk-Prod,b,9\r\n,c,\r\nrisk-dev,d,9\r\n"
    );
    let run = services
        .idsync("tasks --columns id,schedule_interval,cluster_name")
        .run()
        .exits(0);
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
        let run = Idsync::new(&format!("tasks --demo --columns id -o {format}"));
        let stderr = run.run().exits(2).stderr;
        assert!(stderr.contains("--columns is for the formats table and csv"));
    }
    for format in ["table", "csv", "yaml"] {
        let run = Idsync::new(&format!("tasks --demo --jq .id -o {format}"));
        let stderr = run.run().exits(2).stderr;
        assert!(
            stderr.contains("--jq needs -o json or -o ndjson"),
            "{stderr}"
        );
    }
}

#[test]
fn an_unknown_field_is_refused_with_the_known_ones() {
    let services = Services::start();
    let records = format!("records {}", services.dws());
    for (command, known) in [
        (
            "status",
            "project_id, cluster_id, cluster_name, cluster_type, verdict, reasons",
        ),
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
    assert_eq!(ids(&services, &[]), "abcd");
    assert_eq!(ids(&services, &["--sort", "schedule_interval"]), "bdac");
    assert_eq!(
        ids(&services, &["--sort", "schedule_interval:desc"]),
        "abdc"
    );
    assert_eq!(ids(&services, &["--sort", "sync_time:desc"]), "badc");
    assert_eq!(ids(&services, &["--sort", "cluster_name:asc"]), "bdac");
}

#[test]
fn a_limit_is_a_number_of_rows_and_counts_after_sorting() {
    let services = with_tasks();
    assert_eq!(ids(&services, &["--limit", "3"]), "abc");
    assert_eq!(
        ids(&services, &["--limit", "2", "--sort", "sync_time:desc"]),
        "ba"
    );
    let run = services.idsync("tasks --limit 2 -o json").run().exits(0);
    assert_eq!(run.json().as_array().unwrap().len(), 2);
}

#[test]
fn only_runs_since_a_time_are_listed() {
    let services = with_tasks();
    assert_eq!(ids(&services, &["--since", "2025-11-22T01:00:00Z"]), "ab");
    assert_eq!(
        ids(&services, &["--since", "2025-11-22T09:00:00+08:00"]),
        "ab"
    );
    assert_eq!(ids(&services, &["--since", "1d"]), "");
    let run = services.idsync("tasks --since soon").run().exits(2);
    assert!(run.stderr.contains("--since: \"soon\""), "{}", run.stderr);
}

#[test]
fn a_jq_expression_is_applied_to_each_object() {
    let services = with_tasks();
    let jq = |format: &str, expression: &str| {
        let command = services.idsync(&format!("tasks -o {format} --jq"));
        command.arg(expression).run().exits(0).stdout
    };
    assert_eq!(
        jq("ndjson", "select(.schedule_interval == 9) | .id"),
        "\"b\"\n\"d\"\n"
    );
    assert_eq!(
        jq("json", ".schedule_interval // empty"),
        "[\n10,\n9,\n9\n]\n"
    );
    assert_eq!(jq("json", "empty"), "[]\n");
    let run = services.idsync("status -o json --jq .counts|keys[0]").run();
    assert_eq!(run.exits(0).stdout, "\"unknown\"\n");
    let run = services.idsync("tasks -o ndjson --jq .[").run().exits(2);
    assert!(
        run.error()["message"]
            .as_str()
            .unwrap()
            .starts_with("--jq: expected")
    );
}

#[test]
fn a_report_with_selected_verdicts_still_judges_the_whole() {
    let services = Services::start();
    let report = |flags: &str| {
        let run = services.idsync(&format!("status --fail-on healthy {flags}"));
        run.run().exits(3)
    };
    let whole = report("-o json").json();
    let part = report("-o json --verdict failing,stuck --sort cluster_name").json();
    assert_eq!(
        (&part["verdict"], &part["counts"]),
        (&whole["verdict"], &whole["counts"])
    );
    let clusters = part["clusters"].as_array().unwrap();
    let names: Vec<_> = clusters
        .iter()
        .map(|cluster| cluster["cluster_name"].as_str().unwrap())
        .collect();
    assert!(names.len() > 5 && names.is_sorted(), "{names:?}");
    let verdicts = clusters.iter().map(|cluster| &cluster["verdict"]);
    assert!(
        verdicts
            .clone()
            .all(|verdict| verdict == "failing" || verdict == "stuck")
    );
    let hidden = whole["clusters"].as_array().unwrap().len() - names.len();
    let table = report("--verdict failing,stuck").stdout;
    assert!(table.contains(&format!(" · {hidden} not shown")), "{table}");
}
