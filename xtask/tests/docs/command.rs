//! `cargo xtask docs`, run as a developer runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use xtask::docs::page;
use xtask::workspace_root;

use crate::{fixture, text};

pub(crate) fn docs(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("docs")
        .args(arguments)
        .output()
        .expect("the task runs")
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of the documents and their locks.
pub(crate) fn copy_of_the_tree() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for folder in ["openapi", "openapi/facts"] {
        fs::create_dir_all(copy.path().join(folder)).expect("a folder");
        for entry in fs::read_dir(workspace_root().join(folder)).expect("a folder") {
            let file = entry.expect("an entry").path();
            if file.is_file() {
                fs::copy(
                    &file,
                    copy.path()
                        .join(folder)
                        .join(file.file_name().expect("a name")),
                )
                .expect("a copy");
            }
        }
    }
    copy
}

/// A page in a file of its own.
pub(crate) fn saved(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let page = folder.path().join("page.txt");
    fs::write(&page, bytes).expect("a page");
    page
}

fn locks(root: &Path) -> Vec<Vec<u8>> {
    ["dataarts-studio", "dws", "mrs"]
        .iter()
        .map(|name| fs::read(root.join(format!("openapi/facts/{name}.json"))).expect("a lock"))
        .collect()
}

#[test]
fn what_is_no_page_is_refused_with_a_reason_and_nothing_is_written() {
    let dws = text("dws.txt");
    let half: String = dws.chars().take(dws.chars().count() / 2).collect();
    let html = text("audit-log.html");
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(dws.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let up_to = |end: &str| {
        let cut = dws.rfind(end).expect("an end") + end.len();
        dws.as_bytes()[..cut].to_vec()
    };
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("empty", Vec::new(), "is empty"),
        ("blank", b" \n\n".to_vec(), "is empty"),
        (
            "cut in half",
            half.into_bytes(),
            "save the whole page again",
        ),
        (
            "cut behind its last heading",
            up_to("Status Codes"),
            "save the whole page again",
        ),
        (
            "cut behind its last example",
            up_to("\"count\": 1\n}"),
            "lists no status codes",
        ),
        (
            "cut behind the head of its last table",
            up_to("Status Code\n\nDescription"),
            "lists no status codes",
        ),
        (
            "cut HTML",
            html.as_bytes()[..html.len() / 2].to_vec(),
            "save the whole page again",
        ),
        (
            "of another operation",
            text("audit-log.flat.txt").into_bytes(),
            "which no document describes",
        ),
        ("binary", (0..=255).collect(), "is not UTF-8 text"),
        ("zeros", vec![0; 4096], "control characters"),
        ("UTF-16", wide, "is UTF-16"),
        ("of 50 MB", vec![b'x'; 50_000_000], "is larger than"),
    ];
    let tree = copy_of_the_tree();
    let before = locks(tree.path());
    for (name, bytes, reason) in cases {
        let page = saved(&tree, &bytes);
        let start = Instant::now();
        let output = docs(&["diff", path(&page), "--update", "--root", path(tree.path())]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        let told = stderr(&output);
        assert!(
            told.starts_with(path(&page)) && told.contains(reason),
            "{name}: {told}"
        );
        assert!(start.elapsed() < Duration::from_secs(10), "{name}");
        assert_eq!(locks(tree.path()), before, "{name}");
    }
}

/// A page that ends too early is refused, or states what the whole page does but for the statuses behind its end.
fn is_never_cut_unnoticed(name: &str) {
    let text = text(name);
    let whole = page::read(name, &text).expect("a page").facts;
    // Nineteen shares no factor with the length of a line: cuts fall within names, types, blanks and between lines.
    let ends = (0..text.len()).step_by(19);
    for end in ends.filter(|end| text.is_char_boundary(*end)) {
        let Ok(reading) = page::read(name, &text[..end]) else {
            continue;
        };
        let cut = reading.facts;
        let in_example = text[..end].find("Status Codes").is_none();
        assert!(
            !in_example || !reading.remarks.is_empty(),
            "{name} up to {end}"
        );
        assert_eq!(cut.parameters, whole.parameters, "{name} up to {end}");
        assert_eq!(cut.responses, whole.responses, "{name} up to {end}");
        assert_eq!(cut.schemas, whole.schemas, "{name} up to {end}");
        assert!(
            whole.status_codes.starts_with(&cut.status_codes),
            "{name} up to {end}"
        );
    }
}

#[test]
fn the_page_of_tasks_is_never_cut_unnoticed() {
    is_never_cut_unnoticed("dataarts-studio.txt");
}

#[test]
fn the_page_of_records_is_never_cut_unnoticed() {
    is_never_cut_unnoticed("dws.txt");
}

#[test]
fn the_page_of_the_flag_is_never_cut_unnoticed() {
    is_never_cut_unnoticed("mrs.txt");
}

#[test]
fn line_ends_and_byte_order_marks_of_other_systems_make_no_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = format!("\u{feff}{}", text("dws.txt").replace('\n', "\r\n"));
    let output = docs(&["facts", path(&saved(&folder, other.as_bytes()))]);
    let plain = docs(&["facts", path(&fixture("dws.txt"))]);
    assert_eq!(
        (output.status.code(), output.stdout),
        (Some(0), plain.stdout)
    );
}

#[test]
fn a_part_that_cannot_be_read_is_told_with_its_line_and_is_an_error_unless_lenient() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = text("audit-log.md").replace("| count | Integer |", "| count | |");
    let page = saved(&folder, text.as_bytes());
    let line = 1 + text
        .lines()
        .position(|line| line.starts_with("| count"))
        .expect("a row");
    for (flags, code) in [(&[][..], 1), (&["--lenient"][..], 0)] {
        let output = docs(&[&["facts", path(&page)], flags].concat());
        assert_eq!(output.status.code(), Some(code));
        assert_eq!(
            stderr(&output).trim(),
            format!("{}:{line}: unreadable: `count` has no type", path(&page))
        );
        let facts: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(facts["responses"][0]["fields"][2]["type"], Value::Null);
    }
}

#[test]
fn the_status_tells_whether_there_is_drift() {
    let tree = copy_of_the_tree();
    let root = path(tree.path());
    let same = docs(&["diff", path(&fixture("dws.txt")), "--root", root]);
    assert_eq!(same.status.code(), Some(0), "{}", stderr(&same));
    let page = saved(
        &tree,
        text("dws.txt").replace("\n1000\n", "\n500\n").as_bytes(),
    );
    let drift = docs(&["diff", path(&page), "--root", root, "-o", "json"]);
    assert_eq!(drift.status.code(), Some(3), "{}", stderr(&drift));
    let report: Value = serde_json::from_slice(&drift.stdout).expect("JSON");
    let change = &report["changes"][0];
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&change["kind"], &change["breaking"]),
        (&"default".into(), &true.into())
    );
    assert_eq!(
        (&change["from"], &change["to"]),
        (&"1000".into(), &"500".into())
    );
    assert_eq!(change["file"], "openapi/dws.yaml");
    assert!(
        change["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("get.parameters.3.schema.default")),
        "{change}"
    );
    let usage = docs(&["diff"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn an_example_that_the_schema_does_not_describe_is_drift() {
    let tree = copy_of_the_tree();
    let page = saved(
        &tree,
        text("dws.txt")
            .replace("\"count\": 1", "\"count\": \"one\"")
            .as_bytes(),
    );
    let output = docs(&[
        "diff",
        path(&page),
        "--root",
        path(tree.path()),
        "-o",
        "json",
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        (&report["changes"][0]["kind"], &report["breaking"]),
        (&"example".into(), &1.into())
    );
}
