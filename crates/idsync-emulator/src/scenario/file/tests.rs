//! What is accepted as a scenario, and what is said of the rest.

use super::*;

const CLUSTER: &str = "workspaces: [a]
clusters:
  - name: one-dws
    type: DWS
    task:
      schedule: {every: 4h}
      runs:
        - {status: SYNC_SUCCESS}
";

fn error(yaml: &str) -> String {
    Scenario::from_yaml(yaml, "x.yaml").unwrap_err().to_string()
}

/// The cluster with something else in the place of some text.
fn with(text: &str, other: &str) -> String {
    assert!(CLUSTER.contains(text), "{text}");
    CLUSTER.replace(text, other)
}

#[test]
fn a_scenario_is_read_with_its_defaults() {
    let scenario = Scenario::from_yaml(CLUSTER, "mine").unwrap();
    assert_eq!((scenario.name(), scenario.clusters.len()), ("mine", 1));
    assert_eq!(scenario.workspaces, ["a"]);
    let schedule = scenario.clusters[0].task.as_ref().unwrap().schedule;
    assert_eq!(
        (
            schedule.interval,
            schedule.period.as_str(),
            schedule.status()
        ),
        (4, "HOUR", "SCHEDULING")
    );
}

#[test]
fn an_error_tells_file_line_and_field() {
    let error = error(&with("SYNC_SUCCESS", "sync_success"));
    assert!(
        error.starts_with("x.yaml:8:20: clusters[0].task.runs[0].status: a status is"),
        "{error}"
    );
}

#[test]
fn what_one_value_can_not_be_is_refused_at_its_place() {
    for (text, other, place, reason) in [
        (
            "type: DWS",
            "type: RDS",
            ":4:11: clusters[0].type:",
            "DWS, MRS",
        ),
        ("type: DWS", "kind: DWS", ":4:5: clusters[0].kind:", "type"),
        ("    type: DWS\n", "", ": clusters[0]:", "`type`"),
        (
            "every: 4h",
            "every: 4",
            ":6:25: clusters[0].task.schedule.every:",
            "4h",
        ),
        ("every: 4h", "every: 90s", ".every:", "whole minutes"),
        ("every: 4h", "every: 32d", ".every:", "31d"),
        ("every: 4h", "every: 1mo", ".every:", "days, hours"),
        ("every: 4h", "every: [4h]", ".every:", "string"),
        (
            "{every: 4h}",
            "{every: 4h, end_hour: 24}",
            ".end_hour:",
            "0 to 23",
        ),
        (
            "{every: 4h}",
            "{every: 4h, end_hour: -1}",
            ".end_hour:",
            "whole number",
        ),
        (
            "SUCCESS}",
            "SUCCESS, times: 0}",
            ".times:",
            "1 to 1,000,000",
        ),
        (
            "SUCCESS}",
            "SUCCESS, lasts: 1s ago}",
            ".lasts:",
            "not negative",
        ),
        (
            "SUCCESS}",
            "SUCCESS, lasts: 999999d}",
            ".lasts:",
            "hundred years",
        ),
        (
            "one-dws",
            "\"one dws\"",
            ":3:11: clusters[0].name:",
            "letters",
        ),
        ("one-dws", "null", ":3:11: clusters[0].name:", "null"),
        ("[a]", "3", ":1:13: workspaces:", "a list"),
    ] {
        let error = error(&with(text, other));
        assert!(
            error.contains(place) && error.contains(reason),
            "{other}: {error}"
        );
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn values_that_do_not_go_together_are_refused_at_their_place() {
    let second = |more: &str| format!("{CLUSTER}  - {more}\n");
    let fault = |more: &str| format!("{CLUSTER}faults:\n  - {more}\n");
    for (yaml, place, reason) in [
        (with("[a]", "[]"), ":1:13: workspaces:", "at least one"),
        (with("[a]", "[a, b, a]"), ":1:20: workspaces[2]:", "taken"),
        (
            second("{name: one-dws, type: MRS}"),
            ":9:12: clusters[1].name:",
            "taken",
        ),
        (
            with("    task:", "    workspaces: [b]\n    task:"),
            ":5:18: clusters[0].workspaces[0]:",
            "there are: a",
        ),
        (
            second("{name: m, type: MRS, workspaces: [a]}"),
            "clusters[1].workspaces:",
            "`task`",
        ),
        (
            second("{name: m, type: MRS, identity_source: {runs: [{}]}}"),
            "clusters[1].identity_source:",
            "DWS",
        ),
        (
            second("{name: m, type: DWS, is_synchronizing: never}"),
            "clusters[1].is_synchronizing:",
            "MRS",
        ),
        (
            second("{name: m, type: DWS, identity_source: {runs: []}}"),
            "clusters[1].identity_source.runs:",
            "at least one",
        ),
        (
            second("{name: m, type: DWS, task: {first_run: 1h}}"),
            "clusters[1].task.first_run:",
            "`runs`",
        ),
        (
            with("SUCCESS}", "SUCCESS, lasts: 5h}"),
            "clusters[0].task.runs[0].lasts:",
            "240 min",
        ),
        (
            with("SUCCESS}", "SUCCESS, message: hm}"),
            "clusters[0].task.runs[0].message:",
            "nothing to explain",
        ),
        (
            with("SYNC_SUCCESS", "SYNCING, lasts: 1h"),
            "clusters[0].task.runs[0].lasts:",
            "never ends",
        ),
        (
            fault("fault: {operation: any, kind: status, status: 99}"),
            ":10:12: faults[0].fault:",
            "99",
        ),
        (
            fault("fault: {operation: any, kind: delay}"),
            "faults[0].fault:",
            "`ms`",
        ),
        (
            fault("fault: {operation: any, kind: drop, cluster_id: two}"),
            "faults[0].fault:",
            "two",
        ),
        (
            fault("{from: 2m, until: 1m, fault: {operation: any, kind: drop}}"),
            ":10:23: faults[0].until:",
            "`from`",
        ),
        (
            format!("{CLUSTER}clock: {{scale: 0}}"),
            ":9:16: clock.scale:",
            "above 0",
        ),
        (
            format!("{CLUSTER}clock: {{start: yesterday}}"),
            ":9:16: clock.start:",
            "2026-01-31T06:00:00Z",
        ),
        (
            format!("{CLUSTER}clock: {{running: 1}}"),
            ":9:18: clock.running:",
            "true or false",
        ),
        (
            fault("fault: {operation: any, kind: drop, share: 5%}"),
            "faults[0].fault.share:",
            "0.05",
        ),
        (
            format!("{CLUSTER}clock: {{start: 1999-01-01T00:00:00Z}}"),
            "clock.start:",
            "2000",
        ),
        (
            format!("{CLUSTER}generated: {{tasks: 10000001}}"),
            "generated.tasks:",
            "10000000",
        ),
        (
            "workspaces: [a]\ngenerated: {records: 5}".into(),
            ":2:22: generated.records:",
            "DWS",
        ),
    ] {
        let error = error(&yaml);
        assert!(
            error.contains(place) && error.contains(reason),
            "{yaml}\n{error}"
        );
    }
}

#[test]
fn what_is_no_scenario_at_all_is_refused_in_words_that_help() {
    let deep = format!("clusters: {}", "[".repeat(100_000));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nworkspaces: [*b]\n";
    let large = "#".repeat(SIZE_LIMIT + 1);
    let twice = format!("{CLUSTER}workspaces: [b]\n");
    let merged = with("{status: SYNC_SUCCESS}", "{<<: {status: SYNC_SUCCESS}}");
    for (yaml, reason) in [
        ("", "nothing here"),
        ("# only a comment\n", "nothing here"),
        ("- a\n- b\n", "`name: value`"),
        ("workspaces: [a", "unclosed"),
        ("workspaces: [a]\n---\nworkspaces: [b]\n", "one document"),
        (twice.as_str(), "`workspaces` is given twice"),
        (deep.as_str(), "x.yaml:1:"),
        (bomb, "x.yaml:1:"),
        ("workspaces: [&a b]\n", "anchors"),
        (merged.as_str(), "merge"),
        (large.as_str(), "1048576 bytes"),
        ("\u{0}", "x.yaml:1:1"),
    ] {
        let error = error(yaml);
        assert!(error.contains(reason), "{yaml:.80}: {error}");
    }
}

#[test]
fn a_file_gives_its_stem_as_the_name_and_its_path_in_errors() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let scenario = Scenario::from_file(&directory.join("healthy.yaml")).unwrap();
    assert_eq!(scenario.name(), "healthy");
    let missing = Scenario::from_file(&directory.join("none.yaml")).unwrap_err();
    assert!(
        missing.to_string().contains("none.yaml: can not be read"),
        "{missing}"
    );
    let folder = Scenario::from_file(&directory).unwrap_err();
    assert!(folder.to_string().contains("can not be read"), "{folder}");
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let error = Scenario::from_file(Path::new("/dev/zero")).unwrap_err();
    assert!(error.to_string().contains("larger than"), "{error}");
}
