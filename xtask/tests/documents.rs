//! A file that is no document is refused with a problem that names it, whatever is in it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use xtask::codegen::spec::Document;

/// The problem that `bytes` give, as a developer reads it.
fn problem(bytes: &[u8]) -> String {
    Document::parse("openapi/some.yaml", bytes)
        .expect_err("no document")
        .to_string()
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(
        problem(b""),
        "openapi/some.yaml: holds 0 YAML documents: write exactly one"
    );
}

#[test]
fn two_documents_in_a_file_are_refused() {
    assert_eq!(
        problem(b"a: 1\n---\nb: 2\n"),
        "openapi/some.yaml: holds 2 YAML documents: write exactly one"
    );
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    assert_eq!(
        problem(b"openapi: 3.0.3\n\xff\xfe"),
        "openapi/some.yaml:2: is not UTF-8 text: save it as UTF-8, or restore it"
    );
}

#[test]
fn a_list_is_refused() {
    assert!(problem(b"- openapi\n").starts_with("openapi/some.yaml:1: is not a mapping"));
}

#[test]
fn a_duplicate_key_is_refused_with_its_line() {
    assert_eq!(
        problem(b"info:\n  title: a\n  title: b\n"),
        "openapi/some.yaml:3: is not YAML: duplicated key in mapping"
    );
}

#[test]
fn broken_yaml_is_refused_with_its_line() {
    assert!(problem(b"openapi: 3.0.3\ninfo: [\n").starts_with("openapi/some.yaml:"));
}

#[test]
fn a_key_that_is_a_number_is_refused_with_a_remedy() {
    assert_eq!(
        problem(b"responses:\n  200: ok\n"),
        "openapi/some.yaml:2: responses: has a key that is not text: put it in quotes, as in `\"200\"`"
    );
}

#[test]
fn nesting_beyond_reason_is_refused() {
    assert!(problem("[".repeat(500_000).as_bytes()).contains("is longer than 200 characters"));
    assert!(problem("- ".repeat(500_000).as_bytes()).contains("is longer than 200 characters"));
}

#[test]
fn nesting_up_to_the_limits_does_not_overflow_the_stack() {
    let levels: Vec<String> = (0..200).map(|depth| " ".repeat(depth) + "-\n").collect();
    let block = levels.concat();
    assert!(problem(block.as_bytes()).contains("is not a mapping"));
    let levels: Vec<String> = (0..180).map(|depth| " ".repeat(depth) + "-\n").collect();
    let block = levels.concat();
    let line = " ".repeat(181);
    let flow = format!(
        "{block}{}{}",
        format!("{line}[\n").repeat(240),
        format!("{line}]\n").repeat(240)
    );
    assert!(problem(flow.as_bytes()).contains("is not a mapping"));
    let flow = format!("{}{}", "[\n".repeat(500_000), "]\n".repeat(500_000));
    assert!(problem(flow.as_bytes()).contains("recursion limit exceeded"));
}

#[test]
fn aliases_that_multiply_are_refused() {
    let levels = (1..12).map(|level| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    });
    let levels: Vec<String> = levels.collect();
    let bomb = format!(
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{}",
        levels.concat()
    );
    assert!(problem(bomb.as_bytes()).contains("alias expansion exceeded"));
}

#[test]
fn an_unknown_tag_is_refused() {
    assert!(problem(b"info: !secret [a]\n").contains("write the value out plainly"));
}

#[test]
fn a_missing_and_a_huge_file_are_refused_without_reading_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = Document::load(folder.path(), "none.yaml")
        .expect_err("no file")
        .to_string();
    assert!(
        missing.starts_with("none.yaml: cannot be read: "),
        "{missing}"
    );

    let file = std::fs::File::create(folder.path().join("huge.yaml")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    let huge = Document::load(folder.path(), "huge.yaml")
        .expect_err("too large")
        .to_string();
    assert!(
        huge.starts_with("huge.yaml: has 1099511627776 bytes"),
        "{huge}"
    );
}
