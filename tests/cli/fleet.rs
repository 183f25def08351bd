//! Several projects in one run, from flags or from a file.

use std::collections::BTreeSet;
use std::io::Write;

use tempfile::NamedTempFile;

use crate::idsync::Idsync;
use crate::services::{Services, demo};

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// `idsync status` on a fleet, with the credentials of `services`, and with nothing else in the environment.
fn status(services: &Services, fleet: &NamedTempFile, flags: &str) -> Idsync {
    let ready = services.ready();
    Idsync::new(&format!("status -o json {flags} --fleet"))
        .arg(fleet.path().to_str().unwrap())
        .env("HUAWEICLOUD_SDK_AK", &ready.ak)
        .env("HUAWEICLOUD_SDK_SK", &ready.sk)
}

/// The part of a file for the project that `services` have.
fn project(services: &Services, id: &str, more: &str) -> String {
    let url = services.url();
    format!("[[project]]\nproject_id = '{id}'\nendpoint = '{url}'\n{more}\n")
}

#[test]
fn one_report_covers_every_project() {
    let services = Services::start();
    let ready = services.ready();
    let workspaces = format!("workspaces = ['{}']", ready.workspace);
    let text = project(&services, &ready.project_id, &workspaces)
        + &project(&services, "another", "clusters = ['dws:c1']");
    let run = status(&services, &file(&text), "").run().exits(0);
    let report = run.json();
    assert_eq!(report["project_id"], serde_json::Value::Null);
    let clusters = report["clusters"].as_array().unwrap();
    let of = |id: &str| {
        clusters
            .iter()
            .filter(|cluster| cluster["project_id"] == id)
            .count()
    };
    assert!(of(&ready.project_id) > 10);
    assert_eq!(of("another"), 1);
    let problems = report["problems"].as_array().unwrap();
    assert!(
        problems.iter().any(|problem| {
            problem["project_id"] == "another" && problem["error"]["kind"] == "permission"
        }),
        "{report}"
    );
}

#[test]
fn each_project_can_have_its_own_endpoints() {
    let (one, other) = (Services::start(), Services::start());
    let ready = one.ready();
    let cluster = |services: &Services| format!("clusters = ['dws:{}']", services.dws());
    let text = project(&one, &ready.project_id, &cluster(&one))
        + &format!(
            "[[project]]\nproject_id = 'p2'\n{}\nendpoints = {{ dws = '{}', mrs = '{}', dataarts = '{}' }}\n",
            cluster(&other),
            other.url(),
            other.url(),
            other.url()
        );
    status(&one, &file(&text), "").run().exits(0);
    assert!(one.request_counts().total > 0 && other.request_counts().total > 0);
}

#[test]
fn a_file_takes_precedence_over_the_environment_and_a_flag_over_the_file() {
    let services = Services::start();
    let ready = services.ready();
    let text = project(
        &services,
        &ready.project_id,
        &format!("clusters = ['dws:{}']", services.dws()),
    );
    let fleet = file(&text);
    let nowhere = "http://127.0.0.1:9";
    status(&services, &fleet, "")
        .env("IDSYNC_ENDPOINT", nowhere)
        .env("HUAWEICLOUD_SDK_PROJECT_ID", "another")
        .env("IDSYNC_WORKSPACE", "another")
        .run()
        .exits(0);
    let run = status(
        &services,
        &fleet,
        &format!("--retries 0 --endpoint {nowhere}"),
    )
    .run()
    .exits(1);
    assert_eq!(run.error()["kind"], "connect");
}

#[test]
fn rules_of_flags_take_precedence_over_those_of_the_file() {
    let services = Services::start();
    let ready = services.ready();
    let workspaces = format!("workspaces = ['{}']", ready.workspace);
    let text = "[health]\nlongest_run = '744h'\n".to_owned()
        + &project(&services, &ready.project_id, &workspaces);
    let stuck = |flags: &str| {
        let report = status(&services, &file(&text), flags).run().exits(0).json();
        report["counts"]["stuck"].as_u64().unwrap_or_default()
    };
    assert_eq!(stuck(""), 0);
    assert!(stuck("--longest-run 30m") > 0);
}

#[test]
fn several_projects_can_be_given_by_flags_each_checked_once() {
    let services = Services::start();
    let ready = services.ready();
    let arguments = format!(
        "status -o json --cluster dws:{} --project-id {} --project-id another,another",
        services.dws(),
        ready.project_id
    );
    let report = services
        .idsync(&arguments)
        .env("IDSYNC_WORKSPACE", "")
        .run()
        .exits(0)
        .json();
    let projects: Vec<_> = report["clusters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cluster| cluster["project_id"].as_str().unwrap())
        .collect();
    assert_eq!(projects.len(), 2, "{projects:?}");
    assert!(projects.contains(&"another") && projects.contains(&ready.project_id.as_str()));
}

#[test]
fn ignored_clusters_are_left_out_and_ignored_reasons_become_notes() {
    let report = |flags: &str| {
        let run = demo(&format!("status -o json {flags}"), 0);
        run.json()
    };
    let all = report("")["clusters"].as_array().unwrap().len();
    let without = report("--ignore *-mrs");
    let left = without["clusters"].as_array().unwrap().len();
    assert!(left < all);
    assert_eq!(without["ignored"].as_u64(), Some((all - left) as u64));
    let noted =
        report("--ignore :task_failed --ignore :schedule_stopped --ignore :identity_source_failed");
    assert_eq!(noted["counts"].get("failing"), None);
    assert!(noted.to_string().contains("reason_ignored"));
    for cluster in noted["clusters"].as_array().unwrap() {
        if cluster["reasons"].as_array().unwrap().is_empty() {
            assert_eq!(cluster["verdict"], "unknown", "{cluster}");
        }
    }
}

#[test]
fn each_rule_has_a_flag() {
    let count = |flags: &str, verdict: &str| {
        let run = demo(&format!("status -o json {flags}"), 0);
        run.json()["counts"][verdict].as_u64().unwrap_or_default()
    };
    assert!(count("", "stuck") > 0);
    assert_eq!(count("--longest-run 700h", "stuck"), 0);
    let run = demo("status -o json --mass-deletion 0", 0);
    run.shows("mass_deletion");
    let overdue = count("", "overdue");
    assert!(count("--max-age 1m", "overdue") > overdue);
    assert!(count("--grace 700h", "overdue") < overdue);
    for flag in ["--zone Asia/Shanghai", "--utc-offset -05:00"] {
        demo(&format!("status {flag}"), 0);
    }
}

#[test]
fn an_error_in_the_file_names_its_line() {
    let services = Services::start();
    for (text, line, why) in [
        ("", 1, "there is no [[project]]"),
        (
            "[[project]]\nproject = 'p'\n",
            2,
            "expected one of `project_id`",
        ),
        ("[[project]]\nregoin = 'a'\n", 2, "did you mean `region`?"),
        (
            "[[project]]\nendpoints = { dwss = 'a' }\n",
            2,
            "did you mean `dws`?",
        ),
        (
            "[health]\nlongest_rnu = '1h'\n",
            2,
            "did you mean `longest_run`?",
        ),
        ("rate = 'fast'\n[[project]]\n", 1, "200/5m"),
        ("[[project]]\nproject_id = 'a b'\n", 2, "a b"),
        (
            "[[project]]\nproject_id = 'p'\nclusters = ['obs:c1']\n",
            3,
            "dws:ID or mrs:ID",
        ),
        (
            "\n[[project]]\nproject_id = 'p'\nregion = 'cn-north-4'\n",
            2,
            "neither workspaces nor clusters",
        ),
        (
            "[[project]]\nproject_id = 'p'\nworkspaces = ['w']\n[[project]]\nproject_id = 'p'\n",
            4,
            "already at",
        ),
        (
            "[[project]]\nproject_id = 'p'\nregion = 'nowhere'\nworkspaces = ['w']\n",
            1,
            "nowhere",
        ),
        (
            "[[project]]\nproject_id = 'p'\nendpoint = 'x'\nworkspaces = ['w']\n",
            1,
            "",
        ),
    ] {
        let fleet = file(text);
        let run = status(&services, &fleet, "").run().exits(2);
        let message = run.error()["message"].as_str().unwrap().to_owned();
        let begin = format!("{}:{line}: ", fleet.path().display());
        assert!(
            message.starts_with(&begin) && message.contains(why),
            "{text:?}: {message}"
        );
    }
    assert_eq!(services.request_counts().total, 0);
    let run = Idsync::new("status --fleet /nowhere.toml").run().exits(2);
    run.says("/nowhere.toml");
}

#[test]
fn projects_of_one_account_share_a_rate_unless_they_have_their_own() {
    let (one, other) = (Services::start(), Services::start());
    let id = &one.ready().project_id;
    let clusters = |services: &Services| format!("clusters = ['dws:{}']", services.dws());
    let text = |more: &str| {
        let second = project(&other, "another", &format!("{}\n{more}", clusters(&other)));
        format!(
            "rate = '1/1h'\n{}{second}",
            project(&one, id, &clusters(&one))
        )
    };
    let sent = |more: &str| {
        one.reset_requests();
        other.reset_requests();
        let fleet = file(&text(more));
        status(&one, &fleet, "--timeout 1s --retries 0").run();
        one.request_counts().total + other.request_counts().total
    };
    assert_eq!(sent(""), 1);
    assert_eq!(sent("rate = '2/1h'"), 2);
}

#[test]
fn the_tasks_of_a_fleet_are_listed_once_and_a_project_that_fails_is_reported() {
    let services = Services::start();
    let ready = services.ready();
    let workspaces = format!("workspaces = {:?}", services.workspaces());
    let text = project(&services, &ready.project_id, &workspaces)
        + &project(&services, "another", "workspaces = ['w1']");
    let fleet = file(&text);
    let tasks = services.idsync("tasks -o ndjson --fleet");
    let run = tasks.arg(fleet.path().to_str().unwrap()).run().exits(4);
    let ids: Vec<_> = run
        .lines()
        .iter()
        .map(|task| task["id"].to_string())
        .collect();
    let different: BTreeSet<_> = ids.iter().collect();
    assert!(ids.len() > 24, "{ids:?}");
    assert_eq!(different.len(), ids.len());
    assert_eq!(run.error()["kind"], "permission");
}

#[test]
fn a_rule_that_matches_nothing_is_reported() {
    let warnings = |rules: &str| {
        let run = demo(&format!("status {rules}"), 0);
        run.stderr.matches("matches nothing").count()
    };
    assert_eq!(warnings("--ignore tset-* --ignore no-*:task_failed"), 2);
    assert_eq!(warnings("--ignore *-mrs --ignore task_failed"), 0);
    assert_eq!(warnings("--ignore no_evidence"), 1);
}
