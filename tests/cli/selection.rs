//! `--columns`, `--sort` and `--filter`.

use idsync_emulator::Operation;
use serde_json::{Value, json};

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
fn columns_are_for_rows_and_other_forms_say_so() {
    for form in ["json", "ndjson", "yaml"] {
        for command in ["status", "tasks", "records"] {
            let run = Idsync::new(&format!("{command} --demo --columns id -o {form}"))
                .run()
                .exits(2);
            assert!(
                run.stderr
                    .contains("--columns is for the forms table and csv"),
                "{}",
                run.stderr
            );
        }
    }
}

#[test]
fn a_name_that_no_field_has_is_refused_with_those_that_fields_have() {
    let services = Services::start();
    let cluster = services.dws();
    for (command, known) in [
        (
            "status".to_owned(),
            "project_id, cluster_id, cluster_name, cluster_type, verdict, reasons",
        ),
        ("tasks".to_owned(), "id, project_id, domain_id"),
        (format!("records {cluster}"), "id, identity_source_id"),
    ] {
        for (flag, value) in [
            ("--columns", "verdict,wat"),
            ("--columns", "wat"),
            ("--sort", "wat"),
            ("--sort", "wat:desc"),
            ("--filter", "wat=1"),
        ] {
            let run = services
                .idsync(&command)
                .arg(flag)
                .arg(value)
                .run()
                .exits(2);
            assert!(
                run.stderr.contains(flag)
                    && run.stderr.contains(known)
                    && run.stderr.lines().count() == 1,
                "{}",
                run.stderr
            );
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
fn a_filter_leaves_out_what_does_not_fulfil_it() {
    let services = with_tasks();
    for (filters, shown) in [
        (["cluster_type=DWS", "id!="], "ac"),
        (["cluster_name~PROD", "id!="], "ab"),
        (["schedule_interval>9", "id!="], "a"),
        (["schedule_interval<=9", "cluster_name~dev"], "d"),
        (["sync_time>=2025-11-22T01:00:00Z", "id!="], "ab"),
        (["sync_time=", "id!="], "c"),
        (["id=x", "id!="], ""),
    ] {
        let flags = ["--filter", filters[0], "--filter", filters[1]];
        assert_eq!(ids(&services, &flags), shown, "{filters:?}");
    }
    let run = services
        .idsync("tasks --filter id=x -o json")
        .run()
        .exits(0);
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn a_condition_that_means_nothing_is_refused() {
    for (filter, reason) in [
        ("failed_count>many", "not a whole number"),
        ("start_time>soon", "2h ago"),
        ("status", "one of = != ~"),
        ("start_time~2026", "is not a time"),
    ] {
        let run = Idsync::new("records --demo --filter")
            .arg(filter)
            .run()
            .exits(2);
        assert!(
            run.stderr.contains("--filter") && run.stderr.contains(reason),
            "{}",
            run.stderr
        );
    }
    let run = Idsync::new("status --demo --filter verdict=bad")
        .run()
        .exits(2);
    assert!(
        run.stderr.contains("failing, stuck, overdue"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_filtered_report_judges_the_whole() {
    let services = Services::start();
    let report = |flags: &str, code| {
        services
            .idsync(&format!("status --fail-on healthy {flags}"))
            .run()
            .exits(code)
    };
    let whole = report("-o json", 3).json();
    let part = report("-o json --filter verdict>=stuck --sort cluster_name", 3).json();
    assert_eq!(
        (
            &part["verdict"],
            &part["counts"],
            &part["problems"][0]["source"]
        ),
        (
            &whole["verdict"],
            &whole["counts"],
            &whole["problems"][0]["source"]
        )
    );
    let clusters = part["clusters"].as_array().unwrap();
    let names: Vec<_> = clusters
        .iter()
        .map(|cluster| cluster["cluster_name"].as_str().unwrap())
        .collect();
    assert!(names.len() == 7 && names.is_sorted(), "{names:?}");
    for cluster in clusters {
        let verdict = &cluster["verdict"];
        assert!([json!("failing"), json!("stuck")].contains(verdict));
    }
    let all = whole["clusters"].as_array().map_or(0, Vec::len);
    let table = report("--filter verdict>=stuck", 3).stdout;
    let summary = format!(" · {} not shown", all - 7);
    assert!(
        table.contains("4 healthy") && table.contains(&summary),
        "{table}"
    );
    assert!(!report("", 3).stdout.contains("not shown"));
}

#[test]
fn the_codes_of_a_report_can_be_filtered_and_shown() {
    let services = Services::start();
    let run = services
        .idsync("status -o csv --filter reasons=schedule_stopped --columns cluster_name,reasons,diagnosis")
        .run()
        .exits(0);
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some("cluster_name,reasons,diagnosis"));
    for line in lines {
        assert!(line.contains("schedule_stopped"), "{line}");
    }
    let lines = services
        .idsync("status -o ndjson --filter diagnosis=throttled")
        .run()
        .exits(0)
        .lines();
    let classes: Vec<&Value> = lines
        .iter()
        .map(|line| &line["diagnosis"]["class"])
        .collect();
    assert_eq!(classes, ["throttled"]);
}
