//! `cargo xtask spec-diff` without its tool: what the project compares by itself, how it speaks of revisions, and when a
//! break counts as announced. `cargo xtask spec-diff --prove` shows the rest.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use xtask::spec_diff::change::{Change, Level};
use xtask::spec_diff::{DocumentChanges, Report, blind_spots, compare};
use xtask::tools::Toolbox;

fn document() -> Value {
    json!({
        "info": {"version": "1.9.0"},
        "security": [{"Token": []}, {"Key": []}],
        "servers": [{"url": "https://a.{region}", "variables": {"region": {"default": "north"}}}],
        "components": {
            "schemas": {"Status": {"type": "string", "x-extensible-enum": ["ON", "OFF"]}},
            "securitySchemes": {"Token": {"type": "apiKey", "in": "header", "name": "X-Token"}},
        },
    })
}

/// The changes of kind and level that come of putting `value` at `pointer`.
fn found(pointer: &str, value: Value) -> Vec<(Level, String)> {
    let mut edited = document();
    *edited.pointer_mut(pointer).expect("a place") = value;
    let changes = blind_spots::changes(&document(), &edited);
    changes
        .into_iter()
        .map(|change| (change.level, change.id))
        .collect()
}

fn breaking(id: &str) -> (Level, String) {
    (Level::Breaking, id.to_owned())
}

fn compatible(id: &str) -> (Level, String) {
    (Level::Compatible, id.to_owned())
}

const STATUS: &str = "/components/schemas/Status/x-extensible-enum";

#[test]
fn equal_documents_have_no_changes() {
    assert_eq!(blind_spots::changes(&document(), &document()), []);
}

#[test]
fn a_version_is_told_when_it_rises_and_breaks_when_it_falls() {
    let version = "/info/version";
    assert_eq!(
        found(version, json!("1.10.0")),
        [compatible("version-raised")]
    );
    assert_eq!(
        found(version, json!("1.8.9")),
        [breaking("version-lowered")]
    );
}

#[test]
fn a_value_that_leaves_an_open_set_breaks_and_one_that_joins_does_not() {
    assert_eq!(
        found(STATUS, json!(["ON"])),
        [breaking("open-set-value-removed")]
    );
    assert_eq!(
        found(STATUS, json!(["ON", "OFF", "IDLE"])),
        [compatible("open-set-value-added")]
    );
    assert_eq!(found(STATUS, json!(["OFF", "ON"])), []);
}

#[test]
fn a_set_that_is_no_longer_listed_loses_all_its_values() {
    let plain = json!({"type": "string"});
    let expected = [
        breaking("open-set-value-removed"),
        breaking("open-set-value-removed"),
    ];
    assert_eq!(found("/components/schemas/Status", plain), expected);
}

#[test]
fn a_token_that_travels_in_another_header_or_elsewhere_breaks() {
    let scheme = "/components/securitySchemes/Token";
    let moved = [breaking("security-scheme-moved")];
    assert_eq!(found(&format!("{scheme}/name"), json!("X-Other")), moved);
    assert_eq!(found(&format!("{scheme}/in"), json!("query")), moved);
}

#[test]
fn a_way_in_that_is_gone_breaks() {
    let gone = [breaking("security-alternative-removed")];
    assert_eq!(found("/security", json!([{"Token": []}])), gone);
    let together = json!([{"Token": [], "Key": []}, {"Key": []}]);
    assert_eq!(found("/security", together), gone);
    assert_eq!(found("/security", json!([{"Key": []}, {"Token": []}])), []);
    assert_eq!(
        found("/components/securitySchemes", json!({"Other": {}})),
        [breaking("security-scheme-removed")]
    );
}

#[test]
fn another_server_and_another_default_break() {
    assert_eq!(
        found("/servers/0/url", json!("https://b.{region}")),
        [breaking("server-removed"), compatible("server-added")]
    );
    assert_eq!(
        found("/servers/0/variables/region/default", json!("south")),
        [breaking("server-default-changed")]
    );
}

/// A document of one operation, with these members beside its parameters and responses.
fn calling(path: &str, parameters: &[&str], statuses: &[&str], more: &Value) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|name| json!({"name": name}))
        .collect();
    let responses: serde_json::Map<_, _> = statuses
        .iter()
        .map(|status| ((*status).to_owned(), json!({})))
        .collect();
    let mut operation = json!({"parameters": parameters, "responses": responses});
    let members = operation.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    json!({"security": [{"Token": []}, {"Key": []}], "paths": {path: {"get": operation}}})
}

/// The kinds of change from `calling` with plain values to `new`.
fn called(new: &Value) -> Vec<(Level, String)> {
    let old = calling(
        "/v1/{a}/{b}",
        &["a", "b", "limit"],
        &["200", "4XX"],
        &json!({}),
    );
    let changes = blind_spots::changes(&old, new);
    changes
        .into_iter()
        .map(|change| {
            assert_eq!(
                change.operation.as_deref().map(|call| &call[..7]),
                Some("GET /v1")
            );
            (change.level, change.id)
        })
        .collect()
}

#[test]
fn names_in_a_path_and_the_order_of_parameters_are_part_of_the_contract() {
    let (names, statuses) = (["a", "b", "limit"], ["200", "4XX"]);
    let same = calling("/v1/{a}/{b}", &names, &statuses, &json!({}));
    assert_eq!(called(&same), []);
    let renamed = calling("/v1/{a}/{c}", &["a", "c", "limit"], &statuses, &json!({}));
    assert_eq!(called(&renamed), [breaking("path-parameter-renamed")]);
    let swapped = calling("/v1/{a}/{b}", &["b", "a", "limit"], &statuses, &json!({}));
    assert_eq!(called(&swapped), [breaking("parameters-reordered")]);
    let more = calling("/v1/{a}/{b}", &["a", "new", "b"], &statuses, &json!({}));
    assert_eq!(called(&more), []);
}

#[test]
fn a_range_of_statuses_that_is_gone_breaks() {
    let names = ["a", "b", "limit"];
    let other = calling("/v1/{a}/{b}", &names, &["200", "5XX"], &json!({}));
    let expected = [
        breaking("response-range-removed"),
        compatible("response-range-added"),
    ];
    assert_eq!(called(&other), expected);
}

#[test]
fn an_operation_with_security_of_its_own_may_lock_callers_out() {
    let secured = |security: Value| {
        let names = ["a", "b", "limit"];
        calling(
            "/v1/{a}/{b}",
            &names,
            &["200", "4XX"],
            &json!({"security": security}),
        )
    };
    assert_eq!(
        called(&secured(json!([{"Key": []}]))),
        [breaking("security-alternative-removed")]
    );
    assert_eq!(called(&secured(json!([]))), []);
    assert_eq!(called(&secured(json!([{"Token": []}, {"Key": []}]))), []);
}

#[test]
fn anything_anywhere_in_a_document_is_compared_without_a_panic() {
    for pointer in [
        "/servers",
        "/servers/0",
        "/components",
        STATUS,
        "/components/securitySchemes/Token",
    ] {
        for value in [json!(null), json!(7), json!([[]]), json!({"a": {}})] {
            found(pointer, value);
        }
    }
}

fn report(old: &str, new: &str, level: Level) -> Report {
    Report {
        revision: "0123456789abcdef".to_owned(),
        documents: vec![DocumentChanges {
            file: "openapi/a.yaml".to_owned(),
            old_version: Some(old.to_owned()),
            new_version: Some(new.to_owned()),
            changes: vec![Change::new(level, "some", "something changed")],
        }],
    }
}

#[test]
fn only_a_higher_major_version_announces_a_break() {
    for (old, new, unannounced) in [
        ("1.0.0", "1.0.0", true),
        ("1.0.0", "1.1.0", true),
        ("2.0.0", "1.0.0", true),
        ("1.0.0", "two", true),
        ("1.9.0", "2.0.0", false),
        ("9.0.0", "10.0.0", false),
    ] {
        let report = report(old, new, Level::Breaking);
        assert!(report.is_breaking());
        assert_eq!(report.is_unannounced(), unannounced, "{old} → {new}");
    }
    assert!(report("1.0.0", "1.0.0", Level::Doubtful).is_unannounced());
    assert!(!report("1.0.0", "1.0.0", Level::Compatible).is_breaking());
}

#[test]
fn a_report_names_document_level_and_kind_and_ends_with_a_verdict() {
    assert_eq!(
        report("1.0.0", "1.0.0", Level::Breaking).to_string(),
        "openapi/a.yaml: breaking: something changed [some]\n\
         since 0123456789ab: clients break: mend it, or raise the first number of the document's version"
    );
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What is said of a comparison of `root` with `revision`, which fails before any tool is installed.
fn refusal(root: &Path, revision: &str) -> String {
    let nowhere = Toolbox::of(Path::new("/dev/null"));
    compare(&nowhere, root, revision)
        .expect_err("a refusal")
        .to_string()
}

#[test]
fn a_revision_that_does_not_exist_is_named() {
    let repository = repository();
    for revision in [
        "no-such-branch",
        "",
        "--output=x",
        "HEAD:openapi",
        "HEAD~9",
        "a\nb",
    ] {
        let said = refusal(repository.path(), revision);
        assert!(
            said.starts_with(&format!("`{revision}` names no commit here")),
            "{said}"
        );
    }
}

#[test]
fn a_folder_outside_of_any_repository_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(refusal(folder.path(), "HEAD").ends_with("is in no git repository"));
}

#[test]
fn wrong_use_is_exit_code_two() {
    for arguments in [
        &["spec-diff"][..],
        &["spec-diff", "--nonsense"],
        &["spec-diff", "HEAD", "--prove"],
    ] {
        let ended = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .current_dir(workspace())
            .output()
            .expect("the task runs");
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
    }
}

/// A repository with one commit.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("some"), "text").expect("a file");
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "some"],
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@localhost",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "-m",
            "One",
        ],
    ] {
        let ended = Command::new("git")
            .arg("-C")
            .arg(folder.path())
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(ended.status.success(), "{ended:?}");
    }
    folder
}
