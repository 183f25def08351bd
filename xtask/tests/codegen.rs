//! `cargo xtask codegen` on copies of the tree.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::codegen::spec::Document;
use xtask::codegen::{self, GENERATED};

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

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.is_file()).map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("a text file");
        (name.into_owned(), text)
    });
    files.collect()
}

fn generated(root: &Path) -> BTreeMap<String, String> {
    files(&root.join(GENERATED))
}

/// Replaces text in a document of the copy.
fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).expect("a document");
    assert!(text.contains(from), "{file} does not contain {from:?}");
    fs::write(&path, text.replacen(from, to, 1)).expect("an edited document");
}

fn refusal(root: &Path) -> String {
    codegen::run(root, true).expect_err("a difference")
}

#[test]
fn a_run_from_nothing_gives_the_committed_bytes() {
    let copy = copy_of_the_tree();
    fs::remove_dir_all(copy.path().join(GENERATED)).expect("a folder");
    codegen::run(copy.path(), false).expect("generated files");
    assert_eq!(generated(copy.path()), generated(&workspace()));
}

#[test]
fn a_renamed_field_fails_the_check_with_a_diff_and_the_command_until_it_is_generated() {
    let copy = copy_of_the_tree();
    edit(
        copy.path(),
        "openapi/mrs.yaml",
        "        is_synchronizing:\n          type",
        "        busy:\n          type",
    );
    let message = refusal(copy.path());
    for expected in [
        "mrs.rs: is not up to date: run `cargo xtask codegen`",
        "-        pub is_synchronizing",
        "+        pub busy",
    ] {
        assert!(message.contains(expected), "{message}");
    }
    codegen::run(copy.path(), false).expect("generated files");
    codegen::run(copy.path(), true).expect("no difference");
}

#[test]
fn a_file_of_a_service_that_is_gone_fails_the_check_and_is_removed_by_generating() {
    let copy = copy_of_the_tree();
    let stale = copy.path().join(GENERATED).join("stale.rs");
    fs::write(&stale, "").expect("a file");
    assert!(refusal(copy.path()).contains("stale.rs"));
    codegen::run(copy.path(), false).expect("generated files");
    assert!(!stale.exists());
}

#[test]
fn a_bad_document_leaves_the_tree_as_it_was_and_is_named() {
    let copy = copy_of_the_tree();
    edit(
        copy.path(),
        "openapi/dws.yaml",
        "openapi: 3.0.3",
        "openapi: [",
    );
    let refused = codegen::run(copy.path(), false).expect_err("a bad document");
    assert!(refused.starts_with("openapi/dws.yaml:"));
    assert_eq!(generated(copy.path()), generated(&workspace()));
}

#[test]
fn a_document_that_the_generator_cannot_use_is_named() {
    let copy = copy_of_the_tree();
    edit(
        copy.path(),
        "openapi/mrs.yaml",
        "operationId: listClusterSyncTaskStatus",
        "operationId: 7",
    );
    assert!(refusal(copy.path()).starts_with("openapi/mrs.yaml: "));
}

#[test]
fn a_file_that_is_no_yaml_mapping_is_refused() {
    let cases: [(&[u8], &str); 5] = [
        (b"", "some.yaml: is not a mapping"),
        (b"a: 1\n---\nb: 2\n", "some.yaml: is not YAML"),
        (b"openapi: 3.0.3\n\xff\xfe", "some.yaml: is not YAML"),
        (b"info:\n  title: a\n  title: b\n", "line 3"),
        (b"a: &a\n  b: c\nd:\n  <<: *a\n", "line 4"),
    ];
    for (bytes, expected) in cases {
        let message = Document::parse("some.yaml", bytes).expect_err("not a document");
        assert!(message.contains(expected), "{message}");
    }
}
