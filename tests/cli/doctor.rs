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

/// The names of the checks of the demo.
const NAMES: &str = "configuration credentials project_id endpoint.dataarts endpoint.dws endpoint.mrs clock \
    answer.dataarts answer.dataarts answer.dws answer.mrs";

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

/// The status of every check, in order.
fn statuses(run: &Run) -> Vec<String> {
    let report = run.json();
    let checks = report["checks"].as_array().unwrap().iter();
    let status = |check: &Value| check["status"].as_str().unwrap().to_owned();
    checks.map(status).collect()
}

#[test]
fn every_check_of_the_demo_succeeds() {
    let run = demo("doctor -o json", 0);
    assert_eq!(run.json()["schema"], "idsync.doctor/v1");
    assert_eq!(run.json()["verdict"], "ok");
    assert_eq!(statuses(&run), ["ok"; 11]);
    assert!(check(&run, "endpoint.dws").1.ends_with(" answers"));
    assert!(check(&run, "answer.dataarts").1.contains(" tasks"));
}

#[test]
fn a_table_has_a_line_for_each_check_and_a_summary() {
    let run = demo("doctor", 0);
    let (lines, summary) = run.stdout.split_once("\n\n").unwrap();
    let names = lines
        .lines()
        .map(|line| line.split_whitespace().nth(1).unwrap());
    assert_eq!(names.collect::<Vec<_>>().join(" "), NAMES);
    assert_eq!(summary, "no problems\n");
    assert_eq!(demo("doctor -q", 0).stdout.lines().count(), 11);
    assert_eq!(demo("doctor -o ndjson", 0).lines().len(), 11);
}

#[test]
fn the_sources_of_configuration_credentials_and_project_are_shown() {
    let services = Services::start();
    let run = services.run("doctor -o json", 0);
    assert_eq!(
        check(&run, "configuration").1,
        "endpoint from IDSYNC_ENDPOINT, workspace from IDSYNC_WORKSPACE"
    );
    assert_eq!(
        check(&run, "credentials").1,
        "access key, from the variables HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"
    );
    assert!(check(&run, "project_id").1.ends_with(", as given"));
    let endpoint = format!("--endpoint {}", services.url());
    let run = services.run(&format!("doctor -o json {endpoint} --region cn-north-4"), 0);
    assert_eq!(
        check(&run, "configuration").1,
        "region cn-north-4 from --region, endpoint from --endpoint, workspace from IDSYNC_WORKSPACE"
    );
}

#[test]
fn without_configuration_everything_else_is_skipped() {
    let run = Idsync::new("doctor -o json").run().exits(2);
    let (first, others) = (statuses(&run).remove(0), statuses(&run).split_off(1));
    assert_eq!(first, "fail");
    assert_eq!(others, ["skipped"; 9]);
}

#[test]
fn missing_and_rejected_parts_are_named_and_what_depends_on_them_is_skipped() {
    let services = Services::start();
    let run = |name: &str, value: &str, code| {
        let command = services.idsync("doctor -o json").env(name, value);
        command.run().exits(code)
    };
    let without_key = run("HUAWEICLOUD_SDK_SK", "", 2);
    let requests = services.requests().into_iter();
    assert_eq!(requests.filter(|it| it.operation.is_some()).count(), 0);
    let rejected = run("HUAWEICLOUD_SDK_SK", "wrongSecretThatOpensNothing", 4);
    let without_workspace = run("IDSYNC_WORKSPACE", "", 0);
    for (run, name, status, words) in [
        (&without_key, "credentials", "fail", ""),
        (&without_key, "endpoint.dws", "ok", ""),
        (&without_key, "clock", "ok", ""),
        (&without_key, "answer.mrs", "skipped", "needs credentials"),
        (&rejected, "answer.dataarts", "fail", "401 APIGW.0301"),
        (&rejected, "answer.dws", "fail", "401 APIGW.0301"),
        (&rejected, "answer.mrs", "fail", "401 APIGW.0301"),
        (&without_workspace, "answer.dataarts", "skipped", ""),
        (&without_workspace, "answer.dws", "ok", ""),
    ] {
        let (found, message) = check(run, name);
        assert_eq!(found, status, "{name}: {message}");
        assert!(message.contains(words), "{name}: {message}");
    }
    assert_eq!(rejected.json()["verdict"], "fail");
}

#[test]
fn an_endpoint_that_cannot_be_reached_fails_with_the_cause_and_its_calls_are_skipped() {
    let plain = Impostor::saying("HTTP/1.1 200 OK\r\n");
    for (endpoint, cause) in [
        (Impostor::gone(), "Connection refused"),
        ("https://idsync.invalid".to_owned(), "lookup"),
        (plain.url().replace("http", "https"), "no secure connection"),
    ] {
        let run = of(&endpoint, "").run().exits(1);
        let (status, message) = check(&run, "endpoint.dws");
        assert_eq!(status, "fail");
        assert!(message.contains(cause), "{message}");
        let answer = ("skipped".into(), "needs endpoint.dws".into());
        assert_eq!(check(&run, "answer.dws"), answer);
        assert_eq!(check(&run, "clock").0, "skipped");
    }
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
        assert_eq!(
            check(&run, "answer.dws").0,
            "fail",
            "another server answered"
        );
    }
}

#[test]
fn a_silent_service_ends_within_the_timeout() {
    let silent = Impostor::silent();
    let began = Instant::now();
    let run = of(silent.url(), "--timeout 300ms").run().exits(1);
    // Far from the usual 10 s.
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(check(&run, "endpoint.dws").0, "fail");
}

#[test]
fn given_clusters_are_called_and_a_missing_one_is_a_warning() {
    let services = Services::start();
    let flags = format!("doctor -o json --cluster mrs:{},mrs:gone", services.mrs());
    let run = services.run(&flags, 0);
    assert_eq!(statuses(&run).split_off(9), ["ok", "warn"]);
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

/// What `idsync doctor --assumptions` finds about one inference.
#[track_caller]
fn assumption(run: &Run, name: &str) -> (String, String) {
    let report = run.json();
    let all = report["assumptions"].as_array().unwrap();
    let found = all.iter().find(|it| it["name"] == name).unwrap();
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    (text("result"), text("evidence"))
}

/// Name, result and evidence of inferences in the demo.
const FINDINGS: &str = "dataarts.offset_unit confirmed item 3
dataarts.offset_rounding not_seen no response
dataarts.total confirmed 24 on a page of 2
dataarts.time_unit confirmed times between 2000 and now
dataarts.time_zone confirmed in UTC+8
dataarts.sync_time confirmed after `sync_time`
dataarts.sync_status contradicted SYNC_PARTIAL_FAIL 1×
dataarts.schedule_status confirmed NOT_SCHEDULE
dataarts.cluster_type contradicted DLI 1×
dataarts.sharing confirmed in both
dws.offset_unit confirmed item 3
dws.total confirmed on a page of 2
dws.order confirmed newest first
dws.time_unit confirmed 0 outside
dws.status confirmed FINISHED
dws.identity_source_type confirmed ldap
mrs.is_synchronizing confirmed false";

#[test]
fn assumptions_are_tested_on_the_responses_of_the_demo() {
    let run = demo("doctor --assumptions -o json", 0);
    for line in FINDINGS.lines() {
        let [name, result, expected] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (found, evidence) = assumption(&run, name);
        assert_eq!(found, result, "{name}: {evidence}");
        assert!(evidence.contains(expected), "{name}: {evidence}");
    }
    let text = demo("doctor --assumptions", 0);
    text.shows("confirmed ·");
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
    assert_eq!(assumption(&run, "dws.order").0, "not_seen");
    assert_eq!(run.errors()[0]["kind"], "permission");
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
    assert_eq!(of(5, "endpoint.dws"), "fail");
    let text = idsync("doctor --fleet").run().exits(1).stdout;
    assert!(text.starts_with(&format!("{path}:1\n")), "{text}");
}
