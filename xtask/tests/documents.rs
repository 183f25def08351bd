//! A file that is not an OpenAPI document is refused with a message that names it, whatever it contains.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use xtask::codegen::spec::Document;

/// What a developer reads about a file with these bytes.
fn refusal(bytes: &[u8]) -> String {
    let refused = Document::parse("some.yaml", bytes);
    refused.expect_err("not a document").to_string()
}

#[test]
fn a_file_that_is_no_yaml_mapping_is_refused_with_its_line() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "some.yaml: holds 0 YAML documents"),
        (b"a: 1\n---\nb: 2\n", "some.yaml: holds 2 YAML documents"),
        (b"openapi: 3.0.3\n\xff\xfe", "some.yaml: is not UTF-8 text"),
        (b"- openapi\n", "some.yaml:1: is not a mapping"),
        (
            b"info:\n  title: a\n  title: b\n",
            "some.yaml:3: is not YAML: duplicated key",
        ),
        (
            b"responses:\n  200: ok\n",
            "some.yaml:2: responses: has a key that is not text",
        ),
        (
            b"a: &a\n  b: c\nd:\n  <<: *a\n",
            "some.yaml:4: d: merges in another mapping",
        ),
        (b"info: !secret [a]\n", "some.yaml:1: info: has a tag"),
    ];
    for (bytes, expected) in cases {
        let message = refusal(bytes);
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn nesting_and_aliases_are_bounded() {
    assert!(refusal("[\n".repeat(500_000).as_bytes()).contains("recursion limit"));
    let levels = (1..12).map(|level| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    });
    let bomb = format!("a0: &a0 [x]\n{}", levels.collect::<String>());
    assert!(refusal(bomb.as_bytes()).contains("alias expansion exceeded"));
}

#[test]
fn a_missing_and_a_huge_file_are_refused_without_reading_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::fs::File::create(folder.path().join("huge.yaml")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    for (name, expected) in [
        ("none.yaml", "none.yaml: cannot be read: "),
        ("huge.yaml", "huge.yaml: has 1099511627776 bytes"),
    ] {
        let refused = Document::load(folder.path(), name).expect_err("no document");
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
}
