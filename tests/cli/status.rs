//! `idsync status`.

use std::collections::BTreeSet;

use idsync::health::Verdict;
use idsync_emulator::{Fault, FaultKind, Operation, SECRET_KEY};

use crate::idsync::Idsync;
use crate::schemas::assert_valid;
use crate::services::Services;

#[test]
fn the_demo_shows_every_verdict_worst_first_with_a_summary_that_adds_up() {
    let run = Idsync::new("status --demo").run().exits(0);
    let lines: Vec<_> = run.stdout.lines().collect();
    let header = lines
        .iter()
        .position(|line| line.contains("VERDICT"))
        .unwrap();
    let summary = lines
        .iter()
        .position(|line| line.contains(" failing · "))
        .unwrap();
    let shown: Vec<_> = lines[header + 1..summary]
        .iter()
        .map(|line| shown_verdict(line))
        .collect();
    assert!(
        shown.is_sorted_by(|one, other| one >= other),
        "{}",
        run.stdout
    );
    let occurring: BTreeSet<_> = shown.iter().copied().collect();
    assert_eq!(occurring, BTreeSet::from(Verdict::ALL));
    let counts = lines[summary].split(" · ");
    for part in counts.filter(|part| !part.starts_with('*')) {
        let (count, words) = part.split_once(' ').unwrap();
        let verdict = words.replace(' ', "_").parse().unwrap();
        let number = shown.iter().filter(|shown| **shown == verdict).count();
        assert_eq!(number.to_string(), count, "{part}");
    }
    assert!(
        lines[0].contains("2 workspaces")
            && lines[0].contains(&format!("{} clusters", shown.len()))
    );
    assert_eq!(run.stderr, "");
}

/// The verdict behind the symbol at the start of a row.
fn shown_verdict(line: &str) -> Verdict {
    let words = line.split_once(' ').unwrap().1.split("  ").next().unwrap();
    let words = words.trim_end_matches('*');
    words.replace(' ', "_").parse().unwrap()
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    assert!(!Idsync::new("status --demo").run().stdout.contains('\u{1b}'));
    let coloured = Idsync::new("status --demo --color always")
        .env("NO_COLOR", "1")
        .run();
    assert!(
        coloured.stdout.contains("\u{1b}[1m\u{1b}[31m✖ failing"),
        "{:?}",
        coloured.stdout
    );
}

#[test]
fn quiet_leaves_the_table_alone() {
    let run = Idsync::new("status --demo -q").run().exits(0);
    assert!(run.stdout.trim_start().starts_with("VERDICT"));
    assert!(!run.stdout.contains(" · "));
}

#[test]
fn a_verdict_to_fail_on_gives_exit_code_3_and_the_same_report() {
    let run = Idsync::new("status --demo --fail-on failing -o json")
        .run()
        .exits(3);
    assert_eq!(run.json()["verdict"], "failing");
    assert_eq!(run.stderr, "");
}

#[test]
fn only_a_verdict_that_occurs_is_failed_on() {
    let services = Services::start();
    let alone = |verdicts: &str| {
        let arguments = format!(
            "status --cluster mrs:{} --fail-on {verdicts}",
            services.mrs()
        );
        services
            .idsync(&arguments)
            .env("IDSYNC_WORKSPACE", "")
            .run()
    };
    alone("failing,stuck,healthy").exits(1);
    alone("failing --allow-unknown").exits(0);
    alone("failing,unknown").exits(3);
}

#[test]
fn without_a_workspace_or_a_cluster_it_says_what_to_give() {
    let services = Services::start();
    let run = services
        .idsync("status")
        .env("IDSYNC_WORKSPACE", "")
        .run()
        .exits(2);
    for word in ["--workspace", "IDSYNC_WORKSPACE", "--cluster", "--demo"] {
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    assert_eq!(services.request_counts().total, 0);
}

#[test]
fn where_credentials_open_nothing_the_code_is_4_and_the_report_still_says_so() {
    let services = Services::start();
    let wrong = "notTheSecretKeyAtAll";
    let run = services
        .idsync("status -o json")
        .env("HUAWEICLOUD_SDK_SK", wrong)
        .run()
        .exits(4);
    assert_eq!(run.json()["problems"][0]["error"]["kind"], "authentication");
    let error = run.error();
    assert_eq!(error["operation"], "listSecurityMemberSyncTasks");
    assert_eq!(
        error["request_id"],
        run.json()["problems"][0]["error"]["request_id"]
    );
    for secret in [wrong, SECRET_KEY, services.ready().ak.as_str()] {
        assert!(!run.stderr.contains(secret) && !run.stdout.contains(secret));
    }
}

#[test]
fn where_nothing_answers_the_code_is_1() {
    let services = Services::start();
    services.break_with(&FaultKind::status(503));
    let run = services.idsync("status --retries 0 -o json").run().exits(1);
    assert_eq!(run.error()["status"], 503);
    assert_eq!(run.json()["verdict"], "unknown");
}

#[test]
fn a_workspace_that_cannot_be_listed_does_not_hide_a_named_cluster() {
    let services = Services::start();
    services
        .add_fault(Fault::on(Operation::Tasks, FaultKind::status(403)))
        .unwrap();
    let run = services
        .idsync(&format!("status -o json --cluster dws:{}", services.dws()))
        .run()
        .exits(0);
    assert_eq!(run.json()["clusters"][0]["verdict"], "unknown");
    assert_eq!(run.json()["problems"][0]["error"]["kind"], "permission");
    assert_eq!(run.stderr, "");
}

#[test]
fn credentials_are_to_blame_only_if_nothing_else_is() {
    let services = Services::start();
    services
        .add_fault(Fault::on(Operation::Tasks, FaultKind::status(403)))
        .unwrap();
    let status = || {
        services.idsync(&format!(
            "status --retries 0 -o json --cluster dws:{}",
            services.dws()
        ))
    };
    services
        .add_fault(Fault::on(Operation::Records, FaultKind::status(500)).times(1))
        .unwrap();
    assert_eq!(status().run().exits(1).error()["kind"], "service");
    services
        .add_fault(Fault::on(Operation::Records, FaultKind::status(403)))
        .unwrap();
    assert_eq!(status().run().exits(4).error()["kind"], "permission");
}

#[test]
fn a_workspace_without_tasks_is_unknown_as_a_whole() {
    let services = Services::start();
    services.answer(Operation::Tasks, r#"{"tasks":[],"total":0}"#);
    let run = services.idsync("status --fail-on unknown").run().exits(3);
    assert!(
        run.stdout.contains("0 clusters") && run.stdout.contains("no clusters"),
        "{}",
        run.stdout
    );
    services
        .idsync("status --fail-on failing,healthy")
        .run()
        .exits(1);
    services
        .idsync("status --fail-on failing --allow-unknown")
        .run()
        .exits(0);
}

#[test]
fn a_workspace_named_twice_is_asked_once() {
    let services = Services::start();
    let workspace = &services.ready().workspace;
    let listings = |workspaces: &str| {
        services.reset_requests();
        let run = services
            .idsync(&format!("status --workspace {workspaces}"))
            .run()
            .exits(0);
        assert!(run.stdout.contains("1 workspace "), "{}", run.stdout);
        services.request_counts().operations[&Operation::Tasks]
    };
    let once = listings(workspace);
    assert_eq!(listings(&format!("{workspace},{workspace}")), once);
}

#[test]
fn a_run_that_deleted_many_is_told_beside_the_verdict() {
    let run = Idsync::new("status --demo --color never").run().exits(0);
    let orders = run.stdout.lines().find(|line| line.contains("orders-dws"));
    let orders = orders.unwrap();
    assert!(orders.contains("healthy"), "{orders}");
    assert!(orders.contains("deleted 240 identities"), "{orders}");
}

#[test]
fn a_comparison_shows_only_what_changed_since_an_earlier_report() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.json");
    let status =
        |flags: &str| services.idsync(&format!("status --cluster dws:{} {flags}", services.dws()));
    let alone = |flags: &str| status(flags).env("IDSYNC_WORKSPACE", "").run();
    let now = jiff::Timestamp::now().as_millisecond();
    let record = |status: &str| {
        format!(
            r#"{{"sync_records":[{{"id":"r","identity_source_id":"s1","status":"{status}","start_time":{},"end_time":{},"failed_count":0}}],"count":1}}"#,
            now - 20_000,
            now - 10_000
        )
    };
    services.answer(Operation::Records, &record("FINISHED"));
    std::fs::write(&old, alone("-o json").exits(0).stdout).unwrap();
    let compare = format!("--compare {} --fail-on worse", old.display());
    let same = alone(&compare).exits(0);
    assert!(same.stdout.contains("nothing changed"), "{}", same.stdout);
    services.clear_faults();
    services.answer(Operation::Records, &record("FAILED"));
    let changed = alone(&format!("{compare} -o json")).exits(3).json();
    let change = &changed["changes"][0];
    assert_eq!(
        (&change["change"], &change["from"], &change["to"]),
        (&"worse".into(), &"healthy".into(), &"failing".into())
    );
    assert_valid("compare", &[changed]);
    alone("--fail-on worse").exits(2);
}

#[test]
fn one_cluster_is_shown_with_everything_that_is_known_of_it() {
    let services = Services::start();
    let run = services.idsync("status risk-prod-dws").run().exits(0);
    for word in [
        "✖ failing risk-prod-dws",
        "cluster id",
        "last attempt",
        "reason ",
        "task_failed: ",
        "hint ",
    ] {
        assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
    }
    let run = services
        .idsync(&format!("status dws:{} -o json", services.dws()))
        .run()
        .exits(0);
    assert_eq!(run.json()["clusters"][0]["cluster_id"], services.dws());
    let run = services.idsync("status none-such").run().exits(2);
    assert!(
        run.stderr.contains("no cluster \"none-such\""),
        "{}",
        run.stderr
    );
}

#[test]
fn clusters_that_are_expected_and_absent_are_unknown() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("expected");
    std::fs::write(
        &list,
        format!("# all\ndws:{}\nmrs:absent # gone\n", services.dws()),
    )
    .unwrap();
    let run = services.idsync(&format!("status -o json --expect {}", list.display()));
    let report = run.run().exits(0).json();
    let clusters = report["clusters"].as_array().unwrap();
    let absent = clusters
        .iter()
        .find(|cluster| cluster["cluster_id"] == "absent");
    assert_eq!(absent.unwrap()["verdict"], "unknown");
    let report = services
        .idsync("status -o json --min-clusters 1000")
        .run()
        .exits(0)
        .json();
    assert_eq!(report["reasons"][0]["code"], "no_evidence");
    std::fs::write(&list, "obs:x\n").unwrap();
    let run = services
        .idsync(&format!("status --expect {}", list.display()))
        .run()
        .exits(2);
    assert!(run.stderr.contains("expected:1: "), "{}", run.stderr);
}

#[test]
fn a_service_that_is_left_out_by_choice_is_not_called_and_is_no_gap() {
    let services = Services::start();
    let report = services
        .idsync("status -o json --sources dataarts")
        .run()
        .exits(0)
        .json();
    assert_eq!(report["sources"], serde_json::json!(["dataarts"]));
    assert!(
        !services
            .request_counts()
            .operations
            .contains_key(&Operation::Records)
    );
}
