//! `cargo xtask docs`, run as a developer runs it.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::{copy_files, fixture, root, text};

/// What the task printed, and its exit status.
struct Output {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn docs(tree: &Path, arguments: &[&str]) -> Output {
    let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = task.current_dir(tree).arg("docs").args(arguments).output();
    let output = output.expect("the task runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Output {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A copy of the documents and their facts, reviewed.
fn tree() -> TempDir {
    let tree = tempfile::tempdir().expect("a folder");
    for folder in ["openapi", "openapi/facts"] {
        copy_files(&root().join(folder), &tree.path().join(folder));
    }
    fs::write(tree.path().join("Cargo.toml"), "[workspace]\n").expect("a manifest");
    let accepted = docs(tree.path(), &["check", "--accept"]);
    assert_eq!(accepted.code, Some(0), "{}", accepted.stderr);
    tree
}

/// The path of a page with this content.
fn saved(tree: &TempDir, content: impl AsRef<[u8]>) -> String {
    let page = tree.path().join("page");
    fs::write(&page, content).expect("a page");
    page.display().to_string()
}

/// The path of a page of DWS that is not changed.
fn dws() -> String {
    fixture("dws.txt").display().to_string()
}

/// The path of a page of DWS with another default.
fn changed(tree: &TempDir) -> String {
    saved(tree, text("dws.txt").replace("\n1000\n", "\n500\n"))
}

fn kept(tree: &TempDir) -> String {
    fs::read_to_string(tree.path().join("openapi/facts/dws.json")).expect("facts")
}

/// Replaces text in a file of the tree.
fn edit(tree: &TempDir, file: &str, from: &str, to: &str) {
    let path = tree.path().join("openapi").join(file);
    let sound = fs::read_to_string(&path).expect("a file");
    assert!(sound.contains(from), "{file}: {from}");
    fs::write(&path, sound.replacen(from, to, 1)).expect("a file");
}

#[test]
fn files_that_are_no_text_of_a_page_are_refused_and_change_nothing() {
    let mhtml =
        "From: <Saved by Blink>\nSubject: Page\nMIME-Version: 1.0\n\nContent-Type: text/html\n";
    let other = text("audit-log.md");
    let cases: &[(&[u8], &str)] = &[
        (b"", "has no heading of an English reference page"),
        (mhtml.as_bytes(), "is an MHTML archive"),
        (b"URI\nGET /v1/\xff", "is not plain text"),
        (b"URI\n\x00\x00", "is not plain text"),
        (&b"x".repeat(5_000_000), "is larger than"),
        (&b"<div>".repeat(60_000), "has more than 20000 lines or"),
        (&b"URI x\n".repeat(30_000), "has more than 20000 lines or"),
        (other.as_bytes(), "which no document describes"),
    ];
    let tree = tree();
    let before = kept(&tree);
    for (bytes, reason) in cases {
        let page = saved(&tree, bytes);
        let Output { code, stderr, .. } = docs(tree.path(), &["diff", &page, "--update"]);
        assert!(
            stderr.starts_with(&page) && stderr.contains(reason),
            "{reason}: {stderr}"
        );
        assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");
        assert_eq!(kept(&tree), before, "{reason}");
    }
    let nowhere = docs(Path::new("/"), &["check"]);
    assert!(nowhere.stderr.contains("is in no idsync workspace"));
}

#[test]
fn line_ends_and_byte_order_marks_of_other_systems_make_no_difference() {
    let tree = tree();
    let other = format!("\u{feff}{}", text("dws.txt").replace('\n', "\r\n"));
    let other = docs(tree.path(), &["facts", &saved(&tree, other)]);
    let plain = docs(tree.path(), &["facts", &dws()]);
    assert_eq!((other.code, other.stdout), (Some(0), plain.stdout));
}

#[test]
fn a_part_that_cannot_be_read_is_an_error_with_its_line() {
    let tree = tree();
    let page = text("audit-log.md").replace("| count | Integer |", "| count | Whole |");
    let page = saved(&tree, page);
    for task in ["facts", "diff"] {
        let output = docs(tree.path(), &[task, &page]);
        assert_eq!(output.code, Some(1));
        let problem = "cannot be read: `Whole` is not known in the column Type";
        assert_eq!(output.stderr, format!("{page}:22: {problem}\n"));
        assert_eq!(output.stdout.is_empty(), task == "diff");
    }
}

#[test]
fn the_status_and_the_report_tell_what_changed_and_where_to_edit() {
    let tree = tree();
    let same = docs(tree.path(), &["diff", &dws()]);
    assert_eq!(same.code, Some(0), "{}", same.stderr);
    let Output { code, stdout, .. } = docs(tree.path(), &["diff", &changed(&tree)]);
    assert_eq!(code, Some(3));
    let expected = "breaking  default      query parameter `limit`: 1000 → 500\n          edit openapi/dws.yaml: paths.";
    assert!(stdout.starts_with(expected), "{stdout}");
    assert!(
        stdout.contains("get.parameters.3.schema.default\n"),
        "{stdout}"
    );
}

#[test]
fn an_update_keeps_what_the_page_states_and_the_check_tells_where_the_document_differs() {
    let tree = tree();
    let page = changed(&tree);
    let updated = docs(tree.path(), &["diff", &page, "--update"]);
    assert_eq!(updated.code, Some(3), "{}", updated.stderr);
    assert!(kept(&tree).contains("\"default\": \"500\""));
    assert_eq!(docs(tree.path(), &["diff", &page]).code, Some(0));
    let Output { code, stderr, .. } = docs(tree.path(), &["check"]);
    assert_eq!(code, Some(1));
    assert!(
        stderr.contains("is 1000, but the page says 500"),
        "{stderr}"
    );
}

/// File, text in it, its replacement, and the place that is reported.
const SENTENCES: [[&str; 4]; 3] = [
    [
        "dws.yaml",
        "        sync_records:\n          type: array\n",
        "        sync_records:\n          type: array\n          x-order: newest first\n",
        "/components/schemas/SyncRecordPage/properties/sync_records/x-order: ",
    ],
    [
        "iam.yaml",
        "usually for 24 hours.",
        "until it is deleted.",
        "/",
    ],
    [
        "dws.yaml",
        "summary: No records",
        "summary: No records in 90 days",
        "/",
    ],
];

#[test]
fn a_text_that_changed_is_reported_until_it_is_accepted() {
    for [file, from, to, place] in SENTENCES {
        let tree = tree();
        edit(&tree, file, from, to);
        let Output { code, stderr, .. } = docs(tree.path(), &["check"]);
        let problem = format!("openapi/{file}: {place}");
        assert!(
            stderr.starts_with(&problem) && stderr.contains("is not reviewed: "),
            "{stderr}"
        );
        assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");

        let accepted = docs(tree.path(), &["check", "--accept"]);
        let count = accepted.stderr.lines().count();
        assert_eq!((accepted.code, count), (Some(0), 1), "{}", accepted.stderr);
        assert_eq!(docs(tree.path(), &["check"]).code, Some(0));
    }
}

#[test]
fn a_review_holds_for_the_page_that_it_was_made_with() {
    let tree = tree();
    edit(&tree, "facts/dws.json", "2025-09-19", "2026-09-19");
    let Output { stderr, .. } = docs(tree.path(), &["check"]);
    let problem = "was compared with the page of 2025-09-19, which changed since";
    assert!(stderr.contains(problem), "{stderr}");
}
