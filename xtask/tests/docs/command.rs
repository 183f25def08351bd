//! `cargo xtask docs`, run as a developer runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::{copy_files, fixture, root, text};

fn docs(tree: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(tree)
        .arg("docs")
        .args(arguments)
        .output()
        .expect("the task runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// A copy of the documents and their facts, reviewed.
fn tree() -> TempDir {
    let tree = tempfile::tempdir().expect("a folder");
    for folder in ["openapi", "openapi/facts"] {
        copy_files(&root().join(folder), &tree.path().join(folder));
    }
    fs::write(tree.path().join("Cargo.toml"), "[workspace]\n").expect("a manifest");
    let accepted = docs(tree.path(), &["check", "--accept"]);
    assert_eq!(accepted.status.code(), Some(0), "{}", stderr(&accepted));
    tree
}

fn saved(tree: &TempDir, bytes: &[u8]) -> PathBuf {
    let page = tree.path().join("page");
    fs::write(&page, bytes).expect("a page");
    page
}

fn kept(tree: &TempDir) -> String {
    fs::read_to_string(tree.path().join("openapi/facts/dws.json")).expect("facts")
}

#[test]
fn files_that_are_no_text_of_a_page_are_refused_and_change_nothing() {
    let mhtml =
        "From: <Saved by Blink>\nSubject: Page\nMIME-Version: 1.0\n\nContent-Type: text/html\n";
    let cases: &[(&[u8], &str)] = &[
        (b"", "has no heading of an English reference page"),
        (mhtml.as_bytes(), "is an MHTML archive"),
        (b"URI\nGET /v1/\xff", "is not plain text"),
        (b"URI\n\x00\x00", "is not plain text"),
        (&b"x".repeat(5_000_000), "is larger than"),
        (&b"<div>".repeat(60_000), "has more than 20000 lines or"),
        (&b"URI x\n".repeat(30_000), "has more than 20000 lines or"),
    ];
    let tree = tree();
    let before = kept(&tree);
    for (bytes, reason) in cases {
        let page = saved(&tree, bytes);
        let output = docs(tree.path(), &["diff", path(&page), "--update"]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{reason}");
        assert!(
            told.starts_with(path(&page)) && told.contains(reason),
            "{reason}: {told}"
        );
        assert_eq!(
            (told.lines().count(), kept(&tree)),
            (1, before.clone()),
            "{told}"
        );
    }
}

#[test]
fn line_ends_and_byte_order_marks_of_other_systems_make_no_difference() {
    let tree = tree();
    let other = format!("\u{feff}{}", text("dws.txt").replace('\n', "\r\n"));
    let other = docs(
        tree.path(),
        &["facts", path(&saved(&tree, other.as_bytes()))],
    );
    let plain = docs(tree.path(), &["facts", path(&fixture("dws.txt"))]);
    assert_eq!((other.status.code(), other.stdout), (Some(0), plain.stdout));
}

#[test]
fn a_part_that_cannot_be_read_is_an_error_with_its_line() {
    let tree = tree();
    let page = text("audit-log.md").replace("| count | Integer |", "| count | Whole |");
    let page = saved(&tree, page.as_bytes());
    let page = path(&page);
    for task in ["facts", "diff"] {
        let output = docs(tree.path(), &[task, page]);
        assert_eq!(output.status.code(), Some(1));
        let problem = "cannot be read: `Whole` is not known in the column Type";
        assert_eq!(stderr(&output), format!("{page}:22: {problem}\n"));
        assert_eq!(output.stdout.is_empty(), task == "diff");
    }
}

#[test]
fn the_status_and_the_report_tell_what_changed_and_where_to_edit() {
    let tree = tree();
    let same = docs(tree.path(), &["diff", path(&fixture("dws.txt"))]);
    assert_eq!(same.status.code(), Some(0), "{}", stderr(&same));
    let page = saved(
        &tree,
        text("dws.txt").replace("\n1000\n", "\n500\n").as_bytes(),
    );
    let output = docs(tree.path(), &["diff", path(&page)]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let words = String::from_utf8(output.stdout).expect("text");
    let expected = "breaking  default      query parameter `limit`: 1000 → 500\n          edit openapi/dws.yaml: paths.";
    assert!(words.starts_with(expected), "{words}");
    assert!(
        words.contains("get.parameters.3.schema.default\n"),
        "{words}"
    );
}

#[test]
fn an_update_keeps_what_the_page_states_and_the_check_tells_where_the_document_differs() {
    let tree = tree();
    let page = saved(
        &tree,
        text("dws.txt").replace("\n1000\n", "\n500\n").as_bytes(),
    );
    let updated = docs(tree.path(), &["diff", path(&page), "--update"]);
    assert_eq!(updated.status.code(), Some(3), "{}", stderr(&updated));
    assert!(kept(&tree).contains("\"default\": \"500\""));
    let again = docs(tree.path(), &["diff", path(&page)]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let checked = docs(tree.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        stderr(&checked).contains("is 1000, but the page says 500"),
        "{}",
        stderr(&checked)
    );
}

#[test]
fn a_page_of_another_operation_is_refused() {
    let tree = tree();
    let other = docs(tree.path(), &["diff", path(&fixture("audit-log.md"))]);
    assert_eq!(other.status.code(), Some(1));
    assert!(
        stderr(&other).contains("which no document describes"),
        "{}",
        stderr(&other)
    );
    let nowhere = docs(Path::new("/"), &["check"]);
    assert!(
        stderr(&nowhere).contains("is in no idsync workspace"),
        "{}",
        stderr(&nowhere)
    );
}

#[test]
fn a_text_that_changed_is_reported_until_it_is_accepted() {
    let tree = tree();
    let file = tree.path().join("openapi/dws.yaml");
    let sound = fs::read_to_string(&file).expect("a document");
    let field = "        sync_records:\n          type: array\n";
    let (before, behind) = sound.split_once(field).expect("a field");
    let (_, behind) = behind.split_once("          items:").expect("items");
    let claim = "          nullable: true\n          description: Newest first; the service keeps 90 days.\n";
    let seeded = format!("{before}{field}{claim}          items:{behind}");
    fs::write(&file, seeded).expect("a document");

    let checked = docs(tree.path(), &["check"]);
    let expected = "openapi/dws.yaml: /components/schemas/SyncRecordPage/properties/sync_records/description: is not reviewed: ";
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        stderr(&checked).starts_with(expected),
        "{}",
        stderr(&checked)
    );
    assert_eq!(stderr(&checked).lines().count(), 1, "{}", stderr(&checked));

    let accepted = docs(tree.path(), &["check", "--accept"]);
    assert_eq!(accepted.status.code(), Some(0));
    assert_eq!(
        stderr(&accepted).lines().count(),
        1,
        "{}",
        stderr(&accepted)
    );
    assert_eq!(docs(tree.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn a_sentence_that_no_page_holds_is_reported_in_the_login_document_and_in_an_example() {
    for (file, from, to) in [
        ("iam.yaml", "usually for 24 hours.", "until it is deleted."),
        (
            "dws.yaml",
            "summary: No records",
            "summary: No records in 90 days",
        ),
    ] {
        let tree = tree();
        let path = tree.path().join("openapi").join(file);
        let sound = fs::read_to_string(&path).expect("a document");
        fs::write(&path, sound.replacen(from, to, 1)).expect("a document");
        let told = stderr(&docs(tree.path(), &["check"]));
        assert!(told.starts_with(&format!("openapi/{file}: ")), "{told}");
        assert!(
            told.contains("is not reviewed") && told.lines().count() == 1,
            "{told}"
        );
    }
}

#[test]
fn a_review_holds_for_the_page_that_it_was_made_with() {
    let tree = tree();
    let facts = kept(&tree).replace("2025-09-19", "2026-09-19");
    fs::write(tree.path().join("openapi/facts/dws.json"), facts).expect("facts");
    let checked = stderr(&docs(tree.path(), &["check"]));
    assert!(
        checked.contains("was compared with the page of 2025-09-19, which changed since"),
        "{checked}"
    );
}
