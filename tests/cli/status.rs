//! `idsync status`.

use std::collections::BTreeSet;

use idsync::health::Verdict;
use idsync_emulator::{FaultKind, Operation};

use crate::idsync::Idsync;
use crate::schemas::assert_valid;
use crate::services::{Services, demo, ended};

#[test]
fn the_demo_shows_every_verdict_worst_first_with_a_summary_that_adds_up() {
    let run = demo("status", 0);
    let lines: Vec<_> = run.stdout.lines().collect();
    let position = |text| lines.iter().position(|line| line.contains(text)).unwrap();
    let (header, summary) = (position("VERDICT"), position(" failing · "));
    let rows = lines[header + 1..summary].iter();
    let shown: Vec<_> = rows.map(|line| shown_verdict(line)).collect();
    let is_worst_first = shown.is_sorted_by(|one, other| one >= other);
    assert!(is_worst_first, "{}", run.stdout);
    let occurring: BTreeSet<_> = shown.iter().copied().collect();
    assert_eq!(occurring, BTreeSet::from(Verdict::ALL));
    let counts = lines[summary].split(" · ");
    for part in counts.filter(|part| !part.starts_with('*')) {
        let (count, words) = part.split_once(' ').unwrap();
        let verdict = words.replace(' ', "_").parse().unwrap();
        let number = shown.iter().filter(|shown| **shown == verdict).count();
        assert_eq!(number.to_string(), count, "{part}");
    }
    for part in ["2 workspaces", &format!("{} clusters", shown.len())] {
        assert!(lines[0].contains(part), "{}", lines[0]);
    }
    assert_eq!(run.stderr, "");
}

/// The verdict behind the symbol at the start of a row.
fn shown_verdict(line: &str) -> Verdict {
    let words = line.split_once(' ').unwrap().1.split("  ").next().unwrap();
    let words = words.trim_end_matches('*');
    words.replace(' ', "_").parse().unwrap()
}

#[test]
fn colours_are_off_without_a_terminal_unless_requested_and_quiet_prints_only_the_table() {
    let run = demo("status -q", 0);
    assert!(run.stdout.trim_start().starts_with("VERDICT"));
    assert!(!run.stdout.contains(" · ") && !run.stdout.contains('\u{1b}'));
    let coloured = Idsync::new("status --demo --color always").env("NO_COLOR", "1");
    coloured.run().shows("\u{1b}[1m\u{1b}[31m✖ failing");
}

#[test]
fn without_a_workspace_or_a_cluster_the_error_names_the_options() {
    let services = Services::start();
    let command = services.idsync("status").env("IDSYNC_WORKSPACE", "");
    let run = command.run().exits(2);
    for word in ["--workspace", "IDSYNC_WORKSPACE", "--cluster", "--demo"] {
        run.says(word);
    }
    assert_eq!(services.request_counts().total, 0);
}

#[test]
fn rejected_credentials_give_code_4_with_a_report() {
    let services = Services::start();
    let command = services.idsync("status -o json");
    let run = command.env("HUAWEICLOUD_SDK_SK", "wrong").run().exits(4);
    let (reported, error) = (&run.json()["problems"][0]["error"], run.error());
    assert_eq!(reported["kind"], "authentication");
    assert_eq!(error["operation"], "listSecurityMemberSyncTasks");
    assert_eq!(error["request_id"], reported["request_id"]);
}

#[test]
fn the_code_is_4_only_if_every_problem_is_one_of_credentials() {
    let services = Services::start();
    let forbidden = FaultKind::status(403);
    let flags = format!("--retries 0 -o json --cluster dws:{}", services.dws());
    services.fail(Operation::Tasks, forbidden.clone());
    services.fail_times(Operation::Records, FaultKind::status(500), 1);
    let kind = |code| services.run(&format!("status {flags}"), code).error()["kind"].clone();
    assert_eq!(kind(1), "service");
    services.fail(Operation::Records, forbidden);
    assert_eq!(kind(4), "permission");
}

#[test]
fn a_workspace_without_tasks_is_unknown_as_a_whole() {
    let services = Services::start();
    services.answer(Operation::Tasks, r#"{"tasks":[],"total":0}"#);
    let run = services.run("status --fail-on unknown", 3);
    for words in ["0 clusters", "no clusters"] {
        run.shows(words);
    }
    services.run("status --fail-on failing,healthy", 1);
    services.run("status --fail-on failing --allow-unknown", 0);
}

#[test]
fn a_workspace_given_twice_is_listed_once() {
    let services = Services::start();
    let workspace = &services.ready().workspace;
    let listings = |workspaces: &str| {
        services.reset_requests();
        let run = services.run(&format!("status --workspace {workspaces}"), 0);
        run.shows("1 workspace ");
        services.request_counts().operations[&Operation::Tasks]
    };
    let once = listings(workspace);
    assert_eq!(listings(&format!("{workspace},{workspace}")), once);
}

#[test]
fn a_comparison_shows_only_what_changed_since_an_earlier_report() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.json");
    let status = |result: &str, flags: &str, code| {
        services.clear_faults();
        services.answer(Operation::Records, &ended(result));
        let command = services.idsync(&format!("status --cluster dws:{} {flags}", services.dws()));
        command.env("IDSYNC_WORKSPACE", "").run().exits(code)
    };
    std::fs::write(&old, status("FINISHED", "-o json", 0).stdout).unwrap();
    let compare = format!("--compare {} --fail-on worse", old.display());
    let same = status("FINISHED", &compare, 0).stdout;
    assert!(same.contains("nothing changed"), "{same}");
    let table = status("FAILED", &compare, 3).stdout;
    let row = table.lines().nth(1).unwrap();
    let cells: Vec<_> = row.split_whitespace().take(4).collect();
    assert_eq!(cells, ["worse", services.dws(), "healthy", "failing"]);
    let changed = status("FAILED", &format!("{compare} -o json"), 3).json();
    assert_eq!(changed["changes"][0]["change"], "worse");
    assert_valid("compare", &[changed]);
    status("FAILED", "--fail-on worse", 2);
}

#[test]
fn one_cluster_is_shown_with_all_details() {
    let services = Services::start();
    let run = services.run("status risk-prod-dws", 0);
    for word in [
        "✖ failing risk-prod-dws",
        "cluster id",
        "last attempt",
        "reason ",
        "task_failed: ",
        "hint ",
    ] {
        run.shows(word);
    }
    let report = services.report(&format!("dws:{}", services.dws()));
    assert_eq!(report["clusters"][0]["cluster_id"], services.dws());
    let stderr = services.run("status none-such", 2).stderr;
    assert!(stderr.contains("no cluster \"none-such\""), "{stderr}");
}

#[test]
fn clusters_that_are_expected_and_absent_are_unknown() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("expected");
    let text = format!("# all\ndws:{}\nmrs:absent # gone\n", services.dws());
    std::fs::write(&list, text).unwrap();
    let report = services.report(&format!("--expect {}", list.display()));
    let mut clusters = report["clusters"].as_array().unwrap().iter();
    let absent = clusters.find(|cluster| cluster["cluster_id"] == "absent");
    assert_eq!(absent.unwrap()["verdict"], "unknown");
    let report = services.report("--min-clusters 1000");
    assert_eq!(report["reasons"][0]["code"], "no_evidence");
    std::fs::write(&list, "obs:x\n").unwrap();
    let run = services.run(&format!("status --expect {}", list.display()), 2);
    run.says("expected:1: ");
}
