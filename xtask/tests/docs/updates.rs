//! Locks that pages are taken over into.

use std::fs;
use std::path::Path;

use serde_json::Value;
use xtask::workspace_root;

use crate::command::{copy_of_the_tree, docs, path, saved, stderr};
use crate::{fixture, text};

#[test]
fn update_takes_the_page_over_after_it_has_reported() {
    let tree = copy_of_the_tree();
    let root = path(tree.path());
    let page = saved(
        &tree,
        text("dws.txt").replace("\n1000\n", "\n500\n").as_bytes(),
    );
    let update = docs(&["diff", path(&page), "--root", root, "--update"]);
    assert_eq!(update.status.code(), Some(3), "{}", stderr(&update));
    assert!(
        String::from_utf8_lossy(&update.stdout).contains("query parameter `limit`: 1000 → 500")
    );
    let again = docs(&["diff", path(&page), "--root", root]);
    assert_eq!(again.status.code(), Some(0));
    let check = docs(&["check", "--root", root]);
    assert_eq!(check.status.code(), Some(1));
    assert!(
        stderr(&check).contains("`default` is 1000, but the page says 500"),
        "{}",
        stderr(&check)
    );
}

#[test]
fn a_lock_that_is_not_in_order_is_named() {
    let tree = copy_of_the_tree();
    let lock = tree.path().join("openapi/facts/dws.json");
    for (content, reason) in [("{", "is no lock"), ("{\"unknown\":1}", "is no lock")] {
        fs::write(&lock, content).expect("a lock");
        let output = docs(&["check", "--root", path(tree.path())]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains(reason) && stderr(&output).contains("openapi/facts/dws.json"),
            "{}",
            stderr(&output)
        );
    }
    fs::remove_file(&lock).expect("a lock");
    let page = fixture("dws.txt");
    let missing = docs(&["diff", path(&page), "--root", path(tree.path())]);
    assert_eq!(missing.status.code(), Some(1));
    let written = docs(&["diff", path(&page), "--root", path(tree.path()), "--update"]);
    assert_eq!(written.status.code(), Some(0));
    assert_eq!(
        fs::read(&lock).expect("a lock"),
        fs::read(workspace_root().join("openapi/facts/dws.json")).expect("a lock")
    );
}

#[test]
fn a_first_lock_is_only_written_beside_its_document_and_told_in_the_form_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = fixture("dws.txt");
    let arguments = |root: &Path| -> Vec<String> {
        let words = [
            "diff",
            path(&page),
            "--update",
            "-o",
            "json",
            "--root",
            path(root),
        ];
        words.map(str::to_owned).to_vec()
    };
    let run = |root: &Path| {
        let words = arguments(root);
        docs(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let elsewhere = run(folder.path());
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(stderr(&elsewhere).contains("openapi/dws.yaml: cannot be read"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let tree = copy_of_the_tree();
    fs::remove_file(tree.path().join("openapi/facts/dws.json")).expect("a lock");
    let first = run(tree.path());
    assert_eq!(first.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&first.stdout).expect("JSON");
    assert_eq!(report["lock_date"], Value::Null);
    assert!(stderr(&first).contains("openapi/facts/dws.json written"));
}

#[test]
fn a_lock_that_cannot_be_written_is_told() {
    let tree = copy_of_the_tree();
    let folder = tree.path().join("openapi/facts");
    fs::remove_dir_all(&folder).expect("locks");
    fs::write(&folder, "no folder").expect("a file");
    let page = fixture("dws.txt");
    let output = docs(&["diff", path(&page), "--update", "--root", path(tree.path())]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let told = stderr(&output);
    assert!(
        told.contains("openapi/facts/dws.json: cannot be written"),
        "{told}"
    );
}

#[test]
fn a_page_that_calls_its_path_otherwise_can_be_taken_over_and_compared_again() {
    let tree = copy_of_the_tree();
    let root = path(tree.path());
    let renamed = text("dws.txt").replace("project_id", "tenant_id");
    let page = saved(&tree, renamed.as_bytes());
    let update = docs(&["diff", path(&page), "--root", root, "--update"]);
    assert_eq!(update.status.code(), Some(3), "{}", stderr(&update));
    let again = docs(&["diff", path(&page), "--root", root]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let check = docs(&["check", "--root", root]);
    assert!(
        stderr(&check).contains("is another operation than the page's"),
        "{}",
        stderr(&check)
    );
}
