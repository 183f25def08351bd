//! `cargo xtask codegen`, run as a developer runs it, on copies of the tree.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::codegen::{GENERATED, output};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A copy of what the task reads and writes.
fn copy_of_the_tree() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for folder in ["openapi", GENERATED] {
        fs::create_dir_all(copy.path().join(folder)).expect("a folder");
        for (name, content) in files(&workspace().join(folder)) {
            fs::write(copy.path().join(folder).join(name), content).expect("a copied file");
        }
    }
    copy
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file());
    paths
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a file"))
        })
        .collect()
}

fn generated(root: &Path) -> BTreeMap<String, Vec<u8>> {
    files(&root.join(GENERATED))
}

fn codegen(root: &Path, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("codegen")
        .arg("--root")
        .arg(root)
        .args(flags)
        .output()
        .expect("the task runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Replaces text in a document of the copy.
fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).expect("a document");
    assert!(text.contains(from), "{file} does not contain {from:?}");
    fs::write(&path, text.replacen(from, to, 1)).expect("an edited document");
}

#[test]
fn the_committed_tree_passes_the_check() {
    let output = codegen(&workspace(), &["--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), format!("{GENERATED} is up to date\n"));
}

#[test]
fn a_removed_field_fails_the_check_with_a_diff_and_the_command() {
    let copy = copy_of_the_tree();
    let field = "        identity_source_id:\n          type: string\n          nullable: true\n          description: Identifier of the identity source that was read.\n";
    edit(copy.path(), "openapi/dws.yaml", field, "");
    let before = generated(copy.path());

    let output = codegen(copy.path(), &["--check"]);

    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        message.contains("-        pub identity_source_id: "),
        "{message}"
    );
    assert!(
        message.starts_with(&format!(
            "{GENERATED}/dws.rs: is not up to date: run `cargo xtask codegen`\n"
        )),
        "{message}"
    );
    assert_eq!(generated(copy.path()), before);
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_removed_field_is_gone_after_generating_and_the_check_passes_again() {
    let copy = copy_of_the_tree();
    edit(
        copy.path(),
        "openapi/dataarts-studio.yaml",
        "        data_connection_name:\n          type: string\n          nullable: true\n          description: Name of the data connection.\n",
        "",
    );

    let output = codegen(copy.path(), &[]);

    assert_eq!(stdout(&output), format!("{GENERATED}: 1 files changed\n"));
    let source = generated(copy.path())
        .remove("dataarts_studio.rs")
        .expect("the generated file");
    assert!(!String::from_utf8_lossy(&source).contains("data_connection_name"));
    assert_eq!(codegen(copy.path(), &["--check"]).status.code(), Some(0));
}

#[test]
fn two_runs_from_nothing_give_the_committed_bytes() {
    let committed = generated(&workspace());
    for _ in 0..2 {
        let copy = copy_of_the_tree();
        fs::remove_dir_all(copy.path().join(GENERATED)).expect("a removed folder");
        assert_eq!(codegen(copy.path(), &[]).status.code(), Some(0));
        assert_eq!(generated(copy.path()), committed);
    }
}

#[test]
fn a_bad_document_leaves_the_tree_as_it_was_and_names_every_problem() {
    let copy = copy_of_the_tree();
    edit(
        copy.path(),
        "openapi/dws.yaml",
        "        4XX:\n",
        "        5XX:\n",
    );
    edit(
        copy.path(),
        "openapi/mrs.yaml",
        "operationId: listClusterSyncTaskStatus",
        "operationId: other",
    );
    fs::write(copy.path().join("openapi/dataarts-studio.yaml"), [0xff]).expect("a binary file");
    let before = generated(copy.path());

    let output = codegen(copy.path(), &[]);

    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    for file in [
        "openapi/dataarts-studio.yaml:1: ",
        "openapi/dws.yaml:",
        "openapi/mrs.yaml:",
    ] {
        assert!(
            message.lines().any(|line| line.starts_with(file)),
            "{file} in {message}"
        );
    }
    assert_eq!(generated(copy.path()), before);
}

#[test]
fn a_failure_in_the_middle_of_writing_restores_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.rs"), "old").expect("a file");
    let set = [("a.rs", "new"), ("b.rs", "new"), ("missing/c.rs", "new")];
    let set = set
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();

    let problems = output::write(folder.path(), &set)
        .expect_err("a folder is missing")
        .to_string();

    assert!(
        problems.contains("missing/c.rs: cannot be written: "),
        "{problems}"
    );
    assert_eq!(
        files(folder.path()),
        BTreeMap::from([("a.rs".to_owned(), b"old".to_vec())])
    );
}

#[test]
fn a_stale_generated_file_fails_the_check_and_is_removed_by_generating() {
    let copy = copy_of_the_tree();
    let stale = copy.path().join(GENERATED).join("obs.rs");
    fs::write(
        &stale,
        "// Generated by `cargo xtask codegen` from openapi/obs.yaml\n",
    )
    .expect("a file");

    let output = codegen(copy.path(), &["--check"]);

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        format!("{GENERATED}/obs.rs: does not belong here: run `cargo xtask codegen`\n")
    );
    assert_eq!(codegen(copy.path(), &[]).status.code(), Some(0));
    assert!(!stale.exists());
}

#[test]
fn a_file_that_nobody_generated_is_kept_and_reported() {
    let copy = copy_of_the_tree();
    let foreign = copy.path().join(GENERATED).join("notes.rs");
    fs::write(&foreign, "// mine\n").expect("a file");

    let output = codegen(copy.path(), &[]);

    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("notes.rs: was not generated"),
        "{}",
        stderr(&output)
    );
    assert!(foreign.exists());
}

#[test]
fn lowered_documents_go_to_stdout_and_the_changes_to_stderr() {
    let output = codegen(&workspace(), &["--emit-lowered"]);
    let documents: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let get = &documents["openapi/mrs.yaml"]["paths"]["/v2/{project_id}/clusters/{cluster_id}/iam-sync"]
        ["get"];
    let statuses: Vec<&String> = get["responses"]
        .as_object()
        .expect("responses")
        .keys()
        .collect();
    assert_eq!(statuses, ["200"]);
    let changes = stderr(&output);
    assert!(
        changes.contains("openapi/mrs.yaml: remove-failure-responses: paths."),
        "{changes}"
    );
    assert!(
        changes.contains(
            "unwrap-nullable-references: components.schemas.MemberSyncTask.properties.cluster_type"
        ),
        "{changes}"
    );
}

#[test]
fn wrong_use_is_exit_code_two() {
    for flags in [&["--chek"][..], &["--check", "--emit-lowered"]] {
        assert_eq!(
            codegen(&workspace(), flags).status.code(),
            Some(2),
            "{flags:?}"
        );
    }
}
