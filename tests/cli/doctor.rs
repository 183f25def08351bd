//! `idsync doctor`: its checks, their messages, and the exit code.

use std::io::Write;
use std::time::{Duration, Instant};

use idsync_emulator::{FaultKind, OffsetUnit, Operation};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::idsync::{Idsync, Run};
use crate::impostor::Impostor;
use crate::services::{Services, demo};
use crate::shape::Object;

const NAMES: [&str; 20] = [
    "configuration",
    "credentials",
    "project_id",
    "endpoint.dataarts",
    "endpoint.dws",
    "endpoint.mrs",
    "dns.dataarts",
    "dns.dws",
    "dns.mrs",
    "tcp.dataarts",
    "tcp.dws",
    "tcp.mrs",
    "tls.dataarts",
    "tls.dws",
    "tls.mrs",
    "clock",
    "answer.dataarts",
    "answer.dataarts",
    "answer.dws",
    "answer.mrs",
];

/// `idsync doctor` for `endpoint` with an unknown token, as JSON.
fn of(endpoint: &str, flags: &str) -> Idsync {
    Idsync::new(&format!(
        "doctor --project-id p1 --workspace w1 -o json --endpoint {endpoint} {flags}"
    ))
    .env("IDSYNC_TOKEN", "a-token")
}

/// Status and message of one check.
#[track_caller]
fn check(run: &Run, name: &str) -> (String, String) {
    let report = run.json();
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name).unwrap();
    let text = |key: &str| check[key].as_str().unwrap().to_owned();
    (text("status"), text("message"))
}

fn statuses(run: &Run) -> Vec<(String, String)> {
    let report = run.json();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    checks
        .iter()
        .map(|check| (text(check, "name"), text(check, "status")))
        .collect()
}

#[test]
fn every_check_of_the_demo_succeeds() {
    let run = demo("doctor -o json", 0);
    let report = Object::read(&run.stdout);
    assert_eq!(report.keys(), "schema verdict checks");
    assert_eq!(run.json()["schema"], "idsync.doctor/v1");
    assert_eq!(run.json()["verdict"], "ok");
    let names: Vec<_> = statuses(&run).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, NAMES);
    assert_eq!(check(&run, "tls.dws").0, "skipped");
    assert!(check(&run, "answer.dataarts").1.contains(" tasks"));
    let keys: Vec<_> = run.json()["checks"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["advice", "message", "name", "project", "status"]);
}

#[test]
fn a_table_has_a_line_for_each_check_and_a_summary() {
    let run = demo("doctor", 0);
    for (line, name) in run.stdout.lines().zip(NAMES) {
        assert_eq!(line.split_whitespace().nth(1), Some(name));
    }
    assert!(run.stdout.ends_with("\nno problems · 3 not checked\n"));
    let quiet = demo("doctor -q", 0);
    assert_eq!(quiet.stdout.lines().count(), NAMES.len());
    let lines = demo("doctor -o ndjson", 0).lines();
    assert_eq!(lines.len(), NAMES.len());
}

#[test]
fn the_sources_of_configuration_credentials_and_project_are_shown() {
    let services = Services::start();
    let run = services.run("doctor -o json", 0);
    let (_, configuration) = check(&run, "configuration");
    assert_eq!(
        configuration,
        "endpoint from IDSYNC_ENDPOINT, workspace from IDSYNC_WORKSPACE"
    );
    let (_, credentials) = check(&run, "credentials");
    assert_eq!(
        credentials,
        "access key, from the variables HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"
    );
    let (_, project) = check(&run, "project_id");
    assert!(project.ends_with(", as given"), "{project}");
    let flags = format!(
        "doctor -o json --endpoint {} --region cn-north-4",
        services.url()
    );
    let run = services.run(&flags, 0);
    let (_, configuration) = check(&run, "configuration");
    assert_eq!(
        configuration,
        "region cn-north-4 from --region, endpoint from --endpoint, workspace from IDSYNC_WORKSPACE"
    );
}

#[test]
fn without_configuration_each_part_fails_and_the_rest_is_skipped() {
    let run = Idsync::new("doctor -o json").run().exits(2);
    for (position, (name, status)) in statuses(&run).into_iter().enumerate() {
        let expected = if position < 3 { "fail" } else { "skipped" };
        assert_eq!(status, expected, "{name}");
    }
    assert_eq!(statuses(&run).len(), NAMES.len() - 1);
}

#[test]
fn without_credentials_routes_are_checked_and_no_service_is_called() {
    let services = Services::start();
    let run = services
        .idsync("doctor -o json")
        .env("HUAWEICLOUD_SDK_SK", "")
        .run()
        .exits(2);
    assert_eq!(check(&run, "credentials").0, "fail");
    assert_eq!(
        (check(&run, "tcp.dws").0, check(&run, "clock").0),
        ("ok".into(), "ok".into())
    );
    assert_eq!(
        check(&run, "answer.mrs"),
        ("skipped".into(), "needs credentials".into())
    );
    let asked = services
        .requests()
        .into_iter()
        .filter(|request| request.operation.is_some());
    assert_eq!(asked.count(), 0);
}

#[test]
fn rejected_credentials_give_exit_code_4() {
    let services = Services::start();
    let run = services
        .idsync("doctor -o json")
        .env("HUAWEICLOUD_SDK_SK", "wrongSecretThatOpensNothing")
        .run()
        .exits(4);
    for service in ["dataarts", "dws", "mrs"] {
        let (status, message) = check(&run, &format!("answer.{service}"));
        assert_eq!(status, "fail");
        assert!(message.contains("401 APIGW.0301"), "{message}");
    }
    assert_eq!(run.json()["verdict"], "fail");
}

#[test]
fn a_refused_connection_fails_and_dependent_checks_are_skipped() {
    let run = of(&Impostor::gone(), "").run().exits(1);
    for (name, status) in statuses(&run) {
        let expected = match name.split('.').next().unwrap() {
            "tcp" => "fail",
            "tls" | "answer" | "clock" => "skipped",
            _ => "ok",
        };
        assert_eq!(status, expected, "{name}");
    }
}

#[test]
fn an_unknown_host_fails_name_resolution() {
    let run = of("https://idsync.invalid", "").run().exits(1);
    let (status, message) = check(&run, "dns.mrs");
    assert_eq!(status, "fail");
    assert!(
        message.starts_with("idsync.invalid was not found"),
        "{message}"
    );
    assert_eq!(
        check(&run, "answer.mrs"),
        ("skipped".into(), "needs dns.mrs".into())
    );
}

#[test]
fn a_clock_difference_is_reported_with_its_size() {
    for (minutes, status) in [(2, "ok"), (-7, "warn"), (20, "fail")] {
        let date = Timestamp::now() + SignedDuration::from_mins(minutes);
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
        let impostor = Impostor::saying(&format!("HTTP/1.1 404 Not Found\r\nDate: {date}\r\n"));
        let run = of(impostor.url(), "").run().exits(1);
        let (found, message) = check(&run, "clock");
        assert_eq!(found, status, "{minutes}: {message}");
        let direction = if minutes < 0 { "ahead" } else { "behind" };
        assert!(message.contains(direction), "{message}");
    }
}

#[test]
fn a_response_of_another_server_is_a_failure() {
    let impostor = Impostor::saying("HTTP/1.1 404 Not Found\r\n");
    let run = of(impostor.url(), "").run().exits(1);
    assert_eq!(check(&run, "answer.dws").0, "fail");
    assert_eq!(check(&run, "clock").0, "skipped");
}

#[test]
fn a_server_without_tls_fails_the_tls_check() {
    let impostor = Impostor::saying("HTTP/1.1 200 OK\r\n");
    let run = of(&impostor.url().replace("http", "https"), "")
        .run()
        .exits(1);
    assert_eq!(
        (check(&run, "tcp.dws").0, check(&run, "tls.dws").0),
        ("ok".into(), "fail".into())
    );
    assert_eq!(check(&run, "answer.dws").1, "needs tls.dws");
}

#[test]
fn a_silent_service_ends_within_the_timeout() {
    for scheme in ["http", "https"] {
        let silent = Impostor::silent();
        let began = Instant::now();
        let run = of(&silent.url().replace("http", scheme), "--timeout 300ms")
            .run()
            .exits(1);
        // The greeting, then the tasks, then records and flag side by side; far from the usual 10 s each.
        assert!(began.elapsed() < Duration::from_secs(5), "{scheme}");
        assert_eq!(check(&run, "tcp.dws").0, "ok");
    }
}

#[test]
fn given_clusters_are_called_and_a_missing_one_is_a_warning() {
    let services = Services::start();
    let flags = format!("doctor -o json --cluster mrs:{},mrs:gone", services.mrs());
    let run = services.run(&flags, 0);
    let answers: Vec<_> = statuses(&run)
        .into_iter()
        .filter(|(name, _)| name == "answer.mrs")
        .map(|(_, status)| status)
        .collect();
    assert_eq!(answers, ["ok", "warn"]);
    assert_eq!(run.json()["verdict"], "warn");
}

#[test]
fn without_a_known_cluster_the_rejection_of_an_unused_id_is_enough() {
    let services = Services::start();
    services.fail(Operation::Tasks, FaultKind::status(500));
    let run = services.run("doctor -o json --retries 0", 1);
    assert_eq!(check(&run, "answer.dataarts").0, "fail");
    for service in ["dws", "mrs"] {
        let (status, message) = check(&run, &format!("answer.{service}"));
        assert_eq!(status, "ok");
        assert!(
            message.contains("host, route and credentials work"),
            "{message}"
        );
    }
}

#[test]
fn without_a_workspace_dataarts_is_skipped() {
    let services = Services::start();
    let run = services
        .idsync("doctor -o json")
        .env("IDSYNC_WORKSPACE", "")
        .run()
        .exits(0);
    assert_eq!(check(&run, "answer.dataarts").0, "skipped");
    assert_eq!(check(&run, "answer.dws").0, "ok");
}

/// What `idsync doctor --assumptions` finds about one inference.
#[track_caller]
fn assumption(run: &Run, name: &str) -> (String, String) {
    let report = run.json();
    let all = report["assumptions"].as_array().unwrap();
    let found = all.iter().find(|it| it["name"] == name).unwrap();
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    (text("result"), text("evidence"))
}

#[test]
fn assumptions_are_tested_on_the_responses_of_the_demo() {
    let run = demo("doctor --assumptions -o json", 0);
    for (name, result, evidence) in [
        ("dataarts.offset_unit", "confirmed", "item 3"),
        ("dataarts.offset_rounding", "not_seen", ""),
        ("dataarts.total", "confirmed", "24 on a page of 2"),
        (
            "dataarts.time_unit",
            "confirmed",
            "times between 2000 and now",
        ),
        ("dataarts.time_zone", "confirmed", "in UTC+8"),
        ("dataarts.sync_time", "confirmed", "after `sync_time`"),
        (
            "dataarts.sync_status",
            "contradicted",
            "SYNC_PARTIAL_FAIL 1×",
        ),
        ("dataarts.schedule_status", "confirmed", "NOT_SCHEDULE"),
        ("dataarts.cluster_type", "contradicted", "DLI 1×"),
        ("dataarts.sharing", "confirmed", "in both"),
        ("dws.offset_unit", "confirmed", "item 3"),
        ("dws.total", "confirmed", "on a page of 2"),
        ("dws.order", "confirmed", "newest first"),
        ("dws.time_unit", "confirmed", "0 outside"),
        ("dws.status", "confirmed", "FINISHED"),
        ("dws.identity_source_type", "confirmed", "ldap"),
        ("mrs.is_synchronizing", "confirmed", "false"),
    ] {
        let found = assumption(&run, name);
        assert_eq!(found.0, result, "{name}: {}", found.1);
        assert!(found.1.contains(evidence), "{name}: {}", found.1);
    }
    let text = demo("doctor --assumptions", 0);
    assert!(text.stdout.contains("confirmed ·"), "{}", text.stdout);
}

#[test]
fn an_assumption_that_a_service_contradicts_is_reported_with_the_evidence() {
    let services = Services::with(|builder| {
        let builder = builder.dws_offset(OffsetUnit::Items);
        builder.dataarts_offset(OffsetUnit::FlooredItems)
    });
    let tasks = r#"{"tasks":[{"id":"a","sync_time":1710901516,"sync_status":"DONE"}],"total":1}"#;
    let flags = "doctor --assumptions -o json";
    let run = services.run(flags, 0);
    assert_eq!(assumption(&run, "dws.offset_unit").0, "contradicted");
    assert_eq!(assumption(&run, "dataarts.offset_unit").0, "confirmed");
    assert_eq!(assumption(&run, "dataarts.offset_rounding").0, "confirmed");
    services.answer(Operation::Tasks, tasks);
    let run = services.run(flags, 0);
    assert_eq!(assumption(&run, "dataarts.time_unit").0, "contradicted");
    assert!(
        assumption(&run, "dataarts.sync_status")
            .1
            .starts_with("DONE 1×")
    );
    assert_eq!(assumption(&run, "dataarts.total").0, "not_seen");
}

#[test]
fn the_report_of_assumptions_names_no_account_project_cluster_or_user() {
    let services = Services::start();
    let ready = services.ready();
    let ids = services.idsync(
        "tasks -q -o csv --columns id,cluster_id,cluster_name,create_user,instance_id,domain_id",
    );
    let ids = ids.run().exits(0).stdout;
    let run = services.run("doctor --assumptions -o json", 0);
    let secrets = ids.lines().skip(1).flat_map(|line| line.split(','));
    for id in secrets.chain([&*ready.project_id, &ready.workspace, &ready.ak, &ready.url]) {
        assert!(
            id.is_empty() || !run.stdout.contains(id),
            "{id} in {}",
            run.stdout
        );
    }
}

#[test]
fn where_no_service_answers_assumptions_are_an_error_and_one_that_fails_is_not_seen() {
    let services = Services::start();
    services.fail(Operation::Records, FaultKind::status(403));
    let run = services.run("doctor --assumptions -o json --retries 0", 0);
    let (result, evidence) = assumption(&run, "dws.order");
    assert_eq!(result, "not_seen");
    assert!(
        evidence.starts_with("a call failed: permission 403"),
        "{evidence}"
    );
    services.break_with(&FaultKind::status(500));
    let run = |workspace: &str| {
        let idsync = services.idsync("doctor --assumptions --retries 0");
        idsync.env("IDSYNC_WORKSPACE", workspace).run()
    };
    run("w1").exits(1);
    assert!(run("").exits(2).stderr.contains("no workspace"));
}

#[test]
fn every_project_of_a_fleet_is_checked() {
    let services = Services::start();
    let ready = services.ready();
    let mut fleet = NamedTempFile::new().unwrap();
    let project = |id: &str, endpoint: &str, what: &str| {
        format!("[[project]]\nproject_id = '{id}'\nendpoint = '{endpoint}'\n{what}\n")
    };
    let workspaces = format!("workspaces = ['{}']", ready.workspace);
    let text = project(&ready.project_id, services.url(), &workspaces)
        + &project("another", &Impostor::gone(), "clusters = ['dws:c1']");
    fleet.write_all(text.as_bytes()).unwrap();
    let path = fleet.path().to_str().unwrap();
    let idsync = |flags: &str| services.idsync(flags).arg(path).env("IDSYNC_ENDPOINT", "");
    let run = idsync("doctor -o json --fleet").run().exits(1);
    let report = run.json();
    let checks = report["checks"].as_array().unwrap();
    let of = |line: usize, name: &str| {
        let project = format!("{path}:{line}");
        let mut checks = checks.iter();
        let check = checks.find(|it| it["project"] == *project && it["name"] == name);
        check.unwrap()["status"].as_str().unwrap()
    };
    assert_eq!(of(1, "answer.dataarts"), "ok");
    assert_eq!(of(5, "tcp.dws"), "fail");
    let text = idsync("doctor --fleet").run().exits(1).stdout;
    assert!(text.starts_with(&format!("{path}:1\n")), "{text}");
}
