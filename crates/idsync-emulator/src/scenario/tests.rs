//! Valid scenarios, and the errors for invalid ones.

use serde_json::Value;

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

#[test]
fn every_built_in_scenario_is_read_and_valid_by_the_published_schema() {
    let validator = jsonschema::validator_for(&Scenario::schema()).unwrap();
    for name in Scenario::NAMES {
        let yaml = Scenario::yaml(name).unwrap();
        assert_eq!(Scenario::named(name).unwrap().name(), *name);
        let file: Value = serde_saphyr::from_str(yaml).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&file)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"workspaces": ["a"], "cluster": []})));
}

#[test]
fn an_unknown_name_is_refused_with_the_list_of_names() {
    let error = Scenario::named("dmeo").unwrap_err().to_string();
    assert!(error.contains("dmeo"), "{error}");
    assert!(
        Scenario::NAMES.iter().all(|name| error.contains(name)),
        "{error}"
    );
}

/// Text of the cluster, its replacement, and parts of the error.
const INVALID_VALUES: &str = r#"
type: DWS        | type: RDS                  | line 4             | DWS
type: DWS        | kind: DWS                  | line 4             | `kind`
type: DWS        |                            | line 5             | `type`
every: 4h        | every: 4                   | line 6             | 4h
every: 4h        | every: 1mo                 | line 6             | days, hours
every: 4h        | every: 90s                 | clusters[0].task.every:    | whole minutes
every: 4h        | every: 32d                 | clusters[0].task.every:    | 31d
{every: 4h}      | {every: 4h, end_hour: 24}  | clusters[0].task.schedule: | 0 to 23
SUCCESS}         | SUCCESS, times: 0}         | line 8             | nonzero
SUCCESS}         | SUCCESS, times: 1001}      | clusters[0].task.times:    | 1,000
SUCCESS}         | SUCCESS, lasts: 1s ago}    | clusters[0].task.lasts:    | negative
SUCCESS}         | SUCCESS, lasts: 5h}        | clusters[0].task.lasts:    | interval
SUCCESS}         | SUCCESS, lasts: 999999d}   | line 8             | hundred years
[a]              | 3                          | line 1             | sequence
[a]              | []                         | workspaces:        | at least one
[a]              | [a, b, a]                  | workspaces:        | unique
    task:        | \n    workspaces: [b]\n    task: | clusters[0].workspaces: | "b"
SUCCESS}         | S, at: 1h}\n        - {status: S} | clusters[0].task.at:   | for none
"#;

/// Text after the cluster, and parts of the error.
const INVALID_ADDITIONS: &str = r#"
  - {name: one-dws, type: MRS}                                   | clusters[1].name:              | twice
  - {name: m, type: MRS, identity_source: {runs: [{}]}}          | clusters[1].identity_sources:  | DWS
  - {name: m, type: DWS, is_synchronizing: never}                | clusters[1].is_synchronizing:  | MRS
  - {name: m, type: DWS, identity_source: {runs: []}}            | .identity_sources.runs:        | at least one
  - {name: m, type: MRS, task: {first_run: 1h}}                  | task.first_run:                | never runs
faults: [{fault: {operation: any, kind: explode}}]               | faults[0].fault:               | truncated
faults: [{fault: {operation: any, kind: delay}}]                 | faults[0].fault:               | `ms`
faults: [{fault: {operation: any, kind: status, status: 99}}]    | faults[0].fault:               | 200 to 599
faults: [{fault: {operation: any, kind: drop, cluster_id: two}}] | faults[0].fault:               | "two"
faults: [{from: 2h, until: 1h, fault: {}}]                       | faults[0].until:               | later
projects: [{name: p, workspaces: [b]}]                           | projects:                      | "b"
generated: {records: 5}                                          | generated.records:             | identity source
generated: {tasks: 10001}                                        | generated.tasks:               | 10000
clock: {scale: 0}                                                | clock:                         | `scale`
"#;

fn rows<const N: usize>(table: &str) -> Vec<[String; N]> {
    let lines = table.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| {
        let cells = line
            .split(" | ")
            .map(|cell| cell.trim_end().replace("\\n", "\n"));
        cells.collect::<Vec<_>>().try_into().unwrap()
    });
    rows.collect()
}

#[test]
fn an_invalid_value_is_refused_with_its_line_or_field() {
    for [text, replacement, place, reason] in rows(INVALID_VALUES) {
        assert!(CLUSTER.contains(&text), "{text}");
        let error = error(&CLUSTER.replace(&text, replacement.trim_start_matches('\n')));
        let fits = error.starts_with("x.yaml: ") && error.contains(&place);
        assert!(fits && error.contains(&reason), "{replacement}: {error}");
    }
}

#[test]
fn contradictory_values_are_refused_with_the_field() {
    for [addition, place, reason] in rows(INVALID_ADDITIONS) {
        let error = error(&format!("{CLUSTER}{addition}\n"));
        let fits = error.contains(&place) && error.contains(&reason);
        assert!(fits, "{addition}: {error}");
    }
}

#[test]
fn documents_that_are_no_scenario_are_refused() {
    let deep = format!("workspaces: {}a{}", "[".repeat(40), "]".repeat(40));
    let bomb = "a: &a [x]\nb: &b [*a,*a]\nworkspaces: *b\n";
    let large = format!("description: {}\nworkspaces: [a]\n", "x".repeat(SIZE_LIMIT));
    for yaml in [
        "",
        "- a",
        "workspaces: [a]\n---\nworkspaces: [a]\n",
        &deep,
        bomb,
        &large,
        "\u{0}",
    ] {
        assert!(error(yaml).starts_with("x.yaml:"), "{yaml:.80}");
    }
    assert!(error("workspaces: [a]\nworkspaces: [b]\n").contains("workspaces"));
    assert!(error("workspaces: [&a b]\n").contains("line 1"));
}

#[test]
fn a_file_gives_its_stem_as_the_name_and_its_path_in_errors() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenarios");
    let scenario = Scenario::from_file(&directory.join("healthy.yaml")).unwrap();
    assert_eq!(scenario.name(), "healthy");
    for path in [directory.join("none.yaml"), directory] {
        let error = Scenario::from_file(&path).unwrap_err().to_string();
        let path = path.display().to_string();
        assert!(
            error.starts_with(&path) && error.contains("cannot be read"),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let error = Scenario::from_file(Path::new("/dev/zero")).unwrap_err();
    assert!(error.to_string().contains("larger than"), "{error}");
}
